package dev.hindsight.eventstore.relay;

import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.KeyedQueue;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What this service has published, in the order of publishing and without gaps, for whoever reads along. Readers that have
 * everything wait together: the relay wakes them where it leads, a notification elsewhere, and one look a second for all of
 * them where both fail.
 */
@ApplicationScoped
public class EventFeed {

    /** How many positions one read looks through for events of a type. */
    private static final int LOOKED_THROUGH = 5_000;

    private static final long POLL_MS = 1_000;

    private static final String READ = """
            select h.head, x.*
            from (select coalesce(max(position), 0) as head from published) as h left join lateral (
              select p.position, e.* from (%s) as p join event e using (stream_id, version)
              where $3::text is null or e.type = $3
              order by p.position limit $4
            ) as x on true order by x.position""";

    private static final String READ_ALL =
            READ.formatted("select * from published where position > $1 and position <= $2 order by position");
    private static final String READ_STREAM = READ.formatted(
            "select * from published where position > $1 and position <= $2 and stream_id = $5 order by position");

    private final Pool pool;
    private final Relay relay;
    private final Doorbell doorbell;
    private final Vertx vertx;
    private final AtomicLong head = new AtomicLong();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    EventFeed(Pool pool, Relay relay, Doorbell doorbell, Vertx vertx) {
        this.pool = pool;
        this.relay = relay;
        this.doorbell = doorbell;
        this.vertx = vertx;
    }

    /** @param position counted from 1 without gaps */
    public record Entry(long position, StoredEvent event) {}

    /**
     * One read.
     *
     * @param scannedTo nothing that is wanted stands after the last entry and up to here: the next read goes on from it
     * @param head the newest position when it was read
     */
    public record Slice(List<Entry> entries, long scannedTo, long head) {}

    /**
     * Which events are wanted.
     *
     * @param type the wire name; null for all
     * @param streamId null for all
     */
    public record Filter(@Nullable String type, @Nullable UUID streamId) {}

    private static final @Nullable Void NOTHING = null;

    private record Waiting(long beyond, CompletableFuture<@Nullable Void> grown) {}

    void start(@Observes StartupEvent event) {
        if (relay.isNeeded()) {
            relay.onPublished(this::grown);
            doorbell.listen(Doorbell.PUBLISHED, this::lookWhereSomebodyWaits);
            vertx.setPeriodic(POLL_MS, timer -> lookWhereSomebodyWaits());
        }
    }

    /** What is there now, oldest first. */
    public Uni<Slice> read(long after, int limit, Filter filter) {
        boolean any = filter.type() == null && filter.streamId() == null;
        long reach = any ? limit : filter.streamId() == null ? LOOKED_THROUGH : Long.MAX_VALUE - after;
        long until = after > Long.MAX_VALUE - reach ? Long.MAX_VALUE : after + reach;
        Tuple parameters = Tuple.of(after, until, filter.type(), limit);
        if (filter.streamId() != null) {
            parameters.addUUID(filter.streamId());
        }
        return pool.preparedQuery(filter.streamId() == null ? READ_ALL : READ_STREAM)
                .execute(parameters)
                .map(rows -> {
                    long newest = 0;
                    List<Entry> entries = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        newest = row.getLong("head");
                        Long position = row.getLong("position");
                        if (position != null) {
                            entries.add(new Entry(position, EventStore.stored(row.getUUID("stream_id"), row)));
                        }
                    }
                    long scannedTo = entries.size() == limit
                            ? entries.getLast().position()
                            : Math.max(after, Math.min(newest, until));
                    return new Slice(entries, scannedTo, newest);
                });
    }

    /** As {@link #read}, but waits for the first that is wanted, at most so long; then the slice is empty. */
    public Uni<Slice> await(long after, int limit, Filter filter, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        return read(after, limit, filter).chain(slice -> goOn(slice, limit, filter, deadline));
    }

    private Uni<Slice> goOn(Slice slice, int limit, Filter filter, long deadline) {
        long left = deadline - System.nanoTime();
        if (!slice.entries().isEmpty() || left <= 0) {
            return Uni.createFrom().item(slice);
        }
        Uni<?> before = slice.scannedTo() < slice.head()
                ? Uni.createFrom().voidItem()
                : beyond(slice.scannedTo(), Duration.ofNanos(left));
        return before.chain(() -> read(slice.scannedTo(), limit, filter))
                .chain(next -> goOn(next, limit, filter, deadline));
    }

    private Uni<@Nullable Void> beyond(long position, Duration atMost) {
        return Uni.createFrom().deferred(() -> {
            Waiting me = new Waiting(position, new CompletableFuture<>());
            waiting.add(me);
            if (head.get() > position) {
                me.grown().complete(null);
            }
            return KeyedQueue.onOwnContext(Uni.createFrom()
                            .completionStage(me.grown())
                            .ifNoItem()
                            .after(atMost)
                            .recoverWithItem(NOTHING))
                    .onTermination()
                    .invoke(() -> waiting.remove(me));
        });
    }

    /** How many readers have everything and wait. */
    int waiting() {
        return waiting.size();
    }

    private void grown(long position) {
        long newest = head.accumulateAndGet(position, Math::max);
        for (Waiting reader : waiting) {
            if (reader.beyond() < newest) {
                reader.grown().complete(null);
            }
        }
    }

    /** One look for all of them. */
    private void lookWhereSomebodyWaits() {
        if (!waiting.isEmpty() && looking.compareAndSet(false, true)) {
            pool.query("select coalesce(max(position), 0) from published")
                    .execute()
                    .onTermination()
                    .invoke(() -> looking.set(false))
                    .subscribe()
                    .with(rows -> grown(rows.iterator().next().getLong(0)), failure -> {
                        // The readers' own reads say so.
                    });
        }
    }
}
