package dev.hindsight.metrics.domain;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.Vocabulary;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Words for the specs: a stream of events, and the milestones they carry. */
public final class Facts {

    private Facts() {}

    /** 2026-11-16 (a Monday) at that time of day, UTC. */
    public static Instant at(String time) {
        return Instant.parse("2026-11-16T" + (time.length() == 5 ? time + ":00" : time) + "Z");
    }

    /** An event of a stream; recorded one microsecond a version after 20:00. */
    public static <E extends DomainEvent> Recorded<E> recorded(UUID stream, long version, Instant occurredAt, E event) {
        return recorded(stream, version, occurredAt, at("20:00").plusNanos(version * 1_000), event);
    }

    public static <E extends DomainEvent> Recorded<E> recorded(
            UUID stream, long version, Instant occurredAt, Instant recordedAt, E event) {
        return new Recorded<>(
                new EventHeader(
                        UUID.nameUUIDFromBytes(
                                (stream + "@" + version).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        Vocabulary.wireNameOf(event),
                        stream,
                        version,
                        occurredAt,
                        0,
                        recordedAt,
                        EventHeader.HINDSIGHT,
                        EventHeader.FROM_API,
                        null,
                        null),
                event);
    }

    public static Milestones declared(@Nullable Instant declared) {
        return new Milestones(null, null, declared, null, null, null, null);
    }

    public static Milestones acknowledged(Milestones before, Instant at) {
        return new Milestones(
                before.impactStarted(),
                before.detected(),
                before.declared(),
                at,
                before.mitigated(),
                before.resolved(),
                null);
    }

    public static Milestones resolved(Milestones before, @Nullable Instant at) {
        return new Milestones(
                before.impactStarted(),
                before.detected(),
                before.declared(),
                before.acknowledged(),
                before.mitigated(),
                at,
                null);
    }

    public static Milestones detected(Milestones before, Instant at) {
        return new Milestones(
                before.impactStarted(),
                at,
                before.declared(),
                before.acknowledged(),
                before.mitigated(),
                before.resolved(),
                null);
    }

    public static Lifecycle lifecycle(IncidentStatus status, Milestones milestones) {
        return new Lifecycle(status, milestones, 0);
    }

    /** What a declaration says itself is of no interest here: its standing counts. */
    public static IncidentEvent.Declared declaration(Standing standing) {
        return new IncidentEvent.Declared(
                "INC-1",
                "Checkout is down",
                Severity.SEV4,
                List.of("as-declared"),
                null,
                false,
                false,
                IncidentKind.REAL,
                Visibility.INTERNAL,
                false,
                null,
                null,
                standing);
    }
}
