package dev.hindsight.eventstore.rebuild;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.HashChain;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.rebuild.OwnView.Step;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.eventstore.wire.EventCodec.Undecodable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads whole streams out of the event store, one after the other, as the server's binary COPY has them: the cheapest way,
 * and one snapshot however long it takes.
 */
final class StoreReading<S, E extends DomainEvent> {

    /** Signature, flags and length of the extension, before the first row. */
    private static final int HEADER = 19;

    private static final int END = -1;
    /** PostgreSQL counts from 2000-01-01, in microseconds. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private static final String SELECT = """
            copy (select stream_id, version, id, type, occurred_at, source_order, recorded_at, actor, source, delivery_id,
                         traceparent, data
                  from event %s order by stream_id, version) to stdout (format binary)""";

    /** What is done with a stream. */
    interface Sink<S> {
        /** All steps of a stream, oldest first; the list is used again afterwards. */
        void stream(UUID streamId, List<Step<S>> steps) throws SQLException, InterruptedException;

        /** Called for each event, of whatever stream. */
        void read() throws SQLException;
    }

    private final Decider<S, E> decider;
    private final Sink<S> sink;

    private final List<Step<S>> steps = new ArrayList<>();
    private @Nullable UUID current;
    private @Nullable String unknown;
    private S state;

    StoreReading(Decider<S, E> decider, Sink<S> sink) {
        this.decider = decider;
        this.sink = sink;
        this.state = decider.initial();
    }

    /** Every stream of the vocabulary. */
    void all(Connection connection) throws SQLException, InterruptedException {
        read(connection, SELECT.formatted(""));
    }

    /** Those of these streams that are of the vocabulary, from their beginning. */
    void some(Connection connection, Collection<UUID> streams) throws SQLException, InterruptedException {
        read(
                connection,
                SELECT.formatted(streams.stream()
                        .map(UUID::toString)
                        .collect(Collectors.joining("','", "where stream_id in ('", "')"))));
    }

    private void read(Connection connection, String sql) throws SQLException, InterruptedException {
        current = null;
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            boolean first = true;
            byte[] message = copy.readFromCopy();
            while (message != null) {
                ByteBuffer row = ByteBuffer.wrap(message);
                if (first) {
                    row.position(HEADER);
                    first = false;
                }
                if (row.hasRemaining() && row.getShort() != END) {
                    event(row);
                }
                message = copy.readFromCopy();
            }
            flush();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void event(ByteBuffer row) throws SQLException, InterruptedException {
        UUID streamId = uuid(row);
        if (!streamId.equals(current)) {
            flush();
            current = streamId;
            unknown = null;
            state = decider.initial();
        }
        sink.read();
        row.getInt();
        long version = row.getLong();
        UUID id = uuid(row);
        String type = text(row);
        Optional<Class<? extends DomainEvent>> record = Vocabulary.recordOf(type);
        if (record.isEmpty()) {
            unknown = type;
        } else if (decider.vocabulary().isAssignableFrom(record.get())) {
            Instant occurredAt = instant(row);
            row.getInt();
            int sourceOrder = row.getInt();
            Instant recordedAt = instant(row);
            EventHeader header = new EventHeader(
                    id,
                    type,
                    streamId,
                    version,
                    occurredAt,
                    sourceOrder,
                    recordedAt,
                    text(row),
                    text(row),
                    nullableUuid(row),
                    nullableText(row));
            DomainEvent event = decoded(header, bytes(row));
            state = decider.evolve(
                    state, new Recorded<>(header, decider.vocabulary().cast(event)));
            steps.add(new Step<>(header, new Loaded<>(streamId, state, version, recordedAt, HashChain.start())));
        }
    }

    private static DomainEvent decoded(EventHeader header, byte[] data) {
        try {
            return EventCodec.decode(header.type(), data);
        } catch (Undecodable e) {
            throw new RebuildFailed("Version %d of stream %s cannot be read: %s."
                    .formatted(header.sequence(), header.streamId(), e.getMessage()));
        }
    }

    private void flush() throws SQLException, InterruptedException {
        if (current != null && !steps.isEmpty()) {
            if (unknown != null) {
                throw new RebuildFailed("Stream " + current + " holds an event of type " + unknown
                        + ", which this version of Hindsight does not know; update this instance first.");
            }
            sink.stream(current, steps);
            steps.clear();
        }
    }

    private static UUID uuid(ByteBuffer row) {
        row.getInt();
        return new UUID(row.getLong(), row.getLong());
    }

    private static @Nullable UUID nullableUuid(ByteBuffer row) {
        return row.getInt() < 0 ? null : new UUID(row.getLong(), row.getLong());
    }

    private static String text(ByteBuffer row) {
        return new String(bytes(row), StandardCharsets.UTF_8);
    }

    private static @Nullable String nullableText(ByteBuffer row) {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        row.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer row) {
        byte[] bytes = new byte[row.getInt()];
        row.get(bytes);
        return bytes;
    }

    private static Instant instant(ByteBuffer row) {
        row.getInt();
        long micros = row.getLong();
        return Instant.ofEpochSecond(
                EPOCH_SECONDS + Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    }
}
