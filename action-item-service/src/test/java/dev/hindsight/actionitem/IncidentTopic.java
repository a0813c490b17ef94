package dev.hindsight.actionitem;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Writes to incident-events as incident-service does. */
public final class IncidentTopic implements AutoCloseable {

    private static final Instant BEGIN = Instant.parse("2026-11-20T10:00:00Z");

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    public IncidentTopic() {
        var config = ConfigProvider.getConfig();
        topic = config.getValue("hindsight.event-store.topic-prefix", String.class) + "incident-events";
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", config.getValue("kafka.bootstrap.servers", String.class), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** An event of a stream, with an id that follows from stream and version. */
    public static Recorded<DomainEvent> fact(UUID stream, long version, Instant occurredAt, DomainEvent event) {
        return new Recorded<>(
                new EventHeader(
                        new UUID(stream.getMostSignificantBits(), version),
                        Vocabulary.wireNameOf(event),
                        stream,
                        version,
                        occurredAt,
                        0,
                        BEGIN.plusSeconds(version),
                        "hindsight",
                        EventHeader.FROM_API,
                        null,
                        null),
                event);
    }

    public static Recorded<DomainEvent> declared(
            UUID incident, String reference, String title, Severity severity, IncidentKind kind, String... services) {
        return fact(
                incident,
                1,
                BEGIN,
                new IncidentEvent.Declared(
                        reference,
                        title,
                        severity,
                        List.of(services),
                        null,
                        false,
                        false,
                        kind,
                        Visibility.INTERNAL,
                        false,
                        null,
                        null,
                        Told.of(IncidentStatus.OPEN)
                                .as(reference, title, severity)
                                .kind(kind)
                                .services(services)
                                .standing()));
    }

    public static Recorded<DomainEvent> person(UUID id, String name, String tool, String key) {
        return fact(id, 1, BEGIN, new CatalogEvent.PersonLearned(name, tool, key));
    }

    /** An incident that stands there; nothing else is said of it. */
    public static Standing at(IncidentStatus status) {
        return Told.of(status).standing();
    }

    public static Instant minute(int minute) {
        return BEGIN.plusSeconds(60L * minute);
    }

    /** What a tool said with a signal; null and nothing where it did not say. */
    public static Observed seen(@Nullable String title, @Nullable Severity severity, String... services) {
        return new Observed(title, severity, List.of(services), null, null);
    }

    /** Sends in this order; all are acknowledged when it returns. */
    @SafeVarargs
    public final void send(Recorded<DomainEvent>... facts) {
        send(List.of(facts));
    }

    /** Sends in this order; all are acknowledged when it returns. */
    public void send(List<Recorded<DomainEvent>> facts) {
        facts.forEach(fact -> sendBehind(fact.header().streamId(), fact));
        producer.flush();
    }

    /** Sends an event to the partition of another stream. */
    public void sendBehind(UUID stream, Recorded<DomainEvent> fact) {
        producer.send(new ProducerRecord<>(
                topic,
                null,
                null,
                Utils.utf8(stream.toString()),
                EventCodec.encode(fact.event()),
                CloudEventHeaders.of(fact.header())));
    }

    @Override
    public void close() {
        producer.close();
    }
}
