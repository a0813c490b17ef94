package dev.hindsight.conventions;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Settings that every service has. A {@code hindsight.…} key that neither this nor another mapping knows fails the start. */
@ConfigMapping(prefix = "hindsight")
public interface HindsightConfig {

    /** Where clients reach this installation, such as {@code https://hindsight.example.org}; for links in answers. */
    Optional<URI> publicUrl();

    /** 32 bytes, base64: the key that stored secrets are encrypted with. */
    Optional<String> encryptionKey();

    /** Limits of requests. */
    Http http();

    /** Limits of requests. */
    interface Http {

        /** Larger bodies are refused with 413. */
        @WithDefault("1M")
        MemorySize maxBody();

        /** Paths whose bodies are streamed, and may be of any size; below {@code quarkus.http.limits.max-body-size}. */
        @WithDefault("/api/v1/incidents/imports")
        List<String> streamedPaths();
    }
}
