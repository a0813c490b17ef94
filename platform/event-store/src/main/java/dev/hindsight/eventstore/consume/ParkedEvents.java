package dev.hindsight.eventstore.consume;

import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.Transience;
import dev.hindsight.eventstore.consume.ConsumerRows.Move;
import dev.hindsight.eventstore.consume.ParkedEvent.Outcome;
import dev.hindsight.eventstore.consume.Settling.AlreadySettled;
import dev.hindsight.eventstore.consume.Settling.NotThere;
import dev.hindsight.eventstore.consume.Settling.Refused;
import dev.hindsight.eventstore.consume.Settling.Settled;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What consumers could not apply yet, or at all: counted, shown, tried again, or given up by somebody who says why. */
@ApplicationScoped
public class ParkedEvents {

    private static final Logger LOG = Logger.getLogger(ParkedEvents.class);
    private static final Duration FIRST_COUNT = Duration.ofSeconds(1);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(5);

    /** How long somebody who settled an event waits for those that stood behind it; they go on without him. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int MEETINGS = 5;

    private final Pool pool;
    private final OrderedApply consumers;
    private final MeterRegistry meters;
    private final MultiGauge parkedNow;

    ParkedEvents(Pool pool, OrderedApply consumers, MeterRegistry meters) {
        this.pool = pool;
        this.consumers = consumers;
        this.meters = meters;
        this.parkedNow = MultiGauge.builder("hindsight.parked.events")
                .description("Events that wait for an earlier one or for somebody to look, as of the last few seconds")
                .register(meters);
    }

    /** Counted in the table: what other instances park or mend is counted, too. */
    void countNowAndThen(@Observes StartupEvent start, Vertx vertx) {
        vertx.setTimer(FIRST_COUNT.toMillis(), now -> countQuietly());
        vertx.setPeriodic(COUNT_EVERY.toMillis(), now -> countQuietly());
    }

    private void countQuietly() {
        count().subscribe()
                .with(
                        counts -> LOG.tracef("parked: %s", counts),
                        failure -> LOG.warnf("parked events cannot be counted: %s", failure.getMessage()));
    }

    /** Of how many events a consumer has parked for a reason. */
    public record Kind(String consumer, Reason reason) {}

    /** How many events are parked and not settled. */
    public Uni<Map<Kind, Long>> count() {
        return pool.query(
                        "select consumer, reason, count(*) as n from parked_event where settled_at is null group by 1, 2")
                .execute()
                .map(rows -> {
                    Map<Kind, Long> counts = new HashMap<>();
                    rows.forEach(row -> counts.put(
                            new Kind(row.getString("consumer"), Reason.valueOf(row.getString("reason"))),
                            row.getLong("n")));
                    gauge(counts);
                    return counts;
                });
    }

    private void gauge(Map<Kind, Long> counts) {
        List<MultiGauge.Row<?>> rows = counts.entrySet().stream()
                .<MultiGauge.Row<?>>map(count -> MultiGauge.Row.of(
                        Tags.of(
                                "consumer",
                                count.getKey().consumer(),
                                "reason",
                                count.getKey().reason().name()),
                        count.getValue()))
                .toList();
        parkedNow.register(rows, true);
    }

    /**
     * Which ones are wanted; null for all.
     *
     * @param settled those that somebody has decided about, instead of those that are parked
     */
    public record Filter(
            @Nullable String consumer,
            @Nullable UUID stream,
            @Nullable Reason reason,
            boolean settled) {}

    /**
     * Newest first.
     *
     * @param before id of the last one that was seen; null from the start
     */
    public Uni<List<ParkedEvent>> list(Filter filter, @Nullable Long before, int limit) {
        // Values that are null are left out of the statement, so that each has the plan that fits it.
        StringBuilder sql = new StringBuilder("select * from parked_event where settled_at is ")
                .append(filter.settled() ? "not null" : "null");
        List<Object> values = new ArrayList<>();
        condition(sql, values, " and consumer = $", filter.consumer());
        condition(sql, values, " and stream_id = $", filter.stream());
        condition(
                sql,
                values,
                " and reason = $",
                filter.reason() == null ? null : filter.reason().name());
        condition(sql, values, " and id < $", before);
        condition(sql, values, " order by id desc limit $", limit);
        return pool.preparedQuery(sql.toString())
                .execute(Tuple.from(values))
                .map(rows -> rows.stream().map(ParkedEvent::of).toList());
    }

    private static void condition(StringBuilder sql, List<Object> values, String text, @Nullable Object value) {
        if (value != null) {
            values.add(value);
            sql.append(text).append(values.size());
        }
    }

    /** Parked or settled; empty where there never was one of that id. */
    public Uni<Optional<ParkedEvent>> find(long id) {
        return ConsumerRows.parked(pool, id).map(row -> row.map(ParkedEvent::of));
    }

    /**
     * Applies it, and then the later ones of its stream that stood behind it, in order. What fails stays parked, for the
     * reason that it has now.
     *
     * @param by who wished it, for the record
     */
    public Uni<Settling> retry(long id, String by) {
        return untilNobodyIsInTheWay(() -> find(id, row -> retry(row, by)));
    }

    private Uni<Settling> retry(Row row, String by) {
        ParkedEvent event = ParkedEvent.of(row);
        if (event.settlement() != null) {
            return Uni.createFrom().item(new AlreadySettled(event));
        }
        Optional<StreamApply> consumer = consumers.consumer(event.consumer());
        if (consumer.isEmpty()) {
            return refused("NO_SUCH_CONSUMER", "this service has no projection or automation " + event.consumer());
        }
        if (event.reason() == Reason.BEHIND) {
            return behind(event);
        }
        return consumer.get()
                .retry(event, ConsumerRows.incoming(row), by)
                .onFailure(ParkedEvents::isDefect)
                .recoverWithUni(defect -> {
                    LOG.errorf(defect, "%s still cannot apply %s", event.consumer(), event.id());
                    String detail = StreamApply.describe(defect);
                    return ConsumerRows.noteFailure(pool, event.id(), Reason.DEFECT, detail)
                            .replaceWith(new Refused("STILL_DEFECT", detail));
                })
                .invoke(result -> count(
                        "hindsight.parked.retries",
                        "Retries of parked events by admins",
                        event.consumer(),
                        result instanceof Settled ? "applied" : "failed"))
                .chain(result -> result instanceof Settled settled
                        ? goOn(settled, ConsumerRows.incoming(row).streamId())
                        : Uni.createFrom().item(result));
    }

    private static boolean isDefect(Throwable failure) {
        return !Transience.isTransient(failure);
    }

    private Uni<Settling> behind(ParkedEvent event) {
        return list(new Filter(event.consumer(), event.streamId(), null, false), null, 250)
                .chain(parked -> refused(
                        "STANDS_BEHIND",
                        parked.stream()
                                .filter(other -> other.reason().blocks())
                                .findFirst()
                                .map(head ->
                                        "it stands behind parked event " + head.id() + "; retry or discard that one")
                                .orElse("it stands behind an earlier event of its stream and follows it by itself")));
    }

    /**
     * Gives it up for good: the consumer passes over it, and over any redelivery of it, as if it had said nothing; what
     * stood behind it goes on. Refused for what only waits, as that would leave a hole.
     *
     * @param by who wished it, and {@code reason} why, for the record
     */
    public Uni<Settling> discard(long id, String by, String reason) {
        return untilNobodyIsInTheWay(() -> find(id, row -> discard(ParkedEvent.of(row), by, reason)));
    }

    private Uni<Settling> discard(ParkedEvent event, String by, String reason) {
        if (event.settlement() != null) {
            return Uni.createFrom().item(new AlreadySettled(event));
        }
        return switch (event.reason()) {
            case GAP ->
                refused(
                        "WAITS_FOR_EARLIER",
                        "it is sound and waits for an earlier event, which is asked for by itself; to go on without that one"
                                + " is not possible");
            case BEHIND -> behind(event);
            case CONFLICT, UNATTRIBUTABLE ->
                ConsumerRows.settle(pool, event.id(), Outcome.DISCARDED, by, reason)
                        .invoke(open -> counted(open, event))
                        .map(open -> open ? new Settled(event, 0, null) : new AlreadySettled(event));
            case UNDECODABLE, DEFECT ->
                pool.withTransaction(transaction -> passOver(transaction, event)
                                .chain(() ->
                                        ConsumerRows.settle(transaction, event.id(), Outcome.DISCARDED, by, reason)))
                        .invoke(open -> counted(open, event))
                        .chain(open -> open
                                ? goOn(new Settled(event, 0, null), Objects.requireNonNull(event.streamId()))
                                : Uni.createFrom().item(new AlreadySettled(event)));
        };
    }

    private void counted(boolean open, ParkedEvent event) {
        if (open) {
            count("hindsight.parked.discards", "Parked events that admins gave up", event.consumer(), "discarded");
        }
    }

    private static Uni<Void> passOver(SqlConnection transaction, ParkedEvent event) {
        ConsumerRows rows = new ConsumerRows(event.consumer());
        UUID stream = Objects.requireNonNull(event.streamId());
        long version = Objects.requireNonNull(event.version());
        return rows.standings(transaction, new UUID[] {stream}).chain(standings -> {
            AppliedUpTo at = standings
                    .getOrDefault(stream, ConsumerRows.Standing.UNKNOWN)
                    .applied();
            return at.version() + 1 == version
                    ? ConsumerRows.advance(
                            transaction,
                            Map.of(
                                    event.consumer(),
                                    Map.of(stream, new Move(at, at.then(Objects.requireNonNull(event.eventId()))))))
                    // Passed by other means, such as a rebuild; or the list is what it must leave, and no more.
                    : Uni.createFrom().voidItem();
        });
    }

    /** Those that stood behind it follow; where that takes long, they do so without whoever asked. */
    private Uni<Settling> goOn(Settled settled, UUID stream) {
        String name = settled.event().consumer();
        Uni<Void> drained = consumers
                .consumer(name)
                .map(consumer -> consumer.drain(Set.of(stream)))
                .orElse(Uni.createFrom().voidItem())
                .ifNoItem()
                .after(PATIENCE)
                .recoverWithUni(Uni.createFrom().voidItem());
        return positionOf(name, stream).chain(before -> drained.chain(() -> positionOf(name, stream))
                .chain(after -> list(new Filter(name, stream, null, false), null, 250)
                        .chain(open -> find(settled.event().id())
                                .map(event -> new Settled(
                                        event.orElse(settled.event()),
                                        after - before,
                                        open.stream()
                                                .filter(other -> other.reason().blocks())
                                                .findFirst()
                                                .orElse(null))))));
    }

    private Uni<Long> positionOf(String consumer, UUID stream) {
        return pool.preparedQuery("select version from applied where consumer = $1 and stream_id = $2")
                .execute(Tuple.of(consumer, stream))
                .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong(0));
    }

    private Uni<Settling> find(long id, java.util.function.Function<Row, Uni<Settling>> then) {
        return ConsumerRows.parked(pool, id)
                .chain(row -> row.map(then).orElse(Uni.createFrom().item(new NotThere())));
    }

    /** Another instance may be applying the same stream: it is judged again by what that one has done. */
    private static Uni<Settling> untilNobodyIsInTheWay(java.util.function.Supplier<Uni<Settling>> work) {
        return Uni.createFrom()
                .deferred(work::get)
                .onFailure(Contended.class)
                .retry()
                .withBackOff(Duration.ofMillis(20), Duration.ofMillis(200))
                .atMost(MEETINGS);
    }

    private static Uni<Settling> refused(String code, String detail) {
        return Uni.createFrom().item(new Refused(code, detail));
    }

    private void count(String name, String description, String consumer, String outcome) {
        io.micrometer.core.instrument.Counter.builder(name)
                .description(description)
                .tag("consumer", consumer)
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }
}
