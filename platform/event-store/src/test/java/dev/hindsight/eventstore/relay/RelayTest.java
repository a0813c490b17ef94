package dev.hindsight.eventstore.relay;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static dev.hindsight.eventstore.Notebook.DECIDER;
import static dev.hindsight.eventstore.Notebook.NOW;
import static dev.hindsight.eventstore.Notebook.lines;
import static dev.hindsight.eventstore.Notebook.nothing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.TopicLog;
import dev.hindsight.eventstore.consume.Feed;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.PublishedPosition;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the outbox to the real broker: oldest first, forgotten only after its acknowledgement, by one leader. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class RelayTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String LEADER = "select pid from pg_locks where locktype = 'advisory' and granted"
            + " and database = (select oid from pg_database where datname = current_database())";

    @Inject
    EventStore store;

    @Inject
    Relay relay;

    @Inject
    @Readiness
    RelayHealth health;

    @Inject
    EventStoreConfig config;

    @Inject
    Topics topics;

    @Inject
    Doorbell doorbell;

    @Inject
    AgroalDataSource jdbc;

    @Inject
    OrderedApply orderedApply;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private Database database;
    private TopicLog topic;

    @BeforeEach
    void connect() {
        database = Database.connect();
        topic = new TopicLog(topics.nameOf(Topic.INCIDENT_EVENTS.wireName()));
        await().atMost(SOON).until(relay::isLeading);
    }

    @AfterEach
    void disconnect() {
        topic.close();
        database.close();
    }

    private void write(UUID book, String... texts) {
        Loaded<Notebook> state = store.load(book, DECIDER).await().atMost(SOON);
        store.append(CONTEXT, List.of(lines(book, state, texts)), List.of())
                .await()
                .atMost(SOON);
    }

    private long waiting() {
        return database.number("select count(*) from outbox");
    }

    private void assertThatAllIsPublishedWithoutGaps() {
        await().atMost(SOON).until(() -> waiting() == 0);
        assertThat(database.number("select count(*) from published"))
                .isEqualTo(database.number("select max(position) from published"));
        assertThat(database.number("select count(*) from event e where not exists (select from published p"
                        + " where p.stream_id = e.stream_id and p.version = e.version)"))
                .isZero();
        assertThat(database.number("select min(position) from published")).isEqualTo(1);
        assertThat(database.texts(
                        "select stream_id from published group by stream_id, version having count(*) > 1 limit 1"))
                .isEmpty();
    }

    /** Each stream's versions as they stand on the topic, one after the other. */
    private Map<UUID, List<Long>> onTheTopic(UUID... streams) {
        Map<UUID, List<Long>> versions = new HashMap<>();
        topic.of(streams).forEach(kafka -> versions.computeIfAbsent(
                        UUID.fromString(TopicLog.text(kafka, "ce_subject")), stream -> new ArrayList<>())
                .add(Long.valueOf(TopicLog.text(kafka, "ce_sequence"))));
        return versions;
    }

    /** Where the events of a stream stand in the log of what was published. */
    private List<String> positionsOf(UUID stream) {
        return database.texts("select position from published where stream_id = ? order by version", stream);
    }

    /** Takes the leadership away from the relay; it comes back when the connection is closed. */
    private Database takeTheLead() {
        Database other = Database.connect();
        CompletableFuture<Void> taken =
                CompletableFuture.runAsync(() -> other.texts("select pg_advisory_lock(?)", Leadership.LOCK));
        await().atMost(SOON).until(() -> database.waiting() > 0);
        database.end(database.number(LEADER));
        taken.orTimeout(20, TimeUnit.SECONDS).join();
        await().atMost(SOON).until(() -> !relay.isLeading());
        return other;
    }

    /** The relay has looked again, and still does not lead. */
    private void awaitARoundOfAStandby() {
        for (int round = 0; round < 2; round++) {
            Instant now = Instant.now();
            await().atMost(SOON).until(() -> {
                Instant last = relay.lastGoodRound();
                return last != null && last.isAfter(now);
            });
        }
        assertThat(relay.isLeading()).isFalse();
    }

    @Test
    void eventsReachTheTopicInTheOrderOfTheirStreamWithTheirHeadersAndTheirBytes() {
        UUID book = StreamIds.next();
        UUID key = StreamIds.next();
        UUID delivery = StreamIds.next();
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        CommandContext context = new CommandContext(
                "integration:" + key, "/integrations/" + key, NOW, null, null, delivery, traceparent);
        List<NewEvent> events = IntStream.range(0, 5)
                .mapToObj(i -> new NewEvent(StreamIds.next(), Notebook.line("ümlaut " + i), NOW.plusMillis(i), i))
                .toList();
        store.append(context, List.of(new StreamAppend(book, key, nothing(book), events)), List.of())
                .await()
                .atMost(SOON);
        await().atMost(SOON).until(() -> waiting() == 0);

        List<StoredEvent> stored = store.read(book, 0, 10).await().atMost(SOON);
        List<ConsumerRecord<byte[], byte[]>> published = topic.of(book);
        assertThat(published).hasSize(5);
        List<String> positions = positionsOf(book);
        for (int i = 0; i < 5; i++) {
            StoredEvent event = stored.get(i);
            ConsumerRecord<byte[], byte[]> kafka = published.get(i);
            assertThat(kafka.value()).isEqualTo(event.data());
            assertThat(new String(kafka.key(), UTF_8)).isEqualTo(key.toString());
            assertThat(kafka.timestamp()).isEqualTo(event.header().recordedAt().toEpochMilli());
            Map<String, String> headers = new HashMap<>();
            kafka.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
            assertThat(headers)
                    .isEqualTo(Map.ofEntries(
                            Map.entry("ce_specversion", "1.0"),
                            Map.entry("ce_id", events.get(i).id().toString()),
                            Map.entry("ce_source", "/integrations/" + key),
                            Map.entry("ce_type", "hindsight.incident.message-posted.v1"),
                            Map.entry("ce_time", NOW.plusMillis(i).toString()),
                            Map.entry("ce_subject", book.toString()),
                            Map.entry("ce_sequence", Integer.toString(i + 1)),
                            Map.entry("ce_sourceorder", Integer.toString(i)),
                            Map.entry(
                                    "ce_recordedtime",
                                    event.header().recordedAt().toString()),
                            Map.entry("ce_actor", "integration:" + key),
                            Map.entry("ce_deliveryid", delivery.toString()),
                            Map.entry("ce_traceparent", traceparent),
                            Map.entry("hindsightposition", positions.get(i)),
                            Map.entry("content-type", "application/json")));
            assertThat(PublishedPosition.read(kafka.headers())).hasValue(Long.parseLong(positions.get(i)));
            assertThat(CloudEventHeaders.parse(kafka.headers())).isEqualTo(event.header());
        }
    }

    @Test
    void manyStreamsAtOnceArePublishedEachInOrderAndLoggedWithoutGaps() {
        UUID[] books = Stream.generate(StreamIds::next).limit(8).toArray(UUID[]::new);
        for (int i = 0; i < 10; i++) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Stream.of(books)
                        .map(book -> threads.submit(() -> write(book, "a", "b")))
                        .toList();
            }
        }
        assertThatAllIsPublishedWithoutGaps();
        Map<UUID, List<Long>> published = onTheTopic(books);
        for (UUID book : books) {
            assertThat(published.get(book))
                    .isEqualTo(
                            IntStream.rangeClosed(1, 20).mapToObj(Long::valueOf).toList());
        }
    }

    @Test
    void whoDoesNotLeadPublishesNothing() {
        UUID book = StreamIds.next();
        try (Database leader = takeTheLead()) {
            write(book, "a", "b");
            awaitARoundOfAStandby();
            assertThat(database.number("select count(*) from outbox where stream_id = ?", book))
                    .isEqualTo(2);
            assertThat(topic.of(book)).isEmpty();
            HealthCheckResponse standby = health.call();
            assertThat(standby.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            assertThat(standby.getData())
                    .hasValueSatisfying(data -> assertThat(data).containsEntry("role", "standby"));
        }
        assertThatAllIsPublishedWithoutGaps();
        assertThat(onTheTopic(book).get(book)).containsExactly(1L, 2L);
        assertThat(relay.isLeading()).isTrue();
    }

    @Test
    void aCrashBetweenTheAcknowledgementAndForgettingPublishesTwiceAndIsAppliedOnce() {
        UUID book = StreamIds.next();
        try (Database leader = takeTheLead();
                Database slow = Database.connect().inTransaction()) {
            write(book, "a", "b", "c");
            // The relay can read its outbox, but not forget.
            slow.execute("select * from outbox where stream_id = ? for update", book);
            leader.close();
            await().atMost(SOON).until(() -> topic.of(book).size() == 3);
            await().atMost(SOON).until(() -> database.waiting() > 0);
            database.end(database.number(LEADER));
        }
        assertThatAllIsPublishedWithoutGaps();
        assertThat(onTheTopic(book).get(book)).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);

        orderedApply
                .apply(Topic.INCIDENT_EVENTS, Feed.batch(topic.of(book)))
                .await()
                .atMost(SOON);
        assertThat(database.texts("select version from seen where stream_id = ? order by position", book))
                .containsExactly("1", "2", "3");
        assertThat(database.texts("select reason from parked_event where stream_id = ?", book))
                .isEmpty();
    }

    @Test
    void ofTwoInstancesOneLeadsAndTheOtherTakesOverWithoutLoss() throws InterruptedException {
        Relay second = new Relay(config, topics, jdbc, bootstrapServers, doorbell, new SimpleMeterRegistry());
        UUID book = StreamIds.next();
        second.start(new StartupEvent());
        try {
            await().atMost(SOON).until(() -> second.lastGoodRound() != null);
            assertThat(relay.isLeading()).isTrue();
            assertThat(second.isLeading()).isFalse();

            for (int i = 0; i < 3; i++) {
                write(book, "a", "b");
                long leader = database.number(LEADER);
                database.end(leader);
                write(book, "c");
                await().atMost(SOON).until(() -> database.texts(LEADER).stream()
                        .anyMatch(pid -> !pid.equals(Long.toString(leader))));
                await().atMost(SOON).until(() -> relay.isLeading() ^ second.isLeading());
            }
        } finally {
            second.stop(new ShutdownEvent());
        }
        assertThat(second.isLeading()).isFalse();
        await().atMost(SOON).until(relay::isLeading);
        write(book, "d");
        assertThatAllIsPublishedWithoutGaps();
        // A leader that lost its connection may have published what the next one published again; never out of order.
        List<Long> versions = onTheTopic(book).get(book);
        assertThat(versions.stream().distinct().toList())
                .isEqualTo(IntStream.rangeClosed(1, 10).mapToObj(Long::valueOf).toList());
    }
}
