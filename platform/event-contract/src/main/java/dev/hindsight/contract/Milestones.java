package dev.hindsight.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times of an incident, each null while unknown; all UTC.
 *
 * @param impactStarted when somebody first suffered from it
 * @param detected when a person or a monitor first noticed
 * @param declared when it became an incident
 * @param acknowledged the first explicit acknowledgement
 * @param mitigated when the suffering ended
 * @param resolved the last resolution; null again while reopened
 * @param closed when nothing more is owed; null again while reopened
 */
public record Milestones(
        @Nullable Instant impactStarted,
        @Nullable Instant detected,
        @Nullable Instant declared,
        @Nullable Instant acknowledged,
        @Nullable Instant mitigated,
        @Nullable Instant resolved,
        @Nullable Instant closed) {

    public static final Milestones NONE = new Milestones(null, null, null, null, null, null, null);

    /** The time of one of them; null while unknown. */
    public @Nullable Instant at(Milestone milestone) {
        return switch (milestone) {
            case IMPACT_STARTED -> impactStarted;
            case DETECTED -> detected;
            case DECLARED -> declared;
            case ACKNOWLEDGED -> acknowledged;
            case MITIGATED -> mitigated;
            case RESOLVED -> resolved;
            case CLOSED -> closed;
        };
    }
}
