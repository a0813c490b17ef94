package dev.hindsight.eventstore.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far it is that everything that was ever published is sent again, because the topic was lost.
 *
 * @param topic the wire name
 * @param running whether events are still to be sent
 * @param sent how many events the broker has again, counted by their positions
 * @param total how many there are to send; null where there never was a republication
 * @param reason why it began; null as above
 * @param startedAt null as above
 * @param endedAt null while it runs, and as above
 */
public record Republication(
        String topic,
        boolean running,
        long sent,
        @Nullable Long total,
        @Nullable String reason,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    /** Positions {@code (to, until]} are to be sent again. */
    record Range(long to, long until) {

        long remaining() {
            return Math.max(0, until - to);
        }
    }
}
