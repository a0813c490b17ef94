package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.Milestones;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long an incident took, in seconds; each null where a time is missing, or where the later one lies before the
 * earlier one. The first signal is the earliest of first alert, first page, impact, detection and declaration; a
 * reopened incident ends at its last resolution (seeds 000 and 004, "MTTR").
 *
 * @param timeToDetectSeconds impact to detection
 * @param timeToAcknowledgeSeconds declaration, or the first page before it, to the first explicit acknowledgement
 * @param timeToMitigateSeconds detection to mitigation
 * @param timeToRestoreSeconds first signal to last resolution
 */
public record Durations(
        @Nullable Double timeToDetectSeconds,
        @Nullable Double timeToAcknowledgeSeconds,
        @Nullable Double timeToMitigateSeconds,
        @Nullable Double timeToRestoreSeconds) {

    /** The durations that follow from these times. */
    public static Durations of(Milestones milestones, @Nullable Instant firstAlert, @Nullable Instant firstPage) {
        return new Durations(
                seconds(milestones.impactStarted(), milestones.detected()),
                seconds(earliest(milestones.declared(), firstPage), milestones.acknowledged()),
                seconds(milestones.detected(), milestones.mitigated()),
                seconds(firstSignal(milestones, firstAlert, firstPage), milestones.resolved()));
    }

    /** The earliest sign of the incident; null where nothing is known. */
    public static @Nullable Instant firstSignal(
            Milestones milestones, @Nullable Instant firstAlert, @Nullable Instant firstPage) {
        return earliest(
                firstAlert, firstPage, milestones.impactStarted(), milestones.detected(), milestones.declared());
    }

    private static @Nullable Instant earliest(@Nullable Instant... times) {
        return Stream.of(times)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static @Nullable Double seconds(@Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null || to.isBefore(from)) {
            return null;
        }
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
