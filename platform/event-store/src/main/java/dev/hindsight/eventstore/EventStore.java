package dev.hindsight.eventstore;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.relay.Relay;
import dev.hindsight.eventstore.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and appends streams. An append is one SQL statement and so one transaction: event rows, outbox rows, own view,
 * idempotency key or webhook delivery, or nothing at all. Two writers of one version meet at the primary key.
 *
 * <p>Under load, appends of several commands share a statement, see {@link SharedStatements}: each has its own outcome.
 */
@ApplicationScoped
public class EventStore {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$(\\d+)");
    private static final String COLUMNS =
            "version, id, key_id, type, occurred_at, source_order, recorded_at, actor, source, delivery_id, traceparent, data, hash";

    /** Base parameters of the append: see {@link #append}. */
    private static final int EVENT_PARAMETERS = 16;

    /** As {@link HashChain} has it: 64-bit microseconds since 1970, big-endian. */
    private static final String MICROS = "int8send((extract(epoch from %s) * 1000000)::bigint)";

    private static final String APPEND_EVENTS = """
            with n as (
              select *, greatest(statement_timestamp(), previous + interval '1 microsecond') \
            + step * interval '1 microsecond' as recorded_at
              from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::int[], \
            $8::timestamptz[], $9::int[], $10::bytea[], $11::bytea[], $12::bytea[], $13::text[], $14::text[], $15::text[], \
            $16::uuid[])
                as n(stream_id, version, id, key_id, type, occurred_at, source_order, previous, step, data, previous_hash, \
            digest, traceparent, actor, source, delivery_id)
            ), e as (
              insert into event (stream_id, version, id, key_id, type, occurred_at, source_order, recorded_at, actor, source, \
            delivery_id, traceparent, data, hash)
              select stream_id, version, id, key_id, type, occurred_at, source_order, recorded_at, actor, source, \
            delivery_id, traceparent, data,
                     hash_chain(previous_hash, digest || MICROS) over (partition by stream_id order by version)
              from n
              returning stream_id, version, recorded_at, hash
            ), o as (
              insert into outbox (stream_id, version) select stream_id, version from e order by stream_id, version
            )""".replace("MICROS", MICROS.formatted("recorded_at"));

    private static final String BEGIN_STREAMS = """
            insert into event (stream_id, version, id, key_id, type, occurred_at, source_order, recorded_at, actor, source, \
            delivery_id, traceparent, data, hash)
            select n.stream_id, 1, n.id, n.stream_id, n.type, $6, 0, statement_timestamp(), $7, $8, $9, $10, n.data,
                   sha256(decode(repeat('00', 32), 'hex') || n.digest || MICROS)
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[]) as n(stream_id, id, type, data, digest)
            order by n.stream_id
            on conflict (stream_id, version) do nothing
            returning stream_id, version""".replace("MICROS", MICROS.formatted("statement_timestamp()"));

    private final Pool pool;
    private final Relay relay;
    private final SharedStatements shared;
    private final Map<List<String>, String> statements = new ConcurrentHashMap<>();

    public EventStore(Pool pool, Relay relay, EventStoreConfig config) {
        this.pool = pool;
        this.relay = relay;
        this.shared = new SharedStatements(pool, config.appendsAtOnce());
    }

    /**
     * New events of one stream.
     *
     * @param keyId the Kafka key: the incident, or the stream itself
     * @param after the state of the stream that they were decided on
     */
    public record StreamAppend(UUID streamId, UUID keyId, Loaded<?> after, List<NewEvent> events) {}

    /** What one command appends. */
    record Append(CommandContext context, List<StreamAppend> streams, List<StatementPart> parts) {}

    /** What became of an append: when the newest event of each stream was recorded, and its hash. */
    public record Appended(Map<UUID, Instant> recordedAt, Map<UUID, byte[]> hashes) {}

    /** Somebody else appended first. */
    public static final class VersionConflict extends RuntimeException {
        VersionConflict() {
            super("version conflict", null, false, false);
        }
    }

    /** A unique constraint of a {@link StatementPart} says that this was done before. */
    public static final class AlreadyDone extends RuntimeException {
        private final String constraint;

        AlreadyDone(String constraint) {
            super(constraint, null, false, false);
            this.constraint = constraint;
        }

        public String constraint() {
            return constraint;
        }
    }

    /** The stream, folded; version 0 where there is none. */
    public <S, E extends DomainEvent> Uni<Loaded<S>> load(UUID streamId, Decider<S, E> decider) {
        return pool.preparedQuery("select " + COLUMNS + " from event where stream_id = $1 order by version")
                .execute(Tuple.of(streamId))
                .map(rows -> fold(nothing(streamId, decider), decider, rows));
    }

    /** The same for several streams, by one query. */
    public <S, E extends DomainEvent> Uni<Map<UUID, Loaded<S>>> load(Set<UUID> streamIds, Decider<S, E> decider) {
        return pool.preparedQuery("select stream_id, " + COLUMNS
                        + " from event where stream_id = any ($1::uuid[]) order by stream_id, version")
                .execute(Tuple.of(streamIds.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, Loaded<S>> streams = new LinkedHashMap<>();
                    streamIds.forEach(id -> streams.put(id, nothing(id, decider)));
                    rows.forEach(row -> streams.computeIfPresent(
                            row.getUUID("stream_id"), (id, stream) -> with(stream, stored(id, row), decider)));
                    return streams;
                });
    }

    /**
     * The stream as the store has it now, of which a beginning is known: no more is read than what was recorded since, so that
     * looking again costs the same however long a stream is. Where its last known event is not there as it was, as after a
     * restore of the database, all of it is read.
     */
    public <S, E extends DomainEvent> Uni<Loaded<S>> reload(Loaded<S> known, Decider<S, E> decider) {
        UUID streamId = known.streamId();
        return known.exists()
                ? pool.preparedQuery("select " + COLUMNS
                                + " from event where stream_id = $1 and version >= $2 order by version")
                        .execute(Tuple.of(streamId, known.version()))
                        .chain(rows -> continues(known, rows)
                                ? Uni.createFrom().item(fold(known, decider, rows))
                                : load(streamId, decider))
                : load(streamId, decider);
    }

    private static <S> boolean continues(Loaded<S> known, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return false;
        }
        Row last = rows.iterator().next();
        return last.getLong("version") == known.version() && Arrays.equals(bytes(last, "hash"), known.hash());
    }

    /**
     * The stream as it was known at that moment: folded from what was recorded by then. A stream's events are recorded one
     * after the other, so this is its beginning, whole.
     */
    public <S, E extends DomainEvent> Uni<Loaded<S>> loadAsOf(UUID streamId, Decider<S, E> decider, Instant asOf) {
        return pool.preparedQuery(
                        "select " + COLUMNS + " from event where stream_id = $1 and recorded_at <= $2 order by version")
                .execute(Tuple.of(streamId, asOf.atOffset(ZoneOffset.UTC)))
                .map(rows -> fold(nothing(streamId, decider), decider, rows));
    }

    private static <S> Loaded<S> nothing(UUID streamId, Decider<S, ?> decider) {
        return new Loaded<>(streamId, decider.initial(), 0, Instant.EPOCH, HashChain.start());
    }

    /** What is known already is passed over. */
    private static <S, E extends DomainEvent> Loaded<S> fold(Loaded<S> known, Decider<S, E> decider, RowSet<Row> rows) {
        Loaded<S> stream = known;
        for (Row row : rows) {
            StoredEvent stored = stored(known.streamId(), row);
            if (stored.header().sequence() > stream.version()) {
                stream = with(stream, stored, decider);
            }
        }
        return stream;
    }

    private static <S, E extends DomainEvent> Loaded<S> with(
            Loaded<S> stream, StoredEvent stored, Decider<S, E> decider) {
        EventHeader header = stored.header();
        DomainEvent event = EventCodec.decode(header.type(), stored.data());
        if (!decider.vocabulary().isInstance(event)) {
            throw new StreamUnreadable(stream.streamId(), header.type());
        }
        return new Loaded<>(
                stream.streamId(),
                decider.evolve(
                        stream.state(),
                        new Recorded<>(header, decider.vocabulary().cast(event))),
                header.sequence(),
                header.recordedAt(),
                stored.hash());
    }

    /** The raw stream, oldest first, from {@code afterVersion} on. */
    public Uni<List<StoredEvent>> read(UUID streamId, long afterVersion, int limit) {
        return pool.preparedQuery("select " + COLUMNS
                        + " from event where stream_id = $1 and version > $2 order by version limit $3")
                .execute(Tuple.of(streamId, afterVersion, limit))
                .map(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(stored(streamId, row)));
                    return events;
                });
    }

    /**
     * Appends to one or several streams, together with the parts, in one statement. Without any event the parts are
     * written alone.
     *
     * <p>Fails with {@link VersionConflict} or {@link AlreadyDone}; then nothing was written.
     */
    public Uni<Appended> append(CommandContext context, List<StreamAppend> streams, List<StatementPart> parts) {
        return append(List.of(new Append(context, streams, parts)));
    }

    /**
     * Appends what several commands on the same streams decided, each on what those before it leave, in one statement: all of
     * it or nothing.
     */
    Uni<Appended> append(List<Append> commands) {
        List<@Nullable Object> parameters = new ArrayList<>(EVENT_PARAMETERS + 8);
        eventParameters(commands, parameters);
        List<StatementPart> parts =
                StatementPart.together(commands.stream().map(Append::parts).toList());
        boolean shareable = true;
        for (StatementPart part : parts) {
            parameters.addAll(part.parameters());
            shareable &= part.isOfRows();
        }
        List<String> shape = parts.stream()
                .<String>mapMulti((part, texts) -> {
                    texts.accept(part.name());
                    texts.accept(part.sql());
                })
                .toList();
        String sql = statements.computeIfAbsent(shape, EventStore::compose);
        return (shareable
                        ? shared.execute(sql, parameters)
                        : pool.preparedQuery(sql).execute(Tuple.from(parameters)))
                .map(EventStore::appended)
                .onFailure(PgException.class)
                .transform(EventStore::meaning)
                .invoke(relay::wake);
    }

    /** The answer that is kept for a key; empty where the key is new. */
    public Uni<Optional<StoredAnswer>> answerOf(IdempotencyKey key) {
        return pool.preparedQuery("select fingerprint, status, etag, location, position, body from idempotency"
                        + " where subject = $1 and method = $2 and path = $3 and key = $4")
                .execute(Tuple.of(key.subject(), key.method(), key.path(), key.key()))
                .map(rows -> {
                    if (!rows.iterator().hasNext()) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    if (!Arrays.equals(bytes(row, "fingerprint"), key.fingerprint())) {
                        throw new IdempotencyKeyReused(key.key());
                    }
                    return Optional.of(new StoredAnswer(
                            row.getInteger("status"),
                            row.getString("etag"),
                            row.getString("location"),
                            row.getString("position"),
                            bytes(row, "body")));
                });
    }

    /** The write that keeps an answer for its key; the constraint {@code idempotency_key} says that it is kept already. */
    public static StatementPart keep(IdempotencyKey key, StoredAnswer answer) {
        return StatementPart.ofEachRow(
                "idempotency_row",
                "insert into idempotency (subject, method, path, key, fingerprint, status, etag, location, position, body)"
                        + " select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::int[],"
                        + " $7::text[], $8::text[], $9::text[], $10::bytea[])",
                List.of(
                        new String[] {key.subject()},
                        new String[] {key.method()},
                        new String[] {key.path()},
                        new String[] {key.key()},
                        new Buffer[] {Buffer.buffer(key.fingerprint())},
                        new Integer[] {answer.status()},
                        new @Nullable String[] {answer.etag()},
                        new @Nullable String[] {answer.location()},
                        new @Nullable String[] {answer.position()},
                        new Buffer[] {Buffer.buffer(answer.body())}));
    }

    /**
     * The writes that begin streams of one event each, where they do not exist yet: what is learned on the way. The ids
     * are deterministic, so whoever comes second finds it done.
     */
    public static List<StatementPart> begin(Map<UUID, ? extends DomainEvent> streams, CommandContext context) {
        if (streams.isEmpty()) {
            return List.of();
        }
        int size = streams.size();
        UUID[] streamIds = new UUID[size];
        UUID[] ids = new UUID[size];
        String[] types = new String[size];
        Buffer[] data = new Buffer[size];
        Buffer[] digests = new Buffer[size];
        Instant at = context.now().truncatedTo(ChronoUnit.MICROS);
        int i = 0;
        for (Map.Entry<UUID, ? extends DomainEvent> stream : streams.entrySet()) {
            byte[] bytes = EventCodec.encode(stream.getValue());
            streamIds[i] = stream.getKey();
            ids[i] = StreamIds.named(stream.getKey(), "begin");
            types[i] = Vocabulary.wireNameOf(stream.getValue());
            data[i] = Buffer.buffer(bytes);
            digests[i] = Buffer.buffer(HashChain.digest(
                    streamIds[i],
                    1,
                    ids[i],
                    streamIds[i],
                    types[i],
                    at,
                    0,
                    context.actor(),
                    context.source(),
                    context.deliveryId(),
                    context.traceparent(),
                    bytes));
            i++;
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(streamIds);
        parameters.add(ids);
        parameters.add(types);
        parameters.add(data);
        parameters.add(digests);
        parameters.add(at.atOffset(ZoneOffset.UTC));
        parameters.add(context.actor());
        parameters.add(context.source());
        parameters.add(context.deliveryId());
        parameters.add(context.traceparent());
        return List.of(
                new StatementPart("begun", BEGIN_STREAMS, parameters),
                new StatementPart(
                        "begun_outbox",
                        "insert into outbox (stream_id, version) select stream_id, version from begun",
                        List.of()));
    }

    private static void eventParameters(List<Append> commands, List<@Nullable Object> parameters) {
        int size = commands.stream()
                .flatMap(command -> command.streams().stream())
                .mapToInt(stream -> stream.events().size())
                .sum();
        UUID[] streamIds = new UUID[size];
        Long[] versions = new Long[size];
        UUID[] ids = new UUID[size];
        UUID[] keys = new UUID[size];
        String[] types = new String[size];
        OffsetDateTime[] occurredAt = new OffsetDateTime[size];
        Integer[] sourceOrder = new Integer[size];
        OffsetDateTime[] previous = new OffsetDateTime[size];
        Integer[] steps = new Integer[size];
        Buffer[] data = new Buffer[size];
        Buffer[] previousHashes = new Buffer[size];
        Buffer[] digests = new Buffer[size];
        @Nullable String[] traceparents = new @Nullable String[size];
        String[] actors = new String[size];
        String[] sources = new String[size];
        @Nullable UUID[] deliveries = new @Nullable UUID[size];
        Map<UUID, Loaded<?>> stored = new HashMap<>();
        int i = 0;
        for (Append command : commands) {
            CommandContext context = command.context();
            for (StreamAppend stream : command.streams()) {
                // What an earlier one of the commands appends is not stored yet: all are chained to what is.
                Loaded<?> last = Objects.requireNonNullElse(
                        stored.putIfAbsent(stream.streamId(), stream.after()), stream.after());
                long version = stream.after().version();
                for (NewEvent event : stream.events()) {
                    Instant at = event.occurredAt().truncatedTo(ChronoUnit.MICROS);
                    byte[] bytes = EventCodec.encode(event.event());
                    String type = Vocabulary.wireNameOf(event.event());
                    version++;
                    streamIds[i] = stream.streamId();
                    versions[i] = version;
                    ids[i] = event.id();
                    keys[i] = stream.keyId();
                    types[i] = type;
                    occurredAt[i] = at.atOffset(ZoneOffset.UTC);
                    sourceOrder[i] = event.sourceOrder();
                    traceparents[i] = context.traceparent();
                    actors[i] = event.actorOf(context);
                    sources[i] = context.source();
                    deliveries[i] = context.deliveryId();
                    previous[i] = last.lastRecordedAt().atOffset(ZoneOffset.UTC);
                    steps[i] = Math.toIntExact(version - last.version() - 1);
                    data[i] = Buffer.buffer(bytes);
                    previousHashes[i] = Buffer.buffer(last.hash());
                    digests[i] = Buffer.buffer(HashChain.digest(
                            stream.streamId(),
                            version,
                            event.id(),
                            stream.keyId(),
                            type,
                            at,
                            event.sourceOrder(),
                            actors[i],
                            context.source(),
                            context.deliveryId(),
                            context.traceparent(),
                            bytes));
                    i++;
                }
            }
        }
        parameters.add(streamIds);
        parameters.add(versions);
        parameters.add(ids);
        parameters.add(keys);
        parameters.add(types);
        parameters.add(occurredAt);
        parameters.add(sourceOrder);
        parameters.add(previous);
        parameters.add(steps);
        parameters.add(data);
        parameters.add(previousHashes);
        parameters.add(digests);
        parameters.add(traceparents);
        parameters.add(actors);
        parameters.add(sources);
        parameters.add(deliveries);
    }

    /** The append with its parts: each part's placeholders are moved behind those before it. */
    private static String compose(List<String> shape) {
        StringBuilder sql = new StringBuilder(APPEND_EVENTS);
        int used = EVENT_PARAMETERS;
        for (int i = 0; i < shape.size(); i += 2) {
            int base = used;
            Matcher placeholders = PLACEHOLDER.matcher(shape.get(i + 1));
            String moved = placeholders.replaceAll(match -> "\\$" + (base + Integer.parseInt(match.group(1))));
            used += PLACEHOLDER
                    .matcher(shape.get(i + 1))
                    .results()
                    .map(match -> Integer.parseInt(match.group(1)))
                    .max(Integer::compare)
                    .orElse(0);
            sql.append(", ").append(shape.get(i)).append(" as (").append(moved).append(')');
        }
        return sql.append(
                        " select distinct on (stream_id) stream_id, recorded_at, hash from e order by stream_id, version desc")
                .toString();
    }

    private static Appended appended(RowSet<Row> rows) {
        Map<UUID, Instant> recordedAt = new HashMap<>();
        Map<UUID, byte[]> hashes = new HashMap<>();
        rows.forEach(row -> {
            UUID stream = row.getUUID("stream_id");
            recordedAt.put(stream, row.getOffsetDateTime("recorded_at").toInstant());
            hashes.put(stream, bytes(row, "hash"));
        });
        return new Appended(recordedAt, hashes);
    }

    private static Throwable meaning(Throwable failure) {
        if (failure instanceof PgException pg && "23505".equals(pg.getSqlState())) {
            String constraint = String.valueOf(pg.getConstraint());
            return constraint.equals("event_stream_version") ? new VersionConflict() : new AlreadyDone(constraint);
        }
        return failure;
    }

    /** From a row with all columns of {@code event} but the stream's id. */
    public static StoredEvent stored(UUID streamId, Row row) {
        EventHeader header = new EventHeader(
                row.getUUID("id"),
                row.getString("type"),
                streamId,
                row.getLong("version"),
                row.getOffsetDateTime("occurred_at").toInstant(),
                row.getInteger("source_order"),
                row.getOffsetDateTime("recorded_at").toInstant(),
                row.getString("actor"),
                row.getString("source"),
                row.getUUID("delivery_id"),
                row.getString("traceparent"));
        return new StoredEvent(header, row.getUUID("key_id"), bytes(row, "data"), bytes(row, "hash"));
    }

    private static byte[] bytes(Row row, String column) {
        return row.getBuffer(column).getBytes();
    }

    /**
     * An event as it stands on disk.
     *
     * @param keyId its Kafka key: the incident that it belongs to, or the stream itself
     */
    public record StoredEvent(EventHeader header, UUID keyId, byte[] data, byte[] hash) {}
}
