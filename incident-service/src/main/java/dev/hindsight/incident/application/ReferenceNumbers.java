package dev.hindsight.incident.application;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Numbers for {@code INC-n}, from a sequence of the database. A number that turned out not to be needed is given back and
 * taken next time, so that neither known incidents nor refused commands cost a round trip or leave a gap.
 */
@ApplicationScoped
class ReferenceNumbers {

    private final Pool pool;
    private final ConcurrentLinkedDeque<Long> reserve = new ConcurrentLinkedDeque<>();

    ReferenceNumbers(Pool pool) {
        this.pool = pool;
    }

    Uni<Long> take() {
        return take(1).map(List::getFirst);
    }

    /** As many as that, by one round trip at most. */
    Uni<List<Long>> take(int count) {
        return Uni.createFrom().deferred(() -> taken(count));
    }

    private Uni<List<Long>> taken(int count) {
        List<Long> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            Long kept = reserve.pollFirst();
            if (kept == null) {
                break;
            }
            taken.add(kept);
        }
        return taken.size() == count
                ? Uni.createFrom().item(taken)
                : pool.preparedQuery("select nextval('incident_number') as n from generate_series(1, $1)")
                        .execute(Tuple.of(count - taken.size()))
                        .map(rows -> {
                            rows.forEach(row -> taken.add(row.getLong("n")));
                            return taken;
                        });
    }

    void giveBack(long number) {
        reserve.addFirst(number);
    }

    static String reference(long number) {
        return "INC-" + number;
    }
}
