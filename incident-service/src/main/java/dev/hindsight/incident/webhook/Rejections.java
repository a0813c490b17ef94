package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.verify.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * That deliveries were refused, and why: whoever connects a tool with a wrong secret sees it among its deliveries. Nothing of
 * such a request is kept, and however many come, there is a row an integration, reason and day.
 */
@ApplicationScoped
class Rejections {

    private static final Logger LOG = Logger.getLogger(Rejections.class);

    /** So long what is refused is only counted: nobody gets to make the database work without a secret. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final String COUNT = """
            insert into delivery (id, integration_id, outcome, reason, incidents, headers, body, attempts, received_at, \
            last_received_at)
            values ($1, $2, 'REJECTED', $3, '{}', '{}', '', $4, $5, $5)
            on conflict (id) do update set attempts = delivery.attempts + excluded.attempts,
              last_received_at = excluded.last_received_at""";

    private final Pool pool;
    private final Map<UUID, Waiting> waiting = new ConcurrentHashMap<>();

    Rejections(Pool pool) {
        this.pool = pool;
    }

    /** @param count of those that are not written yet */
    private record Waiting(Instant written, int count) {}

    /** Counts one; never fails, as the answer is no either way. */
    Uni<Void> count(Integration integration, Verdict verdict, Instant now) {
        Instant day = now.truncatedTo(ChronoUnit.DAYS);
        UUID id = StreamIds.delivery(integration.id(), "rejected|" + verdict + '|' + day);
        int[] due = new int[1];
        waiting.compute(id, (same, before) -> {
            int count = before == null ? 1 : before.count() + 1;
            boolean isDue = before == null || !before.written().plus(PAUSE).isAfter(now);
            due[0] = isDue ? count : 0;
            return isDue ? new Waiting(now, 0) : new Waiting(before.written(), count);
        });
        if (due[0] == 0) {
            return Uni.createFrom().voidItem();
        }
        LOG.infof(
                "%d deliveries of %s for %s are refused: %s",
                due[0], integration.provider().wireName(), integration.id(), verdict.because());
        waiting.values().removeIf(other -> other.written().isBefore(day));
        return pool.preparedQuery(COUNT)
                .execute(Tuple.of(id, integration.id(), verdict.because(), due[0], now.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf(failure, "a refusal for %s is not counted", integration.id()))
                .onFailure()
                .recoverWithNull();
    }
}
