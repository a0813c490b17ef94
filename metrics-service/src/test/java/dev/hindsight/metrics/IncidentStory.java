package dev.hindsight.metrics;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Standing.Pages;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.metrics.domain.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An incident as the other services would tell it: its events, those of its postmortem and of its action items. */
public final class IncidentStory {

    private final UUID incident = StreamIds.next();
    private final UUID postmortem = StreamIds.postmortem(incident);
    private final Map<Topic, List<Recorded<DomainEvent>>> events = new EnumMap<>(Topic.class);
    private final Map<UUID, Long> versions = new HashMap<>();
    private Severity severity;
    private final List<String> services;
    private IncidentKind kind = IncidentKind.REAL;
    private Milestones milestones = Milestones.NONE;
    private IncidentStatus status = IncidentStatus.OPEN;
    private int reopenings;
    private @Nullable Instant firstAlert;
    private @Nullable Pages pages;
    private Instant recordedAt = Instant.parse("2026-11-20T00:00:00Z");

    public IncidentStory(Severity severity, String... services) {
        this.severity = severity;
        this.services = List.of(services);
    }

    public IncidentStory drill() {
        kind = IncidentKind.DRILL;
        return this;
    }

    /** What follows is recorded from that time on, a second an event. */
    public IncidentStory recordedFrom(Instant at) {
        recordedAt = at;
        return this;
    }

    public UUID incident() {
        return incident;
    }

    public Instant lastRecordedAt() {
        return recordedAt;
    }

    public List<Recorded<DomainEvent>> events(Topic topic) {
        return events.getOrDefault(topic, List.of());
    }

    // ------------------------------------------------------------------------------------------------ incident

    public IncidentStory declared(String at) {
        return declared(Instant.parse(at));
    }

    public IncidentStory declared(Instant at) {
        milestones = with(null, null, at, null, null);
        return incident(at, Facts.declaration(standing()));
    }

    /** An event without a declaration, as only a newer or broken writer would send it. */
    public IncidentStory noted(String at) {
        return incident(Instant.parse(at), new IncidentEvent.Noted("note", "note", null, null, standing()));
    }

    public IncidentStory impactStarted(String at) {
        milestones = with(Instant.parse(at), null, null, null, null);
        return incident(Instant.parse(at), new IncidentEvent.ImpactStarted(standing()));
    }

    public IncidentStory detected(String at) {
        milestones = with(null, Instant.parse(at), null, null, null);
        return incident(Instant.parse(at), new IncidentEvent.Detected(standing()));
    }

    public IncidentStory paged(String at) {
        pages = Pages.and(pages, Instant.parse(at), null);
        return incident(
                Instant.parse(at), new IncidentEvent.Paged(StreamIds.person("t", "p"), "PUSH", null, standing()));
    }

    public IncidentStory alertFired(String at) {
        Instant fired = Instant.parse(at);
        firstAlert = firstAlert == null || fired.isBefore(firstAlert) ? fired : firstAlert;
        return incident(
                Instant.parse(at),
                new IncidentEvent.AlertFired(new Alert("k", "f", "HighErrorRate", null, null), null, standing()));
    }

    public IncidentStory acknowledged(String at) {
        return acknowledged(Instant.parse(at));
    }

    public IncidentStory acknowledged(Instant at) {
        milestones = with(null, null, null, at, null);
        status = IncidentStatus.ACKNOWLEDGED;
        return incident(at, new IncidentEvent.Acknowledged(null, standing()));
    }

    public IncidentStory messaged(String at) {
        return incident(Instant.parse(at), new IncidentEvent.MessagePosted("looking", null, standing()));
    }

    public IncidentStory severityChanged(Severity to, String at) {
        severity = to;
        return incident(Instant.parse(at), new IncidentEvent.SeverityChanged(to, null, null, standing()));
    }

    public IncidentStory resolved(String at) {
        return resolved(Instant.parse(at));
    }

    public IncidentStory resolved(Instant at) {
        milestones = with(null, null, null, null, at);
        status = IncidentStatus.RESOLVED;
        return incident(at, new IncidentEvent.Resolved(null, null, standing()));
    }

    public IncidentStory reopened(String at) {
        milestones = new Milestones(
                milestones.impactStarted(),
                milestones.detected(),
                milestones.declared(),
                milestones.acknowledged(),
                milestones.mitigated(),
                null,
                null);
        status = IncidentStatus.ACKNOWLEDGED;
        reopenings++;
        return incident(Instant.parse(at), new IncidentEvent.Reopened(null, null, standing()));
    }

    public IncidentStory canceled(String at) {
        status = IncidentStatus.CANCELED;
        return incident(Instant.parse(at), new IncidentEvent.Canceled(null, standing()));
    }

    public IncidentStory merged(String at) {
        status = IncidentStatus.MERGED;
        return incident(Instant.parse(at), new IncidentEvent.Merged(null, "X", null, standing()));
    }

    // ---------------------------------------------------------------------------------------------- postmortem

    public IncidentStory drafted(String at, String resolvedAt) {
        return add(
                Topic.POSTMORTEM_EVENTS,
                postmortem,
                Instant.parse(at),
                new PostmortemEvent.Drafted(incident, null, Instant.parse(resolvedAt)));
    }

    public IncidentStory published(String at) {
        return published(Instant.parse(at));
    }

    public IncidentStory published(Instant at) {
        return add(Topic.POSTMORTEM_EVENTS, postmortem, at, new PostmortemEvent.Published(incident, 1, List.of(), 0));
    }

    // -------------------------------------------------------------------------------------------- action items

    /** An item that has come as far as that: proposed, accepted, completed, verified, canceled. */
    public IncidentStory item(String... steps) {
        UUID item = StreamIds.next();
        Instant at = Instant.parse("2026-11-18T12:00:00Z");
        for (String step : steps) {
            at = at.plus(Duration.ofHours(1));
            add(
                    Topic.ACTION_ITEM_EVENTS,
                    item,
                    at,
                    switch (step) {
                        case "proposed" ->
                            new ActionItemEvent.Proposed(
                                    incident,
                                    null,
                                    "ACT-1",
                                    new ActionItemDetails(
                                            "Add a limit", null, null, null, null, null, null, null, null),
                                    List.of());
                        case "accepted" -> new ActionItemEvent.Accepted(incident);
                        case "started" -> new ActionItemEvent.Started(incident);
                        case "completed" -> new ActionItemEvent.Completed(incident, null);
                        case "verified" -> new ActionItemEvent.Verified(incident, "a drill");
                        case "canceled" -> new ActionItemEvent.Canceled(incident, "obsolete");
                        default -> throw new IllegalArgumentException(step);
                    });
        }
        return this;
    }

    private Milestones with(
            Instant impact, Instant detected, Instant declared, Instant acknowledged, Instant resolved) {
        return new Milestones(
                impact != null ? impact : milestones.impactStarted(),
                detected != null ? detected : milestones.detected(),
                declared != null ? declared : milestones.declared(),
                acknowledged != null ? acknowledged : milestones.acknowledged(),
                null,
                resolved != null ? resolved : milestones.resolved(),
                null);
    }

    private Standing standing() {
        return Told.of(new Lifecycle(status, milestones, reopenings))
                .severity(severity)
                .services(services)
                .kind(kind)
                .firstAlert(firstAlert)
                .pages(pages)
                .standing();
    }

    private IncidentStory incident(Instant at, IncidentEvent event) {
        return add(Topic.INCIDENT_EVENTS, incident, at, event);
    }

    private IncidentStory add(Topic topic, UUID stream, Instant at, DomainEvent event) {
        long version = versions.merge(stream, 1L, Long::sum);
        recordedAt = recordedAt.plusSeconds(1);
        events.computeIfAbsent(topic, missing -> new ArrayList<>())
                .add(Facts.recorded(stream, version, at, recordedAt, event));
        return this;
    }
}
