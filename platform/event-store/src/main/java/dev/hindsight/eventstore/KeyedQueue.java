package dev.hindsight.eventstore;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work on one key waits its turn in this process, so that commands of one stream do not meet at the primary key; work on
 * different keys goes on side by side. Who comes while others still wait for a turn on the same keys shares it with them, in the
 * order of arrival; who comes alone goes at once. A hint for speed: truth is the key of the event table.
 *
 * @param <I> what is worked on
 * @param <T> what comes of each
 */
public final class KeyedQueue<I, T> {

    /** Who share one turn; more of them would only make the first ones wait. */
    public static final int MOST_TOGETHER = 64;

    private final Function<List<Waiting<I, T>>, Uni<Void>> work;
    private final Map<Object, Turn<I, T>> tails = new HashMap<>();

    /** @param work on all that share a turn; it tells each what came of it, and the turn ends when it does */
    public KeyedQueue(Function<List<Waiting<I, T>>, Uni<Void>> work) {
        this.work = work;
    }

    /** Who waits for a turn, and what for. */
    public static final class Waiting<I, T> {

        private final I item;
        private final @Nullable Context context;
        private final UniEmitter<? super T> emitter;

        Waiting(I item, @Nullable Context context, UniEmitter<? super T> emitter) {
            this.item = item;
            this.context = context;
            this.emitter = emitter;
        }

        public I item() {
            return item;
        }

        public void complete(T outcome) {
            here(() -> emitter.complete(outcome));
        }

        public void fail(Throwable failure) {
            here(() -> emitter.fail(failure));
        }

        /** Goes on where it came from: a request must not continue on another request's context. */
        private void here(Runnable next) {
            if (context == null || context == Vertx.currentContext()) {
                next.run();
            } else {
                context.runOnContext(ignored -> next.run());
            }
        }
    }

    /** A turn on some keys; those who share it are added until it begins. */
    private static final class Turn<I, T> {

        private final Set<?> keys;
        private final Object kind;
        private final List<Waiting<I, T>> together = new ArrayList<>();
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private boolean hasBegun;

        Turn(Set<?> keys, Object kind, Waiting<I, T> first) {
            this.keys = Set.copyOf(keys);
            this.kind = kind;
            together.add(first);
        }

        boolean takes(Set<?> others, Object another) {
            return !hasBegun && together.size() < MOST_TOGETHER && kind.equals(another) && keys.equals(others);
        }
    }

    /**
     * What comes of it when all earlier work on any of these keys has ended, well or not.
     *
     * @param kind only what is of one kind shares a turn
     */
    public Uni<T> run(Set<?> keys, Object kind, I item) {
        return Uni.createFrom().emitter(emitter -> {
            Waiting<I, T> one = new Waiting<>(item, Vertx.currentContext(), emitter);
            Turn<I, T> mine;
            List<CompletableFuture<@Nullable Void>> before = new ArrayList<>();
            synchronized (tails) {
                if (joins(keys, kind, one)) {
                    return;
                }
                mine = new Turn<>(keys, kind, one);
                for (Object key : keys) {
                    Turn<I, T> tail = tails.put(key, mine);
                    if (tail != null) {
                        before.add(tail.ended);
                    }
                }
            }
            if (before.isEmpty()) {
                begin(mine);
            } else {
                CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
                        .whenComplete((ended, failure) -> one.here(() -> begin(mine)));
            }
        });
    }

    /** Nobody is passed: the turn that is shared is the last one on every key. */
    private boolean joins(Set<?> keys, Object kind, Waiting<I, T> one) {
        Turn<I, T> last = null;
        for (Object key : keys) {
            Turn<I, T> tail = tails.get(key);
            if (tail == null || last != null && last != tail) {
                return false;
            }
            last = tail;
        }
        if (last == null || !last.takes(keys, kind)) {
            return false;
        }
        last.together.add(one);
        return true;
    }

    private void begin(Turn<I, T> turn) {
        synchronized (tails) {
            turn.hasBegun = true;
        }
        Uni<Void> begun;
        try {
            begun = work.apply(turn.together);
        } catch (RuntimeException e) {
            begun = Uni.createFrom().failure(e);
        }
        begun.subscribe().with(done -> end(turn), failure -> {
            end(turn);
            turn.together.forEach(one -> one.fail(failure));
        });
    }

    private void end(Turn<I, T> turn) {
        synchronized (tails) {
            turn.keys.forEach(key -> tails.remove(key, turn));
        }
        turn.ended.complete(null);
    }

    /** Who waited goes on where it came from. */
    public static <T> Uni<T> onOwnContext(Uni<T> uni) {
        Context context = Vertx.currentContext();
        return context == null ? uni : uni.emitOn(task -> context.runOnContext(ignored -> task.run()));
    }
}
