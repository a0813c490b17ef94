package dev.hindsight.eventstore.rebuild;

import dev.hindsight.eventstore.consume.Incoming;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Applies batches in a few lanes at once, in order within each: what belongs together by its key stays in one lane. While
 * one batch is written the next one is read and decoded.
 */
final class Lanes implements AutoCloseable {

    /** Batches of one lane that are under way or wait: reading faster than writing would only fill the memory. */
    private static final int AHEAD = 2;

    private final Function<List<Incoming>, Uni<Void>> apply;
    private final Consumer<List<Incoming>> applied;
    private final int batch;
    private final List<Lane> lanes = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * @param batch how many events at once
     * @param applied told of each batch when it is committed, on any thread
     */
    Lanes(int lanes, int batch, Function<List<Incoming>, Uni<Void>> apply, Consumer<List<Incoming>> applied) {
        this.apply = apply;
        this.applied = applied;
        this.batch = batch;
        for (int i = 0; i < lanes; i++) {
            this.lanes.add(new Lane());
        }
    }

    /** Called every now and then while somebody waits, to find out whether to go on. */
    interface Waiting<X extends Exception> {
        void tick() throws X;
    }

    /** @param key events of one key keep their order */
    <X extends Exception> void add(int key, Incoming event, Waiting<X> waiting) throws X, InterruptedException {
        Lane lane = lanes.get(Math.floorMod(key, lanes.size()));
        lane.gathered.add(event);
        if (lane.gathered.size() >= batch) {
            send(lane, waiting);
        }
    }

    /** Returns when everything that was added is committed. */
    <X extends Exception> void await(Waiting<X> waiting) throws X, InterruptedException {
        for (Lane lane : lanes) {
            if (!lane.gathered.isEmpty()) {
                send(lane, waiting);
            }
        }
        for (Lane lane : lanes) {
            acquire(lane, AHEAD, waiting);
            lane.room.release(AHEAD);
        }
        throwFailure();
    }

    /** What is under way is given up. */
    @Override
    public void close() {
        lanes.forEach(Lane::giveUp);
    }

    private <X extends Exception> void send(Lane lane, Waiting<X> waiting) throws X, InterruptedException {
        List<Incoming> events = lane.gathered;
        lane.gathered = new ArrayList<>(batch);
        acquire(lane, 1, waiting);
        lane.last = lane.last
                .thenCompose(before -> lane.begin(() -> apply.apply(events)))
                .whenComplete((done, failed) -> {
                    if (failed == null) {
                        applied.accept(events);
                    } else {
                        failure.compareAndSet(null, failed);
                    }
                    lane.room.release();
                });
    }

    private <X extends Exception> void acquire(Lane lane, int permits, Waiting<X> waiting)
            throws X, InterruptedException {
        while (!lane.room.tryAcquire(permits, 100, TimeUnit.MILLISECONDS)) {
            waiting.tick();
        }
        throwFailure();
    }

    private void throwFailure() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("events cannot be applied: " + failed.getMessage(), failed);
        }
    }

    private static final class Lane {
        private final Semaphore room = new Semaphore(AHEAD);
        private List<Incoming> gathered = new ArrayList<>();
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
        private boolean givenUp;

        synchronized CompletableFuture<Void> begin(Supplier<Uni<Void>> work) {
            underWay = givenUp
                    ? CompletableFuture.failedFuture(new CancellationException())
                    : work.get().subscribeAsCompletionStage();
            return underWay;
        }

        /** A batch is tried again for as long as the database is away: somebody has to end that. */
        synchronized void giveUp() {
            givenUp = true;
            underWay.cancel(false);
        }
    }
}
