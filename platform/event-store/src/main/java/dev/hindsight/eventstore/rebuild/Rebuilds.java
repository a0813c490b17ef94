package dev.hindsight.eventstore.rebuild;

import dev.hindsight.contract.Topic;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import dev.hindsight.eventstore.relay.Topics;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds of this service's views: any of them, one at a time each, by whichever instance was asked. That one is under way
 * is said by an advisory lock, which goes with the instance that holds it; how far it is, by {@code projection_rebuild}.
 */
@ApplicationScoped
public class Rebuilds {

    private static final Logger LOG = Logger.getLogger(Rebuilds.class);
    private static final Duration TIDYING = Duration.ofSeconds(2);
    private static final Duration ENDING = Duration.ofSeconds(5);

    /** Of {@code $1} or a column; the same expression wherever the lock is asked for. */
    private static final String LOCK = "hashtextextended('hindsight rebuild ' || %s, 0)";

    private static final String STATUS = """
            select distinct on (r.projection) r.*,
                   exists (select from pg_locks l join pg_database d on d.oid = l.database
                           where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 1
                             and ((l.classid::bigint << 32) | l.objid::bigint) = %s) as alive
            from projection_rebuild r where $1::text is null or r.projection = $1
            order by r.projection, r.id desc""".formatted(LOCK.formatted("r.projection"));

    private final Map<String, Described> views = new HashMap<>();
    private final Map<String, Making> makings = new HashMap<>();
    private final Map<String, Progress> running = new ConcurrentHashMap<>();
    private final Pool pool;
    private final AgroalDataSource database;
    private final EventStore store;
    private final MeterRegistry meters;

    /** How a view's shadow and source are made. */
    private interface Making {
        Source source(Shadow shadow, Connection connection, Progress progress);
    }

    Rebuilds(
            @All List<Projection> projections,
            @All List<OwnView<?, ?>> ownViews,
            Pool pool,
            AgroalDataSource database,
            EventStore store,
            Topics topics,
            ShadowPool.Address address,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            MeterRegistry meters) {
        this.pool = pool;
        this.database = database;
        this.store = store;
        this.meters = meters;
        for (Projection projection : projections) {
            offer(
                    new Described(projection.name(), projection.topics(), projection.tables()),
                    (shadow, connection, progress) -> new FromTopics(
                            projection, shadow, topics, bootstrapServers, address, connection, progress));
        }
        ownViews.forEach(this::offer);
    }

    private <S> void offer(OwnView<S, ?> view) {
        offer(
                new Described(
                        view.name(),
                        Set.of(),
                        view.tables().stream().map(OwnView.Table::table).toList()),
                (shadow, connection, progress) -> new FromStore<>(view, shadow, database, connection, progress));
    }

    private void offer(Described view, Making making) {
        if (views.putIfAbsent(view.name(), view) != null) {
            throw new IllegalStateException("two views are named " + view.name());
        }
        makings.put(view.name(), making);
        Gauge.builder("hindsight.rebuild.running", () -> running.containsKey(view.name()) ? 1 : 0)
                .description("1 on the instance that rebuilds the projection")
                .tag("projection", view.name())
                .register(meters);
    }

    /**
     * A view that can be rebuilt.
     *
     * @param topics that it grows from; none where it grows from the service's own events, with their commands
     * @param tables that it writes
     */
    public record Described(String name, Set<Topic> topics, List<ViewTable> tables) {

        /** Whether it is written with the service's own events. */
        public boolean ofOwnEvents() {
            return topics.isEmpty();
        }
    }

    /**
     * How a view stands.
     *
     * @param unknownType an event of which it met and could not understand; null where there was none. After an update it
     *     is complete again by a rebuild
     * @param rebuild the newest one; null where there was none
     */
    public record Standing(
            Described view,
            @Nullable String unknownType,
            @Nullable RebuildStatus rebuild) {}

    /** All views of this service, by name. */
    public List<Described> views() {
        return views.values().stream()
                .sorted(Comparator.comparing(Described::name))
                .toList();
    }

    /** Empty where there is none of that name. */
    public Optional<Described> view(String name) {
        return Optional.ofNullable(views.get(name));
    }

    /** How all of them stand, by name. */
    public Uni<List<Standing>> standings() {
        return statuses(null).chain(statuses -> pool.query(
                        "select consumer, unknown_type from projection_note where rebuild_needed")
                .execute()
                .map(rows -> {
                    Map<String, String> unknown = new HashMap<>();
                    rows.forEach(row -> unknown.put(
                            row.getString("consumer"),
                            row.getString("unknown_type") == null ? "" : row.getString("unknown_type")));
                    return views().stream()
                            .map(view -> new Standing(view, unknown.get(view.name()), statuses.get(view.name())))
                            .toList();
                }));
    }

    /** The newest rebuild of a view; empty where there was none. */
    public Uni<Optional<RebuildStatus>> status(String name) {
        return statuses(name).map(statuses -> Optional.ofNullable(statuses.get(name)));
    }

    private Uni<Map<String, RebuildStatus>> statuses(@Nullable String name) {
        // A rebuild that ended between the reading of its row and of its lock would look abandoned: look twice.
        return pool.preparedQuery(STATUS).execute(Tuple.of(name)).chain(rows -> {
            Map<String, RebuildStatus> statuses = new HashMap<>();
            boolean doubtful = false;
            for (Row row : rows) {
                RebuildStatus status = status(row);
                doubtful |= !status.state().isOver() && !row.getBoolean("alive");
                statuses.put(status.projection(), status);
            }
            if (!doubtful) {
                return Uni.createFrom().item(statuses);
            }
            return pool.preparedQuery(STATUS).execute(Tuple.of(name)).map(again -> {
                again.forEach(row -> {
                    RebuildStatus status = status(row);
                    statuses.put(
                            status.projection(),
                            status.state().isOver() || row.getBoolean("alive") ? status : abandoned(status));
                });
                return statuses;
            });
        });
    }

    private static RebuildStatus abandoned(RebuildStatus status) {
        return new RebuildStatus(
                status.projection(),
                RebuildState.ABANDONED,
                status.eventsDone(),
                status.eventsTotal(),
                status.streams(),
                status.eventsPerSecond(),
                status.startedAt(),
                status.finishedAt(),
                status.by(),
                status.failure());
    }

    private static RebuildStatus status(Row row) {
        OffsetDateTime started = row.getOffsetDateTime("started_at");
        OffsetDateTime finished = row.getOffsetDateTime("finished_at");
        OffsetDateTime seen = finished == null ? row.getOffsetDateTime("seen_at") : finished;
        long done = row.getLong("events_done");
        double seconds = Duration.between(started, seen).toMillis() / 1000.0;
        return new RebuildStatus(
                row.getString("projection"),
                RebuildState.valueOf(row.getString("state")),
                done,
                row.getLong("events_total"),
                row.getLong("streams"),
                seconds <= 0 ? 0 : Math.round(done / seconds),
                started.toInstant(),
                finished == null ? null : finished.toInstant(),
                row.getString("started_by"),
                row.getString("failure"));
    }

    /**
     * Starts one; completes when it is on record.
     *
     * @param name of a view that there is
     * @param by the subject of the token
     * @param alongside commits with the record
     * @throws Refused as a failure: REBUILD_RUNNING, or NOTHING_TO_REBUILD where it has no tables
     * @throws Contended as a failure, where somebody else is at it without being on record
     * @throws EventStore.AlreadyDone as a failure, where a part says so; then none was started
     */
    public Uni<RebuildStatus> start(String name, String by, CommandContext context, List<StatementPart> alongside) {
        Described view = views.get(name);
        if (view == null) {
            return Uni.createFrom().failure(new IllegalArgumentException("no view " + name));
        }
        if (view.tables().isEmpty()) {
            return Uni.createFrom()
                    .failure(Refused.because("NOTHING_TO_REBUILD", "This projection has no tables of its own."));
        }
        return Uni.createFrom()
                .item(() -> begin(view, by, context, alongside))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private RebuildStatus begin(Described view, String by, CommandContext context, List<StatementPart> alongside) {
        Connection connection = null;
        boolean begun = false;
        try {
            connection = database.getConnection();
            if (!lockedSoon(connection, view.name())) {
                throw alreadyRunning();
            }
            RebuildStatus status = RebuildStatus.begun(view.name(), by, context.now());
            UUID id = StreamIds.next();
            List<StatementPart> parts = new ArrayList<>(alongside);
            parts.add(new StatementPart("given_up", """
                    update projection_rebuild set state = 'ABANDONED', finished_at = seen_at
                    where projection = $1 and finished_at is null""", List.of(view.name())));
            parts.add(new StatementPart(
                    "rebuild_row",
                    "insert into projection_rebuild (id, projection, state, started_by, started_at) values ($1, $2, $3, $4, $5)",
                    List.of(
                            id,
                            view.name(),
                            RebuildState.PREPARING.name(),
                            by,
                            context.now().atOffset(ZoneOffset.UTC))));
            store.append(context, List.of(), parts).await().atMost(Duration.ofSeconds(30));
            run(view, id, connection);
            begun = true;
            return status;
        } catch (SQLException e) {
            throw new IllegalStateException("no connection for a rebuild: " + e.getMessage(), e);
        } finally {
            if (!begun && connection != null) {
                giveBack(connection);
            }
        }
    }

    private static Refused alreadyRunning() {
        return Refused.because("REBUILD_RUNNING", "It is being rebuilt already; wait for its end, or cancel it.");
    }

    private void run(Described view, UUID id, Connection connection) {
        Shadow shadow = new Shadow(view.name(), view.tables(), !view.ofOwnEvents());
        Progress progress = new Progress(id, view.name(), connection, meters);
        Making making = Objects.requireNonNull(makings.get(view.name()));
        Supplier<Source> source = () -> making.source(shadow, connection, progress);
        running.put(view.name(), progress);
        Rebuild rebuild = new Rebuild(shadow, source, database, connection, progress, () -> {
            running.remove(view.name());
            giveBack(connection);
        });
        Thread.ofPlatform().name("rebuild-" + view.name()).daemon().start(rebuild);
    }

    /**
     * Asks for the end of the one that is under way, on whichever instance; it ends as CANCELED soon.
     *
     * @throws Refused as a failure: NOT_RUNNING
     */
    public Uni<RebuildStatus> cancel(String name) {
        return status(name).chain(status -> {
            if (status.isEmpty() || status.get().state().isOver()) {
                return Uni.createFrom()
                        .failure(
                                Refused.because("NOT_RUNNING", "It is not being rebuilt; there is nothing to cancel."));
            }
            return pool.preparedQuery("update projection_rebuild set cancel_requested = true"
                            + " where projection = $1 and finished_at is null")
                    .execute(Tuple.of(name))
                    .replaceWith(status.get());
        });
    }

    /** What is under way is given up, so that another instance can begin anew at once. */
    void stop(@Observes ShutdownEvent end) throws InterruptedException {
        running.values().forEach(Progress::stop);
        long deadline = System.nanoTime() + ENDING.toNanos();
        while (!running.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
    }

    /** Who has told of its end has still to tidy up, and who begins is not on record yet: that lock is waited for. */
    private static boolean lockedSoon(Connection connection, String name) throws SQLException {
        long deadline = System.nanoTime() + TIDYING.toNanos();
        while (!locked(connection, name)) {
            if (isUnderWay(connection, name)) {
                return false;
            }
            if (System.nanoTime() > deadline) {
                throw new Contended();
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private static boolean isUnderWay(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select exists (select from projection_rebuild where projection = ? and finished_at is null)")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static boolean locked(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_try_advisory_lock(" + LOCK.formatted("?") + ")")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void giveBack(Connection connection) {
        try {
            if (!connection.isClosed()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("select pg_advisory_unlock_all()");
                } finally {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            LOG.debugf("the lock of a rebuild went with its connection: %s", e.getMessage());
        }
    }
}
