package dev.hindsight.eventstore.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.StreamIds;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** How the leadership moves when a leader goes silent, and how instances that do not lead have their events published. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class HandOverTest extends RelayScene {

    @Inject
    EventStoreConfig config;

    @Inject
    AgroalDataSource jdbc;

    private static Connection connection() throws SQLException {
        Config config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    /** Another process' leadership, as far as the database can tell. */
    private Leadership takeTheLeadAsALeaderDoes(Connection connection) throws SQLException {
        try (Database other = takeTheLead()) {
            Leadership leadership = new Leadership(connection, topicName(), config.relayBatchBytes());
            assertThat(leadership.take()).isFalse();
            other.close();
            await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(leadership::take);
            return leadership;
        }
    }

    @Test
    void aLeaderWhoseProcessIsFrozenLosesTheLeadWithinTenSecondsAndCannotForgetAnythingWhenItWakes()
            throws SQLException {
        UUID book = StreamIds.next();
        try (Connection connection = connection()) {
            Leadership frozen = takeTheLeadAsALeaderDoes(connection);
            write(book, "a", "b");
            List<Outgoing> batch = frozen.next(1000, frozen.lastPosition());
            frozen.commit();
            assertThat(batch).hasSizeGreaterThanOrEqualTo(2);
            // From here on it says nothing more; its connection stays open, as that of a stopped process does.
            await().atMost(Duration.ofSeconds(10)).until(relay::isLeading);
            awaitAllIsPublished();
            assertThat(positions(book))
                    .as("the positions that the frozen leader gave")
                    .isEqualTo(batch.stream()
                            .filter(event -> event.header().streamId().equals(book))
                            .map(Outgoing::position)
                            .toList());

            assertThatThrownBy(() -> {
                        frozen.forget(batch);
                        frozen.commit();
                    })
                    .isInstanceOf(SQLException.class);
        }
        assertThat(positions(book)).hasSize(2);
    }

    @Test
    void aLeaderThatIsFrozenWithinATransactionLosesTheLead() throws SQLException {
        try (Connection connection = connection()) {
            Leadership frozen = takeTheLeadAsALeaderDoes(connection);
            frozen.next(1000, frozen.lastPosition());
            await().atMost(Duration.ofSeconds(10)).until(relay::isLeading);
            assertThatThrownBy(frozen::commit).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aLeaderThatShowsALittleLifeKeepsTheLead() throws Exception {
        try (Connection connection = connection();
                Leadership slow = takeTheLeadAsALeaderDoes(connection)) {
            long began = System.nanoTime();
            await().atMost(SOON).pollInterval(Leadership.HEARTBEAT).until(() -> {
                slow.heartbeat();
                return System.nanoTime() - began
                        > Leadership.SILENCE.plusSeconds(3).toNanos();
            });
            assertThat(relay.isLeading()).isFalse();
        }
        await().atMost(SOON).until(relay::isLeading);
    }

    @Test
    void aConnectionThatALeaderHadIsGivenBackAsItWas() throws SQLException {
        try (Connection connection = connection()) {
            takeTheLeadAsALeaderDoes(connection).close();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "select current_setting('idle_session_timeout'), current_setting('synchronous_commit')")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("0");
                assertThat(row.getString(2)).isEqualTo("on");
            }
            assertThat(connection.getAutoCommit()).isTrue();
        }
        await().atMost(SOON).until(relay::isLeading);
    }

    @Test
    void positionsStayTheSameThoughAnOlderOutboxRowIsCommittedBetweenTheSendings() {
        UUID book = StreamIds.next();
        UUID late = StreamIds.next();
        UUID template = StreamIds.next();
        write(template, "t");
        awaitAllIsPublished();
        try (Database leader = takeTheLead();
                Database slow = Database.connect().inTransaction();
                Database writer = Database.connect().inTransaction()) {
            writer.execute("""
                    with e as (
                      insert into event select ?, 1, gen_random_uuid(), key_id, type, occurred_at, source_order,
                        recorded_at, actor, source, delivery_id, traceparent, data, hash
                      from event where stream_id = ? and version = 1 returning stream_id, version
                    )
                    insert into outbox (stream_id, version) select stream_id, version from e""", late, template);
            write(book, "a", "b", "c");
            slow.execute("select * from outbox where stream_id = ? for update", book);
            leader.close();
            await().atMost(SOON).until(() -> onTheTopic(book).size() == 3);
            await().atMost(SOON).until(() -> database.waiting() > 0);
            writer.execute("commit");
            database.end(database.number(LEADER));
        }
        awaitAllIsPublished();
        List<Long> positions = positions(book);
        assertThat(onTheTopic(book).stream().map(RelayScene::position))
                .containsExactly(
                        positions.get(0),
                        positions.get(1),
                        positions.get(2),
                        positions.get(0),
                        positions.get(1),
                        positions.get(2));
        assertThat(positions(late).getFirst()).isGreaterThan(positions.getLast());
    }

    @Test
    void whatAnInstanceCommitsThatDoesNotLeadIsPublishedAtOnce() throws InterruptedException {
        AtomicInteger heard = new AtomicInteger();
        doorbell.listen(Doorbell.OUTBOX, heard::incrementAndGet);
        Relay second = new Relay(config, topics, jdbc, bootstrapServers, doorbell, new SimpleMeterRegistry());
        second.start(new StartupEvent());
        try {
            await().atMost(SOON).until(() -> second.lastGoodRound() != null);
            int before = heard.get();
            second.wake();
            await().atMost(Duration.ofSeconds(5)).until(() -> heard.get() > before);
        } finally {
            second.stop(new ShutdownEvent());
        }
    }

    @Test
    void howeverOftenTheBellIsRungItRingsAtMostOnceInTwentyMilliseconds() {
        AtomicInteger heard = new AtomicInteger();
        doorbell.listen(Doorbell.OUTBOX, heard::incrementAndGet);
        await().atMost(SOON).until(() -> {
            doorbell.ring(Doorbell.OUTBOX);
            return heard.get() > 0;
        });
        int before = heard.get();
        long began = System.nanoTime();
        await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
            for (int i = 0; i < 100; i++) {
                doorbell.ring(Doorbell.OUTBOX);
            }
            return System.nanoTime() - began > 400_000_000;
        });
        long elapsed = (System.nanoTime() - began) / 1_000_000;
        assertThat(heard.get() - before).isBetween(1, (int) (elapsed / 20 + 3));
    }

    @Test
    void theBellIsRungAgainAfterItsConnectionWasLost() {
        AtomicInteger heard = new AtomicInteger();
        doorbell.listen(Doorbell.PUBLISHED, heard::incrementAndGet);
        List<String> listening = database.texts(
                "select pid from pg_stat_activity where datname = current_database() and query like 'listen%'"
                        + " or query like '%pg_notify%' and pid <> pg_backend_pid() and datname = current_database()");
        listening.forEach(pid -> database.end(Long.parseLong(pid)));
        int before = heard.get();
        await().atMost(SOON).until(() -> {
            doorbell.ring(Doorbell.PUBLISHED);
            return heard.get() > before + 1;
        });
    }
}
