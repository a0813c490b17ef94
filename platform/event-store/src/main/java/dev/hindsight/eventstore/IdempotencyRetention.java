package dev.hindsight.eventstore;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/** Forgets the answers of Idempotency-Keys that are older than the configured time. Safe on several instances at once. */
@ApplicationScoped
public class IdempotencyRetention {

    private static final Logger LOG = Logger.getLogger(IdempotencyRetention.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final Pool pool;
    private final Vertx vertx;
    private final Duration retention;

    IdempotencyRetention(Pool pool, Vertx vertx, EventStoreConfig config) {
        this.pool = pool;
        this.vertx = vertx;
        this.retention = config.idempotencyRetention();
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(EVERY.toMillis(), timer -> forget(Instant.now().minus(retention))
                .subscribe()
                .with(
                        count -> LOG.debugf("forgot %d answers of Idempotency-Keys", count),
                        failure -> LOG.warnf(
                                "old Idempotency-Keys are kept until the next try: %s", failure.getMessage())));
    }

    /** Forgets what was kept before that moment; how many there were. */
    Uni<Integer> forget(Instant before) {
        return pool.preparedQuery("delete from idempotency where created_at < $1")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(result -> result.rowCount());
    }
}
