package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Unknown;
import dev.hindsight.eventstore.Transience;
import dev.hindsight.eventstore.consume.ConsumerRows.Move;
import dev.hindsight.eventstore.consume.ConsumerRows.Parking;
import dev.hindsight.eventstore.consume.ConsumerRows.Standing;
import dev.hindsight.eventstore.wire.EventCodec.Undecodable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes records to one consumer through one pool: in order and once for each stream.
 *
 * <p>The guard is {@code applied(consumer, stream, version)}, moved from n−1 to n in the transaction of the view's change.
 * Lower versions are skipped, higher ones wait as GAP. What cannot be applied is parked together with the later events of
 * its stream, and everything else goes on. Trouble of the database never parks: the same work is tried again until it
 * passes.
 *
 * <p>Its statements name no schema. A rebuild gives it a pool whose connections find other tables first; there,
 * {@code parked_event} should hold a copy of what admins have discarded, which is passed over. Each live round holds
 * {@link #lockKey} as a shared advisory lock of its transaction: whoever exchanges the consumer's tables takes it alone.
 */
public final class StreamApply {

    private static final Logger LOG = Logger.getLogger(StreamApply.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Comparator<Incoming> BY_VERSION = Comparator.comparingLong(Incoming::version);

    private final Pool pool;
    private final Consumer consumer;
    private final ConsumerRows rows;
    private final @Nullable Timer delay;

    private StreamApply(Pool pool, Consumer consumer, @Nullable Timer delay) {
        this.pool = pool;
        this.consumer = consumer;
        this.rows = new ConsumerRows(consumer.name(), delay != null);
        this.delay = delay;
    }

    /**
     * For a rebuild: tables, and those that say how far it is, are found by the connections of this pool, and nobody else
     * writes them. Its rounds take no lock.
     */
    public static StreamApply of(Pool pool, Projection projection) {
        return new StreamApply(pool, new Consumer.Viewing(projection), null);
    }

    static StreamApply of(Pool pool, Consumer consumer, MeterRegistry meters) {
        return new StreamApply(
                pool,
                consumer,
                Timer.builder("hindsight.consumer.delay")
                        .description("From the recording of an event to its being applied here")
                        .tag("consumer", consumer.name())
                        .register(meters));
    }

    /**
     * The key of the advisory lock that each round of this consumer shares, from its first statement to its commit; for
     * {@code pg_advisory_xact_lock} of whoever wants it to stand still.
     */
    public static long lockKey(String consumer) {
        return ConsumerRows.lockKey(consumer);
    }

    String name() {
        return consumer.name();
    }

    Set<Topic> topics() {
        return consumer.topics();
    }

    /** Completes when every record is applied or parked, however long the database is away. */
    public Uni<Void> apply(List<Incoming> incoming) {
        return apply(incoming, Set.of());
    }

    /** Applies what waits in these streams and need not wait any longer. */
    public Uni<Void> drain(Set<UUID> streams) {
        return apply(List.of(), streams);
    }

    private Uni<Void> apply(List<Incoming> incoming, Set<UUID> streams) {
        return untilItPasses(() -> round(incoming, streams, true))
                .onFailure()
                .recoverWithUni(defect -> oneByOne(incoming, streams));
    }

    /**
     * Something in the batch, or among those that waited for it, is not right: find out what, so that the rest goes on.
     */
    private Uni<Void> oneByOne(List<Incoming> incoming, Set<UUID> streams) {
        return untilItPasses(() -> withThoseThatWait(incoming, streams))
                .onItem()
                .transformToMulti(all -> Multi.createFrom().iterable(all))
                .onItem()
                .transformToUniAndConcatenate(single -> untilItPasses(() -> round(List.of(single), Set.of(), false))
                        .onFailure()
                        .recoverWithUni(defect -> {
                            LOG.errorf(
                                    defect,
                                    "%s cannot apply %s; parked with its stream",
                                    consumer.name(),
                                    single.describe());
                            Parking parking = new Parking(single, Reason.DEFECT, describe(defect));
                            return untilItPasses(() -> rows.park(pool, List.of(parking)));
                        }))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<List<Incoming>> withThoseThatWait(List<Incoming> incoming, Set<UUID> more) {
        Set<UUID> streams = new LinkedHashSet<>(more);
        incoming.stream()
                .filter(single -> single.header() != null)
                .map(Incoming::streamId)
                .forEach(streams::add);
        return rows.gaps(pool, streams).map(waiting -> {
            List<Incoming> all = new ArrayList<>(incoming);
            waiting.values().forEach(all::addAll);
            all.sort(Comparator.comparingLong(single -> single.header() == null ? 0 : single.version()));
            return all;
        });
    }

    static <T> Uni<T> untilItPasses(Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .deferred(work::get)
                .onFailure(Transience::isTransient)
                .invoke(failure -> LOG.warnf("will be tried again: %s", failure.getMessage()))
                .onFailure(Transience::isTransient)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely();
    }

    /**
     * @param streams looked at even where nothing came of them
     * @param fillGaps whether those that wait for these are applied with them
     */
    private Uni<Void> round(List<Incoming> incoming, Set<UUID> streams, boolean fillGaps) {
        return switch (consumer) {
            case Consumer.Viewing ignored ->
                pool.withTransaction(transaction -> plan(transaction, incoming, streams, fillGaps)
                                .chain(plan -> advance(transaction, plan)
                                        .chain(() -> project(transaction, plan))
                                        .replaceWith(plan)))
                        .invoke(this::measure)
                        .replaceWithVoid();
            // The command has a transaction of its own: no connection is held while it waits for one.
            case Consumer.Reacting(Automation automation) ->
                pool.withConnection(connection -> plan(connection, incoming, streams, fillGaps))
                        .chain(plan -> react(automation, plan.events())
                                .chain(() -> plan.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : pool.withTransaction(transaction ->
                                                advance(transaction, plan).chain(() -> note(transaction, plan))))
                                .invoke(() -> measure(plan)));
        };
    }

    private static Uni<Void> react(Automation automation, List<Recorded<DomainEvent>> events) {
        return inTurn(events, automation::react);
    }

    /** What is to be applied, in order, and what is to be parked, judged by what was applied and parked before. */
    private Uni<Plan> plan(SqlConnection connection, List<Incoming> incoming, Set<UUID> streams, boolean fillGaps) {
        Sorted sorted = Sorted.of(incoming, streams);
        return sorted.byStream().isEmpty()
                ? Uni.createFrom().item(Plan.of(sorted))
                : rows.standings(connection, sorted.streams())
                        .chain(standings -> plan(connection, sorted, standings, fillGaps));
    }

    /** The same where it is known how far the consumer is. */
    private Uni<Plan> plan(SqlConnection connection, Sorted sorted, Map<UUID, Standing> standings, boolean fillGaps) {
        return gapsThatMayBeFilled(connection, sorted.byStream(), standings, fillGaps)
                .map(gaps -> {
                    Plan plan = Plan.of(sorted);
                    sorted.byStream()
                            .forEach((stream, records) -> planStream(
                                    plan,
                                    stream,
                                    records,
                                    standings.getOrDefault(stream, Standing.UNKNOWN),
                                    gaps.getOrDefault(stream, List.of())));
                    return plan;
                });
    }

    /**
     * What came, by stream and in the order of versions.
     *
     * @param ofNoStream what cannot be said to belong to any
     */
    private record Sorted(List<Incoming> ofNoStream, Map<UUID, List<Incoming>> byStream) {

        /** @param streams looked at even where nothing came of them */
        static Sorted of(List<Incoming> incoming, Set<UUID> streams) {
            List<Incoming> ofNoStream = new ArrayList<>();
            Map<UUID, List<Incoming>> byStream = new LinkedHashMap<>();
            for (Incoming single : incoming) {
                if (single.header() == null) {
                    ofNoStream.add(single);
                } else {
                    byStream.computeIfAbsent(single.streamId(), id -> new ArrayList<>())
                            .add(single);
                }
            }
            byStream.values().forEach(records -> records.sort(BY_VERSION));
            streams.forEach(stream -> byStream.putIfAbsent(stream, List.of()));
            return new Sorted(ofNoStream, byStream);
        }

        UUID[] streams() {
            return byStream.keySet().toArray(UUID[]::new);
        }
    }

    /**
     * Takes a round to all of these views in one transaction: the database says once how far they are, moves them by one
     * statement, and commits once. Where one of them cannot apply what came, each does it by itself, so that what is wrong with
     * one holds up no other.
     *
     * @param views of one service, in the order of their names
     */
    static Uni<Void> applyTogether(List<StreamApply> views, List<Incoming> incoming) {
        if (views.size() < 2) {
            return inTurn(views, view -> view.apply(incoming));
        }
        return untilItPasses(() -> roundTogether(views, incoming)).onFailure().recoverWithUni(defect -> {
            LOG.debugf(defect, "each view applies by itself");
            return inTurn(views, view -> view.apply(incoming));
        });
    }

    private static Uni<Void> roundTogether(List<StreamApply> views, List<Incoming> incoming) {
        Sorted sorted = Sorted.of(incoming, Set.of());
        Map<StreamApply, Plan> plans = new LinkedHashMap<>();
        return views.getFirst()
                .pool
                .withTransaction(transaction -> ConsumerRows.standings(
                                transaction,
                                views.stream().map(view -> view.rows).toList(),
                                sorted.streams())
                        .chain(standings -> inTurn(views, view -> view.plan(
                                        transaction, sorted, standings.getOrDefault(view.name(), Map.of()), true)
                                .invoke(plan -> plans.put(view, plan))
                                .replaceWithVoid()))
                        .chain(() -> {
                            Map<String, Map<UUID, Move>> moves = new HashMap<>();
                            plans.forEach((view, plan) -> moves.put(view.name(), plan.moves()));
                            return ConsumerRows.advance(transaction, moves);
                        })
                        .chain(() -> inTurn(
                                views, view -> view.project(transaction, Objects.requireNonNull(plans.get(view))))))
                .invoke(() -> plans.forEach(StreamApply::measure));
    }

    static <T> Uni<Void> inTurn(List<T> all, Function<T, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(all)
                .onItem()
                .transformToUniAndConcatenate(work::apply)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Changes the view and notes what else there is; that its streams have moved is noted before. */
    private Uni<Void> project(SqlConnection transaction, Plan plan) {
        Uni<Void> applied = plan.events().isEmpty() || !(consumer instanceof Consumer.Viewing(Projection projection))
                ? Uni.createFrom().voidItem()
                : projection.apply(transaction, plan.events());
        return applied.chain(() -> note(transaction, plan));
    }

    /** Read with their data only where their turn may have come. */
    private Uni<Map<UUID, List<Incoming>>> gapsThatMayBeFilled(
            SqlConnection connection,
            Map<UUID, List<Incoming>> byStream,
            Map<UUID, Standing> standings,
            boolean fillGaps) {
        List<UUID> streams = new ArrayList<>();
        if (fillGaps) {
            standings.forEach((stream, standing) -> {
                long next = standing.applied().version() + 1;
                if (!standing.gaps().isEmpty()
                        && (standing.gaps().containsKey(next)
                                || byStream.getOrDefault(stream, List.of()).stream()
                                        .anyMatch(single -> single.version() == next))) {
                    streams.add(stream);
                }
            });
        }
        return streams.isEmpty() ? Uni.createFrom().item(Map.of()) : rows.gaps(connection, streams);
    }

    private static void planStream(
            Plan plan, UUID stream, List<Incoming> records, Standing standing, List<Incoming> gaps) {
        List<Incoming> inOrder = records;
        if (!gaps.isEmpty()) {
            inOrder = new ArrayList<>(gaps);
            inOrder.addAll(records);
            inOrder.sort(BY_VERSION);
        }
        Map<Long, UUID> ids = new HashMap<>(standing.gaps());
        AppliedUpTo from = standing.applied();
        AppliedUpTo at = from;
        boolean blocked = !standing.heads().isEmpty();
        for (Incoming next : inOrder) {
            EventHeader header = next.headerOrThrow();
            UUID id = header.id();
            boolean discarded = standing.discarded().contains(id);
            if (next.version() <= at.version()) {
                if (at.contradicts(next.version(), id) && !discarded) {
                    plan.parkings()
                            .add(new Parking(
                                    next,
                                    Reason.CONFLICT,
                                    "version " + next.version() + " was applied as another event"));
                }
                continue;
            }
            UUID first = ids.putIfAbsent(next.version(), id);
            if (first != null && !first.equals(id)) {
                if (!discarded) {
                    plan.parkings()
                            .add(new Parking(
                                    next, Reason.CONFLICT, "version " + next.version() + " came as event " + first));
                }
                continue;
            }
            if (standing.heads().contains(id)) {
                continue;
            }
            if (blocked) {
                plan.parkings().add(new Parking(next, Reason.BEHIND, null));
            } else if (next.version() > at.version() + 1) {
                if (!id.equals(standing.gaps().get(next.version()))) {
                    plan.parkings().add(new Parking(next, Reason.GAP, "waits for version " + (at.version() + 1)));
                }
            } else if (discarded) {
                at = at.then(id);
            } else {
                try {
                    DomainEvent event = next.event();
                    if (event instanceof Unknown(String type)) {
                        plan.unknownTypes().add(type);
                    } else {
                        plan.events().add(new Recorded<>(header, event));
                    }
                    at = at.then(id);
                } catch (Undecodable e) {
                    plan.parkings().add(new Parking(next, Reason.UNDECODABLE, describe(e)));
                    blocked = true;
                }
            }
        }
        if (at != from) {
            plan.moves().put(stream, new Move(from, at));
            if (!standing.gaps().isEmpty()) {
                plan.filledGaps().put(stream, at.version());
            }
        }
    }

    /**
     * Tries a parked event again, and then those of its stream that waited for it. Trouble that passes is a failure: the
     * caller is waiting.
     *
     * @param by who wished it, for the record
     */
    Uni<Settling> retry(ParkedEvent event, Incoming incoming, String by) {
        return switch (consumer) {
            case Consumer.Viewing(Projection projection) ->
                pool.withTransaction(transaction -> judge(transaction, event, incoming)
                        .chain(judged -> judged.refusal() != null
                                ? Uni.createFrom().item(judged.refusal())
                                : advance(transaction, judged.plan())
                                        .chain(() -> judged.plan().events().isEmpty()
                                                ? Uni.createFrom().voidItem()
                                                : projection.apply(
                                                        transaction,
                                                        judged.plan().events()))
                                        .chain(() -> settleRetried(transaction, event, judged.plan(), by))));
            case Consumer.Reacting(Automation automation) ->
                pool.withConnection(connection -> judge(connection, event, incoming))
                        .chain(judged -> judged.refusal() != null
                                ? Uni.createFrom().item(judged.refusal())
                                : react(automation, judged.plan().events())
                                        .chain(() -> pool.withTransaction(transaction -> advance(
                                                        transaction, judged.plan())
                                                .chain(() -> settleRetried(transaction, event, judged.plan(), by)))));
        };
    }

    private Uni<Settling> settleRetried(SqlConnection transaction, ParkedEvent event, Plan plan, String by) {
        return note(transaction, plan)
                .chain(() -> ConsumerRows.settle(transaction, event.id(), ParkedEvent.Outcome.APPLIED, by, null))
                .map(open -> open ? new Settling.Settled(event, 0, null) : new Settling.AlreadySettled(event));
    }

    private record Judged(Plan plan, @Nullable Settling refusal) {
        static Judged refused(String code, @Nullable String detail) {
            return new Judged(new Plan(), new Settling.Refused(code, detail == null ? code : detail));
        }
    }

    /** What there is to do for one parked event, its being parked left out of account. */
    private Uni<Judged> judge(SqlConnection connection, ParkedEvent event, Incoming incoming) {
        EventHeader header = incoming.header();
        if (header == null) {
            return Uni.createFrom().item(Judged.refused("STILL_UNATTRIBUTABLE", incoming.flaw()));
        }
        UUID stream = header.streamId();
        return rows.standings(connection, new UUID[] {stream}).map(standings -> {
            Standing standing = standings.getOrDefault(stream, Standing.UNKNOWN);
            AppliedUpTo at = standing.applied();
            if (incoming.version() <= at.version()) {
                return at.contradicts(incoming.version(), header.id()) || event.reason() == Reason.CONFLICT
                        ? Judged.refused(
                                "STILL_CONFLICT",
                                "version " + incoming.version() + " of the stream was applied as another event")
                        : new Judged(new Plan(), null);
            }
            if (incoming.version() > at.version() + 1) {
                return Judged.refused(
                        "WAITS_FOR_EARLIER",
                        "version " + (at.version() + 1) + " of the stream has to be applied before it");
            }
            try {
                Plan plan = new Plan();
                DomainEvent decoded = incoming.event();
                if (decoded instanceof Unknown(String type)) {
                    plan.unknownTypes().add(type);
                } else {
                    plan.events().add(new Recorded<>(header, decoded));
                }
                plan.moves().put(stream, new Move(at, at.then(header.id())));
                return new Judged(plan, null);
            } catch (Undecodable e) {
                return Judged.refused("STILL_UNDECODABLE", describe(e));
            }
        });
    }

    private Uni<Void> advance(SqlConnection transaction, Plan plan) {
        return ConsumerRows.advance(transaction, Map.of(name(), plan.moves()));
    }

    private Uni<Void> note(SqlConnection transaction, Plan plan) {
        return (plan.filledGaps().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : rows.forgetGaps(transaction, plan.filledGaps()))
                .chain(() -> plan.unknownTypes().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : noteRebuildNeeded(transaction, plan.unknownTypes()))
                .chain(() -> rows.park(transaction, plan.parkings()));
    }

    private Uni<Void> noteRebuildNeeded(SqlConnection transaction, Set<String> types) {
        LOG.warnf("%s met events of unknown types %s and needs a rebuild after the update", consumer.name(), types);
        return rows.noteRebuildNeeded(transaction, types);
    }

    private void measure(Plan plan) {
        if (delay != null) {
            Instant now = Instant.now();
            plan.events()
                    .forEach(event -> delay.record(
                            Duration.between(event.header().recordedAt(), now).abs()));
        }
    }

    static String describe(Throwable defect) {
        String message = defect.getClass().getSimpleName() + ": " + defect.getMessage();
        return message.length() > 1000 ? message.substring(0, 1000) : message;
    }

    private record Plan(
            List<Recorded<DomainEvent>> events,
            Map<UUID, Move> moves,
            Map<UUID, Long> filledGaps,
            Set<String> unknownTypes,
            List<Parking> parkings) {

        Plan() {
            this(new ArrayList<>(), new HashMap<>(), new HashMap<>(), new LinkedHashSet<>(), new ArrayList<>());
        }

        /** What is of no stream is parked, whatever was applied. */
        static Plan of(Sorted sorted) {
            Plan plan = new Plan();
            sorted.ofNoStream()
                    .forEach(single -> plan.parkings().add(new Parking(single, Reason.UNATTRIBUTABLE, single.flaw())));
            return plan;
        }

        boolean isEmpty() {
            return moves.isEmpty() && parkings.isEmpty();
        }
    }
}
