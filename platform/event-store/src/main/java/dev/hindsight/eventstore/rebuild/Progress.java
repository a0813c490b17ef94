package dev.hindsight.eventstore.rebuild;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How far one rebuild is, for its row in {@code projection_rebuild}, the log and the metrics; and whether it is to go on. */
final class Progress {

    private static final Logger LOG = Logger.getLogger(Progress.class);
    private static final Duration WRITE_EVERY = Duration.ofMillis(500);
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);

    private final UUID id;
    private final String projection;
    private final Connection connection;
    private final Counter events;
    private final MeterRegistry meters;
    private final long begun = System.nanoTime();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private volatile boolean stopping;
    private @Nullable Long total;
    private RebuildState state = RebuildState.PREPARING;
    private long written = begun;
    private long logged = begun;

    /** Somebody canceled it. */
    static final class Canceled extends RuntimeException {
        Canceled() {
            super("canceled", null, false, false);
        }
    }

    /** This instance is about to end. */
    static final class Stopped extends RuntimeException {
        Stopped() {
            super("the instance ends", null, false, false);
        }
    }

    /** @param connection used by the thread of the rebuild only */
    Progress(UUID id, String projection, Connection connection, MeterRegistry meters) {
        this.id = id;
        this.projection = projection;
        this.connection = connection;
        this.meters = meters;
        this.events = Counter.builder("hindsight.rebuild.events")
                .description("Events that rebuilds have read")
                .tag("projection", projection)
                .register(meters);
    }

    UUID id() {
        return id;
    }

    void enter(RebuildState next) throws SQLException {
        if (state != next) {
            LOG.infof("rebuild of %s: %s after %.1f s, %d events", projection, next, seconds(), done.get());
            state = next;
            write();
        }
    }

    void expect(long events) {
        total = events;
    }

    void read(long events, long begunStreams) {
        done.addAndGet(events);
        streams.addAndGet(begunStreams);
        this.events.increment(events);
    }

    void streams(long exactly) {
        streams.set(exactly);
    }

    /** Called by whoever ends the instance. */
    void stop() {
        stopping = true;
    }

    /**
     * Called often; writes now and then.
     *
     * @throws Canceled where somebody asked for it
     * @throws Stopped where the instance ends
     */
    void tick() throws SQLException {
        if (stopping) {
            throw new Stopped();
        }
        long now = System.nanoTime();
        if (now - written > WRITE_EVERY.toNanos()) {
            if (now - logged > LOG_EVERY.toNanos()) {
                logged = now;
                LOG.infof(
                        "rebuild of %s: %s, %d of %s events, %.0f/s",
                        projection, state, done.get(), total == null ? "?" : total, done.get() / seconds());
            }
            write();
        }
    }

    private void write() throws SQLException {
        written = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement("""
                update projection_rebuild set state = ?, events_done = ?, events_total = ?, streams = ?, seen_at = now()
                where id = ? returning cancel_requested""")) {
            statement.setString(1, state.name());
            statement.setLong(2, done.get());
            statement.setObject(3, total);
            statement.setLong(4, streams.get());
            statement.setObject(5, id);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    throw new Canceled();
                }
            }
        }
    }

    /** Its last word; commits with the swap where it is part of that transaction. */
    void end(Connection on, RebuildState end, @Nullable String failure) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement("""
                update projection_rebuild
                set state = ?, events_done = ?, events_total = greatest(events_total, ?), streams = ?, failure = ?,
                    seen_at = clock_timestamp(), finished_at = clock_timestamp()
                where id = ?""")) {
            statement.setString(1, end.name());
            statement.setLong(2, done.get());
            statement.setLong(3, total == null ? 0 : done.get());
            statement.setLong(4, streams.get());
            statement.setString(5, failure);
            statement.setObject(6, id);
            statement.executeUpdate();
        }
    }

    /** To the log and the metrics. */
    void tellEnd(RebuildState end, @Nullable String failure) {
        Timer.builder("hindsight.rebuild.duration")
                .description("Of rebuilds that are over")
                .tag("projection", projection)
                .tag("state", end.name())
                .register(meters)
                .record(Duration.ofNanos(System.nanoTime() - begun));
        String line = "rebuild of %s: %s after %.1f s, %d events of %d streams, %.0f/s"
                .formatted(projection, end, seconds(), done.get(), streams.get(), done.get() / seconds());
        if (failure == null) {
            LOG.info(line);
        } else {
            LOG.errorf("%s: %s", line, failure);
        }
    }

    private double seconds() {
        return Math.max(1, System.nanoTime() - begun) / 1e9;
    }
}
