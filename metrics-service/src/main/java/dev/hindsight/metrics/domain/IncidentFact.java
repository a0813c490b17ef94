package dev.hindsight.metrics.domain;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What metrics need to know of an incident: the part that they measure of what its newest event says.
 *
 * @param services names, sorted, each once
 * @param milestones in microseconds, as are all times
 * @param firstAlert when the first of its alerts fired
 * @param firstPage when the first responder was notified
 * @param placedAt where it stands in time: its declaration, else what the first event tells of that came here
 */
public record IncidentFact(
        Severity severity,
        IncidentKind kind,
        IncidentStatus status,
        List<String> services,
        Milestones milestones,
        @Nullable Instant firstAlert,
        @Nullable Instant firstPage,
        Instant placedAt,
        int reopenings) {

    public IncidentFact {
        services = services.stream().distinct().sorted().toList();
    }

    /** What an event says of its incident; {@code before} is null before the first. */
    public static IncidentFact of(@Nullable IncidentFact before, Recorded<IncidentEvent> recorded) {
        Standing standing = recorded.event().standing();
        Milestones milestones = inMicroseconds(standing.lifecycle().milestones());
        Instant undeclared = before == null ? recorded.header().occurredAt() : before.placedAt;
        return new IncidentFact(
                standing.severity(),
                standing.kind(),
                standing.lifecycle().status(),
                standing.services(),
                milestones,
                inMicroseconds(standing.firstAlert()),
                inMicroseconds(standing.firstPage()),
                milestones.declared() != null ? milestones.declared() : undeclared,
                standing.lifecycle().reopenings());
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

    /** As it is stored. */
    static @Nullable Instant inMicroseconds(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MICROS);
    }

    private static Milestones inMicroseconds(Milestones told) {
        return new Milestones(
                inMicroseconds(told.impactStarted()),
                inMicroseconds(told.detected()),
                inMicroseconds(told.declared()),
                inMicroseconds(told.acknowledged()),
                inMicroseconds(told.mitigated()),
                inMicroseconds(told.resolved()),
                inMicroseconds(told.closed()));
    }
}
