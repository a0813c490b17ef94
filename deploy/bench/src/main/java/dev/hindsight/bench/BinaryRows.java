package dev.hindsight.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows on their way into a table as PostgreSQL's binary COPY has them; they are there when {@link #end} has returned. */
final class BinaryRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int SENT_AT = 1 << 20;
    /** PostgreSQL counts from 2000-01-01, in microseconds. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private final CopyIn copy;
    private byte[] bytes = new byte[SENT_AT + (1 << 16)];
    private int size;

    /** @param columns in the order in which each row's values are given */
    BinaryRows(Connection connection, String table, String... columns) throws SQLException {
        this.copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy %s (%s) from stdin (format binary)".formatted(table, String.join(", ", columns)));
        System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
        // No flags, no extension.
        size = SIGNATURE.length + 8;
    }

    /** Begins the next row. */
    BinaryRows row(int columns) throws SQLException {
        if (size > SENT_AT) {
            send();
        }
        room(2);
        bytes[size++] = (byte) (columns >> 8);
        bytes[size++] = (byte) columns;
        return this;
    }

    BinaryRows add(@Nullable UUID value) {
        if (value == null) {
            return none();
        }
        putInt(16);
        putLong(value.getMostSignificantBits());
        return putLong(value.getLeastSignificantBits());
    }

    BinaryRows add(long value) {
        putInt(8);
        return putLong(value);
    }

    BinaryRows add(int value) {
        putInt(4);
        return putInt(value);
    }

    BinaryRows add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    BinaryRows add(byte[] value) {
        putInt(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** In microseconds; what is finer is cut off. */
    BinaryRows add(Instant value) {
        return add((value.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1_000);
    }

    BinaryRows none() {
        return putInt(-1);
    }

    void end() throws SQLException {
        room(2);
        bytes[size++] = (byte) 0xff;
        bytes[size++] = (byte) 0xff;
        send();
        copy.endCopy();
    }

    /** Nothing of it stays, unless it was ended. */
    void giveUp() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void send() throws SQLException {
        copy.writeToCopy(bytes, 0, size);
        size = 0;
    }

    private BinaryRows putInt(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >> shift);
        }
        return this;
    }

    private BinaryRows putLong(long value) {
        putInt((int) (value >> 32));
        return putInt((int) value);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
