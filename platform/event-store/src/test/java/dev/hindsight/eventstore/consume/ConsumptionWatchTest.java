package dev.hindsight.eventstore.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.PostmortemEvent.Waived;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.relay.Topics;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.eventstore.wire.PublishedPosition;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a topic has lost is noticed and asked for, and a topic that was made anew is read from its start. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class ConsumptionWatchTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITION = 2;
    private static final AtomicLong POSITIONS = new AtomicLong();

    @Inject
    FollowedProjection followed;

    @Inject
    ConsumerStart start;

    @Inject
    Topics topics;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private final UUID stream = StreamIds.next();
    private final UUID other = StreamIds.next();
    private String topic;
    private Database database;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> requests;
    private Admin admin;

    @BeforeEach
    void connect() {
        database = Database.connect();
        topic = topics.nameOf(Topic.POSTMORTEM_EVENTS.wireName());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        requests = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        TopicPartition repairs = new TopicPartition(topics.nameOf(Topics.REPAIRS), 0);
        requests.assign(List.of(repairs));
        requests.seekToEnd(List.of(repairs));
        requests.position(repairs);
    }

    @AfterEach
    void disconnect() {
        followed.held.values().forEach(hold -> hold.complete(null));
        followed.held.clear();
        requests.close();
        producer.close();
        admin.close();
        database.close();
    }

    private record Sent(UUID stream, long version, long position) {}

    private Sent next(UUID of, long version) {
        return new Sent(of, version, POSITIONS.incrementAndGet());
    }

    /** Each as a batch of its own. */
    private long send(Sent event) {
        Waived waived = new Waived(event.stream(), "known");
        Headers headers = CloudEventHeaders.of(new EventHeader(
                Feed.id(event.stream(), event.version()),
                Vocabulary.wireNameOf(waived),
                event.stream(),
                event.version(),
                Notebook.NOW,
                0,
                Notebook.NOW,
                "somebody",
                "/api",
                null,
                null));
        try {
            return producer.send(new ProducerRecord<>(
                            topic,
                            PARTITION,
                            null,
                            (byte[]) null,
                            EventCodec.encode(waived),
                            PublishedPosition.write(headers, event.position())))
                    .get(20, TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> seen(UUID of) {
        return database.texts("select version from followed where stream_id = ? order by position", of);
    }

    private void awaitSeen(UUID of, long upTo) {
        List<String> expected =
                LongStream.rangeClosed(1, upTo).mapToObj(Long::toString).toList();
        await().atMost(SOON).untilAsserted(() -> assertThat(seen(of)).isEqualTo(expected));
    }

    private long noted() {
        return database.number(
                "select coalesce(max(next_offset), 0) from consumed where topic = ? and kafka_partition = ?",
                topic,
                PARTITION);
    }

    private final List<JsonNode> asked = new ArrayList<>();

    private List<JsonNode> requests() {
        for (ConsumerRecord<byte[], byte[]> kafka : requests.poll(Duration.ofMillis(50))) {
            try {
                asked.add(new ObjectMapper().readTree(kafka.value()));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return asked;
    }

    private List<JsonNode> requestsFor(UUID of) {
        return requests().stream()
                .filter(request -> request.path("streamId").asText().equals(of.toString()))
                .toList();
    }

    private List<JsonNode> rangeRequests() {
        return requests().stream()
                .filter(request ->
                        request.has("afterPosition") && request.get("partition").asInt() == PARTITION)
                .toList();
    }

    // --- places

    @Test
    void whatIsAppliedIsNotedByOffsetAndPosition() {
        send(next(stream, 1));
        Sent last = next(stream, 2);
        long offset = send(last);
        awaitSeen(stream, 2);
        await().atMost(SOON).until(() -> noted() == offset + 1);
        assertThat(database.number(
                        "select position from consumed where topic = ? and kafka_partition = ?", topic, PARTITION))
                .isEqualTo(last.position());
    }

    @Test
    void whatIsNotAppliedYetIsNotNoted() {
        CompletableFuture<Void> hold = new CompletableFuture<>();
        followed.held.put(stream, hold);
        long offset = send(next(stream, 1));
        await().atMost(SOON)
                .until(() -> database.number("select count(*) from pg_stat_activity"
                                + " where datname = current_database() and state = 'idle in transaction'")
                        > 0);
        assertThat(noted()).isLessThanOrEqualTo(offset);
        hold.complete(null);
        await().atMost(SOON).until(() -> noted() == offset + 1);
    }

    @Test
    void aPartitionThatIsAssignedIsReadFromWhereTheTablesSay() {
        send(next(stream, 1));
        long offset = send(next(stream, 2));
        awaitSeen(stream, 2);
        await().atMost(SOON).until(() -> noted() == offset + 1);
        // As after putting back an older state of the database.
        database.execute(
                "update consumed set next_offset = ? where topic = ? and kafka_partition = ?",
                offset - 1,
                topic,
                PARTITION);
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", bootstrapServers));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, PARTITION);
            consumer.assign(Set.of(partition));
            start.onPartitionsAssigned(consumer, Set.of(partition));
            assertThat(consumer.position(partition)).isEqualTo(offset - 1);
        } finally {
            database.execute(
                    "update consumed set next_offset = ? where topic = ? and kafka_partition = ?",
                    offset + 1,
                    topic,
                    PARTITION);
        }
    }

    // --- lost ranges

    /** Holds up the consumer, sends, deletes all but the last few, and lets go. */
    private List<Sent> lose(int sent, int left) throws ExecutionException, InterruptedException {
        CompletableFuture<Void> hold = new CompletableFuture<>();
        followed.held.put(stream, hold);
        send(next(stream, 1));
        await().atMost(SOON)
                .until(() -> database.number("select count(*) from pg_stat_activity"
                                + " where datname = current_database() and state = 'idle in transaction'")
                        > 0);
        List<Sent> events = new ArrayList<>();
        long last = 0;
        for (int version = 1; version <= sent; version++) {
            Sent event = next(other, version);
            events.add(event);
            last = send(event);
        }
        admin.deleteRecords(Map.of(new TopicPartition(topic, PARTITION), RecordsToDelete.beforeOffset(last + 1 - left)))
                .all()
                .get();
        hold.complete(null);
        return events;
    }

    @Test
    void aRangeThatTheTopicLostIsAskedForOnceAndWhenItComesAgainNothingIsMissingOrDoubled()
            throws ExecutionException, InterruptedException {
        List<Sent> events = lose(40, 3);
        await().atMost(SOON).until(() -> !rangeRequests().isEmpty());
        JsonNode request = rangeRequests().getFirst();
        assertThat(request.get("topic").asText()).isEqualTo("postmortem-events");
        long after = request.get("afterPosition").asLong();
        JsonNode until = request.get("untilPosition");
        List<Sent> wanted = events.stream()
                .filter(event -> event.position() > after && (until.isNull() || event.position() <= until.asLong()))
                .toList();
        assertThat(wanted).as("all that was deleted is in the range").contains(events.get(36));
        // The owner's answer.
        wanted.forEach(this::send);
        awaitSeen(other, 40);
        await().atMost(SOON)
                .until(() -> database.number(
                                "select count(*) from lost_range where topic = ? and requested_at is null", topic)
                        == 0);
        await().atMost(SOON)
                .until(() -> database.number("select count(*) from parked_event where stream_id = ?", other) == 0);
    }

    @Test
    void aTailThatIsLostIsNoticedThoughNothingComesAfterIt() throws ExecutionException, InterruptedException {
        List<Sent> events = lose(40, 0);
        await().atMost(SOON).until(() -> !rangeRequests().isEmpty());
        JsonNode request = rangeRequests().getFirst();
        assertThat(request.get("afterPosition").asLong())
                .isLessThan(events.getLast().position());
        assertThat(request.get("untilPosition").isNull()).isTrue();
        events.stream()
                .filter(event -> event.position() > request.get("afterPosition").asLong())
                .forEach(this::send);
        awaitSeen(other, 40);
        send(next(other, 41));
        awaitSeen(other, 41);
    }

    // --- topics made anew

    @Test
    void aTopicThatWasDeletedAndMadeAnewIsReadFromItsStartWithoutARestart() throws Exception {
        List<Sent> events = new ArrayList<>();
        for (int version = 1; version <= 5; version++) {
            events.add(next(stream, version));
        }
        events.forEach(this::send);
        awaitSeen(stream, 5);
        String before = topicId();
        admin.deleteTopics(List.of(topic)).all().get();
        await().atMost(SOON).until(this::makeTopic);
        // The owner sends all again; by now more than there was.
        for (int version = 6; version <= 8; version++) {
            events.add(next(stream, version));
        }
        events.forEach(this::send);
        awaitSeen(stream, 8);
        await().atMost(SOON).until(() -> !topicId().equals(before));
        await().atMost(SOON).until(() -> noted() == 8);
        send(next(stream, 9));
        awaitSeen(stream, 9);
        assertThat(database.number("select count(*) from parked_event where stream_id = ?", stream))
                .isZero();
    }

    private boolean makeTopic() throws InterruptedException {
        try {
            admin.createTopics(List.of(new NewTopic(topic, 6, (short) 1))).all().get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    private String topicId() {
        List<String> ids = database.texts(
                "select topic_id from consumed where topic = ? and kafka_partition = ?", topic, PARTITION);
        return ids.isEmpty() ? "" : ids.getFirst();
    }

    // --- gaps

    @Test
    void aGapIsAskedForAgainAndAgainUntilItIsFilledOnceForAllConsumers() {
        send(next(stream, 1));
        awaitSeen(stream, 1);
        Sent second = next(stream, 2);
        Sent third = next(stream, 3);
        send(next(stream, 4));
        await().atMost(SOON)
                .until(() -> repairRequests() >= 2 && requestsFor(stream).size() >= 2);
        assertThat(requestsFor(stream)).allSatisfy(request -> {
            assertThat(request.get("topic").asText()).isEqualTo("postmortem-events");
            assertThat(request.get("fromVersion").asLong()).isEqualTo(2);
            assertThat(request.get("toVersion").asLong()).isEqualTo(3);
        });
        int asked = requestsFor(stream).size();
        assertThat((long) asked).as("one for all consumers").isLessThanOrEqualTo(repairRequests());
        send(second);
        send(third);
        awaitSeen(stream, 4);
        // The automation follows in a transaction of its own.
        await().atMost(SOON)
                .until(() -> database.number("select count(*) from parked_event where stream_id = ?", stream) == 0);
    }

    private long repairRequests() {
        return database.number(
                "select coalesce(max(repair_requests), 0) from parked_event where stream_id = ?", stream);
    }

    @Test
    void whatStandsBehindAPoisonIsNotAskedFor() {
        send(next(stream, 1));
        awaitSeen(stream, 1);
        send(next(stream, 3));
        await().atMost(SOON)
                .until(() -> database.number(
                                "select count(*) from parked_event where stream_id = ? and reason = 'GAP'", stream)
                        == 3);
        database.execute(
                "insert into parked_event (consumer, stream_id, version, event_id, reason, topic, kafka_partition,"
                        + " kafka_offset, headers, data) select consumer, ?, 2, ?, 'DEFECT', ?, 0, 0, '{}', ''"
                        + " from (values ('followed'), ('beside'), ('heard')) as c(consumer)",
                stream,
                Feed.id(stream, 2),
                topic);
        long before = requestsFor(stream).size();
        send(next(other, 2));
        await().atMost(SOON).until(() -> requestsFor(other).size() >= 2);
        assertThat((long) requestsFor(stream).size()).isLessThanOrEqualTo(before + 1);
    }
}
