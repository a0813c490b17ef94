package dev.hindsight.faults;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to a topic past its owner: what no service of ours would send. */
final class Forgery implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;

    Forgery(WholeSystem system) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", system.bootstrap(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Bytes that say nothing of where they belong. */
    RecordMetadata bytes(String topic, String key, String text) {
        return send(new ProducerRecord<>(topic, ascii(key), text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * An event of a stream that nobody owns.
     *
     * @param data as it is sent, whether or not it is what the type promises
     */
    RecordMetadata event(String topic, UUID stream, long version, String type, byte[] data) {
        String now = Instant.now().toString();
        List<Header> headers = new ArrayList<>();
        Map.ofEntries(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", UUID.randomUUID().toString()),
                        Map.entry("ce_source", "/api"),
                        Map.entry("ce_type", type),
                        Map.entry("ce_time", now),
                        Map.entry("ce_subject", stream.toString()),
                        Map.entry("ce_sequence", Long.toString(version)),
                        Map.entry("ce_sourceorder", "0"),
                        Map.entry("ce_recordedtime", now),
                        Map.entry("ce_actor", "hindsight"))
                .forEach((name, value) -> headers.add(new RecordHeader(name, ascii(value))));
        return send(new ProducerRecord<>(topic, null, ascii(stream.toString()), data, headers));
    }

    /** The data of an event of the other stream, as it was really sent. */
    static byte[] dataOf(List<ConsumerRecord<byte[], byte[]>> records, UUID stream, long version) {
        return records.stream()
                .filter(each -> text(each, "ce_subject").equals(stream.toString())
                        && text(each, "ce_sequence").equals(Long.toString(version)))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Override
    public void close() {
        producer.close();
    }

    private RecordMetadata send(ProducerRecord<byte[], byte[]> forged) {
        try {
            return producer.send(forged).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> each, String name) {
        Header header = each.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
