package dev.hindsight.metrics;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Brings events of the other services in, over the real broker or as batches of the test's own choice. */
@ApplicationScoped
public class Feed {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @ConfigProperty(name = "hindsight.event-store.topic-prefix")
    String prefix;

    private final AgroalDataSource database;

    Feed(AgroalDataSource database) {
        this.database = database;
    }

    /** Publishes to the real topics, and waits until all of it is applied. */
    public void publish(IncidentStory... stories) {
        Map<UUID, Long> last = new HashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            // Postmortems and items first: nothing may depend on how the topics interleave.
            for (Topic topic : List.of(Topic.ACTION_ITEM_EVENTS, Topic.POSTMORTEM_EVENTS, Topic.INCIDENT_EVENTS)) {
                for (IncidentStory story : stories) {
                    for (Recorded<DomainEvent> event : story.events(topic)) {
                        producer.send(new ProducerRecord<>(
                                prefix + topic.wireName(),
                                null,
                                bytes(story.incident()),
                                EventCodec.encode(event.event()),
                                CloudEventHeaders.of(event.header())));
                        last.merge(event.header().streamId(), event.header().sequence(), Math::max);
                    }
                }
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        last.entrySet().stream().allMatch(stream -> applied(stream.getKey()) >= stream.getValue()));
    }

    /** One batch, as the connector would hand it over. */
    public static ConsumerRecords<byte[], byte[]> batch(Topic topic, List<Recorded<DomainEvent>> events) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Recorded<DomainEvent> event : events) {
            EventHeader header = event.header();
            records.add(new ConsumerRecord<>(
                    topic.wireName(),
                    0,
                    records.size(),
                    ConsumerRecord.NO_TIMESTAMP,
                    TimestampType.NO_TIMESTAMP_TYPE,
                    0,
                    0,
                    bytes(header.streamId()),
                    EventCodec.encode(event.event()),
                    new RecordHeaders(CloudEventHeaders.of(header)),
                    java.util.Optional.empty()));
        }
        return new ConsumerRecords<>(Map.of(new TopicPartition(topic.wireName(), 0), records), Map.of());
    }

    /** Every row of the fact tables and of what guards them, as text. */
    public List<String> tables() {
        List<String> rows = new ArrayList<>();
        for (String table : List.of(
                "incident_fact",
                "postmortem_fact",
                "action_item_fact",
                "deploy_fact",
                "deploy_links_fact",
                "page_fact",
                "calendar_fact",
                "catalog_entry",
                "applied",
                "parked_event")) {
            // How often the guard was moved depends on the batches, and is to.
            rows.addAll(
                    query("select '" + table + " ' || (to_jsonb(t) - 'moved')::text from " + table + " t order by 1"));
        }
        return rows;
    }

    public void forgetEverything() {
        execute(
                "truncate incident_fact, postmortem_fact, action_item_fact, deploy_fact, deploy_links_fact, page_fact, calendar_fact,"
                        + " catalog_entry, applied, parked_event");
    }

    public List<String> query(String sql) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long applied(UUID stream) {
        List<String> versions = query("select max(version)::text from applied where stream_id = '" + stream + "'");
        return versions.getFirst() == null ? 0 : Long.parseLong(versions.getFirst());
    }

    private static byte[] bytes(UUID id) {
        return id.toString().getBytes(StandardCharsets.UTF_8);
    }
}
