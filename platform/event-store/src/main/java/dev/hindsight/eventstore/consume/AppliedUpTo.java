package dev.hindsight.eventstore.consume;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer is with one stream, and what it remembers of the way: the newest event's id, and the last four bytes
 * of the ids of the newest {@value #REMEMBERED} versions. With them, another event that comes as one of those versions is
 * told from a redelivery, at 64 bytes a stream; older versions are taken for redelivered.
 *
 * @param recent four bytes an event, oldest first, the newest one's last
 */
record AppliedUpTo(long version, @Nullable UUID eventId, byte[] recent) {

    static final int REMEMBERED = 16;
    static final AppliedUpTo START = new AppliedUpTo(0, null, new byte[0]);

    /** Whether that version is known to have been another event than this one. */
    boolean contradicts(long of, UUID id) {
        if (of == version) {
            return !id.equals(eventId);
        }
        long fromTheEnd = version - of + 1;
        int at = recent.length - (int) Math.min(fromTheEnd * Integer.BYTES, Integer.MAX_VALUE);
        return at >= 0 && ByteBuffer.wrap(recent).getInt(at) != tail(id);
    }

    private static int tail(UUID id) {
        return (int) id.getLeastSignificantBits();
    }

    /** One event further. */
    AppliedUpTo then(UUID id) {
        int kept = Math.min(recent.length, (REMEMBERED - 1) * Integer.BYTES);
        ByteBuffer next = ByteBuffer.allocate(kept + Integer.BYTES)
                .put(recent, recent.length - kept, kept)
                .putInt(tail(id));
        return new AppliedUpTo(version + 1, id, next.array());
    }
}
