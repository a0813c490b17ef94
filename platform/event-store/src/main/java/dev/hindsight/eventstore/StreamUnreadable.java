package dev.hindsight.eventstore;

import java.util.UUID;

/**
 * The stream holds an event that this version of the code does not know, so nothing may be decided on it; answered as 503
 * until this instance is updated.
 */
public final class StreamUnreadable extends RuntimeException {

    public StreamUnreadable(UUID streamId, String type) {
        super(
                "stream " + streamId + " holds an event of type " + type + ", written by a newer version",
                null,
                false,
                false);
    }
}
