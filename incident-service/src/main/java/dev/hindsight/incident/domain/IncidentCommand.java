package dev.hindsight.incident.domain;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of an incident. Each command says when it happened, UTC. */
public sealed interface IncidentCommand {

    Instant occurredAt();

    /**
     * @param reference readable name, given by the handler
     * @param security restricts it, whatever {@code visibility} says
     * @param participants are added where it is restricted: who declares it must not lose sight of it
     */
    record Declare(
            String reference,
            String title,
            Severity severity,
            List<String> services,
            @Nullable String summary,
            boolean customerFacing,
            boolean security,
            IncidentKind kind,
            Visibility visibility,
            Set<UUID> participants,
            @Nullable Impact impact,
            @Nullable Instant impactStartedAt,
            @Nullable Instant detectedAt,
            Instant occurredAt)
            implements IncidentCommand {}

    record Acknowledge(Instant occurredAt) implements IncidentCommand {}

    /** @param person null takes the role away */
    record AssignRole(String role, @Nullable UUID person, Instant occurredAt) implements IncidentCommand {}

    record ChangeSeverity(Severity severity, @Nullable String reason, Instant occurredAt) implements IncidentCommand {}

    /**
     * What is null stays as it is.
     *
     * @param summary empty takes it away
     * @param security true restricts it as well; false opens nothing
     * @param participants are added where that restricts it
     */
    record Classify(
            @Nullable String title,
            @Nullable String summary,
            @Nullable Boolean customerFacing,
            @Nullable Boolean security,
            @Nullable IncidentKind kind,
            Set<UUID> participants,
            Instant occurredAt)
            implements IncidentCommand {}

    record UpdateStatus(String text, Instant occurredAt) implements IncidentCommand {}

    record PostMessage(String text, @Nullable String channel, Instant occurredAt) implements IncidentCommand {}

    record RecordDecision(String text, Instant occurredAt) implements IncidentCommand {}

    record AddLink(LinkKind kind, String url, @Nullable String title, Instant occurredAt) implements IncidentCommand {}

    /**
     * Which services are affected besides, and which are not; names without a case of their own.
     *
     * @param added in none of {@code removed}
     */
    record ChangeServices(List<String> added, List<String> removed, Instant occurredAt) implements IncidentCommand {}

    /**
     * A time on record is wrong, or missing.
     *
     * @param at when that really was
     */
    record CorrectMilestone(
            Milestone milestone, Instant at, @Nullable String reason, Instant occurredAt) implements IncidentCommand {}

    /** @param afterHours as a calendar judges it; null where none does */
    record Page(
            UUID person, @Nullable String channel, @Nullable Boolean afterHours, Instant occurredAt)
            implements IncidentCommand {

        public Page(UUID person, @Nullable String channel, Instant occurredAt) {
            this(person, channel, null, occurredAt);
        }
    }

    record Escalate(@Nullable UUID to, @Nullable String text, Instant occurredAt) implements IncidentCommand {}

    record RecordImpact(Impact impact, Instant occurredAt) implements IncidentCommand {}

    record Mitigate(@Nullable String text, Instant occurredAt) implements IncidentCommand {}

    record Resolve(@Nullable String text, Instant occurredAt) implements IncidentCommand {}

    record Reopen(@Nullable String reason, Instant occurredAt) implements IncidentCommand {}

    /**
     * @param policy what is owed before
     * @param owing what the postmortem and the action items are like now
     * @param overrideReason why it is closed although something is owed; null where nobody may or wants to say so
     */
    record Close(
            @Nullable String text,
            ClosurePolicy policy,
            ClosureFacts owing,
            @Nullable String overrideReason,
            Instant occurredAt)
            implements IncidentCommand {}

    record Cancel(@Nullable String reason, Instant occurredAt) implements IncidentCommand {}

    /** It is part of another one, which goes on, see {@link TakeIn}. */
    record Merge(UUID into, Instant occurredAt) implements IncidentCommand {}

    /** Another one is part of it from now on, which it does not name: who may see this one need not be allowed to see that one. */
    record TakeIn(Instant occurredAt) implements IncidentCommand {}

    /** @param participants are added where it is restricted: who restricts it must not lose sight of it */
    record ChangeVisibility(Visibility visibility, @Nullable String reason, Set<UUID> participants, Instant occurredAt)
            implements IncidentCommand {}

    /** Somebody may see it although it is restricted. */
    record AddParticipant(UUID person, Instant occurredAt) implements IncidentCommand {}

    /** Takes back what {@link AddParticipant} gave; a role or a page still makes a participant. */
    record RemoveParticipant(UUID person, Instant occurredAt) implements IncidentCommand {}

    /**
     * A deploy went before it, on a service of it. Never refused; where people have judged the deploy, theirs stands.
     *
     * @param occurredAt of the deploy
     */
    record SuspectDeploy(UUID deploy, Change change, Instant occurredAt) implements IncidentCommand {}

    /** A suspicion does not hold any longer. Never refused; what people have judged stands. */
    record ClearDeploy(UUID deploy, Instant occurredAt) implements IncidentCommand {}

    /** The deploy contributed, whether it was suspected or not. */
    record ConfirmDeploy(
            UUID deploy, Change change, @Nullable String reason, Instant occurredAt) implements IncidentCommand {}

    /** A deploy that was suspected or confirmed has nothing to do with it. */
    record DismissDeploy(
            UUID deploy, Change change, @Nullable String reason, Instant occurredAt) implements IncidentCommand {}

    /** What is said in a chat channel is part of its timeline from now on. */
    record LinkChannel(ChatChannel channel, Instant occurredAt) implements IncidentCommand {}

    /**
     * A tool says that something happened. Never refused; an incident that nobody had heard of is declared by it, unless nobody
     * knows what the tool means.
     *
     * @param factId identity of the fact: the same when it is told again
     * @param sourceOrder the tool's own order among facts of one moment
     * @param opening what to declare where the incident is unknown
     * @param mayDeclare whether it declares one that is unknown; else it is nothing there
     * @param by who did it; null for the tool itself
     */
    record Observe(
            UUID factId,
            Signal signal,
            Instant occurredAt,
            int sourceOrder,
            Opening opening,
            boolean mayDeclare,
            @Nullable UUID by)
            implements IncidentCommand {

        public Observe(UUID factId, Signal signal, Instant occurredAt, int sourceOrder, Opening opening) {
            this(factId, signal, occurredAt, sourceOrder, opening, true, null);
        }

        /** The same fact, in these words. */
        public Observe telling(Signal words) {
            return new Observe(factId, words, occurredAt, sourceOrder, opening, mayDeclare, by);
        }
    }

    /**
     * The past of an incident, as another system tells it. Never refused; what is recorded of it already is not recorded
     * again.
     *
     * @param reference readable name, given by the handler
     * @param externalId see {@link Imports}
     * @param security restricts it
     * @param history exactly one of it is {@link Signal.Triggered}, which declares it
     */
    record Import(
            String reference,
            String externalId,
            String title,
            Severity severity,
            List<String> services,
            @Nullable String summary,
            boolean customerFacing,
            boolean security,
            IncidentKind kind,
            List<PastFact> history)
            implements IncidentCommand {

        @Override
        public Instant occurredAt() {
            return history.getFirst().occurredAt();
        }
    }

    /**
     * One fact of another system's past.
     *
     * @param factId identity of the fact: the same when it is imported again
     * @param sourceOrder its place in the history
     * @param by who did it; null where that is not known
     */
    record PastFact(
            UUID factId,
            Signal signal,
            Instant occurredAt,
            int sourceOrder,
            @Nullable UUID by) {}

    /**
     * How an incident begins that a signal tells of.
     *
     * @param reference readable name, given by the handler
     * @param severity the integration's default, where the tool does not say
     * @param beganAt when the tool's incident began, as far as this signal says
     * @param externalId the tool's own id
     */
    record Opening(String reference, String title, Severity severity, Instant beganAt, String externalId) {}
}
