package dev.hindsight.incident.subscription;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.operations.Disclosure;
import dev.hindsight.conventions.operations.Disclosure.Told;
import dev.hindsight.conventions.security.Secrets;
import dev.hindsight.incident.domain.DeliveryPolicy;
import dev.hindsight.incident.domain.DeliveryPolicy.Message;
import dev.hindsight.incident.domain.DeliveryPolicy.Receiver;
import dev.hindsight.incident.domain.DeliveryPolicy.Verdict;
import dev.hindsight.incident.subscription.Lanes.Attempt;
import dev.hindsight.incident.subscription.Lanes.Begun;
import dev.hindsight.incident.subscription.Lanes.Head;
import dev.hindsight.incident.subscription.Lanes.Held;
import dev.hindsight.incident.subscription.SlackMessage.About;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits, on every instance. It leases lanes that are due, and in each sends one message after the other until nothing
 * waits there or one fails; what an instance had leased when it was ended is sent by another one when the lease is over, with
 * the same id. What is restricted is judged right before it is sent.
 */
@ApplicationScoped
class Dispatch {

    private static final Logger LOG = Logger.getLogger(Dispatch.class);
    private static final int LATE = 5000;
    private static final Duration BESIDE_THE_REQUEST = Duration.ofSeconds(30);

    /** So many messages of one incident, and it is another one's turn. */
    private static final int IN_A_ROW = 20;

    private final Lanes lanes;
    private final Disclosure disclosure;
    private final Secrets secrets;
    private final Pool pool;
    private final Vertx vertx;
    private final Clock clock;
    private final HindsightConfig addresses;
    private final SubscriptionsConfig config;
    private final MeterRegistry meters;
    private final DeliveryPolicy policy;
    private final Duration lease;
    private final Sending sending;

    private final Map<UUID, AtomicInteger> atWork = new ConcurrentHashMap<>();
    private final AtomicInteger atWorkInAll = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean lookAgain;
    private volatile boolean running;

    Dispatch(
            Lanes lanes,
            Disclosure disclosure,
            Secrets secrets,
            Pool pool,
            Vertx vertx,
            Clock clock,
            HindsightConfig addresses,
            SubscriptionsConfig config,
            Names names,
            MeterRegistry meters) {
        this.lanes = lanes;
        this.disclosure = disclosure;
        this.secrets = secrets;
        this.pool = pool;
        this.vertx = vertx;
        this.clock = clock;
        this.addresses = addresses;
        this.config = config;
        this.meters = meters;
        this.policy = config.policy();
        this.lease = config.timeout().plus(BESIDE_THE_REQUEST);
        this.sending = new Sending(vertx, config.guard(), config.timeout(), names::addresses);
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        running = true;
        vertx.setPeriodic(config.lookEvery().toMillis(), timer -> wake());
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
        sending.close();
    }

    /** Something may be due. Returns at once. */
    void wake() {
        lookAgain = true;
        if (running && looking.compareAndSet(false, true)) {
            vertx.runOnContext(now -> look());
        }
    }

    private void look() {
        lookAgain = false;
        lanes.claim(
                        waiting -> waiting.failures() >= DeliveryPolicy.RECEIVER_IS_AWAY
                                ? 1 - busy(waiting.subscription()).get()
                                : config.atOnce() - busy(waiting.subscription()).get(),
                        config.atOnceInAll() - atWorkInAll.get(),
                        lease)
                .onItem()
                .invoke(held -> held.forEach(this::work))
                .onTermination()
                .invoke(() -> {
                    looking.set(false);
                    if (lookAgain) {
                        wake();
                    }
                })
                .subscribe()
                .with(held -> {}, failure -> LOG.warnf("webhooks go out later: %s", failure.getMessage()));
    }

    private AtomicInteger busy(UUID subscription) {
        return atWork.computeIfAbsent(subscription, none -> new AtomicInteger());
    }

    private void work(Held held) {
        busy(held.subscription()).incrementAndGet();
        atWorkInAll.incrementAndGet();
        step(held, IN_A_ROW)
                .onTermination()
                .invoke(() -> {
                    busy(held.subscription()).decrementAndGet();
                    atWorkInAll.decrementAndGet();
                    wake();
                })
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf(
                                failure,
                                "webhooks of %s for %s go on when the lease is over",
                                held.key(),
                                held.subscription()));
    }

    /** The next message of the lane, and those after it. */
    private Uni<Void> step(Held held, int left) {
        if (left == 0 || !running) {
            return lanes.release(held);
        }
        return lanes.head(held).chain(found -> found.map(head -> tell(held, head)
                        .chain(goOn ->
                                goOn ? step(held, left - 1) : Uni.createFrom().voidItem()))
                .orElseGet(() -> lanes.release(held)));
    }

    /** Whether the lane is still held. */
    private Uni<Boolean> tell(Held held, Head head) {
        Reader reader = head.includeRestricted() ? new Reader.Admin(null) : new Reader.Machine();
        return disclosure.audience(reader).told(List.of(head.event())).chain(told -> {
            if (told.isEmpty() && (head.sequence() == null || head.format() == Format.SLACK)) {
                count("WITHHELD");
                return lanes.withhold(held, head).replaceWith(true);
            }
            return lanes.begin(held, head, lease)
                    .chain(begun -> begun.isEmpty()
                            ? lanes.release(held).replaceWith(false)
                            : attempt(held, head, begun.get(), told.isEmpty() ? null : told.getFirst()));
        });
    }

    private Uni<Boolean> attempt(Held held, Head head, Begun begun, @Nullable Told told) {
        Instant began = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return body(held, head, begun, told, began)
                .chain(body ->
                        sending.send(secrets.decrypt(head.url()), headers(head, body, began), body, head.attempts()))
                .chain(result -> {
                    Verdict verdict = policy.after(
                            result.outcome(),
                            new Message(head.attempts(), begun.firstAttemptAt()),
                            new Receiver(head.failures(), head.lastSuccessAt()),
                            clock.instant().truncatedTo(ChronoUnit.MICROS),
                            ThreadLocalRandom.current().nextDouble());
                    measure(result, verdict);
                    return lanes.settle(held, head, begun, new Attempt(began, result), verdict);
                });
    }

    private Uni<byte[]> body(Held held, Head head, Begun begun, @Nullable Told told, Instant now) {
        if (told == null) {
            return Uni.createFrom().item(Payload.withheld(held.subscription(), begun.sequence(), now));
        }
        if (head.format() == Format.SLACK) {
            return about(held.key())
                    .map(about -> SlackMessage.of(
                            head.event().header().type(),
                            Payload.tree(told.data()),
                            about.orElse(null),
                            addresses.postmortemUrl(),
                            addresses.actionItemUrl()));
        }
        return Uni.createFrom()
                .item(Payload.of(
                        held.subscription(),
                        begun.sequence(),
                        held.key(),
                        head.event().header(),
                        told.data()));
    }

    private Uni<Optional<About>> about(UUID incident) {
        return pool.preparedQuery("select id, reference, title, severity from incident where id = $1")
                .execute(Tuple.of(incident))
                .map(rows -> rows.iterator().hasNext()
                        ? Optional.of(rows.iterator().next())
                                .map(row ->
                                        new About(row.getUUID(0), row.getString(1), row.getString(2), row.getString(3)))
                        : Optional.empty());
    }

    private Map<String, String> headers(Head head, byte[] body, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Hindsight");
        if (!head.secrets().isEmpty()) {
            String id = head.event().header().id().toString();
            headers.put("webhook-id", id);
            headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
            headers.put(
                    "webhook-signature",
                    SigningSecret.signatures(
                            head.secrets().stream()
                                    .map(secret -> SigningSecret.parse(secrets.decrypt(secret)))
                                    .toList(),
                            id,
                            now,
                            body));
        }
        return headers;
    }

    private void measure(Sending.Result result, Verdict verdict) {
        Timer.builder("hindsight.outbound.attempt")
                .description("How long requests to receivers of webhooks took")
                .register(meters)
                .record(result.took());
        count(
                switch (verdict) {
                    case Verdict.Delivered _ -> "DELIVERED";
                    case Verdict.Again _ -> "RETRYING";
                    case Verdict.GivenUp _ -> "GIVEN_UP";
                    case Verdict.Disabled _ -> "DISABLED";
                });
    }

    private void count(String outcome) {
        meters.counter("hindsight.outbound.outcomes", "outcome", outcome).increment();
    }
}
