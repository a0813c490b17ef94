package dev.hindsight.eventstore;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: statements whose parameters are all arrays of rows wait for their turn while enough others are on their way,
 * and those of the same text then go as one, with their arrays put together. Who comes alone goes at once.
 *
 * <p>Each keeps its own outcome. Where the database refuses a shared statement for its content, nothing of it was written,
 * and each goes again alone. Where the connection is lost it is not known whether it was written, and nothing goes again.
 */
final class SharedStatements {

    /** Statements that share one; more of them would only make the first ones wait. */
    private static final int MOST_TOGETHER = 64;

    /** Bounds what one statement holds in memory, here and in the database. */
    private static final int MOST_ROWS = 500;

    /** Data, integrity, cardinality, serialization or deadlock: the database has rolled back, and another one may be to blame. */
    private static final Set<String> CONTENT = Set.of("21", "22", "23", "40");

    private final Pool pool;
    private final int atOnce;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int onTheirWay;

    SharedStatements(Pool pool, int atOnce) {
        this.pool = pool;
        this.atOnce = atOnce;
    }

    /** What came to be executed, and who waits for it. */
    private record Waiting(
            String sql,
            List<@Nullable Object> columns,
            boolean alone,
            @Nullable Context context,
            UniEmitter<? super RowSet<Row>> emitter) {

        int rows() {
            return RowArrays.size(columns);
        }

        /** Goes on where it came from: a request must not continue on another request's context. */
        void here(Runnable work) {
            if (context == null) {
                work.run();
            } else {
                context.runOnContext(ignored -> work.run());
            }
        }
    }

    /**
     * Executes it, perhaps together with others of the same text.
     *
     * @param columns arrays, one element a row
     * @return what the statement returns, for the rows of others too
     */
    Uni<RowSet<Row>> execute(String sql, List<@Nullable Object> columns) {
        return Uni.createFrom().emitter(emitter -> {
            Waiting one = new Waiting(sql, columns, false, Vertx.currentContext(), emitter);
            synchronized (waiting) {
                waiting.add(one);
            }
            send();
        });
    }

    private void send() {
        while (true) {
            List<Waiting> together;
            synchronized (waiting) {
                if (onTheirWay >= atOnce || waiting.isEmpty()) {
                    return;
                }
                onTheirWay++;
                together = next();
            }
            together.getFirst().here(() -> send(together));
        }
    }

    private List<Waiting> next() {
        Waiting first = waiting.removeFirst();
        List<Waiting> together = new ArrayList<>();
        together.add(first);
        int rows = first.rows();
        if (!first.alone()) {
            for (Iterator<Waiting> others = waiting.iterator();
                    others.hasNext() && together.size() < MOST_TOGETHER && rows < MOST_ROWS; ) {
                Waiting other = others.next();
                if (!other.alone() && other.sql().equals(first.sql())) {
                    others.remove();
                    together.add(other);
                    rows += other.rows();
                }
            }
        }
        return together;
    }

    private void send(List<Waiting> together) {
        Uni<RowSet<Row>> sent;
        try {
            sent = pool.preparedQuery(together.getFirst().sql())
                    .execute(Tuple.from(RowArrays.joined(
                            together.stream().map(Waiting::columns).toList())));
        } catch (RuntimeException e) {
            sent = Uni.createFrom().failure(e);
        }
        sent.subscribe()
                .with(
                        rows -> {
                            landed();
                            together.forEach(one -> one.here(() -> one.emitter().complete(rows)));
                        },
                        failure -> {
                            if (together.size() > 1 && isOfContent(failure)) {
                                eachAlone(together);
                                landed();
                            } else {
                                landed();
                                together.forEach(
                                        one -> one.here(() -> one.emitter().fail(failure)));
                            }
                        });
    }

    private void landed() {
        synchronized (waiting) {
            onTheirWay--;
        }
        send();
    }

    private void eachAlone(List<Waiting> together) {
        synchronized (waiting) {
            for (Waiting one : together.reversed()) {
                waiting.addFirst(new Waiting(one.sql(), one.columns(), true, one.context(), one.emitter()));
            }
        }
    }

    /** Whether the database refused what it was told to write; then nothing of it is written. */
    static boolean isOfContent(Throwable failure) {
        return failure instanceof PgException pg
                && pg.getSqlState() != null
                && CONTENT.contains(pg.getSqlState().substring(0, 2));
    }
}
