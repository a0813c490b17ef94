package dev.hindsight.eventstore.rebuild;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Hands rows to the server in a thread of its own, so that reading and folding go on meanwhile. */
final class CopyWriter implements AutoCloseable {

    /** So many wait at most: reading faster than writing would only fill the memory. */
    private static final int WAITING = 4;

    private record Chunk(String sql, byte[] rows) {}

    private static final Chunk LAST = new Chunk("", new byte[0]);

    private final CopyManager copies;
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;
    private volatile @Nullable Exception failure;

    CopyWriter(Connection connection, String name) throws SQLException {
        this.copies = connection.unwrap(PGConnection.class).getCopyAPI();
        this.thread = Thread.ofPlatform().name("rebuild-write-" + name).daemon().start(this::run);
    }

    void put(String sql, byte[] rows) throws SQLException, InterruptedException {
        Chunk chunk = new Chunk(sql, rows);
        while (!queue.offer(chunk, 100, TimeUnit.MILLISECONDS)) {
            throwFailure();
        }
    }

    /** Returns when all is written. */
    void finish() throws SQLException, InterruptedException {
        put(LAST.sql(), LAST.rows());
        thread.join();
        throwFailure();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (Chunk chunk = queue.take(); !chunk.sql().isEmpty(); chunk = queue.take()) {
                copies.copyIn(chunk.sql(), new ByteArrayInputStream(chunk.rows()), 1 << 16);
            }
        } catch (SQLException | IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() throws SQLException {
        Exception failed = failure;
        if (failed != null) {
            throw new SQLException("rows cannot be written: " + failed.getMessage(), failed);
        }
        if (!thread.isAlive() && !queue.isEmpty()) {
            throw new SQLException("rows cannot be written: the writer has ended");
        }
    }
}
