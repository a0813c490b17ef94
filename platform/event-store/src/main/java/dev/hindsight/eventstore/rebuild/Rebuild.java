package dev.hindsight.eventstore.rebuild;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One rebuild from its beginning to its end, in a thread of its own. */
final class Rebuild implements Runnable {

    private static final Logger LOG = Logger.getLogger(Rebuild.class);
    /** Somebody who reads for so long without a pause is not going to stop. */
    private static final Duration SWAPPING = Duration.ofMinutes(10);

    private static final Duration BETWEEN_SWAPS = Duration.ofMillis(200);

    private final Shadow shadow;
    private final Supplier<Source> source;
    private final AgroalDataSource database;
    private final Connection connection;
    private final Progress progress;
    private final Runnable after;

    /**
     * @param connection holds the lock that says that this rebuild is under way
     * @param after called when all is over, to give the lock back
     */
    Rebuild(
            Shadow shadow,
            Supplier<Source> source,
            AgroalDataSource database,
            Connection connection,
            Progress progress,
            Runnable after) {
        this.shadow = shadow;
        this.source = source;
        this.database = database;
        this.connection = connection;
        this.progress = progress;
        this.after = after;
    }

    @Override
    public void run() {
        RebuildState end;
        String failure = null;
        try {
            rebuild();
            end = RebuildState.DONE;
        } catch (Progress.Canceled e) {
            end = RebuildState.CANCELED;
        } catch (Progress.Stopped e) {
            end = RebuildState.ABANDONED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end = RebuildState.ABANDONED;
        } catch (RebuildFailed e) {
            end = RebuildState.FAILED;
            failure = e.getMessage();
        } catch (SQLException | RuntimeException e) {
            // Whatever it was: the live view is as it was, and whoever asked is told.
            LOG.errorf(e, "a rebuild failed");
            end = RebuildState.FAILED;
            failure = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        if (end != RebuildState.DONE) {
            tidyUp(end, failure);
        }
        progress.tellEnd(end, failure);
        after.run();
    }

    private void rebuild() throws SQLException, InterruptedException {
        shadow.create(connection);
        try (Source from = source.get()) {
            progress.enter(RebuildState.READING);
            from.load();
            progress.enter(RebuildState.CATCHING_UP);
            shadow.complete(connection);
            from.catchUp();
            progress.enter(RebuildState.SWAPPING);
            long deadline = System.nanoTime() + SWAPPING.toNanos();
            while (!from.swap(connection)) {
                if (System.nanoTime() > deadline) {
                    throw new RebuildFailed(
                            "The tables could not be exchanged for " + SWAPPING.toMinutes()
                                    + " minutes: somebody reads them without a pause, or more comes than can be caught up with.");
                }
                Thread.sleep(BETWEEN_SWAPS);
                progress.tick();
                from.catchUp();
            }
        }
        dropQuietly(connection);
    }

    /** On another connection where the own one is broken; where none can be had, the next attempt tidies up. */
    private void tidyUp(RebuildState end, @Nullable String failure) {
        try {
            if (connection.isValid(1)) {
                progress.end(connection, end, failure);
                dropQuietly(connection);
            } else {
                try (Connection another = database.getConnection()) {
                    progress.end(another, end, failure);
                    dropQuietly(another);
                }
            }
        } catch (SQLException e) {
            LOG.warnf("the end of a rebuild cannot be noted, it will be seen as abandoned: %s", e.getMessage());
        }
    }

    private void dropQuietly(Connection on) {
        try {
            shadow.drop(on);
        } catch (SQLException e) {
            LOG.warnf("%s is left behind until the next attempt: %s", shadow.schema(), e.getMessage());
        }
    }
}
