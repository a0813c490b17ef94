package dev.hindsight.eventstore.relay;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.TopicLog;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic that was lost is filled again from the store, on the real broker. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class RepublicationTest extends RelayScene {

    @Inject
    Republications republications;

    private Admin admin;

    @BeforeEach
    void open() {
        admin = topics.admin();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private static <T> T done(KafkaFuture<T> future) throws Exception {
        return future.get(20, java.util.concurrent.TimeUnit.SECONDS);
    }

    private String topicId() throws Exception {
        return topics.idOf(admin, topicName()).map(Object::toString).orElse("");
    }

    /** Every event of the store stands on the topic, at its position, and each partition is in the order of positions. */
    private void assertThatTheTopicIsWhole() {
        long published = database.number("select max(position) from published");
        UUID[] streams = database.texts("select distinct stream_id from published").stream()
                .map(UUID::fromString)
                .toArray(UUID[]::new);
        List<ConsumerRecord<byte[], byte[]>> records = onTheTopic(streams);
        assertThat(copies(records).keySet())
                .containsAll(LongStream.rangeClosed(1, published).boxed().toList());
        Map<String, Long> positionOf = new HashMap<>();
        database.texts("select stream_id || '@' || version || '=' || position from published")
                .forEach(text -> positionOf.put(text.split("=")[0], Long.valueOf(text.split("=")[1])));
        for (ConsumerRecord<byte[], byte[]> kafka : records) {
            assertThat(position(kafka))
                    .isEqualTo(positionOf.get(
                            TopicLog.text(kafka, "ce_subject") + "@" + TopicLog.text(kafka, "ce_sequence")));
        }
        Map<Integer, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> kafka : records) {
            Long before = last.put(kafka.partition(), position(kafka));
            assertThat(before == null || before < position(kafka))
                    .as("order of partition %d", kafka.partition())
                    .isTrue();
        }
    }

    private void awaitTheEndOfTheRepublication() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Republication progress = republications.progress().await().atMost(SOON);
            return !progress.running() && progress.startedAt() != null;
        });
    }

    @Test
    void aTopicThatWasDeletedIsMadeAgainAndFilledInOrderBeforeAnythingNew() throws Exception {
        UUID book = StreamIds.next();
        write(book, "a", "b", "c");
        awaitAllIsPublished();
        String before = topicId();

        done(admin.deleteTopics(List.of(topicName())).all());
        await().atMost(SOON)
                .until(() -> !database.texts("select topic_id from relay_topic").equals(List.of(before)));
        awaitTheEndOfTheRepublication();
        write(book, "d");
        awaitAllIsPublished();

        assertThat(republications.progress().await().atMost(SOON).reason()).isEqualTo("The topic was made anew.");
        // A sending that was begun again after trouble leaves the same records twice.
        assertThat(onTheTopic(book).stream().map(RelayScene::position).distinct())
                .containsExactlyElementsOf(positions(book));
        assertThatTheTopicIsWhole();
    }

    @Test
    void aTopicThatTheBrokerMadeByItselfIsMendedAndFilled() throws Exception {
        UUID book = StreamIds.next();
        write(book, "a", "b", "c");
        awaitAllIsPublished();
        try (Database leader = takeTheLead()) {
            done(admin.deleteTopics(List.of(topicName())).all());
            await().atMost(SOON).until(() -> topicId().isEmpty());
            await().atMost(SOON).ignoreExceptions().until(() -> {
                done(admin.createTopics(List.of(new NewTopic(topicName(), 1, (short) 1)))
                        .all());
                return true;
            });
        }
        String made = topicId();
        await().atMost(SOON)
                .until(() -> database.texts("select topic_id from relay_topic").equals(List.of(made)));
        awaitTheEndOfTheRepublication();

        var topic =
                done(admin.describeTopics(List.of(topicName())).allTopicNames()).get(topicName());
        assertThat(topic.partitions()).hasSize(6);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topicName());
        var settings = done(admin.describeConfigs(List.of(resource)).all()).get(resource);
        assertThat(settings.get("retention.ms").value()).isEqualTo("-1");
        assertThat(settings.get("max.message.bytes").value()).isEqualTo(Integer.toString(Topics.MAX_RECORD_BYTES));
        assertThatTheTopicIsWhole();
    }

    @Test
    void aStoreThatIsRestoredBesideAnEmptyTopicFillsIt() throws Exception {
        UUID book = StreamIds.next();
        write(book, "a", "b");
        awaitAllIsPublished();
        try (Database leader = takeTheLead()) {
            done(admin.deleteTopics(List.of(topicName())).all());
            await().atMost(SOON).until(() -> topicId().isEmpty());
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> !topics.ensure(admin, topicName()).toString().isEmpty());
            // As a backup of before the leader's notes would be.
            database.execute("delete from relay_topic");
        }
        awaitTheEndOfTheRepublication();
        assertThat(republications.progress().await().atMost(SOON).reason()).isEqualTo("The topic was empty.");
        assertThatTheTopicIsWhole();
    }

    @Test
    void whatIsAskedForIsSentAgainAtItsPositions() {
        UUID book = StreamIds.next();
        write(book, "a", "b", "c");
        awaitAllIsPublished();
        store.append(CONTEXT, List.of(), List.of(republications.begin("A test asks.")))
                .await()
                .atMost(SOON);
        awaitTheEndOfTheRepublication();

        Republication progress = republications.progress().await().atMost(SOON);
        assertThat(progress.reason()).isEqualTo("A test asks.");
        assertThat(progress.sent()).isEqualTo(progress.total()).isGreaterThanOrEqualTo(3);
        List<Long> positions = positions(book);
        assertThat(onTheTopic(book).stream().map(RelayScene::position))
                .containsExactly(
                        positions.get(0),
                        positions.get(1),
                        positions.get(2),
                        positions.get(0),
                        positions.get(1),
                        positions.get(2));
    }

    @Test
    void aLeaderThatIsKilledInTheMiddleLeavesTheRestToTheNext() {
        UUID book = StreamIds.next();
        write(book, "a");
        awaitAllIsPublished();
        int many = 20_000;
        try (Database leader = takeTheLead()) {
            database.execute("""
                    with copies as (
                      insert into event select gen_random_uuid(), 1, gen_random_uuid(), key_id, type, occurred_at, source_order,
                        recorded_at, actor, source, delivery_id, traceparent, data, hash
                      from event, generate_series(1, ?) where stream_id = ? and version = 1 returning stream_id
                    )
                    insert into published
                    select (select max(position) from published) + row_number() over (), stream_id, 1 from copies""", many, book);
            database.execute("""
                    update relay_topic set republished_to = 0, republish_until = (select max(position) from published),
                      republish_started = now(), republish_ended = null""");
        }
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> database.number("select republished_to from relay_topic") > 0);
        assertThat(database.texts("select republish_until from relay_topic where republish_until is not null"))
                .as("it still runs")
                .hasSize(1);
        long sent = database.number("select republished_to from relay_topic");
        database.end(database.number(LEADER));
        assertThat(database.number("select republished_to from relay_topic")).isBetween(sent, many - 1L);
        awaitTheEndOfTheRepublication();

        UUID[] streams = database.texts("select stream_id from published").stream()
                .map(UUID::fromString)
                .toArray(UUID[]::new);
        Map<Long, Integer> copies = copies(onTheTopic(streams));
        long last = database.number("select max(position) from published");
        assertThat(copies.keySet())
                .containsAll(LongStream.rangeClosed(1, last).boxed().toList());
        // What was sent and acknowledged before the kill was not begun again from the start.
        assertThat(copies.values().stream().mapToInt(Integer::intValue).sum()).isLessThan((int) (1.5 * last));
    }
}
