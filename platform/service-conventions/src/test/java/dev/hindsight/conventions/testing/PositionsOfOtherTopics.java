package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Position;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.relay.Topics;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.KafkaKeys;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Who wrote anywhere may ask this service to be as far, also where it shows nothing of what they wrote. */
public abstract class PositionsOfOtherTopics {

    /** What begins a stream and changes hardly anything. */
    private static final Map<Topic, String> BEGINNINGS = new EnumMap<>(Map.of(
            Topic.INCIDENT_EVENTS, "hindsight.catalog.team-learned.v1",
            Topic.POSTMORTEM_EVENTS, "hindsight.postmortem.drafted.v1",
            Topic.ACTION_ITEM_EVENTS, "hindsight.action-item.proposed.v1"));

    @Inject
    Topics topics;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @ConfigProperty(name = "hindsight.event-store.topic")
    String own;

    @Test
    void aPositionOfEveryOtherTopicIsKnownAsSoonAsItIsThere() {
        BEGINNINGS.forEach((topic, type) -> {
            if (!topic.wireName().equals(own)) {
                Position first = published(topic, type);
                Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                                after(first).statusCode())
                        .as(topic.wireName())
                        .isEqualTo(200));
                Response next = after(new Position(first.streamId(), 2));
                assertThat(next.statusCode())
                        .as("what nobody has published yet")
                        .isEqualTo(503);
                assertThat(next.header("Retry-After")).isEqualTo("1");
            }
        });
    }

    private static Response after(Position position) {
        return RestAssured.given()
                .header("Authorization", Tokens.bearer("viewer"))
                .header("Hindsight-After", position.toString())
                .get("/q/metrics");
    }

    private Position published(Topic topic, String type) {
        UUID stream = StreamIds.next();
        EventHeader header = new EventHeader(
                StreamIds.next(),
                type,
                stream,
                1,
                Instant.now(),
                0,
                Instant.now(),
                EventHeader.HINDSIGHT,
                EventHeader.FROM_API,
                null,
                null);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    topics.nameOf(topic.wireName()),
                    null,
                    KafkaKeys.of(stream),
                    Goldens.of(type),
                    CloudEventHeaders.of(header)));
        }
        return new Position(stream, 1);
    }
}
