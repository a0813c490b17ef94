package dev.hindsight.eventstore.relay;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static dev.hindsight.eventstore.Notebook.DECIDER;
import static dev.hindsight.eventstore.Notebook.lines;
import static org.awaitility.Awaitility.await;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.TopicLog;
import dev.hindsight.eventstore.wire.PublishedPosition;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the relay have in common: the service, a look into its tables, and its topic. */
abstract class RelayScene {

    static final Duration SOON = Duration.ofSeconds(30);
    static final String LEADER = "select pid from pg_locks where locktype = 'advisory' and granted"
            + " and database = (select oid from pg_database where datname = current_database())";

    @Inject
    EventStore store;

    @Inject
    Relay relay;

    @Inject
    Topics topics;

    @Inject
    Doorbell doorbell;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    Database database;

    @BeforeEach
    void connect() {
        database = Database.connect();
        await().atMost(SOON).until(relay::isLeading);
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    String topicName() {
        return topics.nameOf(Topic.INCIDENT_EVENTS.wireName());
    }

    void write(UUID book, String... texts) {
        Loaded<Notebook> state = store.load(book, DECIDER).await().atMost(SOON);
        store.append(CONTEXT, List.of(lines(book, state, texts)), List.of())
                .await()
                .atMost(SOON);
    }

    void awaitAllIsPublished() {
        await().atMost(SOON).until(() -> database.number("select count(*) from outbox") == 0);
    }

    /** Everything on the topic of these streams, as it is now. */
    List<ConsumerRecord<byte[], byte[]>> onTheTopic(UUID... streams) {
        try (TopicLog topic = new TopicLog(topicName())) {
            return topic.of(streams);
        }
    }

    /** What {@code published} says of these streams: positions, oldest first. */
    List<Long> positions(UUID... streams) {
        return database
                .texts("select position from published where stream_id = any (?) order by position", (Object) streams)
                .stream()
                .map(Long::valueOf)
                .toList();
    }

    static long position(ConsumerRecord<byte[], byte[]> kafka) {
        return PublishedPosition.read(kafka.headers()).orElseThrow();
    }

    /** How often each position stands among the records. */
    static Map<Long, Integer> copies(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Long, Integer> copies = new HashMap<>();
        records.forEach(kafka -> copies.merge(position(kafka), 1, Integer::sum));
        return copies;
    }

    static String[] texts(int count) {
        String[] texts = new String[count];
        Arrays.setAll(texts, i -> "line " + i);
        return texts;
    }

    /** Takes the leadership away from the relay; it comes back when the connection is closed. */
    Database takeTheLead() {
        Database other = Database.connect();
        CompletableFuture<Void> taken =
                CompletableFuture.runAsync(() -> other.texts("select pg_advisory_lock(?)", Leadership.LOCK));
        await().atMost(SOON).until(() -> database.waiting() > 0);
        database.end(database.number(LEADER));
        taken.orTimeout(20, TimeUnit.SECONDS).join();
        await().atMost(SOON).until(() -> !relay.isLeading());
        return other;
    }
}
