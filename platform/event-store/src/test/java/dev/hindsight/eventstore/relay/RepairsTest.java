package dev.hindsight.eventstore.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.wire.RepairRequest;
import dev.hindsight.eventstore.wire.RepairRequest.Malformed;
import dev.hindsight.eventstore.wire.RepairRequest.Positions;
import dev.hindsight.eventstore.wire.RepairRequest.Versions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What consumers miss and ask for is sent again by the leader. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class RepairsTest extends RelayScene {

    private void ask(String... requests) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String request : requests) {
                producer.send(new ProducerRecord<>(topics.nameOf(Topics.REPAIRS), request.getBytes(UTF_8)));
            }
        }
    }

    private static String versions(UUID stream, long from, long to) {
        return "{\"topic\":\"incident-events\",\"streamId\":\"%s\",\"fromVersion\":%d,\"toVersion\":%d}"
                .formatted(stream, from, to);
    }

    private List<Long> sentOf(UUID book) {
        return onTheTopic(book).stream().map(RelayScene::position).toList();
    }

    @Test
    void versionsOfAStreamAreSentAgainAtTheirPositions() {
        UUID book = StreamIds.next();
        write(book, "a", "b", "c", "d");
        awaitAllIsPublished();
        List<Long> positions = positions(book);
        ask(versions(book, 2, 3));
        await().atMost(SOON).until(() -> sentOf(book).size() == 6);
        assertThat(sentOf(book))
                .containsExactly(
                        positions.get(0),
                        positions.get(1),
                        positions.get(2),
                        positions.get(3),
                        positions.get(1),
                        positions.get(2));
    }

    @Test
    void whatSeveralMissAtTheSameTimeIsSentOnce() {
        UUID book = StreamIds.next();
        UUID after = StreamIds.next();
        write(book, "a", "b");
        write(after, "z");
        awaitAllIsPublished();
        ask(versions(book, 1, 2), versions(book, 1, 2), versions(book, 1, 2), versions(after, 1, 1));
        // Requests are served in their order.
        await().atMost(SOON).until(() -> sentOf(after).size() == 2);
        assertThat(sentOf(book)).hasSize(4);
    }

    @Test
    void aRangeOfPositionsIsSentAgainForOnePartitionOrAll() {
        UUID[] books = {StreamIds.next(), StreamIds.next(), StreamIds.next(), StreamIds.next(), StreamIds.next()};
        long before = database.number("select coalesce(max(position), 0) from published");
        for (UUID book : books) {
            write(book, "a");
        }
        awaitAllIsPublished();
        List<ConsumerRecord<byte[], byte[]>> first = onTheTopic(books);
        int partition = first.getFirst().partition();
        long here =
                first.stream().filter(kafka -> kafka.partition() == partition).count();

        UUID end = StreamIds.next();
        write(end, "z");
        awaitAllIsPublished();
        ask(
                "{\"topic\":\"incident-events\",\"afterPosition\":%d,\"untilPosition\":%d,\"partition\":%d}"
                        .formatted(before, before + 5, partition),
                versions(end, 1, 1));
        await().atMost(SOON).until(() -> sentOf(end).size() == 2);
        List<ConsumerRecord<byte[], byte[]>> second = onTheTopic(books);
        assertThat(second).hasSize((int) (5 + here));
        assertThat(second.stream()
                        .filter(kafka -> kafka.partition() != partition)
                        .count())
                .isEqualTo(5 - here);

        ask("{\"topic\":\"incident-events\",\"afterPosition\":%d,\"untilPosition\":null,\"partition\":null}"
                .formatted(before));
        await().atMost(SOON).until(() -> sentOf(end).size() == 3);
        assertThat(onTheTopic(books)).hasSize((int) (10 + here));
    }

    @Test
    void whatIsNoRequestOrMeantForAnotherTopicIsPassedOver() {
        UUID book = StreamIds.next();
        write(book, "a");
        awaitAllIsPublished();
        ask(
                "not json",
                "{}",
                versions(book, 1, 1).replace("incident-events", "postmortem-events"),
                versions(StreamIds.next(), 1, 5),
                "{\"topic\":\"incident-events\",\"streamId\":\"x\",\"fromVersion\":1,\"toVersion\":1}",
                versions(book, 1, 900));
        await().atMost(SOON).until(() -> sentOf(book).size() == 2);
    }

    @Test
    void newEventsDoNotWaitUntilALargeRepairIsServed() {
        UUID book = StreamIds.next();
        write(book, "a");
        awaitAllIsPublished();
        long last = database.number("select max(position) from published");
        String[] requests = new String[40];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = "{\"topic\":\"incident-events\",\"afterPosition\":%d,\"untilPosition\":%d}"
                    .formatted(i % last, last);
        }
        ask(requests);
        for (int i = 0; i < 20; i++) {
            write(book, "b");
        }
        awaitAllIsPublished();
        assertThat(positions(book)).hasSize(21);
    }

    @Test
    void aRequestIsRead() throws Malformed {
        UUID stream = StreamIds.next();
        assertThat(RepairRequest.parse(versions(stream, 3, 5).getBytes(UTF_8), "incident-events"))
                .contains(new Versions("incident-events", stream, 3, 5));
        assertThat(RepairRequest.parse(
                        "{\"topic\":\"incident-events\",\"afterPosition\":7,\"untilPosition\":9,\"partition\":2}"
                                .getBytes(UTF_8),
                        "incident-events"))
                .contains(new Positions("incident-events", 7, 9L, 2));
        assertThat(RepairRequest.parse(
                        "{\"topic\":\"incident-events\",\"afterPosition\":0}".getBytes(UTF_8), "incident-events"))
                .contains(new Positions("incident-events", 0, null, null));
        assertThat(RepairRequest.parse("{\"topic\":\"other\"}".getBytes(UTF_8), "incident-events"))
                .isEmpty();
    }

    @Test
    void whatAConsumerWritesTheOwnerReads() throws Malformed {
        for (RepairRequest asked : new RepairRequest[] {
            new Versions("incident-events", StreamIds.next(), 1, 4),
            new Positions("incident-events", 7, 9L, 2),
            new Positions("incident-events", 7, null, null)
        }) {
            assertThat(RepairRequest.parse(asked.json(), "incident-events")).contains(asked);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "{\"topic\":7}",
                "{\"topic\":\"incident-events\"}",
                "{\"topic\":\"incident-events\",\"streamId\":\"0198c0de-0000-7000-8000-000000000001\",\"fromVersion\":0,\"toVersion\":1}",
                "{\"topic\":\"incident-events\",\"streamId\":\"0198c0de-0000-7000-8000-000000000001\",\"fromVersion\":2,\"toVersion\":1}",
                "{\"topic\":\"incident-events\",\"afterPosition\":-1}",
                "{\"topic\":\"incident-events\",\"afterPosition\":\"1\"}",
                "{\"topic\":\"incident-events\",\"afterPosition\":1.5}",
                "{\"topic\":\"incident-events\",\"afterPosition\":5,\"untilPosition\":4}",
                "{\"topic\":\"incident-events\",\"afterPosition\":5,\"partition\":-1}",
                "{\"topic\":\"incident-events\",\"afterPosition\":5,\"partition\":99999999999}",
            })
    void aMalformedRequestIsRefused(String request) {
        Assertions.assertThatThrownBy(() -> RepairRequest.parse(request.getBytes(UTF_8), "incident-events"))
                .isInstanceOf(Malformed.class);
    }
}
