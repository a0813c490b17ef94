package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.rebuild.ProjectionHash;
import dev.hindsight.eventstore.rebuild.RebuildState;
import dev.hindsight.eventstore.rebuild.RebuildStatus;
import dev.hindsight.eventstore.rebuild.Rebuilds;
import dev.hindsight.eventstore.relay.Topics;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.KafkaKeys;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * Every view of the service holds the same after a rebuild as the live one, also where events come meanwhile: streams of
 * every event of the contract, in any order that is legal, some delivered twice and some before their turn; and what the
 * service's own commands write.
 */
public abstract class RebuiltViews {

    private static final int STREAMS = 12;
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(2);

    /** What begins a stream of its kind; every other event comes after it. */
    private static final List<String> BEGINNINGS = List.of(
            "hindsight.incident.declared.v1", "hindsight.postmortem.drafted.v1", "hindsight.action-item.proposed.v1");

    @Inject
    Rebuilds rebuilds;

    @Inject
    Topics topics;

    @Inject
    AgroalDataSource database;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private static final String TOKEN_ISSUED = "hindsight.access.api-token-issued.v1";

    private final Random chance = new Random(20261121);

    /** A database of its own: other tests apply what is on no topic, or leave what nobody can read. */
    public static final class Alone implements QuarkusTestProfile {}

    /** Commands through the service's own doors. */
    protected abstract void act();

    @Test
    void everyViewHoldsTheSameAfterARebuild() {
        Map<String, List<ViewTable>> views = new LinkedHashMap<>();
        rebuilds.views().stream()
                .filter(view -> !view.tables().isEmpty())
                .forEach(view -> views.put(view.name(), view.tables()));
        assertThat(views).isNotEmpty();

        tellOthersStories();
        act();
        settle(views);
        views.keySet().forEach(this::start);
        tellOthersStories();
        act();
        views.keySet().forEach(this::end);
        settle(views);

        Map<String, String> live = hashes(views);
        views.keySet().forEach(name -> {
            start(name);
            end(name);
        });
        settle(views);
        assertThat(hashes(views)).isEqualTo(live);
        live.forEach((table, hash) -> assertThat(hash).as(table).doesNotStartWith("0 rows"));
    }

    // --- stories

    private record Told(String topic, EventHeader header, byte[] data) {}

    private void tellOthersStories() {
        List<Told> all = new ArrayList<>();
        rebuilds.views().stream()
                .flatMap(view -> view.topics().stream())
                .distinct()
                .sorted()
                .forEach(topic -> stories(topic).forEach(all::addAll));
        // Streams interleave, a few events come before their turn, and a few twice.
        for (int i = 0; i + 7 < all.size(); i++) {
            if (chance.nextInt(12) == 0) {
                Collections.swap(all, i, i + 1 + chance.nextInt(6));
            }
        }
        for (int i = all.size() / 3; i < all.size(); i += 9) {
            all.add(all.get(chance.nextInt(all.size())));
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (Told told : all) {
                producer.send(new ProducerRecord<>(
                        told.topic(),
                        null,
                        (Long) null,
                        KafkaKeys.of(told.header().streamId()),
                        told.data(),
                        CloudEventHeaders.of(told.header())));
            }
        }
    }

    private List<List<Told>> stories(Topic topic) {
        String prefix =
                switch (topic) {
                    case INCIDENT_EVENTS -> "hindsight.incident.";
                    case POSTMORTEM_EVENTS -> "hindsight.postmortem.";
                    case ACTION_ITEM_EVENTS -> "hindsight.action-item.";
                };
        List<String> types = Vocabulary.all().keySet().stream()
                .filter(type -> type.startsWith(prefix))
                .toList();
        List<List<Told>> stories = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            List<String> story = new ArrayList<>(types);
            story.removeAll(BEGINNINGS);
            Collections.shuffle(story, chance);
            types.stream().filter(BEGINNINGS::contains).forEach(story::addFirst);
            stories.add(story(topic, story));
        }
        if (topic == Topic.INCIDENT_EVENTS) {
            Vocabulary.all().keySet().stream()
                    .filter(type -> Stream.of("hindsight.catalog.", "hindsight.deploy.", "hindsight.calendar.")
                            .anyMatch(type::startsWith))
                    .forEach(type -> stories.add(story(topic, List.of(type, type))));
            stories.add(story(topic, List.of(TOKEN_ISSUED, "hindsight.access.api-token-revoked.v1")));
            stories.add(story(topic, List.of(TOKEN_ISSUED)));
        }
        return stories;
    }

    private List<Told> story(Topic topic, List<String> types) {
        UUID stream = new UUID(chance.nextLong() & ~0xF000L | 0x7000L, chance.nextLong() >>> 2 | Long.MIN_VALUE);
        Instant begun = Instant.parse("2026-11-20T10:00:00Z").plusSeconds(chance.nextInt(80_000));
        List<Told> story = new ArrayList<>();
        for (String type : types) {
            int version = story.size() + 1;
            story.add(new Told(
                    topics.nameOf(topic.wireName()),
                    new EventHeader(
                            new UUID(chance.nextLong(), chance.nextLong()),
                            type,
                            stream,
                            version,
                            begun.plusSeconds(chance.nextInt(3_600)),
                            chance.nextInt(2),
                            begun.plusSeconds(4_000 + version),
                            new UUID(7, chance.nextInt(20)).toString(),
                            EventHeader.FROM_API,
                            null,
                            null),
                    type.equals(TOKEN_ISSUED) ? withSecretOfItsOwn(Goldens.of(type)) : Goldens.of(type)));
        }
        return story;
    }

    private byte[] withSecretOfItsOwn(byte[] issued) {
        return new String(issued, StandardCharsets.UTF_8)
                .replaceFirst("[0-9a-f]{16}", "%016x".formatted(chance.nextLong()))
                .getBytes(StandardCharsets.UTF_8);
    }

    // --- waiting

    /** Nothing waits for the broker, and for a while nothing has been applied, parked or appended. */
    private void settle(Map<String, List<ViewTable>> views) {
        String[] last = {""};
        Instant[] since = {Instant.now()};
        until("the views do not come to rest", () -> {
            String now = text("""
                    select (select count(*) from outbox) || ' ' || (select count(*) from event) || ' '
                           || (select coalesce(sum(version), 0) from applied) || ' ' || (select count(*) from parked_event)""") + hashes(views);
            if (!now.equals(last[0]) || !now.startsWith("0 ")) {
                last[0] = now;
                since[0] = Instant.now();
            }
            return Instant.now().isAfter(since[0].plus(QUIET));
        });
    }

    private void start(String name) {
        rebuilds.start(
                        name,
                        "alice",
                        new CommandContext("alice", EventHeader.FROM_API, Instant.now(), null, null, null, null),
                        List.of())
                .await()
                .atMost(SOON);
    }

    private void end(String name) {
        until(
                "the rebuild of " + name + " does not end",
                () -> status(name).state().isOver());
        assertThat(status(name).failure()).as(name).isNull();
        assertThat(status(name).state()).as(name).isEqualTo(RebuildState.DONE);
    }

    private RebuildStatus status(String name) {
        return rebuilds.status(name).await().atMost(SOON).orElseThrow();
    }

    private static void until(String otherwise, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(SOON);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError(otherwise);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    // --- looking

    private Map<String, String> hashes(Map<String, List<ViewTable>> views) {
        try (Connection connection = database.getConnection()) {
            Map<String, String> hashes = new LinkedHashMap<>();
            for (Map.Entry<String, List<ViewTable>> view : views.entrySet()) {
                for (ViewTable table : view.getValue()) {
                    hashes.put(
                            view.getKey() + "." + table.name(),
                            ProjectionHash.of(connection, table).toString());
                }
            }
            return hashes;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
