package dev.hindsight.eventstore.consume;

import dev.hindsight.eventstore.Contended;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The rows that tell how far one consumer is: {@code applied}, {@code parked_event}, {@code projection_note}. No statement
 * names a schema: whose tables they are is up to the connection, so that a rebuild has its own.
 */
record ConsumerRows(String consumer, boolean live) {

    /** @param live false for those of a rebuild: it is alone with them, and holds the lock itself when it swaps */
    ConsumerRows {}

    /** The service's own. */
    ConsumerRows(String consumer) {
        this(consumer, true);
    }

    /**
     * What is known of one stream.
     *
     * @param heads ids of those that somebody has to look at: the stream waits behind them
     * @param gaps ids of those that wait for an earlier one, by version
     * @param discarded ids of those that an admin has discarded: their versions are passed over
     */
    record Standing(AppliedUpTo applied, Set<UUID> heads, Map<Long, UUID> gaps, Set<UUID> discarded) {
        static final Standing UNKNOWN = new Standing(AppliedUpTo.START, Set.of(), Map.of(), Set.of());
    }

    record Parking(Incoming event, Reason reason, @Nullable String detail) {}

    record Move(AppliedUpTo from, AppliedUpTo to) {}

    /** The key that rounds of this consumer share, and that whoever exchanges its tables takes for itself alone. */
    static long lockKey(String consumer) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("consumer " + consumer).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@link #standings(SqlClient, List, UUID[])} of this one. */
    Uni<Map<UUID, Standing>> standings(SqlClient connection, UUID[] streams) {
        return standings(connection, List.of(this), streams).map(all -> all.getOrDefault(consumer, Map.of()));
    }

    /**
     * How far consumers are with these streams, and what waits; takes their shared locks first. Those that stand BEHIND are
     * left out: nothing depends on them, and there may be many.
     *
     * @return by consumer and stream; nothing where nothing is known
     */
    static Uni<Map<String, Map<UUID, Standing>>> standings(
            SqlClient connection, List<ConsumerRows> consumers, UUID[] streams) {
        Uni<Map<String, Map<UUID, Standing>>> read = connection
                .preparedQuery("""
                select consumer, stream_id, version, event_id, recent, null::text as reason from applied \
                where consumer = any ($1) and stream_id = any ($2)
                union all
                select consumer, stream_id, version, event_id, null, \
                case when settled_at is null then reason else 'DISCARDED' end \
                from parked_event where consumer = any ($1) and stream_id = any ($2) \
                and (settled_at is null and reason not in ('BEHIND', 'CONFLICT') or settlement = 'DISCARDED')""")
                .execute(Tuple.of(consumers.stream().map(ConsumerRows::consumer).toArray(String[]::new), streams))
                .map(rows -> {
                    Map<String, Map<UUID, Standing>> all = new HashMap<>();
                    // The positions come first.
                    for (Row row : rows) {
                        Map<UUID, Standing> standings =
                                all.computeIfAbsent(row.getString("consumer"), none -> new HashMap<>());
                        UUID stream = row.getUUID("stream_id");
                        long version = row.getLong("version");
                        UUID id = row.getUUID("event_id");
                        String reason = row.getString("reason");
                        if (reason == null) {
                            standings.put(
                                    stream,
                                    standing(new AppliedUpTo(
                                            version, id, row.getBuffer("recent").getBytes())));
                            continue;
                        }
                        Standing standing = standings.computeIfAbsent(stream, none -> standing(AppliedUpTo.START));
                        if (reason.equals("DISCARDED")) {
                            standing.discarded().add(id);
                        } else if (version > standing.applied().version()) {
                            if (reason.equals(Reason.GAP.name())) {
                                standing.gaps().put(version, id);
                            } else {
                                standing.heads().add(id);
                            }
                        }
                    }
                    return all;
                });
        Long[] locks = consumers.stream()
                .filter(ConsumerRows::live)
                .map(of -> lockKey(of.consumer()))
                .toArray(Long[]::new);
        return locks.length == 0 ? read : held(connection, locks, read);
    }

    /**
     * Sent at once, and done one after the other: what is read is what whoever held the lock has left. A single statement
     * would have seen what was before.
     */
    private static <T> Uni<T> held(SqlClient connection, Long[] locks, Uni<T> work) {
        Uni<Void> lock = connection
                .preparedQuery("select pg_advisory_xact_lock_shared(key) from unnest($1::bigint[]) as key")
                .execute(Tuple.of(locks))
                .replaceWithVoid();
        return Uni.combine().all().unis(lock, work).with((held, done) -> done);
    }

    private static Standing standing(AppliedUpTo applied) {
        return new Standing(applied, new HashSet<>(), new HashMap<>(), new HashSet<>());
    }

    /** Those of these streams that wait for an earlier one, oldest version first. */
    Uni<Map<UUID, List<Incoming>>> gaps(SqlClient connection, Collection<UUID> streams) {
        return connection
                .preparedQuery(
                        "select stream_id, topic, kafka_partition, kafka_offset, key_bytes, headers, data from parked_event"
                                + " where consumer = $1 and stream_id = any ($2) and reason = 'GAP' and settled_at is null"
                                + " order by version, id")
                .execute(Tuple.of(consumer, streams.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, List<Incoming>> gaps = new HashMap<>();
                    rows.forEach(row -> gaps.computeIfAbsent(row.getUUID("stream_id"), id -> new ArrayList<>())
                            .add(incoming(row)));
                    return gaps;
                });
    }

    /**
     * Moves each stream of each consumer from where it was read to be. The guard of all: of two instances that apply the same
     * events, the second waits here until the first has committed, and fails with {@link Contended} before it has touched any
     * view.
     */
    static Uni<Void> advance(SqlConnection transaction, Map<String, Map<UUID, Move>> moves) {
        int size = moves.values().stream().mapToInt(Map::size).sum();
        if (size == 0) {
            return Uni.createFrom().voidItem();
        }
        String[] consumers = new String[size];
        UUID[] streams = new UUID[size];
        Integer[] moved = new Integer[size];
        Long[] to = new Long[size];
        UUID[] eventIds = new UUID[size];
        Buffer[] recent = new Buffer[size];
        int i = 0;
        // In the order of names and ids, so that two instances never wait for each other in a circle.
        for (Map.Entry<String, Map<UUID, Move>> ofConsumer : new TreeMap<>(moves).entrySet()) {
            for (Map.Entry<UUID, Move> move : new TreeMap<>(ofConsumer.getValue()).entrySet()) {
                AppliedUpTo target = move.getValue().to();
                consumers[i] = ofConsumer.getKey();
                streams[i] = move.getKey();
                moved[i] = Math.toIntExact(
                        target.version() - move.getValue().from().version());
                to[i] = target.version();
                eventIds[i] = target.eventId();
                recent[i] = Buffer.buffer(target.recent());
                i++;
            }
        }
        // No join: each row is found by its key, whatever the planner knows of a table that was empty a moment ago.
        return transaction
                .preparedQuery("""
                insert into applied as a (consumer, stream_id, version, moved, event_id, recent)
                select * from unnest($1::text[], $2::uuid[], $3::bigint[], $4::int[], $5::uuid[], $6::bytea[])
                on conflict (consumer, stream_id) do update set version = excluded.version, moved = excluded.moved,
                event_id = excluded.event_id, recent = excluded.recent
                where a.version = excluded.version - excluded.moved""")
                .execute(Tuple.of(consumers, streams, to, moved, eventIds, recent))
                .map(result -> {
                    if (result.rowCount() != size) {
                        throw new Contended();
                    }
                    return null;
                });
    }

    /** Forgets that these waited: they are applied now. */
    Uni<Void> forgetGaps(SqlClient connection, Map<UUID, Long> upTo) {
        UUID[] streams = upTo.keySet().toArray(UUID[]::new);
        Long[] versions = Arrays.stream(streams).map(upTo::get).toArray(Long[]::new);
        return connection
                .preparedQuery("""
                delete from parked_event p using unnest($2::uuid[], $3::bigint[]) as n(stream_id, version)
                where p.consumer = $1 and p.stream_id = n.stream_id and p.version <= n.version and p.reason = 'GAP'
                and p.settled_at is null""")
                .execute(Tuple.of(consumer, streams, versions))
                .replaceWithVoid();
    }

    /**
     * Parks them, each once; what waited as a GAP is parked for its new reason. What was applied in the meantime is not
     * parked.
     */
    Uni<Void> park(SqlClient connection, List<Parking> parkings) {
        Map<Object, Parking> ofStreams = new LinkedHashMap<>();
        List<Parking> ofNone = new ArrayList<>();
        for (Parking parking : parkings) {
            if (parking.event().header() == null) {
                ofNone.add(parking);
            } else {
                ofStreams.put(
                        List.of(
                                parking.event().streamId(),
                                parking.event().version(),
                                parking.event().id()),
                        parking);
            }
        }
        return park(connection, new ArrayList<>(ofStreams.values()), """
                where p.reason = 'CONFLICT' or not exists (
                  select from applied a where a.consumer = $1 and a.stream_id = p.stream_id and a.version >= p.version)
                on conflict (consumer, stream_id, version, event_id) where settled_at is null and event_id is not null
                do update set reason = excluded.reason, detail = excluded.detail
                where parked_event.reason = 'GAP' and excluded.reason <> 'GAP'""")
                .chain(() -> park(connection, ofNone, "on conflict do nothing"));
    }

    private Uni<Void> park(SqlClient connection, List<Parking> parkings, String unless) {
        if (parkings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery("""
                insert into parked_event (consumer, stream_id, version, event_id, type, reason, detail, topic, \
                kafka_partition, kafka_offset, headers, key_bytes, data)
                select $1, p.stream_id, p.version, p.event_id, p.type, p.reason, p.detail, p.topic, p.kafka_partition, \
                p.kafka_offset, p.headers::jsonb, p.key_bytes, p.data
                from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], \
                $9::int[], $10::bigint[], $11::text[], $12::bytea[], $13::bytea[]) as p(stream_id, version, event_id, type, \
                reason, detail, topic, kafka_partition, kafka_offset, headers, key_bytes, data)
                """ + unless)
                .execute(Tuple.from(Arrays.asList(
                        consumer,
                        column(
                                parkings,
                                UUID[]::new,
                                p -> p.event().header() == null
                                        ? null
                                        : p.event().streamId()),
                        column(
                                parkings,
                                Long[]::new,
                                p -> p.event().header() == null
                                        ? null
                                        : p.event().version()),
                        column(
                                parkings,
                                UUID[]::new,
                                p -> p.event().header() == null
                                        ? null
                                        : p.event().id()),
                        column(
                                parkings,
                                String[]::new,
                                p -> p.event().header() == null
                                        ? null
                                        : Incoming.storable(
                                                p.event().headerOrThrow().type())),
                        column(parkings, String[]::new, p -> p.reason().name()),
                        column(parkings, String[]::new, p -> p.detail() == null ? null : Incoming.storable(p.detail())),
                        column(parkings, String[]::new, p -> p.event().topic()),
                        column(parkings, Integer[]::new, p -> p.event().partition()),
                        column(parkings, Long[]::new, p -> p.event().offset()),
                        column(parkings, String[]::new, p -> {
                            JsonObject headers = new JsonObject();
                            p.event().headerTexts().forEach(headers::put);
                            return headers.encode();
                        }),
                        column(
                                parkings,
                                Buffer[]::new,
                                p -> p.event().key() == null
                                        ? null
                                        : Buffer.buffer(p.event().key())),
                        column(
                                parkings,
                                Buffer[]::new,
                                p -> Buffer.buffer(p.event().data())))))
                .replaceWithVoid();
    }

    private static <T> T[] column(
            List<Parking> parkings, java.util.function.IntFunction<T[]> array, Function<Parking, @Nullable T> value) {
        return parkings.stream().map(value).toArray(array);
    }

    Uni<Void> noteRebuildNeeded(SqlClient connection, Set<String> types) {
        return connection
                .preparedQuery(
                        "insert into projection_note (consumer, rebuild_needed, unknown_type) values ($1, true, $2)"
                                + " on conflict (consumer) do update set rebuild_needed = true,"
                                + " unknown_type = excluded.unknown_type, noted_at = now()")
                .execute(Tuple.of(consumer, String.join(", ", types)))
                .replaceWithVoid();
    }

    /**
     * Notes what was decided. What stands behind it is a GAP from now on: whoever applies the stream next fills it.
     *
     * @return whether it was still open
     */
    static Uni<Boolean> settle(
            SqlClient connection, long id, ParkedEvent.Outcome outcome, String by, @Nullable String reason) {
        return connection
                .preparedQuery("""
                with settled as (
                  update parked_event set settlement = $2, settled_at = now(), settled_by = $3, settled_reason = $4
                  where id = $1 and settled_at is null returning consumer, stream_id, reason
                ), freed as (
                  update parked_event p set reason = 'GAP', detail = 'stood behind an event that is settled' from settled s
                  where s.reason not in ('CONFLICT', 'UNATTRIBUTABLE') and p.consumer = s.consumer
                  and p.stream_id = s.stream_id and p.reason = 'BEHIND' and p.settled_at is null
                ) select count(*) from settled""")
                .execute(Tuple.of(id, outcome.name(), by, reason == null ? null : Incoming.storable(reason)))
                .map(rows -> rows.iterator().next().getLong(0) == 1);
    }

    /** Notes that it was tried again in vain, and what was wrong this time. */
    static Uni<Void> noteFailure(SqlClient connection, long id, Reason reason, @Nullable String detail) {
        return connection
                .preparedQuery("update parked_event set reason = $2, detail = $3 where id = $1 and settled_at is null")
                .execute(Tuple.of(id, reason.name(), detail == null ? null : Incoming.storable(detail)))
                .replaceWithVoid();
    }

    static Uni<Optional<Row>> parked(SqlClient connection, long id) {
        return connection
                .preparedQuery("select * from parked_event where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next()));
    }

    /** The record that a row of {@code parked_event} keeps. */
    static Incoming incoming(Row row) {
        RecordHeaders headers = new RecordHeaders();
        row.getJsonObject("headers")
                .forEach(header -> headers.add(
                        header.getKey(), header.getValue().toString().getBytes(StandardCharsets.UTF_8)));
        var key = row.getBuffer("key_bytes");
        return Incoming.of(
                row.getString("topic"),
                row.getInteger("kafka_partition"),
                row.getLong("kafka_offset"),
                key == null ? null : key.getBytes(),
                headers,
                row.getBuffer("data").getBytes());
    }
}
