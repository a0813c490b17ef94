package dev.hindsight.metrics.domain;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident on the way to its {@link IncidentFact}: who said what, and when. Severity and services are decided by
 * whichever signal happened last, not by whichever arrived last; an explicit change of severity stands above what other
 * signals merely mention, and the default of an integration stands below them. Status, milestones and reopenings come ready with every event.
 *
 * @param judged the last explicit change of severity
 * @param observed the severity that the last signal mentioned
 * @param services as the last signal that named any
 * @param kind as declared; a provisional declaration does not know it
 */
public record IncidentFold(
        @Nullable Latest<Severity> judged,
        @Nullable Latest<Severity> observed,
        @Nullable Latest<List<String>> services,
        @Nullable IncidentKind kind,
        IncidentFact fact) {

    /** What the first event of an incident tells. */
    public static IncidentFold begin(Recorded<IncidentEvent> first) {
        IncidentFact unknown = new IncidentFact(
                Severity.SEV3,
                IncidentKind.REAL,
                IncidentStatus.OPEN,
                List.of(),
                Milestones.NONE,
                null,
                null,
                first.header().occurredAt(),
                0);
        return new IncidentFold(null, null, null, null, unknown).evolve(first);
    }

    /** The same, with one more event. */
    public IncidentFold evolve(Recorded<IncidentEvent> recorded) {
        EventHeader header = recorded.header();
        return switch (recorded.event()) {
            case IncidentEvent.Declared e ->
                new IncidentFold(
                                judged,
                                Latest.of(observed, declared(header, e)),
                                e.services().isEmpty() ? services : Latest.of(services, latest(header, e.services())),
                                e.provisional() && kind != null ? kind : e.kind(),
                                fact)
                        .at(recorded);
            case IncidentEvent.SeverityChanged e ->
                new IncidentFold(Latest.of(judged, latest(header, e.severity())), observed, services, kind, fact)
                        .seeing(header, e.observed())
                        .at(recorded);
            case IncidentEvent.Acknowledged e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Unacknowledged e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Escalated e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.StatusUpdated e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Mitigated e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Resolved e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Reopened e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Merged e -> seeing(header, e.observed()).at(recorded);
            case IncidentEvent.Noted e -> seeing(header, e.observed()).at(recorded);
            // An alert tells about itself; the incident that it declares carries the same in its declaration.
            case IncidentEvent.AlertFired e -> at(recorded);
            case IncidentEvent.AlertResolved e -> at(recorded);
            case IncidentEvent.RoleAssigned e -> at(recorded);
            case IncidentEvent.MessagePosted e -> at(recorded);
            case IncidentEvent.DecisionRecorded e -> at(recorded);
            case IncidentEvent.Paged e -> at(recorded);
            case IncidentEvent.ImpactRecorded e -> at(recorded);
            case IncidentEvent.ImpactStarted e -> at(recorded);
            case IncidentEvent.Detected e -> at(recorded);
            case IncidentEvent.Closed e -> at(recorded);
            case IncidentEvent.Canceled e -> at(recorded);
        };
    }

    private IncidentFold seeing(EventHeader header, @Nullable Observed seen) {
        return seen == null
                ? this
                : new IncidentFold(
                        judged,
                        seen.severity() == null ? observed : Latest.of(observed, latest(header, seen.severity())),
                        seen.services().isEmpty() ? services : Latest.of(services, latest(header, seen.services())),
                        kind,
                        fact);
    }

    /** The fact that results, with what every event carries and what only its kind tells. */
    private IncidentFold at(Recorded<IncidentEvent> recorded) {
        Instant occurred = recorded.header().occurredAt();
        IncidentEvent event = recorded.event();
        IncidentFact next = new IncidentFact(
                judged != null ? judged.value() : observed != null ? observed.value() : Severity.SEV3,
                kind == null ? IncidentKind.REAL : kind,
                event.lifecycle().status(),
                services == null ? List.of() : services.value(),
                inMicroseconds(event.lifecycle().milestones()),
                event instanceof IncidentEvent.AlertFired ? earlier(fact.firstAlert(), occurred) : fact.firstAlert(),
                event instanceof IncidentEvent.Paged ? earlier(fact.firstPage(), occurred) : fact.firstPage(),
                earlier(fact.firstSeen(), occurred),
                event.lifecycle().reopenings());
        return new IncidentFold(judged, observed, services, kind, next);
    }

    /** Where the tool left the severity out, it is our own default, which gives way to whatever is said of whatever moment. */
    private static Latest<Severity> declared(EventHeader header, IncidentEvent.Declared e) {
        boolean isDefault = e.observed() != null && e.observed().severity() == null;
        return isDefault
                ? new Latest<>(e.severity(), Instant.EPOCH, header.sourceOrder(), header.sequence())
                : latest(header, e.severity());
    }

    private static <T> Latest<T> latest(EventHeader header, T value) {
        return new Latest<>(value, header.occurredAt(), header.sourceOrder(), header.sequence());
    }

    /**
     * A milestone is told in nanoseconds by the event that sets it, and in microseconds, as it is stored, by those that
     * come after its owner has read it again. Both are the same moment.
     */
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

    static @Nullable Instant inMicroseconds(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MICROS);
    }

    private static Instant earlier(@Nullable Instant known, Instant at) {
        return known == null || at.isBefore(known) ? at : known;
    }
}
