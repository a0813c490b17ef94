package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.CloudEventHeaders.Unattributable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came from the topic, or as it was parked.
 *
 * @param header null where it cannot be said to belong to any stream; {@code flaw} says why
 */
record Incoming(
        String topic,
        int partition,
        long offset,
        byte @Nullable [] key,
        Headers headers,
        byte[] data,
        @Nullable EventHeader header,
        @Nullable String flaw) {

    private static final byte[] NOTHING = {};

    static Incoming of(ConsumerRecord<byte[], byte[]> kafka) {
        return of(
                kafka.topic(),
                kafka.partition(),
                kafka.offset(),
                kafka.key(),
                kafka.headers(),
                kafka.value() == null ? NOTHING : kafka.value());
    }

    static Incoming of(String topic, int partition, long offset, byte @Nullable [] key, Headers headers, byte[] data) {
        try {
            return new Incoming(topic, partition, offset, key, headers, data, CloudEventHeaders.parse(headers), null);
        } catch (Unattributable e) {
            return new Incoming(topic, partition, offset, key, headers, data, null, e.getMessage());
        }
    }

    EventHeader headerOrThrow() {
        return Objects.requireNonNull(header);
    }

    long version() {
        return headerOrThrow().sequence();
    }

    /** As PostgreSQL can keep them: it has no text with the character 0. */
    Map<String, String> headerTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        headers.forEach(header -> texts.put(
                storable(header.key()),
                header.value() == null ? "" : storable(new String(header.value(), StandardCharsets.UTF_8))));
        return texts;
    }

    static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    String describe() {
        return header == null
                ? "%s-%d@%d".formatted(topic, partition, offset)
                : "%s %s@%d".formatted(header.type(), header.streamId(), header.sequence());
    }
}
