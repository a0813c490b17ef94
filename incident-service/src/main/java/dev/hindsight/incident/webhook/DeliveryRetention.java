package dev.hindsight.incident.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Forgets what old deliveries said, and who sent it: their headers and bodies. That they came, when, and what became of them
 * stays: a delivery that comes again is known, and a timeline can name where its entries are from. One instance at a time.
 */
@ApplicationScoped
public class DeliveryRetention {

    private static final Logger LOG = Logger.getLogger(DeliveryRetention.class);

    /** Few enough that nobody who comes with a delivery waits for it. */
    static final int AT_ONCE = 500;

    /** Any number, as long as it is no other one's. */
    static final long TURN = 0x64656c6976657279L;

    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final String FORGET = """
            with turn as materialized (select pg_try_advisory_xact_lock($3) as is_ours), old as (
              select id from delivery
              where (select is_ours from turn) and forgotten_at is null and outcome <> 'PARKED' and received_at < $1
              order by received_at
              limit $4
              for update skip locked
            )
            update delivery as d set headers = '{}', body = '', forgotten_at = $2 from old where d.id = old.id""";

    private final Pool pool;
    private final Vertx vertx;
    private final DeliveriesConfig config;
    private final Clock clock;
    private final Counter forgotten;
    private final AtomicBoolean looking = new AtomicBoolean();

    DeliveryRetention(Pool pool, Vertx vertx, DeliveriesConfig config, Clock clock, MeterRegistry meters) {
        this.pool = pool;
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        this.forgotten = Counter.builder("hindsight.deliveries.forgotten")
                .description("Deliveries whose headers and body are no longer kept.")
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        if (!config.keepContent().isZero()) {
            vertx.setPeriodic(config.lookEvery().toMillis(), timer -> look());
        }
    }

    private void look() {
        Instant before = clock.instant().minus(config.keepContent());
        if (looking.compareAndSet(false, true)) {
            forget(before)
                    .onTermination()
                    .invoke(() -> looking.set(false))
                    .subscribe()
                    .with(
                            count -> {
                                if (count > 0) {
                                    LOG.infof("forgot headers and bodies of %d deliveries before %s", count, before);
                                }
                            },
                            failure ->
                                    LOG.warnf("old deliveries are kept until the next look: %s", failure.getMessage()));
        }
    }

    /** Forgets what came before that moment, little by little; how many deliveries it was. */
    Uni<Integer> forget(Instant before) {
        return forgetSome(before)
                .chain(count -> count < AT_ONCE
                        ? Uni.createFrom().item(count)
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(PAUSE)
                                .chain(() -> forget(before))
                                .map(more -> count + more));
    }

    private Uni<Integer> forgetSome(Instant before) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of(
                        before.atOffset(ZoneOffset.UTC), clock.instant().atOffset(ZoneOffset.UTC), TURN, AT_ONCE))
                .map(result -> result.rowCount())
                .invoke(count -> forgotten.increment(count));
    }
}
