package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.CloudEventHeaders.Unattributable;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.eventstore.wire.EventCodec.Undecodable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A record as it came from the topic, or as it was parked. Its data is decoded once, however many consumers it has. */
public final class Incoming {

    private static final byte[] NOTHING = {};

    private final String topic;
    private final int partition;
    private final long offset;
    private final byte @Nullable [] key;
    private final Headers headers;
    private final byte[] data;
    private final @Nullable EventHeader header;
    private final @Nullable String flaw;
    private @Nullable DomainEvent event;

    private Incoming(
            String topic,
            int partition,
            long offset,
            byte @Nullable [] key,
            Headers headers,
            byte[] data,
            @Nullable EventHeader header,
            @Nullable String flaw) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.key = key;
        this.headers = headers;
        this.data = data;
        this.header = header;
        this.flaw = flaw;
    }

    /** As the broker hands it over. */
    public static Incoming of(ConsumerRecord<byte[], byte[]> kafka) {
        return of(
                kafka.topic(),
                kafka.partition(),
                kafka.offset(),
                kafka.key(),
                kafka.headers(),
                kafka.value() == null ? NOTHING : kafka.value());
    }

    /** Put together again from where it was kept. */
    public static Incoming of(
            String topic, int partition, long offset, byte @Nullable [] key, Headers headers, byte[] data) {
        try {
            return new Incoming(topic, partition, offset, key, headers, data, CloudEventHeaders.parse(headers), null);
        } catch (Unattributable e) {
            return new Incoming(topic, partition, offset, key, headers, data, null, e.getMessage());
        }
    }

    /** The topic's name on the broker. */
    String topic() {
        return topic;
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    byte @Nullable [] key() {
        return key;
    }

    byte[] data() {
        return data;
    }

    /** Null where it cannot be said to belong to any stream; {@link #flaw()} says why. */
    public @Nullable EventHeader header() {
        return header;
    }

    @Nullable
    String flaw() {
        return flaw;
    }

    EventHeader headerOrThrow() {
        return Objects.requireNonNull(header);
    }

    UUID id() {
        return headerOrThrow().id();
    }

    UUID streamId() {
        return headerOrThrow().streamId();
    }

    long version() {
        return headerOrThrow().sequence();
    }

    /**
     * What the data says.
     *
     * @throws Undecodable where it is not what its type promises
     */
    DomainEvent event() {
        DomainEvent decoded = event;
        if (decoded == null) {
            decoded = EventCodec.decode(headerOrThrow().type(), data);
            event = decoded;
        }
        return decoded;
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
