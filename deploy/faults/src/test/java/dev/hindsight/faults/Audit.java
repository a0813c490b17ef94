package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.local.Service;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks whether what was promised is there: in the stores, on the topics and in the views of everybody, once. It reads the
 * databases and the broker themselves, so that nothing that it judges judges
 * itself.
 */
final class Audit {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Who grows from whose events. */
    private static final Map<Service, List<Service>> READERS = Map.of(
            Service.INCIDENT, List.of(Service.POSTMORTEM, Service.ACTION_ITEM, Service.METRICS),
            Service.POSTMORTEM, List.of(Service.METRICS),
            Service.ACTION_ITEM, List.of(Service.POSTMORTEM, Service.METRICS));

    /** The consumers of each reader, by whose events they grow from. */
    private static final Map<Service, Map<Service, List<String>>> CONSUMERS = Map.of(
            Service.INCIDENT,
                    Map.of(
                            Service.POSTMORTEM,
                            List.of("catalog", "timelines", "when-incident-resolved-then-open-draft"),
                            Service.ACTION_ITEM,
                            List.of("catalog", "incident"),
                            Service.METRICS,
                            List.of("metrics-incidents")),
            Service.POSTMORTEM, Map.of(Service.METRICS, List.of("metrics-postmortems")),
            Service.ACTION_ITEM,
                    Map.of(
                            Service.POSTMORTEM, List.of("action-items"),
                            Service.METRICS, List.of("metrics-action-items")));

    private final WholeSystem system;

    Audit(WholeSystem system) {
        this.system = system;
    }

    /** Those that own events. */
    static List<Service> owners() {
        return List.of(Service.INCIDENT, Service.POSTMORTEM, Service.ACTION_ITEM);
    }

    /** An event as it stands in its store. */
    record Stored(
            UUID stream,
            long version,
            UUID id,
            String type,
            Instant occurredAt,
            String actor,
            String source,
            byte[] data,
            byte[] hash) {

        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }
    }

    /** Returns when nothing waits for the broker, and every reader has applied everything. */
    Duration awaitQuiet() {
        Instant begin = Instant.now();
        // Twice: what one reader applies may make it write events of its own.
        for (int round = 0; round < 2; round++) {
            for (Service owner : owners()) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertThat(
                                number(owner, "select count(*) from outbox"))
                        .as("events of %s that wait for the broker", owner)
                        .isZero());
                for (Service reader : READERS.get(owner)) {
                    awaitApplied(owner, reader);
                }
            }
        }
        return Duration.between(begin, Instant.now());
    }

    private void awaitApplied(Service owner, Service reader) {
        Map<UUID, Long> heads = heads(owner);
        for (String consumer : CONSUMERS.get(owner).get(reader)) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                Map<UUID, Long> applied =
                        versions(reader, "select stream_id, version from applied where consumer = '" + consumer + "'");
                Map<UUID, Long> behind = new LinkedHashMap<>();
                heads.forEach((stream, version) -> {
                    if (applied.getOrDefault(stream, 0L) < version) {
                        behind.put(stream, version);
                    }
                });
                assertThat(behind)
                        .as("streams that %s of %s has not applied (of %d)", consumer, reader, heads.size())
                        .isEmpty();
            });
        }
    }

    /** Everything that can be said of the streams of one service: no hole, no double, nothing changed on its way. */
    List<Stored> storeAndTopicAgree(Service owner) {
        List<Stored> events = events(owner);
        assertThat(events.stream().map(Stored::id).distinct().count())
                .as("ids of events of %s", owner)
                .isEqualTo(events.size());
        UUID stream = new UUID(0, 0);
        long version = 0;
        for (Stored event : events) {
            if (!event.stream().equals(stream)) {
                stream = event.stream();
                version = 0;
            }
            version++;
            assertThat(event.version()).as("version in %s of %s", stream, owner).isEqualTo(version);
        }
        published(owner, events);
        topic(owner, events);
        return events;
    }

    private void published(Service owner, List<Stored> events) {
        assertThat(number(owner, "select count(*) from published"))
                .as("published events of %s", owner)
                .isEqualTo(events.size());
        assertThat(number(owner, "select count(distinct (stream_id, version)) from published"))
                .as("events of %s that were published once", owner)
                .isEqualTo(events.size());
        assertThat(number(owner, "select coalesce(max(position), 0) from published"))
                .as("position of the last published event of %s: there is no hole", owner)
                .isEqualTo(events.size());
    }

    private void topic(Service owner, List<Stored> events) {
        Map<String, Stored> byPosition = events.stream()
                .collect(Collectors.toMap(event -> event.stream() + "@" + event.version(), Function.identity()));
        Map<String, ConsumerRecord<byte[], byte[]>> first = new HashMap<>();
        Map<String, Long> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : records(topicOf(owner))) {
            String subject = header(each, "ce_subject");
            long sequence = Long.parseLong(header(each, "ce_sequence"));
            String position = subject + "@" + sequence;
            Stored stored = byPosition.get(position);
            assertThat(stored)
                    .as("%s on %s is in the store", position, each.topic())
                    .isNotNull();
            assertThat(header(each, "ce_id"))
                    .as("id of %s", position)
                    .isEqualTo(stored.id().toString());
            assertThat(header(each, "ce_type")).as("type of %s", position).isEqualTo(stored.type());
            assertThat(each.value()).as("bytes of %s", position).isEqualTo(stored.data());
            ConsumerRecord<byte[], byte[]> before = first.putIfAbsent(position, each);
            if (before == null) {
                assertThat(sequence)
                        .as("version of %s that comes next on %s", subject, each.topic())
                        .isEqualTo(newest.getOrDefault(subject, 0L) + 1);
                newest.put(subject, sequence);
            } else {
                assertThat(attributes(each))
                        .as("%s as it was sent again", position)
                        .isEqualTo(attributes(before));
                assertThat(each.key()).isEqualTo(before.key());
                assertThat(each.partition()).isEqualTo(before.partition());
            }
        }
        assertThat(first.keySet()).as("events on the topic of %s", owner).isEqualTo(byPosition.keySet());
    }

    /** Each promise is kept by one event. */
    static void promisesAreKept(Service owner, List<Ledger.Command> promises, List<Stored> events) {
        Map<String, Stored> byPosition = events.stream()
                .collect(Collectors.toMap(event -> event.stream() + "@" + event.version(), Function.identity()));
        Map<String, Integer> ofType = new HashMap<>();
        Map<String, Integer> ofText = new HashMap<>();
        for (Stored event : events) {
            ofType.merge(event.stream() + " " + event.type(), 1, Integer::sum);
            uuids(event.text()).forEach(text -> ofText.merge(event.type() + " " + text, 1, Integer::sum));
        }
        for (Ledger.Command promise : promises) {
            if (promise.service() != owner) {
                continue;
            }
            Stored event = byPosition.get(promise.stream() + "@" + promise.version());
            assertThat(event).as("what was promised: %s", promise).isNotNull();
            assertThat(event.type()).as("what was promised: %s", promise).isEqualTo(promise.type());
            assertThat(event.text()).as("what was promised: %s", promise).contains(promise.text());
            if (promise.text().isEmpty()) {
                assertThat(ofType.get(promise.stream() + " " + promise.type()))
                        .as("%s", promise)
                        .isEqualTo(1);
            } else {
                String marker = uuids(promise.text()).getFirst();
                assertThat(ofText.get(promise.type() + " " + marker))
                        .as("%s", promise)
                        .isEqualTo(1);
            }
        }
    }

    private static List<String> uuids(String text) {
        return UUID_TEXT
                .matcher(text)
                .results()
                .map(match -> match.group())
                .distinct()
                .toList();
    }

    private static final java.util.regex.Pattern UUID_TEXT =
            java.util.regex.Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Nobody was ahead, nothing waits, and nobody had to look at anything. */
    void nothingIsParked() {
        for (Service service : Service.values()) {
            assertThat(texts(
                            service,
                            "select consumer || ' ' || reason || ' ' || coalesce(stream_id::text, '') || '@'"
                                    + " || coalesce(version::text, '') || ' ' || coalesce(detail, '') from parked_event"
                                    + " where settled_at is null"))
                    .as("parked at %s", service)
                    .isEmpty();
        }
    }

    /** The rows of the views stand where their streams stand. */
    void viewsStandWhereTheStreamsStand() {
        Map<UUID, Long> incidents = heads(Service.INCIDENT, "hindsight.incident.%");
        Map<UUID, Long> postmortems = heads(Service.POSTMORTEM, "hindsight.postmortem.%");
        Map<UUID, Long> items = heads(Service.ACTION_ITEM, "hindsight.action-item.%");
        assertThat(versions(Service.INCIDENT, "select id, version from incident"))
                .as("own view of incidents")
                .isEqualTo(incidents);
        assertThat(versions(Service.POSTMORTEM, "select id, version from postmortem"))
                .as("own view of postmortems")
                .isEqualTo(postmortems);
        assertThat(versions(Service.ACTION_ITEM, "select id, version from action_item"))
                .as("own view of action items")
                .isEqualTo(items);
        assertThat(versions(Service.POSTMORTEM, "select id, version from incident"))
                .as("incidents at postmortem-service")
                .isEqualTo(incidents);
        assertThat(versions(Service.POSTMORTEM, "select id, version from action_item"))
                .as("action items at postmortem-service")
                .isEqualTo(items);
        String standing = "select id::text || ' ' || status || ' ' || title || ' ' || severity from incident";
        List<String> asDriven = texts(Service.INCIDENT, standing);
        assertThat(texts(Service.POSTMORTEM, standing))
                .as("incidents at postmortem-service")
                .containsExactlyInAnyOrderElementsOf(asDriven);
        assertThat(texts(Service.ACTION_ITEM, standing))
                .as("incidents at action-item-service")
                .containsExactlyInAnyOrderElementsOf(asDriven);
        assertThat(texts(
                        Service.METRICS,
                        "select incident_id::text || ' ' || status || ' ' || severity from incident_fact"
                                + " where superseded_at = 'infinity'"))
                .as("incidents at metrics-service")
                .containsExactlyInAnyOrderElementsOf(
                        texts(Service.INCIDENT, "select id::text || ' ' || status || ' ' || severity from incident"));
        assertThat(texts(
                        Service.METRICS,
                        "select action_item_id::text || ' ' || status from action_item_fact"
                                + " where superseded_at = 'infinity'"))
                .as("action items at metrics-service")
                .containsExactlyInAnyOrderElementsOf(
                        texts(Service.ACTION_ITEM, "select id::text || ' ' || status from action_item"));
        assertThat(texts(
                        Service.METRICS,
                        "select postmortem_id::text from postmortem_fact where superseded_at = 'infinity'"))
                .as("postmortems at metrics-service")
                .containsExactlyInAnyOrderElementsOf(texts(Service.POSTMORTEM, "select id::text from postmortem"));
        // One row an event: an event that was applied twice, or not at all, would show here.
        assertThat(texts(Service.POSTMORTEM, "select id::text from timeline_entry"))
                .as("entries of timelines")
                .containsExactlyInAnyOrderElementsOf(
                        texts(Service.INCIDENT, "select id::text from event where type like 'hindsight.incident.%'"));
    }

    List<Stored> events(Service owner) {
        List<Stored> events = new ArrayList<>();
        query(owner, "select * from event order by stream_id, version", row -> {
            events.add(new Stored(
                    row.getObject("stream_id", UUID.class),
                    row.getLong("version"),
                    row.getObject("id", UUID.class),
                    row.getString("type"),
                    row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                    row.getString("actor"),
                    row.getString("source"),
                    row.getBytes("data"),
                    row.getBytes("hash")));
        });
        return events;
    }

    static String topicOf(Service owner) {
        return switch (owner) {
            case INCIDENT -> "incident-events";
            case POSTMORTEM -> "postmortem-events";
            case ACTION_ITEM -> "action-item-events";
            case METRICS -> throw new IllegalArgumentException("metrics-service owns nothing");
        };
    }

    /** Everything that is on the topic now, each partition in its order. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", system.bootstrap(), "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            return records;
        }
    }

    long number(Service service, String sql) {
        long[] number = new long[1];
        query(service, sql, row -> number[0] = row.getLong(1));
        return number[0];
    }

    List<String> texts(Service service, String sql) {
        List<String> texts = new ArrayList<>();
        query(service, sql, row -> texts.add(row.getString(1)));
        return texts;
    }

    private Map<UUID, Long> heads(Service owner) {
        return heads(owner, "%");
    }

    private Map<UUID, Long> heads(Service owner, String types) {
        return versions(
                owner, "select stream_id, max(version) from event where type like '" + types + "' group by stream_id");
    }

    private Map<UUID, Long> versions(Service service, String sql) {
        Map<UUID, Long> versions = new HashMap<>();
        query(service, sql, row -> versions.put(row.getObject(1, UUID.class), row.getLong(2)));
        return versions;
    }

    private interface ForEach {
        void row(ResultSet row) throws SQLException;
    }

    private void query(Service service, String sql, ForEach each) {
        try (Connection connection = system.database(service);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.row(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> each, String name) {
        return new String(each.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static Map<String, String> attributes(ConsumerRecord<byte[], byte[]> each) {
        Map<String, String> attributes = new HashMap<>();
        for (Header header : each.headers()) {
            attributes.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return attributes;
    }
}
