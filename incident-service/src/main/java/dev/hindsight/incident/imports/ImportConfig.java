package dev.hindsight.incident.imports;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of imports. */
@ConfigMapping(prefix = "hindsight.imports")
public interface ImportConfig {

    /** Longest line, of NDJSON, and longest field of CSV. */
    @WithDefault("1M")
    MemorySize maxLine();

    /** Most entries of one incident's history. */
    @WithDefault("5000")
    int maxHistory();

    /** How many entries are recorded by one statement, unless one incident alone has more. */
    @WithDefault("250")
    int entriesAtOnce();

    /** How many statements of one import are on their way at once. */
    @WithDefault("3")
    int statementsAtOnce();

    /** How many lines of the answer wait for the client before reading stops. */
    @WithDefault("10000")
    int answersWaiting();

    /** How long the client may leave them waiting, and how long the database may be away, before the import breaks off. */
    @WithDefault("60s")
    Duration patience();
}
