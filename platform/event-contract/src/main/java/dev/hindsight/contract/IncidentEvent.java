package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The whole vocabulary of an incident's stream (topic {@code incident-events}, key: the incident).
 *
 * <p>Each event is a fact with its own time ({@link EventHeader#occurredAt()}), in whatever order it arrived, and carries
 * the {@link Standing} that results from all facts known with it: the newest version of a stream says how the incident is, and
 * no reader folds. People are opaque catalog ids.
 */
public sealed interface IncidentEvent extends DomainEvent {

    /** Where the incident stands after this event, and what it says of itself. */
    Standing standing();

    /** Its status and milestones after this event. */
    default Lifecycle lifecycle() {
        return standing().lifecycle();
    }

    /**
     * It became an incident.
     *
     * @param reference readable name, {@code INC-42}
     * @param title as this declaration says it, as severity, services and kind; what counts is in {@code standing}
     * @param provisional we heard of it by another signal than its declaration, which may still come
     */
    @JsonTypeName("hindsight.incident.declared.v1")
    record Declared(
            String reference,
            String title,
            Severity severity,
            List<String> services,
            @Nullable String summary,
            boolean customerFacing,
            boolean security,
            IncidentKind kind,
            Visibility visibility,
            boolean provisional,
            @Nullable String externalId,
            @Nullable Observed observed,
            Standing standing)
            implements IncidentEvent {}

    /** Somebody explicitly took it on. */
    @JsonTypeName("hindsight.incident.acknowledged.v1")
    record Acknowledged(@Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /** The acknowledgement lapsed or was taken back; it waits for somebody again. */
    @JsonTypeName("hindsight.incident.unacknowledged.v1")
    record Unacknowledged(@Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /** It was handed on to somebody who can do more. */
    @JsonTypeName("hindsight.incident.escalated.v1")
    record Escalated(
            @Nullable UUID to,
            @Nullable String text,
            @Nullable Observed observed,
            Standing standing) implements IncidentEvent {}

    /** A role has a new holder; null takes it away. */
    @JsonTypeName("hindsight.incident.role-assigned.v1")
    record RoleAssigned(String role, @Nullable UUID person, Standing standing) implements IncidentEvent {}

    /** Somebody judged it better or worse than before. */
    @JsonTypeName("hindsight.incident.severity-changed.v1")
    record SeverityChanged(
            Severity severity,
            @Nullable String reason,
            @Nullable Observed observed,
            Standing standing) implements IncidentEvent {}

    /**
     * Somebody said what it is called, or what sort of incident it is; what is not said stays as it was. Stands above what
     * tools mention. A security incident is RESTRICTED besides, by an event of its own.
     *
     * @param title at most 300 characters
     * @param summary empty where it has none any more
     */
    @JsonTypeName("hindsight.incident.classified.v1")
    record Classified(
            @Nullable String title,
            @Nullable String summary,
            @Nullable Boolean customerFacing,
            @Nullable Boolean security,
            @Nullable IncidentKind kind,
            Standing standing)
            implements IncidentEvent {}

    /**
     * Somebody said which services are affected, or are not; stands above what tools mention, service by service. What all
     * that makes is in {@code standing}.
     *
     * @param added names
     * @param removed names
     */
    @JsonTypeName("hindsight.incident.services-changed.v1")
    record ServicesChanged(List<String> added, List<String> removed, Standing standing) implements IncidentEvent {

        public ServicesChanged {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }
    }

    /** News for those who wait. */
    @JsonTypeName("hindsight.incident.status-updated.v1")
    record StatusUpdated(String text, @Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /** A message of the people who work on it. */
    @JsonTypeName("hindsight.incident.message-posted.v1")
    record MessagePosted(String text, @Nullable String channel, Standing standing) implements IncidentEvent {}

    /** What was decided, and why. */
    @JsonTypeName("hindsight.incident.decision-recorded.v1")
    record DecisionRecorded(String text, Standing standing) implements IncidentEvent {}

    /**
     * A page that belongs to it; a later one of the same address says what it is called now.
     *
     * @param url http or https
     */
    @JsonTypeName("hindsight.incident.link-added.v1")
    record LinkAdded(LinkKind kind, String url, @Nullable String title, Standing standing) implements IncidentEvent {}

    /**
     * One notification of one responder.
     *
     * @param channel such as {@code PHONE}, {@code SMS}, {@code PUSH}, {@code EMAIL}; null where unknown
     * @param afterHours as judged when it was recorded; null where no calendar says
     */
    @JsonTypeName("hindsight.incident.paged.v1")
    record Paged(
            UUID person, @Nullable String channel, @Nullable Boolean afterHours, Standing standing)
            implements IncidentEvent {}

    /**
     * Numbers of the impact became known; each number given replaces the earlier one.
     *
     * @param impact what was told with this event
     * @param total what is known of the impact after it
     */
    @JsonTypeName("hindsight.incident.impact-recorded.v1")
    record ImpactRecorded(Impact impact, Impact total, Standing standing) implements IncidentEvent {}

    /** When somebody first suffered from it. */
    @JsonTypeName("hindsight.incident.impact-started.v1")
    record ImpactStarted(Standing standing) implements IncidentEvent {}

    /** When it was first noticed. */
    @JsonTypeName("hindsight.incident.detected.v1")
    record Detected(Standing standing) implements IncidentEvent {}

    /**
     * A time on record was wrong, or missing; from then on this one counts, until the incident is reopened and gets
     * there again. What was recorded stays as it was.
     */
    @JsonTypeName("hindsight.incident.milestone-corrected.v1")
    record MilestoneCorrected(
            Milestone milestone, Instant at, @Nullable String reason, Standing standing) implements IncidentEvent {}

    /** The suffering ended, the cause may remain. */
    @JsonTypeName("hindsight.incident.mitigated.v1")
    record Mitigated(@Nullable String text, @Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /** Service is restored. */
    @JsonTypeName("hindsight.incident.resolved.v1")
    record Resolved(@Nullable String text, @Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /** It came back, or was never gone. */
    @JsonTypeName("hindsight.incident.reopened.v1")
    record Reopened(@Nullable String reason, @Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /**
     * Nothing more is owed.
     *
     * @param override why it was closed although something is; null where nothing was
     */
    @JsonTypeName("hindsight.incident.closed.v1")
    record Closed(@Nullable String text, @Nullable ClosureOverride override, Standing standing)
            implements IncidentEvent {}

    /** It was none. */
    @JsonTypeName("hindsight.incident.canceled.v1")
    record Canceled(@Nullable String reason, Standing standing) implements IncidentEvent {}

    /**
     * It is part of another one.
     *
     * @param into the incident that goes on; null where the tool named one that we never heard of
     * @param externalInto the tool's own id of that one
     */
    @JsonTypeName("hindsight.incident.merged.v1")
    record Merged(
            @Nullable UUID into,
            @Nullable String externalInto,
            @Nullable Observed observed,
            Standing standing) implements IncidentEvent {}

    /** An alert belongs to this incident and fires. */
    @JsonTypeName("hindsight.incident.alert-fired.v1")
    record AlertFired(Alert alert, @Nullable Observed observed, Standing standing) implements IncidentEvent {}

    /** An alert of this incident ended. */
    @JsonTypeName("hindsight.incident.alert-resolved.v1")
    record AlertResolved(Alert alert, Standing standing) implements IncidentEvent {}

    /**
     * From now on only participants and admins may see it, or everybody with a role again. Counts in the order of
     * recording, whatever its {@code occurredAt}; what is RESTRICTED is judged when somebody reads.
     */
    @JsonTypeName("hindsight.incident.visibility-changed.v1")
    record VisibilityChanged(
            Visibility visibility, @Nullable String reason, Standing standing) implements IncidentEvent {}

    /** Somebody may see the incident although it is RESTRICTED, without a role, page or action item on it. */
    @JsonTypeName("hindsight.incident.participant-added.v1")
    record ParticipantAdded(UUID person, Standing standing) implements IncidentEvent {}

    /** Somebody who was added is no longer; a role, page or action item still makes a participant. */
    @JsonTypeName("hindsight.incident.participant-removed.v1")
    record ParticipantRemoved(UUID person, Standing standing) implements IncidentEvent {}

    /** Whether a deploy contributed to it. */
    sealed interface OfDeploy extends IncidentEvent {

        /** The stream of the deploy. */
        UUID deploy();

        Change change();
    }

    /**
     * A deploy went before the incident, on a service of it; whether it is to blame is for people to say. At the time of the
     * deploy. Said again where that time, or what was deployed, turns out to be another: it takes the place of what was said
     * before.
     *
     * @param deploy its stream
     */
    @JsonTypeName("hindsight.incident.deploy-suspected.v1")
    record DeploySuspected(UUID deploy, Change change, Standing standing) implements OfDeploy {}

    /**
     * What became known since speaks against a suspicion that nobody had judged: the incident began before the deploy, on
     * another service, or is none. It is as if nobody had suspected the deploy.
     *
     * @param deploy its stream
     * @param change as it had been suspected
     */
    @JsonTypeName("hindsight.incident.deploy-cleared.v1")
    record DeployCleared(UUID deploy, Change change, Standing standing) implements OfDeploy {}

    /**
     * Somebody says that the deploy contributed.
     *
     * @param deploy its stream
     */
    @JsonTypeName("hindsight.incident.deploy-confirmed.v1")
    record DeployConfirmed(
            UUID deploy, Change change, @Nullable String reason, Standing standing) implements OfDeploy {}

    /**
     * Somebody says that the deploy has nothing to do with it.
     *
     * @param deploy its stream
     */
    @JsonTypeName("hindsight.incident.deploy-dismissed.v1")
    record DeployDismissed(
            UUID deploy, Change change, @Nullable String reason, Standing standing) implements OfDeploy {}

    /**
     * A chat channel belongs to it from now on: what is said there is part of its timeline. A channel belongs to the incident
     * that it was linked to last.
     *
     * @param tool such as {@code slack}
     * @param integration that listens to the channel
     * @param channel as the tool knows it
     * @param name as people know it
     */
    @JsonTypeName("hindsight.incident.channel-linked.v1")
    record ChannelLinked(
            String tool,
            UUID integration,
            String channel,
            @Nullable String name,
            Standing standing) implements IncidentEvent {}

    /**
     * A tool told something that changes no state of ours, of a type we know or not.
     *
     * @param signal the tool's own name of it, such as {@code incident.conference_bridge.updated}
     */
    @JsonTypeName("hindsight.incident.noted.v1")
    record Noted(
            String signal,
            String text,
            @Nullable String url,
            @Nullable Observed observed,
            Standing standing) implements IncidentEvent {}
}
