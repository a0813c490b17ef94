package dev.hindsight.incident;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the other services publish, as they do. */
public final class Others {

    private Others() {}

    /** On the topic when this returns. */
    public static void publish(Topic topic, UUID incident, UUID stream, long version, DomainEvent event) {
        var config = ConfigProvider.getConfig();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", config.getValue("kafka.bootstrap.servers", String.class), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            EventHeader header = new EventHeader(
                    UUID.randomUUID(),
                    Vocabulary.wireNameOf(event),
                    stream,
                    version,
                    Instant.now(),
                    0,
                    Instant.now(),
                    EventHeader.HINDSIGHT,
                    EventHeader.FROM_API,
                    null,
                    null);
            producer.send(new ProducerRecord<>(
                    config.getValue("hindsight.event-store.topic-prefix", String.class) + topic.wireName(),
                    null,
                    incident.toString().getBytes(StandardCharsets.US_ASCII),
                    EventCodec.encode(event),
                    CloudEventHeaders.of(header)));
        }
    }
}
