package dev.hindsight.eventstore.wire;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The Kafka key: the text of the incident's (or the stream's) id, so that people can read it. */
public final class KafkaKeys {

    private KafkaKeys() {}

    public static byte[] of(UUID keyId) {
        return keyId.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
