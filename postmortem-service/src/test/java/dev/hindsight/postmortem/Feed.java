package dev.hindsight.postmortem;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Plays the other services: writes their events to the real broker, as their relay would. */
final class Feed {

    private static final KafkaProducer<byte[], byte[]> PRODUCER = new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config("kafka.bootstrap.servers")),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    private Feed() {}

    /** One event of a stream, on its way. */
    record Message(Topic topic, UUID key, EventHeader header, DomainEvent event) {}

    /** A stream that grows; {@code next} makes the message and sends nothing. */
    static final class Stream {
        private final Topic topic;
        private final UUID id;
        private final UUID key;
        private final Teller teller = new Teller();
        private long sequence;

        Stream(Topic topic, UUID id, UUID key) {
            this.topic = topic;
            this.id = id;
            this.key = key;
        }

        static Stream ofIncident(UUID incident) {
            return new Stream(Topic.INCIDENT_EVENTS, incident, incident);
        }

        Message next(DomainEvent event, Instant occurredAt, String actor) {
            return next(event, occurredAt, 0, occurredAt.plusSeconds(1), actor, EventHeader.FROM_API, null);
        }

        Message next(
                DomainEvent told,
                Instant occurredAt,
                int sourceOrder,
                Instant recordedAt,
                String actor,
                String source,
                UUID deliveryId) {
            sequence++;
            DomainEvent event = told instanceof IncidentEvent of ? teller.tell(of, actor, occurredAt) : told;
            EventHeader header = new EventHeader(
                    StreamIds.named(id, "event " + sequence),
                    Vocabulary.wireNameOf(event),
                    id,
                    sequence,
                    occurredAt,
                    sourceOrder,
                    recordedAt,
                    actor,
                    source,
                    deliveryId,
                    null);
            return new Message(topic, key, header, event);
        }
    }

    /** Sends in this order, all at once; returns when the broker has them. */
    static void send(List<Message> messages) {
        List<Future<?>> sent = new ArrayList<>();
        for (Message message : messages) {
            sent.add(PRODUCER.send(new ProducerRecord<>(
                    config("hindsight.event-store.topic-prefix")
                            + message.topic().wireName(),
                    null,
                    message.key().toString().getBytes(StandardCharsets.UTF_8),
                    EventCodec.encode(message.event()),
                    CloudEventHeaders.of(message.header()))));
        }
        PRODUCER.flush();
        for (Future<?> one : sent) {
            try {
                one.get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static void send(Message... messages) {
        send(List.of(messages));
    }

    private static String config(String key) {
        return ConfigProvider.getConfig().getValue(key, String.class);
    }
}
