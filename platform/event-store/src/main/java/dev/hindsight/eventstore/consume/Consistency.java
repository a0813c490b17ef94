package dev.hindsight.eventstore.consume;

import dev.hindsight.eventstore.Position;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Answers whether this service is as far as a position: its own store, or all that it grows from the stream's topic. */
@ApplicationScoped
public class Consistency {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Pool pool;
    private final OrderedApply consumers;

    Consistency(Pool pool, OrderedApply consumers) {
        this.pool = pool;
        this.consumers = consumers;
    }

    /** True as soon as it is as far; false when the patience is over before. */
    public Uni<Boolean> reached(Position position, Duration patience) {
        return lookUntil(position, Instant.now().plus(patience));
    }

    private Uni<Boolean> lookUntil(Position position, Instant deadline) {
        return look(position)
                .chain(there -> there || Instant.now().isAfter(deadline)
                        ? Uni.createFrom().item(there)
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(BETWEEN_LOOKS)
                                .chain(() -> lookUntil(position, deadline)));
    }

    private Uni<Boolean> look(Position position) {
        return pool.preparedQuery("""
                select null as consumer, version from event where stream_id = $1 and version = $2
                union all
                select consumer, version from applied where stream_id = $1 and version >= $2""")
                .execute(Tuple.of(position.streamId(), position.version()))
                .map(rows -> {
                    Map<String, Long> applied = new HashMap<>();
                    boolean own = false;
                    for (var row : rows) {
                        String consumer = row.getString("consumer");
                        if (consumer == null) {
                            own = true;
                        } else {
                            applied.put(consumer, row.getLong("version"));
                        }
                    }
                    return own
                            || consumers.namesByTopic().values().stream()
                                    .filter(names -> !names.isEmpty())
                                    .anyMatch(names -> applied.keySet().containsAll(Set.copyOf(names)));
                });
    }
}
