package dev.hindsight.metrics.domain;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What metrics need to know of an incident.
 *
 * @param services names, sorted, each once
 * @param firstAlert when the first of its alerts fired
 * @param firstPage when the first responder was notified
 * @param firstSeen when the earliest of all its events happened; places an incident that was never declared
 */
public record IncidentFact(
        Severity severity,
        IncidentKind kind,
        IncidentStatus status,
        List<String> services,
        Milestones milestones,
        @Nullable Instant firstAlert,
        @Nullable Instant firstPage,
        Instant firstSeen,
        int reopenings) {

    public IncidentFact {
        services = services.stream().distinct().sorted().toList();
    }

    /** TEST, DRILL, CANCELED and MERGED never count. */
    public boolean counts() {
        return kind == IncidentKind.REAL && status != IncidentStatus.CANCELED && status != IncidentStatus.MERGED;
    }

    /** The incident's own time of that name; null where it is not known, or not the incident's. */
    public @Nullable Instant at(Moment moment) {
        return switch (moment) {
            case FIRST_ALERT -> firstAlert;
            case FIRST_PAGE -> firstPage;
            case IMPACT_STARTED -> milestones.impactStarted();
            case DETECTED -> milestones.detected();
            case DECLARED -> milestones.declared();
            case ACKNOWLEDGED -> milestones.acknowledged();
            case MITIGATED -> milestones.mitigated();
            case RESOLVED -> milestones.resolved();
            case WRITTEN_UP_RESOLUTION, PUBLISHED -> null;
        };
    }
}
