package dev.hindsight.eventstore;

import dev.hindsight.eventstore.EventStore.StoredEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Computes a stream's chain of hashes anew, a piece at a time however long it is, and says where it is broken first. */
@ApplicationScoped
public class StreamVerification {

    private static final int PIECE = 500;

    private final EventStore store;
    private final Pool pool;

    StreamVerification(EventStore store, Pool pool) {
        this.store = store;
        this.pool = pool;
    }

    /** What is wrong with a link. */
    public enum Fault {
        /** The event is not there, though a later one is, or though it was published. */
        MISSING,
        /** The event, or one before it together with its hash, is not as it was recorded. */
        CHANGED
    }

    /**
     * The first link that does not hold; nothing can be said of what comes after it.
     *
     * @param expected what the hash has to be, given the hash before it; null where the event is missing
     * @param found the hash that is stored; null where the event is missing
     */
    public record Broken(long version, Fault fault, byte @Nullable [] expected, byte @Nullable [] found) {}

    /**
     * What came out.
     *
     * @param events how many there are; up to the fault where there is one
     * @param firstBroken null where every link holds
     * @param head the hash of the newest event
     */
    public record Verified(
            UUID streamId,
            UUID keyId,
            long events,
            @Nullable Broken firstBroken,
            byte[] head) {

        public boolean isIntact() {
            return firstBroken == null;
        }
    }

    /** Null where there is no such stream. */
    public Uni<@Nullable Verified> verify(UUID streamId) {
        return from(streamId, 0, HashChain.start(), streamId);
    }

    private Uni<@Nullable Verified> from(UUID streamId, long version, byte[] hash, UUID keyId) {
        return store.read(streamId, version, PIECE).chain(events -> {
            long last = version;
            byte[] chain = hash;
            UUID key = keyId;
            for (StoredEvent event : events) {
                long expected = last + 1;
                key = event.keyId();
                if (event.header().sequence() != expected) {
                    return Uni.createFrom()
                            .item(new Verified(
                                    streamId, key, last, new Broken(expected, Fault.MISSING, null, null), chain));
                }
                byte[] computed = HashChain.next(chain, event.header(), event.keyId(), event.data());
                if (!Arrays.equals(computed, event.hash())) {
                    return Uni.createFrom()
                            .item(new Verified(
                                    streamId,
                                    key,
                                    last,
                                    new Broken(expected, Fault.CHANGED, computed, event.hash()),
                                    chain));
                }
                chain = event.hash();
                last = expected;
            }
            return events.size() == PIECE ? from(streamId, last, chain, key) : end(streamId, key, last, chain);
        });
    }

    /** The newest events can be missing without breaking any link; but what was published was there. */
    private Uni<@Nullable Verified> end(UUID streamId, UUID keyId, long version, byte[] chain) {
        return pool.preparedQuery("select max(version) from published where stream_id = $1")
                .execute(Tuple.of(streamId))
                .chain(rows -> {
                    Long published = rows.iterator().next().getLong(0);
                    if (published == null && version == 0) {
                        return Uni.createFrom().nullItem();
                    }
                    if (published == null || published <= version) {
                        return Uni.createFrom().item(new Verified(streamId, keyId, version, null, chain));
                    }
                    // Appended and published while this was reading, or not there any more.
                    return store.read(streamId, version, 1)
                            .chain(later -> later.isEmpty()
                                    ? Uni.createFrom()
                                            .item(new Verified(
                                                    streamId,
                                                    keyId,
                                                    version,
                                                    new Broken(version + 1, Fault.MISSING, null, null),
                                                    chain))
                                    : from(streamId, version, chain, keyId));
                });
    }
}
