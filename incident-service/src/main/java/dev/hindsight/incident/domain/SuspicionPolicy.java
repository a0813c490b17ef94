package dev.hindsight.incident.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which deploys are suspected of an incident on the same service: those of production that had begun when it began, and
 * ended, if they had, no longer before than the window. What came after the beginning cannot have caused it.
 *
 * @param window how long after its end a deploy may still show its effect
 */
public record SuspicionPolicy(Duration window) {

    /**
     * @param begunAt when the deploy began to change something; null while it has not
     * @param endedAt null while it goes on; then it counts from its beginning
     * @param began when the incident did, as far as anybody knows
     */
    public boolean suspects(@Nullable Instant begunAt, @Nullable Instant endedAt, Instant began) {
        if (begunAt == null || begunAt.isAfter(began)) {
            return false;
        }
        Instant last = endedAt == null ? begunAt : endedAt;
        return !last.plus(window).isBefore(began);
    }
}
