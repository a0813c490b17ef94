package dev.hindsight.eventstore;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work on one key waits its turn in this process, so that commands of one stream do not meet at the primary key; work on
 * different keys goes on side by side. A hint for speed: truth is the key of the event table.
 */
public final class KeyedQueue {

    private final Map<Object, CompletableFuture<@Nullable Void>> tails = new HashMap<>();

    /** Runs the work when all earlier work on any of these keys has ended, well or not. */
    public <T> Uni<T> run(Set<?> keys, Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
            List<CompletableFuture<@Nullable Void>> before = new ArrayList<>();
            synchronized (tails) {
                for (Object key : keys) {
                    CompletableFuture<@Nullable Void> tail = tails.put(key, mine);
                    if (tail != null) {
                        before.add(tail);
                    }
                }
            }
            Uni<T> turn = before.isEmpty()
                    ? Uni.createFrom().deferred(work::get)
                    : onOwnContext(Uni.createFrom()
                                    .completionStage(CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))))
                            .chain(work::get);
            return turn.onTermination().invoke(() -> {
                synchronized (tails) {
                    keys.forEach(key -> tails.remove(key, mine));
                }
                mine.complete(null);
            });
        });
    }

    /** Who waited goes on where it came from: a request must not continue on another request's context. */
    public static <T> Uni<T> onOwnContext(Uni<T> uni) {
        Context context = Vertx.currentContext();
        return context == null ? uni : uni.emitOn(task -> context.runOnContext(ignored -> task.run()));
    }
}
