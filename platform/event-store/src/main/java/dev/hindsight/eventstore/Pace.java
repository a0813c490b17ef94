package dev.hindsight.eventstore;

import java.time.Duration;

/**
 * How far apart rounds of work begin. Many small rounds cost more than few that are larger, so what arrives between two
 * rounds waits for the later one; and the dearer a round is, the longer the pause, so that on a busy machine rounds grow
 * rather than take it all.
 *
 * @param least between two beginnings, however cheap the rounds are
 * @param most between two beginnings that pauses may make; a round that takes longer is followed by the next at once
 */
public record Pace(Duration least, Duration most) {

    /** Work takes one part of so many of the time. */
    private static final int PARTS = 4;

    /**
     * @param took nanoseconds of the newest round
     * @param since nanoseconds since it began
     * @return nanoseconds until the next may begin; none are left where it is not positive
     */
    public long left(long took, long since) {
        return Math.min(Math.max(PARTS * took, least.toNanos()), most.toNanos()) - since;
    }
}
