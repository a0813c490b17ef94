package dev.hindsight.eventstore;

import dev.hindsight.contract.EventHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Each event's hash covers the hash of the stream's previous event, so that history cannot be changed in the middle without
 * changing every hash after it: {@code SHA-256(previous hash ‖ digest ‖ recordedAt)}, where the first event's previous hash
 * is 32 zero bytes, and the digest is SHA-256 over every attribute of the event, its Kafka key and its data. The database
 * computes the hash while it appends, as {@code recordedAt} is its own clock's (function {@code hash_chain} of the
 * migration); the digest is computed here.
 *
 * <p>Not protected against: somebody who can write to the database and computes all hashes anew from some event on. Who
 * keeps a stream's newest hash elsewhere, or has the events from Kafka, can tell.
 */
public final class HashChain {

    private static final byte[] NONE = new byte[32];

    private HashChain() {}

    /** What the first event of a stream is chained to. */
    public static byte[] start() {
        return NONE.clone();
    }

    /** The hash of an event. */
    public static byte[] next(byte[] previous, EventHeader header, UUID keyId, byte[] data) {
        MessageDigest sha256 = sha256();
        sha256.update(previous);
        sha256.update(digest(
                header.streamId(),
                header.sequence(),
                header.id(),
                keyId,
                header.type(),
                header.occurredAt(),
                header.sourceOrder(),
                header.actor(),
                header.source(),
                header.deliveryId(),
                header.traceparent(),
                data));
        return sha256.digest(
                ByteBuffer.allocate(8).putLong(micros(header.recordedAt())).array());
    }

    /** What is known of an event before it is recorded. */
    static byte[] digest(
            UUID streamId,
            long version,
            UUID id,
            UUID keyId,
            String type,
            Instant occurredAt,
            int sourceOrder,
            String actor,
            String source,
            @Nullable UUID deliveryId,
            @Nullable String traceparent,
            byte[] data) {
        MessageDigest sha256 = sha256();
        ByteBuffer fixed = ByteBuffer.allocate(85);
        put(fixed, streamId);
        fixed.putLong(version);
        put(fixed, id);
        put(fixed, keyId);
        fixed.putLong(micros(occurredAt));
        fixed.putInt(sourceOrder);
        fixed.put((byte) (deliveryId == null ? 0 : 1));
        put(fixed, deliveryId == null ? new UUID(0, 0) : deliveryId);
        sha256.update(fixed.array());
        // Lengths, so that no text can pass for the end of the one before.
        for (String text : new String[] {type, actor, source, traceparent == null ? "" : traceparent}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            sha256.update(bytes);
        }
        return sha256.digest(data);
    }

    private static void put(ByteBuffer buffer, UUID id) {
        buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
