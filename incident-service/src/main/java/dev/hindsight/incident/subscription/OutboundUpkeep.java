package dev.hindsight.incident.subscription;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/** Forgets what was sent long ago, and counts what waits. Safe on several instances at once. */
@ApplicationScoped
class OutboundUpkeep {

    private static final Logger LOG = Logger.getLogger(OutboundUpkeep.class);
    private static final int LATE = 5000;
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(15);

    private final Pool pool;
    private final Vertx vertx;
    private final MeterRegistry meters;
    private final Duration retention;
    private volatile long waiting;
    private volatile double oldestSeconds;
    private volatile long disabled;

    OutboundUpkeep(Pool pool, Vertx vertx, MeterRegistry meters, SubscriptionsConfig config) {
        this.pool = pool;
        this.vertx = vertx;
        this.meters = meters;
        this.retention = config.retention();
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        Gauge.builder("hindsight.outbound.waiting", () -> waiting)
                .description("Webhooks that wait to be sent to active subscriptions")
                .register(meters);
        Gauge.builder("hindsight.outbound.oldest.age", () -> oldestSeconds)
                .description("Age of the oldest webhook that waits to be sent to an active subscription")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("hindsight.outbound.disabled", () -> disabled)
                .description("Subscriptions that were disabled as nothing got through")
                .register(meters);
        vertx.setPeriodic(COUNT_EVERY.toMillis(), timer -> count().subscribe().with(done -> {}, failure -> {
            // The next time.
        }));
        vertx.setPeriodic(FORGET_EVERY.toMillis(), timer -> forget(Instant.now().minus(retention))
                .subscribe()
                .with(done -> {}, failure -> LOG.warnf("what was sent is forgotten later: %s", failure.getMessage())));
    }

    private Uni<Void> count() {
        return pool.query("""
                select (select count(*) from subscription where state = 'DISABLED' and deleted_at is null) as disabled,
                  count(*) as waiting, coalesce(extract(epoch from now() - min(e.taken_at)), 0)::float8 as oldest
                from outbound_message m join subscription s on s.id = m.subscription_id
                join outbound_event e on e.id = m.event_id
                where m.state = 'WAITING' and s.state = 'ACTIVE' and s.deleted_at is null""")
                .execute()
                .invoke(rows -> {
                    Row row = rows.iterator().next();
                    disabled = row.getLong("disabled");
                    waiting = row.getLong("waiting");
                    oldestSeconds = row.getDouble("oldest");
                })
                .replaceWithVoid();
    }

    /**
     * Forgets what was settled before that moment, what waited since then for a subscription that is disabled, and what a deleted
     * one had.
     */
    Uni<Void> forget(Instant before) {
        Tuple moment = Tuple.of(before.atOffset(ZoneOffset.UTC));
        return pool.preparedQuery("delete from outbound_attempt where attempted_at < $1")
                .execute(moment)
                .chain(() -> pool.preparedQuery("""
                        delete from outbound_message m using subscription s, outbound_event e
                        where s.id = m.subscription_id and e.id = m.event_id and (s.deleted_at is not null
                        or m.settled_at < $1 or s.state = 'DISABLED' and e.taken_at < $1)""").execute(moment))
                .chain(() -> pool.preparedQuery("""
                        delete from outbound_event e where e.taken_at < $1
                        and not exists (select 1 from outbound_message m where m.event_id = e.id)""").execute(moment))
                .replaceWithVoid();
    }
}
