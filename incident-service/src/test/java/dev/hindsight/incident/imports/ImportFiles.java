package dev.hindsight.incident.imports;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.hindsight.conventions.json.JsonCustomizer;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Files to import, and what reads them as the door does. */
final class ImportFiles {

    /** The real log; never a part of the project. */
    static final Path REAL_LOG = Path.of(
            System.getProperty("hindsight.fixtures", "../../shared/fixtures"), "incident-log", "incidents-even.ndjson");

    static final ObjectMapper JSON = mapper();

    private ImportFiles() {}

    private static ObjectMapper mapper() {
        ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
        new JsonCustomizer().customize(mapper);
        return mapper;
    }

    /** Limits as they are by default, but the given ones. */
    record Limits(int entriesAtOnce, int statementsAtOnce, int answersWaiting, Duration patience)
            implements ImportConfig {

        static final Limits USUAL = new Limits(250, 3, 10_000, Duration.ofSeconds(60));

        @Override
        public MemorySize maxLine() {
            return new MemorySize(BigInteger.valueOf(1_000_000));
        }

        @Override
        public int maxHistory() {
            return 50;
        }
    }

    /** A line that is right, with a history of so many entries. */
    static String line(String source, String externalId, int entries) {
        List<String> history = new ArrayList<>();
        Instant at = Instant.parse("2016-02-29T06:38:00Z");
        for (int i = 0; i < entries; i++) {
            history.add(
                    switch (i) {
                        case 0 -> entry("declared", at, "");
                        case 1 -> entry("acknowledged", at.plusSeconds(60), "");
                        case 2 ->
                            entry(
                                    "roleAssigned",
                                    at.plusSeconds(60),
                                    ",\"role\":\"INCIDENT_COMMANDER\",\"person\":\"bo\"");
                        case 3 -> entry("resolved", at.plusSeconds(600), "");
                        case 4 -> entry("closed", at.plusSeconds(6000), "");
                        default -> entry("noted", at.plusSeconds(i * 6000L), ",\"text\":\"And then\"");
                    });
        }
        return "{\"externalId\":\"%s\",\"source\":\"%s\",\"title\":\"Mail is slow\",\"severity\":\"SEV2\",\"services\":[\"mail of %s\"],\"kind\":\"REAL\",\"history\":[%s]}"
                .formatted(externalId, source, source, String.join(",", history));
    }

    private static String entry(String type, Instant at, String more) {
        return "{\"type\":\"%s\",\"at\":\"%s\",\"by\":\"ann\"%s}".formatted(type, at, more);
    }

    /** A name that no other test has. */
    static String source(RandomGenerator random) {
        return "test-" + Long.toHexString(random.nextLong());
    }
}
