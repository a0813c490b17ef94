package dev.hindsight.eventstore;

import java.time.Instant;
import java.util.UUID;

/**
 * A stream folded to its state.
 *
 * @param version 0 for a stream that does not exist yet
 * @param lastRecordedAt of the newest event; {@link Instant#EPOCH} for a new stream
 * @param hash of the newest event, which the next one is chained to
 */
public record Loaded<S>(UUID streamId, S state, long version, Instant lastRecordedAt, byte[] hash) {

    public boolean exists() {
        return version > 0;
    }
}
