package dev.hindsight.eventstore.consume;

import dev.hindsight.eventstore.KeyedQueue;
import dev.hindsight.eventstore.Pace;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one topic. Batches that come while a round goes on, or before the next may begin, make up the next one
 * together; who comes after a silence does not wait.
 *
 * <p>A batch is taken from its channel as soon as it waits here, so that the channel goes on asking the broker, which
 * answers when there is something; a channel that is held up asks every other millisecond whether it still is. What waits
 * here when the process ends is read again: reading begins where the service's own tables say.
 */
final class Rounds {

    private static final Logger LOG = Logger.getLogger(Rounds.class);

    private final Pace pace;
    private final int large;
    private final Function<List<ConsumerRecords<byte[], byte[]>>, Uni<Void>> work;

    private final Deque<Batch> waiting = new ArrayDeque<>();
    private int records;
    private boolean going;
    private CompletableFuture<Void> room = CompletableFuture.completedFuture(null);
    private @Nullable Throwable broken;

    /** Of the newest round; by {@link System#nanoTime}. */
    private long began;

    private long took = -1;

    /** @param large so many records wait for no others, and hold up their channel until their round begins */
    Rounds(Pace pace, int large, Function<List<ConsumerRecords<byte[], byte[]>>, Uni<Void>> work) {
        this.pace = pace;
        this.large = large;
        this.work = work;
    }

    /** What a channel brought, and where it goes on. */
    private record Batch(
            ConsumerRecords<byte[], byte[]> records,
            @Nullable Context context) {}

    /**
     * Completes when there is room for more, which says nothing about what was brought; fails where an earlier round failed,
     * so that the channel stops.
     */
    Uni<Void> take(ConsumerRecords<byte[], byte[]> brought) {
        return Uni.createFrom().deferred(() -> {
            Batch batch = new Batch(brought, Vertx.currentContext());
            boolean first;
            CompletableFuture<Void> hasRoom;
            synchronized (waiting) {
                if (broken != null) {
                    return Uni.createFrom().failure(broken);
                }
                waiting.add(batch);
                records += brought.count();
                if (records >= large && room.isDone()) {
                    room = new CompletableFuture<>();
                }
                hasRoom = room;
                first = !going;
                going = true;
            }
            if (first) {
                begin(batch);
            }
            return hasRoom.isDone()
                    ? Uni.createFrom().voidItem()
                    : KeyedQueue.onOwnContext(Uni.createFrom().completionStage(hasRoom));
        });
    }

    private void begin(Batch first) {
        if (first.context() == null) {
            round();
        } else {
            first.context().runOnContext(ignored -> round());
        }
    }

    private void round() {
        Uni<Void> now = Uni.createFrom().voidItem();
        // No timer is shorter than a millisecond.
        long millis = millisToWait();
        (millis <= 0 ? now : KeyedQueue.onOwnContext(now.onItem().delayIt().by(Duration.ofMillis(millis))))
                .chain(() -> {
                    began = System.nanoTime();
                    return work.apply(together());
                })
                .invoke(() -> took = System.nanoTime() - began)
                .subscribe()
                .with(ignored -> next(), this::breakDown);
    }

    private long millisToWait() {
        synchronized (waiting) {
            return took < 0 || records >= large ? 0 : pace.left(took, System.nanoTime() - began) / 1_000_000;
        }
    }

    private List<ConsumerRecords<byte[], byte[]>> together() {
        List<ConsumerRecords<byte[], byte[]>> batches = new ArrayList<>();
        CompletableFuture<Void> hasRoom;
        synchronized (waiting) {
            waiting.forEach(batch -> batches.add(batch.records()));
            waiting.clear();
            records = 0;
            hasRoom = room;
        }
        hasRoom.complete(null);
        return batches;
    }

    private void next() {
        Batch first;
        synchronized (waiting) {
            first = waiting.peekFirst();
            going = first != null;
        }
        if (first != null) {
            begin(first);
        }
    }

    /** A defect: trouble of the database or of an event is dealt with below this. */
    private void breakDown(Throwable defect) {
        LOG.error("nothing more is consumed", defect);
        CompletableFuture<Void> hasRoom;
        synchronized (waiting) {
            broken = defect;
            hasRoom = room;
        }
        hasRoom.completeExceptionally(defect);
    }
}
