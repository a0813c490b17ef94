package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Unknown;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.Transience;
import dev.hindsight.eventstore.consume.ParkedEvents.Reason;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.eventstore.wire.EventCodec.Undecodable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes consumed records to every projection and automation of this service: in order and once for each stream.
 *
 * <p>The guard is {@code applied(consumer, stream, version)}, moved from n−1 to n in the transaction of the view's change.
 * Lower versions are skipped, higher ones wait as GAP. What cannot be applied is parked together with the later events of
 * its stream, and everything else goes on. Trouble of the database never parks: the same work is tried again until it
 * passes, and the partition waits.
 */
@ApplicationScoped
public class OrderedApply {

    private static final Logger LOG = Logger.getLogger(OrderedApply.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Pool pool;
    private final ParkedEvents parked;
    private final List<Consumer> consumers;

    OrderedApply(
            Pool pool,
            ParkedEvents parked,
            @All List<Projection> projections,
            @All List<Automation> automations,
            MeterRegistry meters) {
        this.pool = pool;
        this.parked = parked;
        // Projections first: an automation may read what the same event has just changed.
        this.consumers = Stream.concat(
                        projections.stream()
                                .sorted(Comparator.comparing(Projection::name))
                                .map(projection -> Consumer.of(projection, meters)),
                        automations.stream()
                                .sorted(Comparator.comparing(Automation::name))
                                .map(automation -> Consumer.of(automation, meters)))
                .toList();
    }

    /** The projections and automations that grow from each topic. */
    Map<Topic, List<String>> namesByTopic() {
        Map<Topic, List<String>> names = new EnumMap<>(Topic.class);
        for (Consumer consumer : consumers) {
            consumer.topics().forEach(topic -> names.computeIfAbsent(topic, none -> new ArrayList<>())
                    .add(consumer.name()));
        }
        return names;
    }

    /** Completes when every consumer has applied or parked every record. */
    public Uni<Void> apply(Topic topic, ConsumerRecords<byte[], byte[]> records) {
        List<Incoming> incoming = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> kafka : records) {
            incoming.add(Incoming.of(kafka));
        }
        return Multi.createFrom()
                .iterable(consumers)
                .filter(consumer -> consumer.topics().contains(topic))
                .onItem()
                .transformToUniAndConcatenate(consumer -> apply(consumer, incoming))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> apply(Consumer consumer, List<Incoming> incoming) {
        return untilItPasses(() -> round(consumer, incoming, true))
                .onFailure()
                .recoverWithUni(defect -> oneByOne(consumer, incoming));
    }

    /**
     * Something in the batch, or among those that waited for it, is not right: find out what, so that the rest goes on.
     */
    private Uni<Void> oneByOne(Consumer consumer, List<Incoming> incoming) {
        return untilItPasses(() -> withThoseThatWait(consumer, incoming))
                .onItem()
                .transformToMulti(all -> Multi.createFrom().iterable(all))
                .onItem()
                .transformToUniAndConcatenate(single -> untilItPasses(() -> round(consumer, List.of(single), false))
                        .onFailure()
                        .recoverWithUni(defect -> {
                            LOG.errorf(
                                    defect,
                                    "%s cannot apply %s; parked with its stream",
                                    consumer.name(),
                                    single.describe());
                            return untilItPasses(
                                    () -> parked.park(pool, consumer.name(), single, Reason.DEFECT, describe(defect)));
                        }))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<List<Incoming>> withThoseThatWait(Consumer consumer, List<Incoming> incoming) {
        UUID[] streams = incoming.stream()
                .filter(single -> single.header() != null)
                .map(single -> single.headerOrThrow().streamId())
                .distinct()
                .toArray(UUID[]::new);
        return parked.ofStreams(pool, consumer.name(), streams).map(waiting -> {
            List<Incoming> all = new ArrayList<>(incoming);
            waiting.values().forEach(ofStream -> all.addAll(ofStream.gaps()));
            all.sort(Comparator.comparingLong(single -> single.header() == null ? 0 : single.version()));
            return all;
        });
    }

    private <T> Uni<T> untilItPasses(Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .deferred(work::get)
                .onFailure(Transience::isTransient)
                .invoke(failure -> LOG.warnf("will be tried again: %s", failure.getMessage()))
                .onFailure(Transience::isTransient)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely();
    }

    /** @param fillGaps whether those that wait for these are applied with them */
    private Uni<Void> round(Consumer consumer, List<Incoming> incoming, boolean fillGaps) {
        return switch (consumer.work()) {
            case Consumer.Viewing(Projection projection) ->
                pool.withTransaction(transaction -> plan(consumer, transaction, incoming, fillGaps)
                        .chain(plan -> (plan.events().isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : projection.apply(transaction, plan.events()))
                                .chain(() -> note(consumer, transaction, plan))));
            // The command has a transaction of its own: no connection is held while it waits for one.
            case Consumer.Reacting(Automation automation) ->
                pool.withConnection(connection -> plan(consumer, connection, incoming, fillGaps))
                        .chain(plan -> Multi.createFrom()
                                .iterable(plan.events())
                                .onItem()
                                .transformToUniAndConcatenate(automation::react)
                                .collect()
                                .last()
                                .chain(() -> pool.withTransaction(transaction -> note(consumer, transaction, plan))));
        };
    }

    /** What is to be applied, in order, and what is to be parked, judged by what was applied and parked before. */
    private Uni<Plan> plan(Consumer consumer, SqlConnection connection, List<Incoming> incoming, boolean fillGaps) {
        Map<UUID, List<Incoming>> byStream = new LinkedHashMap<>();
        List<Parking> parkings = new ArrayList<>();
        for (Incoming single : incoming) {
            if (single.header() == null) {
                parkings.add(new Parking(single, Reason.UNATTRIBUTABLE, single.flaw()));
            } else {
                byStream.computeIfAbsent(single.header().streamId(), id -> new ArrayList<>())
                        .add(single);
            }
        }
        UUID[] streams = byStream.keySet().toArray(UUID[]::new);
        return connection
                .preparedQuery(
                        "select stream_id, version, event_id from applied where consumer = $1 and stream_id = any ($2)")
                .execute(Tuple.of(consumer.name(), streams))
                .map(rows -> {
                    Map<UUID, Applied> positions = new HashMap<>();
                    rows.forEach(row -> positions.put(
                            row.getUUID("stream_id"), new Applied(row.getLong("version"), row.getUUID("event_id"))));
                    return positions;
                })
                .chain(positions -> parked.ofStreams(connection, consumer.name(), streams)
                        .map(waiting -> {
                            Plan plan = new Plan(parkings);
                            byStream.forEach((stream, records) -> planStream(
                                    plan,
                                    stream,
                                    records,
                                    positions.getOrDefault(stream, Applied.START),
                                    waiting.getOrDefault(stream, ParkedEvents.OfStream.NONE),
                                    fillGaps));
                            return plan;
                        }));
    }

    private static void planStream(
            Plan plan,
            UUID stream,
            List<Incoming> records,
            Applied from,
            ParkedEvents.OfStream waiting,
            boolean fillGaps) {
        List<Incoming> inOrder = new ArrayList<>(records);
        if (fillGaps) {
            inOrder.addAll(waiting.gaps());
        }
        Map<Long, UUID> ids = new HashMap<>(waiting.ids());
        inOrder.sort(Comparator.comparingLong(Incoming::version));
        Applied at = from;
        boolean blocked = waiting.blocked();
        for (Incoming next : inOrder) {
            EventHeader header = next.headerOrThrow();
            if (next.version() < at.version()
                    || next.version() == at.version() && header.id().equals(at.eventId())) {
                continue;
            }
            UUID first = next.version() == at.version() ? at.eventId() : ids.putIfAbsent(next.version(), header.id());
            if (first != null && !first.equals(header.id())) {
                plan.parkings()
                        .add(new Parking(
                                next, Reason.CONFLICT, "version " + next.version() + " came as event " + first));
                continue;
            }
            if (waiting.stuck().contains(header.id())) {
                continue;
            }
            if (blocked) {
                plan.parkings().add(new Parking(next, Reason.BEHIND, null));
            } else if (next.version() > at.version() + 1) {
                plan.parkings().add(new Parking(next, Reason.GAP, "waits for version " + (at.version() + 1)));
            } else {
                try {
                    DomainEvent event = EventCodec.decode(header.type(), next.data());
                    if (event instanceof Unknown(String type)) {
                        plan.unknownTypes().add(type);
                    } else {
                        plan.events().add(new Recorded<>(header, event));
                    }
                    at = new Applied(next.version(), header.id());
                    plan.moves().put(stream, new Move(from, at));
                } catch (Undecodable e) {
                    plan.parkings().add(new Parking(next, Reason.UNDECODABLE, describe(e)));
                    blocked = true;
                }
            }
        }
        if (at != from && !waiting.gaps().isEmpty()) {
            plan.filledGaps().put(stream, at.version());
        }
    }

    private Uni<Void> note(Consumer consumer, SqlConnection transaction, Plan plan) {
        return advance(consumer, transaction, plan)
                .chain(() -> plan.filledGaps().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : parked.forgetGaps(transaction, consumer.name(), plan.filledGaps()))
                .chain(() -> plan.unknownTypes().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : noteRebuildNeeded(consumer, transaction, plan.unknownTypes()))
                .chain(() -> Multi.createFrom()
                        .iterable(plan.parkings())
                        .onItem()
                        .transformToUniAndConcatenate(parking -> parked.park(
                                transaction, consumer.name(), parking.record(), parking.reason(), parking.detail()))
                        .collect()
                        .last()
                        .replaceWithVoid())
                .invoke(() -> consumer.measure(plan.events()));
    }

    private static Uni<Void> advance(Consumer consumer, SqlConnection transaction, Plan plan) {
        int size = plan.moves().size();
        if (size == 0) {
            return Uni.createFrom().voidItem();
        }
        UUID[] streams = new UUID[size];
        Long[] from = new Long[size];
        Long[] to = new Long[size];
        UUID[] eventIds = new UUID[size];
        int i = 0;
        // In the order of ids, so that two instances never wait for each other in a circle.
        for (Map.Entry<UUID, Move> move : new TreeMap<>(plan.moves()).entrySet()) {
            streams[i] = move.getKey();
            from[i] = move.getValue().from().version();
            to[i] = move.getValue().to().version();
            eventIds[i] = move.getValue().to().eventId();
            i++;
        }
        return transaction
                .preparedQuery("""
                insert into applied as a (consumer, stream_id, version, event_id)
                select $1, n.stream_id, n.version, n.event_id
                from unnest($2::uuid[], $3::bigint[], $4::uuid[]) as n(stream_id, version, event_id)
                on conflict (consumer, stream_id) do update set version = excluded.version, event_id = excluded.event_id
                where a.version = ($5::bigint[])[array_position($2::uuid[], a.stream_id)]""")
                .execute(Tuple.of(consumer.name(), streams, to, eventIds, from))
                .map(result -> {
                    if (result.rowCount() != size) {
                        throw new Contended();
                    }
                    return null;
                });
    }

    private static Uni<Void> noteRebuildNeeded(Consumer consumer, SqlConnection transaction, Set<String> types) {
        LOG.warnf("%s met events of unknown types %s and needs a rebuild after the update", consumer.name(), types);
        return transaction
                .preparedQuery(
                        "insert into projection_note (consumer, rebuild_needed, unknown_type) values ($1, true, $2)"
                                + " on conflict (consumer) do update set rebuild_needed = true,"
                                + " unknown_type = excluded.unknown_type, noted_at = now()")
                .execute(Tuple.of(consumer.name(), String.join(", ", types)))
                .replaceWithVoid();
    }

    private static String describe(Throwable defect) {
        String message = defect.getClass().getSimpleName() + ": " + defect.getMessage();
        return message.length() > 1000 ? message.substring(0, 1000) : message;
    }

    private record Applied(long version, @Nullable UUID eventId) {
        static final Applied START = new Applied(0, null);
    }

    private record Move(Applied from, Applied to) {}

    private record Parking(
            Incoming record, Reason reason, @Nullable String detail) {}

    private record Plan(
            List<Recorded<DomainEvent>> events,
            Map<UUID, Move> moves,
            Map<UUID, Long> filledGaps,
            Set<String> unknownTypes,
            List<Parking> parkings) {

        Plan(List<Parking> parkings) {
            this(new ArrayList<>(), new HashMap<>(), new HashMap<>(), new LinkedHashSet<>(), new ArrayList<>(parkings));
        }
    }

    /** A projection or an automation, with what is measured of it. */
    private record Consumer(String name, Set<Topic> topics, Work work, Timer delay) {

        sealed interface Work {}

        record Viewing(Projection projection) implements Work {}

        record Reacting(Automation automation) implements Work {}

        static Consumer of(Projection projection, MeterRegistry meters) {
            return of(projection.name(), projection.topics(), new Viewing(projection), meters);
        }

        static Consumer of(Automation automation, MeterRegistry meters) {
            return of(automation.name(), automation.topics(), new Reacting(automation), meters);
        }

        private static Consumer of(String name, Set<Topic> topics, Work work, MeterRegistry meters) {
            return new Consumer(
                    name,
                    topics,
                    work,
                    Timer.builder("hindsight.consumer.delay")
                            .description("From the recording of an event to its being applied here")
                            .tag("consumer", name)
                            .register(meters));
        }

        void measure(List<Recorded<DomainEvent>> events) {
            Instant now = Instant.now();
            events.forEach(event -> delay.record(
                    Duration.between(event.header().recordedAt(), now).abs()));
        }
    }
}
