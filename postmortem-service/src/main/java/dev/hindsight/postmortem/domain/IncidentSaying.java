package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.Acknowledged;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.AlertResolved;
import dev.hindsight.contract.IncidentEvent.Canceled;
import dev.hindsight.contract.IncidentEvent.Closed;
import dev.hindsight.contract.IncidentEvent.DecisionRecorded;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.Detected;
import dev.hindsight.contract.IncidentEvent.Escalated;
import dev.hindsight.contract.IncidentEvent.ImpactRecorded;
import dev.hindsight.contract.IncidentEvent.ImpactStarted;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
import dev.hindsight.contract.IncidentEvent.Mitigated;
import dev.hindsight.contract.IncidentEvent.Noted;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentEvent.Reopened;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentEvent.RoleAssigned;
import dev.hindsight.contract.IncidentEvent.SeverityChanged;
import dev.hindsight.contract.IncidentEvent.StatusUpdated;
import dev.hindsight.contract.IncidentEvent.Unacknowledged;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one event says about the incident as a whole; of several, the one that happened last counts, except that an
 * explicit judgement of the severity stands above what a signal merely mentions, and that our own fallback gives way to
 * whatever a tool says, whenever it said it. It is the same rule as incident-service's.
 *
 * @param titleIsFallback the tool that declared it said no title
 * @param judgedSeverity somebody changed it explicitly
 * @param seenSeverity it was declared so, or a tool mentioned it
 * @param severityIsFallback the tool that declared it said no severity
 * @param services empty where the event does not say
 * @param fingerprint of an alert that fired: half of a failure mode
 */
public record IncidentSaying(
        @Nullable String title,
        boolean titleIsFallback,
        @Nullable Severity judgedSeverity,
        @Nullable Severity seenSeverity,
        boolean severityIsFallback,
        List<String> services,
        @Nullable String role,
        @Nullable Boolean afterHours,
        @Nullable Impact impact,
        @Nullable String fingerprint,
        @Nullable Declared declaration) {

    private static final IncidentSaying NOTHING =
            new IncidentSaying(null, false, null, null, false, List.of(), null, null, null, null, null);

    public IncidentSaying {
        services = List.copyOf(services);
    }

    /** What the event says; nothing for most. */
    public static IncidentSaying of(IncidentEvent event) {
        return switch (event) {
            case Declared e ->
                new IncidentSaying(
                        e.title(),
                        e.observed() != null && e.observed().title() == null,
                        null,
                        e.severity(),
                        e.observed() != null && e.observed().severity() == null,
                        e.services(),
                        null,
                        null,
                        null,
                        null,
                        e);
            case SeverityChanged e -> {
                IncidentSaying seen = seen(e.observed());
                yield new IncidentSaying(
                        seen.title(),
                        false,
                        e.severity(),
                        seen.seenSeverity(),
                        false,
                        seen.services(),
                        null,
                        null,
                        null,
                        null,
                        null);
            }
            case RoleAssigned e ->
                new IncidentSaying(null, false, null, null, false, List.of(), e.role(), null, null, null, null);
            case Paged e ->
                new IncidentSaying(null, false, null, null, false, List.of(), null, e.afterHours(), null, null, null);
            case ImpactRecorded e ->
                new IncidentSaying(null, false, null, null, false, List.of(), null, null, e.impact(), null, null);
            // An alert speaks for itself: it renames no incident that it was attached to.
            case AlertFired e ->
                new IncidentSaying(
                        null,
                        false,
                        null,
                        null,
                        false,
                        List.of(),
                        null,
                        null,
                        null,
                        e.alert().fingerprint(),
                        null);
            case Acknowledged e -> seen(e.observed());
            case Unacknowledged e -> seen(e.observed());
            case Escalated e -> seen(e.observed());
            case StatusUpdated e -> seen(e.observed());
            case Mitigated e -> seen(e.observed());
            case Resolved e -> seen(e.observed());
            case Reopened e -> seen(e.observed());
            case Merged e -> seen(e.observed());
            case Noted e -> seen(e.observed());
            case MessagePosted e -> NOTHING;
            case DecisionRecorded e -> NOTHING;
            case ImpactStarted e -> NOTHING;
            case Detected e -> NOTHING;
            case Closed e -> NOTHING;
            case Canceled e -> NOTHING;
            case AlertResolved e -> NOTHING;
        };
    }

    private static IncidentSaying seen(@Nullable Observed observed) {
        return observed == null
                ? NOTHING
                : new IncidentSaying(
                        observed.title(),
                        false,
                        null,
                        observed.severity(),
                        false,
                        observed.services(),
                        null,
                        null,
                        null,
                        null,
                        null);
    }
}
