package dev.hindsight.eventstore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/**
 * Each event's SHA-256 covers the hash of the stream's previous event, so that history cannot be changed in the middle
 * without changing every hash after it. Covered: previous hash (32 zero bytes for the first), stream id, version, id,
 * type, time in UTC microseconds, actor, source, data.
 */
public final class HashChain {

    private static final byte[] NONE = new byte[32];

    private HashChain() {}

    /** What the first event of a stream is chained to. */
    public static byte[] start() {
        return NONE.clone();
    }

    public static byte[] next(
            byte[] previous,
            UUID streamId,
            long version,
            UUID id,
            String type,
            Instant occurredAt,
            String actor,
            String source,
            byte[] data) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(previous);
            sha256.update(ByteBuffer.allocate(48)
                    .putLong(streamId.getMostSignificantBits())
                    .putLong(streamId.getLeastSignificantBits())
                    .putLong(version)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .putLong(occurredAt.getEpochSecond() * 1_000_000 + occurredAt.getNano() / 1_000)
                    .array());
            for (String text : new String[] {type, actor, source}) {
                sha256.update(text.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) 0);
            }
            return sha256.digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
