package dev.hindsight.incident.subscription;

import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.relay.EventFeed;
import dev.hindsight.eventstore.relay.EventFeed.Filter;
import dev.hindsight.eventstore.wire.EventCodec.Undecodable;
import dev.hindsight.incident.subscription.Outgoing.Wish;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Takes this service's own events from the log of what was published, in its order and each once: how far it is stands in a row
 * that moves with what is kept. One instance reads at a time; the row is its lock. Without a subscription nothing is read.
 *
 * <p>The log rather than the topic: it is in the same database, so the service need not consume what it published itself.
 */
@ApplicationScoped
class OwnEvents {

    private static final Logger LOG = Logger.getLogger(OwnEvents.class);
    private static final int LATE = 5000;
    private static final int PIECE = 500;
    private static final Filter ALL = new Filter(null, null);

    /** What is published within this time is taken together. */
    private static final long GATHER_MS = 50;

    private final Pool pool;
    private final EventFeed feed;
    private final Outgoing outgoing;
    private final Dispatch dispatch;
    private final Vertx vertx;
    private final Duration lookEvery;
    private volatile boolean ending;

    OwnEvents(
            Pool pool, EventFeed feed, Outgoing outgoing, Dispatch dispatch, Vertx vertx, SubscriptionsConfig config) {
        this.pool = pool;
        this.feed = feed;
        this.outgoing = outgoing;
        this.dispatch = dispatch;
        this.vertx = vertx;
        this.lookEvery = config.lookEvery();
    }

    /** @param position after it */
    private record Read(long position, boolean isWanted, boolean isMore, boolean isElsewhere) {}

    void start(@Observes @Priority(LATE) StartupEvent event) {
        vertx.runOnContext(now -> round());
    }

    void stop(@Observes ShutdownEvent event) {
        ending = true;
    }

    private void round() {
        if (ending) {
            return;
        }
        pool.withTransaction(
                        transaction -> outgoing.wishes(transaction).chain(wishes -> take(transaction, wishes, true)))
                .subscribe()
                .with(this::next, failure -> {
                    LOG.warnf("own events are taken later: %s", failure.getMessage());
                    again(lookEvery.toMillis());
                });
    }

    private void next(Read read) {
        if (read.isWanted()) {
            dispatch.wake();
        }
        if (read.isMore()) {
            vertx.runOnContext(now -> round());
        } else if (!read.isWanted() || read.isElsewhere()) {
            again(lookEvery.toMillis());
        } else {
            feed.await(read.position(), 1, ALL, lookEvery)
                    .subscribe()
                    .with(slice -> again(GATHER_MS), failure -> again(lookEvery.toMillis()));
        }
    }

    private void again(long millis) {
        if (!ending) {
            vertx.setTimer(millis, timer -> round());
        }
    }

    /**
     * Takes a piece of what is there, in a transaction that is about to keep what another service made of it: so what follows from
     * an event is not sent before it.
     */
    Uni<Void> takeFirst(SqlConnection transaction, List<Wish> wishes) {
        return take(transaction, wishes, false).replaceWithVoid();
    }

    private Uni<Read> take(SqlConnection transaction, List<Wish> wishes, boolean unlessBusy) {
        if (wishes.isEmpty()) {
            return transaction
                    .query("update outbound_cursor set position = p.head"
                            + " from (select coalesce(max(position), 0) as head from published) p"
                            + " where outbound_cursor.position < p.head")
                    .execute()
                    .replaceWith(new Read(0, false, false, false));
        }
        return transaction
                .query("select position from outbound_cursor for update" + (unlessBusy ? " skip locked" : ""))
                .execute()
                .chain(rows -> rows.iterator().hasNext()
                        ? read(transaction, wishes, rows.iterator().next().getLong(0))
                        : Uni.createFrom().item(new Read(0, true, false, true)));
    }

    private Uni<Read> read(SqlConnection transaction, List<Wish> wishes, long after) {
        return transaction
                .preparedQuery("select p.position, e.* from (select * from published where position > $1"
                        + " order by position limit " + PIECE + ") p join event e using (stream_id, version)"
                        + " order by p.position")
                .execute(Tuple.of(after))
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(new Read(after, true, false, false));
                    }
                    long[] position = {after};
                    boolean imports =
                            wishes.stream().anyMatch(wish -> wish.filter().includeImported());
                    List<Taken> events = taken(rows, imports, position);
                    return outgoing.keep(transaction, wishes, events)
                            .chain(() -> transaction
                                    .preparedQuery("update outbound_cursor set position = $1")
                                    .execute(Tuple.of(position[0])))
                            .replaceWith(new Read(position[0], true, rows.size() == PIECE, false));
                });
    }

    private static List<Taken> taken(RowSet<Row> rows, boolean imports, long[] position) {
        List<Taken> events = new ArrayList<>(rows.size());
        for (Row row : rows) {
            position[0] = row.getLong("position");
            StoredEvent stored = EventStore.stored(row.getUUID("stream_id"), row);
            // An import is long: what nobody wants of it is not even decoded.
            if (stored.header().isImported() && !imports) {
                continue;
            }
            try {
                events.add(Taken.own(stored));
            } catch (Undecodable e) {
                LOG.errorf(e, "position %d is sent to nobody", position[0]);
            }
        }
        return events;
    }
}
