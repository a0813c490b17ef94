package dev.hindsight.eventstore.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.Transience;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.local.DataDirectory;
import dev.hindsight.local.LocalPostgres;
import dev.hindsight.local.PostgresServer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.context.spi.ContextManagerProvider;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL of this test's own is killed with −9 while events are applied, stays away, and comes back. */
class KilledDatabaseTest {

    private static final Logger LOG = Logger.getLogger(KilledDatabaseTest.class);
    private static final String DATABASE = "killed";
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private LocalPostgres postgres;
    private PostgresServer server;
    private Vertx vertx;
    private Pool pool;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void contextsAreThere() {
        // Two threads that are the first to need it meet in its making.
        ContextManagerProvider.instance();
    }

    @BeforeEach
    void start() {
        postgres = LocalPostgres.start(DataDirectory.at(directory));
        server = postgres.server();
        server.createDatabase(DATABASE);
        Flyway.configure()
                .dataSource(server.jdbcUrl(DATABASE), server.user(), server.password())
                .locations("db/eventstore", "db/eventstore-test")
                .load()
                .migrate();
        vertx = Vertx.vertx();
        pool = Pool.newInstance(PgBuilder.pool()
                .connectingTo(PgConnectOptions.fromUri(server.reactiveUrl(DATABASE))
                        .setUser(server.user())
                        .setPassword(server.password())
                        .setCachePreparedStatements(true))
                .with(new PoolOptions().setMaxSize(8))
                .using(vertx)
                .build());
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        pool.close().await().atMost(LONG);
        vertx.close();
        postgres.close();
    }

    private void killAndComeBackAfter(Duration away) throws IOException, InterruptedException {
        long pid = Long.parseLong(
                Files.readAllLines(DataDirectory.at(directory).postgres().resolve("postmaster.pid"))
                        .getFirst()
                        .strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        TimeUnit.NANOSECONDS.sleep(away.toNanos());
        postgres = LocalPostgres.start(DataDirectory.at(directory));
    }

    /** Writes down what it is handed. */
    private static final class Seen implements Projection {
        @Override
        public String name() {
            return "seen";
        }

        @Override
        public Set<Topic> topics() {
            return Set.of(Topic.INCIDENT_EVENTS);
        }

        @Override
        public List<ViewTable> tables() {
            return List.of();
        }

        @Override
        public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
            return transaction
                    .preparedQuery("insert into seen (stream_id, version, event_id) select * from"
                            + " unnest($1::uuid[], $2::bigint[], $3::uuid[])")
                    .execute(Tuple.of(
                            events.stream().map(e -> e.header().streamId()).toArray(UUID[]::new),
                            events.stream().map(e -> e.header().sequence()).toArray(Long[]::new),
                            events.stream().map(e -> e.header().id()).toArray(UUID[]::new)))
                    .replaceWithVoid();
        }
    }

    @Test
    void whileItIsAwayForTenSecondsNothingIsParkedAndAfterwardsEverythingIsAppliedOnce() throws Exception {
        StreamApply apply = StreamApply.of(pool, new Seen());
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong versions = new AtomicLong();
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        List<UUID> books = List.of(StreamIds.next(), StreamIds.next(), StreamIds.next(), StreamIds.next());
        for (UUID book : books) {
            lanes.add(CompletableFuture.runAsync(
                    () -> {
                        for (long version = 1; !enough.get(); version++) {
                            apply.apply(List.of(Incoming.of(Feed.line(book, version))))
                                    .await()
                                    .atMost(LONG);
                            versions.incrementAndGet();
                        }
                    },
                    threads));
        }
        await().atMost(LONG).until(() -> versions.get() > 100);
        killAndComeBackAfter(Duration.ofSeconds(10));
        long atReturn = versions.get();
        await().atMost(LONG).until(() -> versions.get() > atReturn + 100);
        enough.set(true);
        lanes.forEach(CompletableFuture::join);

        assertThat(number("select count(*) from parked_event")).isZero();
        assertThat(number("select count(*) from seen")).isEqualTo(versions.get());
        assertThat(number("select count(*) from (select distinct stream_id, version from seen) as s"))
                .isEqualTo(versions.get());
        assertThat(number("select sum(version) from applied")).isEqualTo(versions.get());
    }

    @Test
    void everyErrorThatTheDriverGivesMeanwhileIsOneThatPasses() throws Exception {
        Map<String, Throwable> failures = new ConcurrentHashMap<>();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong successes = new AtomicLong();
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        // More than there are connections: some wait for one. Every part of a transaction is met by the kill somewhere.
        for (int lane = 0; lane < 16; lane++) {
            int kind = lane % 4;
            lanes.add(CompletableFuture.runAsync(
                    () -> {
                        while (!enough.get()) {
                            try {
                                work(kind).await().atMost(LONG);
                                successes.incrementAndGet();
                            } catch (RuntimeException e) {
                                failures.putIfAbsent(signature(e), e);
                            }
                        }
                    },
                    threads));
        }
        for (int kill = 0; kill < 3; kill++) {
            long before = successes.get();
            await().atMost(LONG).until(() -> successes.get() > before + 200);
            killAndComeBackAfter(Duration.ofMillis(500));
        }
        long before = successes.get();
        await().atMost(LONG).until(() -> successes.get() > before + 200);
        enough.set(true);
        lanes.forEach(CompletableFuture::join);

        assertThat(failures).isNotEmpty();
        LOG.infof("failures met: %s", failures.keySet());
        assertThat(failures).allSatisfy((signature, failure) -> assertThat(Transience.isTransient(failure))
                .as(signature)
                .isTrue());
    }

    private static String signature(Throwable failure) {
        Throwable cause = failure;
        StringBuilder text = new StringBuilder();
        while (cause != null) {
            text.append(cause.getClass().getName())
                    .append(": ")
                    .append(String.valueOf(cause.getMessage()).replaceAll("\\d+", "n"))
                    .append(" < ");
            cause = cause.getCause() == cause ? null : cause.getCause();
        }
        return text.toString();
    }

    private Uni<?> work(int kind) {
        return switch (kind) {
            case 0 -> pool.query("select pg_sleep(0.005)").execute();
            case 1 ->
                pool.preparedQuery("insert into seen (stream_id, version, event_id, text) values ($1, 1, $1, $2)")
                        .execute(Tuple.of(UUID.randomUUID(), "x".repeat(20_000)));
            case 2 ->
                pool.withTransaction(transaction -> transaction
                        .query("select pg_sleep(0.002)")
                        .execute()
                        .chain(() -> transaction
                                .preparedQuery(
                                        "insert into applied (consumer, stream_id, version, event_id, recent) values ($1, $2, 1, $2, $3)")
                                .execute(Tuple.of("c", UUID.randomUUID(), Buffer.buffer()))));
            default ->
                pool.withConnection(connection -> connection
                        .query("select count(*) from seen")
                        .execute()
                        .chain(() -> connection.query("select 1").execute()));
        };
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = postgres.server().connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
