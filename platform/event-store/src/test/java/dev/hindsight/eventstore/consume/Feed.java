package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records as the connector would hand them over, made by hand. */
public final class Feed {

    private static final String TOPIC = "by-hand";
    private static final AtomicLong OFFSETS = new AtomicLong();

    private Feed() {}

    /** A line of a notebook; the same id whenever it is made again. */
    public static ConsumerRecord<byte[], byte[]> line(UUID book, long version) {
        return event(book, version, Notebook.line("line " + version));
    }

    public static ConsumerRecord<byte[], byte[]> event(UUID stream, long version, DomainEvent event) {
        return event(id(stream, version), stream, version, Vocabulary.wireNameOf(event), EventCodec.encode(event));
    }

    public static UUID id(UUID stream, long version) {
        return StreamIds.named(stream, "event " + version);
    }

    public static ConsumerRecord<byte[], byte[]> event(UUID id, UUID stream, long version, String type, byte[] data) {
        return bytes(
                stream,
                CloudEventHeaders.of(new EventHeader(
                        id,
                        type,
                        stream,
                        version,
                        Notebook.NOW,
                        0,
                        Notebook.NOW.plusNanos(version * 1000),
                        "somebody",
                        "/api",
                        null,
                        null)),
                data);
    }

    public static ConsumerRecord<byte[], byte[]> bytes(UUID key, Headers headers, byte[] data) {
        return new ConsumerRecord<>(
                TOPIC,
                0,
                OFFSETS.getAndIncrement(),
                ConsumerRecord.NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE,
                0,
                0,
                key.toString().getBytes(StandardCharsets.US_ASCII),
                data,
                new RecordHeaders(headers),
                Optional.empty());
    }

    public static ConsumerRecords<byte[], byte[]> batch(List<ConsumerRecord<byte[], byte[]>> records) {
        return new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), records), Map.of());
    }
}
