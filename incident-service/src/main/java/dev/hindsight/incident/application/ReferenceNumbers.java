package dev.hindsight.incident.application;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
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
        Long kept = reserve.pollFirst();
        return kept != null
                ? Uni.createFrom().item(kept)
                : pool.query("select nextval('incident_number') as n")
                        .execute()
                        .map(rows -> rows.iterator().next().getLong("n"));
    }

    void giveBack(long number) {
        reserve.addFirst(number);
    }

    static String reference(long number) {
        return "INC-" + number;
    }
}
