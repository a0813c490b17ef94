package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.wire.EventCodec;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two streams that come in, and what is found of them in the database afterwards. */
abstract class Consuming {

    static final Duration SOON = Duration.ofSeconds(20);
    static final String MESSAGE = "hindsight.incident.message-posted.v1";

    @Inject
    OrderedApply orderedApply;

    @Inject
    ParkedEvents parkedEvents;

    @Inject
    SeenProjection projection;

    @Inject
    HeardAutomation automation;

    final UUID book = StreamIds.next();
    final UUID other = StreamIds.next();
    Database database;

    @BeforeEach
    void connect() {
        database = Database.connect();
    }

    @AfterEach
    void disconnect() {
        projection.troubles.clear();
        automation.troubles.clear();
        database.close();
    }

    @SafeVarargs
    final void apply(ConsumerRecord<byte[], byte[]>... records) {
        orderedApply
                .apply(Topic.INCIDENT_EVENTS, Feed.batch(List.of(records)))
                .await()
                .atMost(SOON);
    }

    /** Versions that the view has seen, in the order in which it saw them. */
    final List<String> seen(UUID stream) {
        return database.texts("select version from seen where stream_id = ? order by position", stream);
    }

    /** What waits for somebody to settle it. */
    final List<String> parked(String consumer, UUID stream) {
        return database.texts(
                "select version || ' ' || reason from parked_event where consumer = ? and stream_id = ?"
                        + " and settled_at is null order by version, reason",
                consumer,
                stream);
    }

    final List<String> parked(UUID stream) {
        return parked("seen", stream);
    }

    /** Another event that claims the same place. */
    static ConsumerRecord<byte[], byte[]> twin(UUID stream, long version) {
        return Feed.event(
                StreamIds.named(stream, "twin " + version),
                stream,
                version,
                MESSAGE,
                EventCodec.encode(Notebook.line("twin")));
    }
}
