package dev.hindsight.incident.domain;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.ClosureOverride;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Standing.Pages;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.incident.domain.AffectedServices.Said;
import dev.hindsight.incident.domain.IncidentCommand.Acknowledge;
import dev.hindsight.incident.domain.IncidentCommand.AddLink;
import dev.hindsight.incident.domain.IncidentCommand.AddParticipant;
import dev.hindsight.incident.domain.IncidentCommand.AssignRole;
import dev.hindsight.incident.domain.IncidentCommand.Cancel;
import dev.hindsight.incident.domain.IncidentCommand.ChangeServices;
import dev.hindsight.incident.domain.IncidentCommand.ChangeSeverity;
import dev.hindsight.incident.domain.IncidentCommand.ChangeVisibility;
import dev.hindsight.incident.domain.IncidentCommand.Classify;
import dev.hindsight.incident.domain.IncidentCommand.ClearDeploy;
import dev.hindsight.incident.domain.IncidentCommand.Close;
import dev.hindsight.incident.domain.IncidentCommand.ConfirmDeploy;
import dev.hindsight.incident.domain.IncidentCommand.CorrectMilestone;
import dev.hindsight.incident.domain.IncidentCommand.Declare;
import dev.hindsight.incident.domain.IncidentCommand.DismissDeploy;
import dev.hindsight.incident.domain.IncidentCommand.Escalate;
import dev.hindsight.incident.domain.IncidentCommand.Import;
import dev.hindsight.incident.domain.IncidentCommand.LinkChannel;
import dev.hindsight.incident.domain.IncidentCommand.Merge;
import dev.hindsight.incident.domain.IncidentCommand.Mitigate;
import dev.hindsight.incident.domain.IncidentCommand.Observe;
import dev.hindsight.incident.domain.IncidentCommand.Opening;
import dev.hindsight.incident.domain.IncidentCommand.Page;
import dev.hindsight.incident.domain.IncidentCommand.PostMessage;
import dev.hindsight.incident.domain.IncidentCommand.RecordDecision;
import dev.hindsight.incident.domain.IncidentCommand.RecordImpact;
import dev.hindsight.incident.domain.IncidentCommand.RemoveParticipant;
import dev.hindsight.incident.domain.IncidentCommand.Reopen;
import dev.hindsight.incident.domain.IncidentCommand.Resolve;
import dev.hindsight.incident.domain.IncidentCommand.SuspectDeploy;
import dev.hindsight.incident.domain.IncidentCommand.TakeIn;
import dev.hindsight.incident.domain.IncidentCommand.UpdateStatus;
import dev.hindsight.incident.domain.LifecycleFacts.Correction;
import dev.hindsight.incident.domain.LifecycleFacts.Fact;
import dev.hindsight.incident.domain.LifecycleFacts.Step;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * One disturbance, from the first signal to closure.
 *
 * <p>{@link #decide} answers a command with new facts or refuses it; {@link #evolve} trusts history. What tools and people
 * say about title, severity, services and roles is decided by whichever fact happened last; a person's or tool's explicit
 * change of severity, and a person's classification, stand above what later signals merely mention.
 *
 * <p>The collections are persistent: a state shares with the one before it all that is the same, so that one more fact costs
 * the logarithm of how many there are, also in a storm of alerts.
 *
 * @param declaration null while nobody has declared it, even provisionally
 * @param title as declarations and signals say it; {@link #currentTitle()} is what counts
 * @param facts all that bears on the lifecycle
 * @param linkFacts by address
 * @param acknowledger the person of the acknowledgement that happened first
 * @param circle who may see it
 * @param deploys what is said of deploys that may have contributed, by their stream
 * @param channels where people talk about it
 * @param sources the tools' own ids of it
 * @param known ids of the facts that are recorded
 */
public record Incident(
        @Nullable Declaration declaration,
        LifecycleFacts facts,
        Lifecycle lifecycle,
        @Nullable Latest<String> title,
        @Nullable Latest<Severity> judgedSeverity,
        @Nullable Latest<Severity> observedSeverity,
        AffectedServices services,
        Classification classification,
        PMap<String, Latest<Holder>> roleFacts,
        PMap<String, Latest<Link>> linkFacts,
        ImpactFacts impacts,
        @Nullable Latest<UUID> acknowledger,
        @Nullable Pages pages,
        Circle circle,
        PMap<UUID, DeployLink> deploys,
        PMap<String, Latest<ChatChannel>> channels,
        PSet<String> sources,
        PSet<UUID> known,
        long version) {

    /** More than that nobody follows. */
    private static final int MANY_LINKS = 200;

    public static final Incident UNKNOWN = new Incident(
            null,
            LifecycleFacts.NONE,
            Lifecycle.NONE,
            null,
            null,
            null,
            AffectedServices.NONE,
            Classification.NONE,
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            ImpactFacts.NONE,
            null,
            null,
            Circle.OPEN,
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePSet.empty(),
            HashTreePSet.empty(),
            0);

    /** As it was declared; what people said since is the {@link Classification}. */
    public record Declaration(
            String reference,
            boolean provisional,
            @Nullable String summary,
            boolean customerFacing,
            boolean security,
            IncidentKind kind) {}

    /** Who holds a role; null: nobody any more. */
    public record Holder(@Nullable UUID person) {}

    /** A page that belongs to it. */
    public record Link(LinkKind kind, String url, @Nullable String title) {}

    /**
     * A new fact, decided but not yet recorded.
     *
     * @param factId null where any new id will do
     * @param person who did it; null for a tool, for Hindsight itself, and where nobody knows
     */
    public record NewFact(
            IncidentEvent event,
            Instant occurredAt,
            int sourceOrder,
            @Nullable UUID factId,
            @Nullable UUID person) {}

    public boolean exists() {
        return declaration != null;
    }

    public String currentTitle() {
        return classification.title() != null ? classification.title().value() : title == null ? "" : title.value();
    }

    /** Null where it has none. */
    public @Nullable String currentSummary() {
        String summary = classification.summary() != null
                ? classification.summary().value()
                : declaration == null ? null : declaration.summary();
        return summary == null || summary.isBlank() ? null : summary;
    }

    public boolean customerFacing() {
        return classification.customerFacing() != null
                ? classification.customerFacing().value()
                : declaration != null && declaration.customerFacing();
    }

    public boolean security() {
        return classification.security() != null
                ? classification.security().value()
                : declaration != null && declaration.security();
    }

    public IncidentKind kind() {
        return classification.kind() != null
                ? classification.kind().value()
                : declaration == null ? IncidentKind.REAL : declaration.kind();
    }

    public Severity severity() {
        return judgedSeverity != null
                ? judgedSeverity.value()
                : observedSeverity != null ? observedSeverity.value() : Severity.SEV3;
    }

    public List<String> currentServices() {
        return services.now();
    }

    /** Who may see it now. */
    public Visibility visibility() {
        return circle.visibility();
    }

    /** Whether the person takes part, as far as the incident's own events tell: an action item is another way. */
    public boolean hasParticipant(UUID person) {
        return circle.has(person) || roles().containsValue(person);
    }

    /** Who holds which role now. */
    public Map<String, UUID> roles() {
        Map<String, UUID> roles = new TreeMap<>();
        roleFacts.forEach((role, holder) -> {
            if (holder.value().person() != null) {
                roles.put(role, holder.value().person());
            }
        });
        return roles;
    }

    /** The pages that belong to it, each address once, in the order of when it was last told of. */
    public List<Link> links() {
        return linkFacts.values().stream()
                .sorted(Latest.byTime())
                .map(Latest::value)
                .toList();
    }

    /** The numbers known now: each as the last fact that named it says. */
    public Impact impact() {
        return impacts.total();
    }

    /** How many responders were notified. */
    public int pageCount() {
        return pages == null ? 0 : pages.count();
    }

    /** What it says of itself: what every event carries as it is after it. */
    public Standing standing() {
        return new Standing(
                lifecycle,
                declaration == null ? "" : declaration.reference(),
                currentTitle(),
                severity(),
                currentServices(),
                kind(),
                visibility(),
                customerFacing(),
                security(),
                roles().entrySet().stream()
                        .map(held -> new Standing.Holder(held.getKey(), held.getValue()))
                        .toList(),
                acknowledger == null ? null : acknowledger.value(),
                facts.firstAlert(),
                pages);
    }

    // ---------------------------------------------------------------------------------------------------- decide

    /**
     * The facts that follow from a command.
     *
     * @param person who gives it; null for a tool or for Hindsight itself
     * @return empty where nothing changes
     * @throws Refused where the status forbids it; never for {@link Observe}
     */
    public static List<NewFact> decide(Incident incident, IncidentCommand command, @Nullable UUID person) {
        Draft draft = new Draft(incident, person);
        switch (command) {
            case Declare declare -> declare(incident, declare, draft);
            case Observe observe -> observe(incident, observe, draft);
            case Import past -> remember(incident, past, draft);
            case Acknowledge c -> {
                incident.requireBefore(c.occurredAt(), "acknowledged");
                if (incident.lifecycle.status() == IncidentStatus.ACKNOWLEDGED
                        || incident.lifecycle.status() == IncidentStatus.MITIGATED
                                && incident.lifecycle.milestones().acknowledged() != null) {
                    throw Refused.because(
                            "ALREADY_ACKNOWLEDGED",
                            "The incident is acknowledged already; nothing is left to acknowledge.");
                }
                draft.add(c, after -> new IncidentEvent.Acknowledged(null, after));
            }
            case AssignRole c -> {
                incident.requireNotDropped();
                if (!Objects.equals(incident.roles().get(c.role()), c.person())) {
                    draft.add(c, after -> new IncidentEvent.RoleAssigned(c.role(), c.person(), after));
                }
            }
            case ChangeSeverity c -> {
                incident.requireNotDropped();
                if (incident.severity() != c.severity()) {
                    draft.add(c, after -> new IncidentEvent.SeverityChanged(c.severity(), c.reason(), null, after));
                }
            }
            case Classify c -> classify(incident, c, draft);
            case UpdateStatus c -> draft.add(c, after -> new IncidentEvent.StatusUpdated(c.text(), null, after));
            case PostMessage c -> draft.add(c, after -> new IncidentEvent.MessagePosted(c.text(), c.channel(), after));
            case RecordDecision c -> draft.add(c, after -> new IncidentEvent.DecisionRecorded(c.text(), after));
            case AddLink c -> {
                Link link = new Link(c.kind(), c.url(), c.title());
                Latest<Link> known = incident.linkFacts.get(c.url());
                if (known == null || !known.value().equals(link)) {
                    if (known == null) {
                        incident.requireRoomForLinks();
                    }
                    draft.add(c, after -> new IncidentEvent.LinkAdded(c.kind(), c.url(), c.title(), after));
                }
            }
            case ChangeServices c -> {
                incident.requireNotDropped();
                List<String> added = incident.services.missing(c.added());
                List<String> removed = incident.services.present(c.removed());
                if (!added.isEmpty() || !removed.isEmpty()) {
                    draft.add(c, after -> new IncidentEvent.ServicesChanged(added, removed, after));
                }
            }
            case CorrectMilestone c -> correct(incident, c, draft);
            case Page c ->
                draft.add(c, after -> new IncidentEvent.Paged(c.person(), c.channel(), c.afterHours(), after));
            case Escalate c -> {
                incident.requireBefore(c.occurredAt(), "escalated");
                draft.add(c, after -> new IncidentEvent.Escalated(c.to(), c.text(), null, after));
            }
            case RecordImpact c -> {
                if (!incident.impact().updatedBy(c.impact()).equals(incident.impact())) {
                    draft.impact(c, c.impact());
                }
            }
            case Mitigate c -> {
                incident.requireBefore(c.occurredAt(), "mitigated");
                if (incident.lifecycle.status() == IncidentStatus.MITIGATED) {
                    throw Refused.because("ALREADY_MITIGATED", "The incident is mitigated already.");
                }
                draft.add(c, after -> new IncidentEvent.Mitigated(c.text(), null, after));
            }
            case Resolve c -> {
                incident.requireNotDropped();
                if (incident.lifecycle.status().isOver()) {
                    throw Refused.because(
                            "ALREADY_RESOLVED", "The incident is resolved already; reopen it if it is not over.");
                }
                draft.add(c, after -> new IncidentEvent.Resolved(c.text(), null, after));
                if (!draft.state.lifecycle.status().isOver()) {
                    throw Refused.because(
                            "BEFORE_REOPENING",
                            "The incident was reopened after " + c.occurredAt()
                                    + "; a resolution must have happened after that.");
                }
            }
            case Reopen c -> {
                Instant over = incident.overSince();
                if (!incident.lifecycle.status().isOver() || over == null) {
                    throw Refused.because(
                            "NOT_RESOLVED",
                            "Only a resolved or closed incident can be reopened; this one is "
                                    + incident.lifecycle.status() + ".");
                }
                if (!c.occurredAt().isAfter(over)) {
                    throw Refused.because(
                            "BEFORE_RESOLUTION",
                            "It was resolved at " + over + "; a reopening must have happened after that.");
                }
                draft.add(c, after -> new IncidentEvent.Reopened(c.reason(), null, after));
                // A resolution whose time was corrected to an earlier one stays where it was told.
                if (draft.state.lifecycle.status().isOver()) {
                    throw Refused.because(
                            "BEFORE_RESOLUTION",
                            "A resolution is on record that was told after " + c.occurredAt()
                                    + "; a reopening must have happened after that.");
                }
            }
            case Close c -> close(incident, c, draft);
            case Cancel c -> {
                if (!incident.lifecycle.status().isOngoing()) {
                    throw Refused.because(
                            "NOT_ONGOING",
                            "Only an ongoing incident can be canceled as a false alarm; this one is "
                                    + incident.lifecycle.status() + ".");
                }
                draft.add(c, after -> new IncidentEvent.Canceled(c.reason(), after));
            }
            case Merge c -> {
                incident.requireNotDropped();
                draft.add(c, after -> new IncidentEvent.Merged(c.into(), null, null, after));
            }
            case TakeIn c -> {
                if (incident.isDropped()) {
                    throw Refused.because(
                            "TARGET_IS_FINAL",
                            "The incident that it is to be part of is canceled or merged itself; name the one that goes on.");
                }
                draft.add(
                        c,
                        after -> new IncidentEvent.Noted(
                                "merged", "Another incident was merged into this one", null, null, after));
            }
            case ChangeVisibility c -> {
                if (incident.visibility() != c.visibility()) {
                    changeVisibility(c, c.visibility(), c.reason(), c.participants(), draft);
                }
            }
            case AddParticipant c -> {
                if (!incident.circle.added().contains(c.person())) {
                    draft.add(c, after -> new IncidentEvent.ParticipantAdded(c.person(), after));
                }
            }
            case RemoveParticipant c -> {
                if (incident.circle.added().contains(c.person())) {
                    draft.add(c, after -> new IncidentEvent.ParticipantRemoved(c.person(), after));
                }
            }
            case SuspectDeploy c -> {
                DeployLink suspected = new DeployLink(DeployLink.Verdict.SUSPECT, c.change(), c.occurredAt());
                DeployLink known = incident.deploys.get(c.deploy());
                if (known == null || known.isSuspicion() && !known.equals(suspected)) {
                    draft.add(c, after -> new IncidentEvent.DeploySuspected(c.deploy(), c.change(), after));
                }
            }
            case ClearDeploy c -> {
                DeployLink known = incident.deploys.get(c.deploy());
                if (known != null && known.isSuspicion()) {
                    draft.add(c, after -> new IncidentEvent.DeployCleared(c.deploy(), known.change(), after));
                }
            }
            case ConfirmDeploy c -> {
                incident.requireNotDropped();
                if (incident.verdictOn(c.deploy()) != DeployLink.Verdict.CONFIRMED) {
                    draft.add(c, after -> new IncidentEvent.DeployConfirmed(c.deploy(), c.change(), c.reason(), after));
                }
            }
            case DismissDeploy c -> {
                if (incident.verdictOn(c.deploy()) == null) {
                    throw Refused.because("NOT_LINKED", "The deploy is not suspected of this incident.");
                }
                if (incident.verdictOn(c.deploy()) != DeployLink.Verdict.DISMISSED) {
                    draft.add(c, after -> new IncidentEvent.DeployDismissed(c.deploy(), c.change(), c.reason(), after));
                }
            }
            case LinkChannel c ->
                draft.add(
                        c,
                        after -> new IncidentEvent.ChannelLinked(
                                c.channel().tool(),
                                c.channel().integration(),
                                c.channel().id(),
                                c.channel().name(),
                                after));
        }
        return draft.facts();
    }

    /** Everything that stands against it is said at once; what is owed can be overridden, that it is not over cannot. */
    private static void close(Incident incident, Close c, Draft draft) {
        List<Refused.Reason> owed = c.policy().unmet(incident, c.owing());
        boolean isResolved = incident.lifecycle.status() == IncidentStatus.RESOLVED;
        if (!isResolved || !owed.isEmpty() && c.overrideReason() == null) {
            List<Refused.Reason> reasons = new ArrayList<>();
            if (!isResolved) {
                reasons.add(new Refused.Reason(
                        "NOT_RESOLVED",
                        "Only a resolved incident can be closed; this one is " + incident.lifecycle.status() + "."));
            }
            // What is canceled, merged or closed already owes nothing.
            if (isResolved || incident.lifecycle.status().isOngoing()) {
                reasons.addAll(owed);
            }
            throw new Refused(reasons);
        }
        ClosureOverride override = owed.isEmpty() || c.overrideReason() == null
                ? null
                : new ClosureOverride(
                        c.overrideReason(),
                        owed.stream().map(Refused.Reason::message).toList(),
                        c.policy().version());
        draft.add(c, after -> new IncidentEvent.Closed(c.text(), override, after));
    }

    /** Of a milestone that it has; when it began may be filled in as well, which no command of its own tells. */
    private static void correct(Incident incident, CorrectMilestone c, Draft draft) {
        Instant known = incident.lifecycle.milestones().at(c.milestone());
        boolean isBeginning = c.milestone() == Milestone.IMPACT_STARTED || c.milestone() == Milestone.DETECTED;
        if (known == null && !isBeginning) {
            throw Refused.because(
                    "NOT_REACHED",
                    "The incident has no time of " + c.milestone()
                            + " that could be wrong; give the command itself, with its occurredAt.");
        }
        Instant at = c.at().truncatedTo(ChronoUnit.MICROS);
        if (at.equals(known)) {
            return;
        }
        draft.add(c, after -> new IncidentEvent.MilestoneCorrected(c.milestone(), at, c.reason(), after));
        if (!at.equals(draft.state.lifecycle.milestones().at(c.milestone()))) {
            throw Refused.because(
                    "BEFORE_THE_FACT",
                    "What led to that milestone happened after " + c.occurredAt()
                            + "; a correction must be given later than that.");
        }
    }

    private static void declare(Incident incident, Declare c, Draft draft) {
        if (incident.exists()) {
            throw Refused.because("ALREADY_DECLARED", "An incident with this id is declared already.");
        }
        Visibility visibility = c.security() ? Visibility.RESTRICTED : c.visibility();
        draft.add(
                c,
                after -> new IncidentEvent.Declared(
                        c.reference(),
                        c.title(),
                        c.severity(),
                        c.services(),
                        c.summary(),
                        c.customerFacing(),
                        c.security(),
                        c.kind(),
                        visibility,
                        false,
                        null,
                        null,
                        after));
        if (c.impactStartedAt() != null) {
            draft.add(c.impactStartedAt(), 0, null, IncidentEvent.ImpactStarted::new);
        }
        if (c.detectedAt() != null) {
            draft.add(c.detectedAt(), 0, null, IncidentEvent.Detected::new);
        }
        Impact impact = c.impact();
        if (impact != null && !impact.equals(Impact.NONE)) {
            draft.impact(c, impact);
        }
        if (visibility == Visibility.RESTRICTED) {
            addParticipants(c, c.participants(), draft);
        }
    }

    /** What is as it was is not said again. */
    private static void classify(Incident incident, Classify c, Draft draft) {
        String title = unless(incident.currentTitle(), c.title());
        String summary = unless(Objects.requireNonNullElse(incident.currentSummary(), ""), c.summary());
        Boolean customerFacing = unless(incident.customerFacing(), c.customerFacing());
        Boolean security = unless(incident.security(), c.security());
        IncidentKind kind = unless(incident.kind(), c.kind());
        if (title != null || summary != null || customerFacing != null || security != null || kind != null) {
            draft.add(c, after -> new IncidentEvent.Classified(title, summary, customerFacing, security, kind, after));
        }
        // Whoever says so of an incident that was opened again means it: hidden too much is mended sooner than seen too
        // much.
        if (Boolean.TRUE.equals(c.security()) && incident.visibility() != Visibility.RESTRICTED) {
            changeVisibility(c, Visibility.RESTRICTED, "It is a security incident.", c.participants(), draft);
        }
    }

    private static <T> @Nullable T unless(T same, @Nullable T said) {
        return same.equals(said) ? null : said;
    }

    private static void changeVisibility(
            IncidentCommand c, Visibility to, @Nullable String reason, Set<UUID> participants, Draft draft) {
        if (to == Visibility.RESTRICTED) {
            addParticipants(c, participants, draft);
        }
        draft.add(c, after -> new IncidentEvent.VisibilityChanged(to, reason, after));
    }

    private static void addParticipants(IncidentCommand c, Set<UUID> persons, Draft draft) {
        persons.stream()
                .sorted()
                .filter(person -> !draft.state.hasParticipant(person))
                .forEach(person -> draft.add(c, after -> new IncidentEvent.ParticipantAdded(person, after)));
    }

    /** A tool's fact is recorded once, whatever the status; the first one of an unknown incident declares it. */
    private static void observe(Incident incident, Observe c, Draft draft) {
        Signal signal = c.signal();
        if (incident.known.contains(c.factId()) || incident.knowsAlready(signal)) {
            return;
        }
        if (incident.declaration == null && !c.mayDeclare()) {
            return;
        }
        // Whichever trigger was the first in time declared it, in whatever order they arrive.
        boolean declares = signal instanceof Signal.Triggered
                || signal instanceof Signal.AlertFired
                        && (incident.declaration == null
                                || incident.declaration.provisional() && incident.isDeclaredBy(c));
        if (declares) {
            UUID id = signal instanceof Signal.Triggered ? c.factId() : null;
            draft.add(c.occurredAt(), c.sourceOrder(), id, c.by(), after -> declared(c, incident, false, after));
        } else if (incident.declaration == null) {
            // Who declared it nobody has said yet.
            draft.add(c.opening().beganAt(), 0, null, null, after -> declared(c, incident, true, after));
        }
        Function<Standing, IncidentEvent> event = eventOf(signal, signal.observed());
        if (event != null) {
            draft.add(c.occurredAt(), c.sourceOrder(), c.factId(), c.by(), event);
        }
    }

    /** What was not known of it yet; the declaration goes first, whatever its place in the history. */
    private static void remember(Incident incident, Import c, Draft draft) {
        c.history().stream()
                .filter(fact -> !incident.known.contains(fact.factId()))
                .sorted(Comparator.comparing(fact -> !(fact.signal() instanceof Signal.Triggered)))
                .forEach(fact -> draft.add(
                        fact.occurredAt(),
                        fact.sourceOrder(),
                        fact.factId(),
                        fact.by(),
                        Objects.requireNonNullElse(
                                eventOf(fact.signal(), null),
                                after -> new IncidentEvent.Declared(
                                        c.reference(),
                                        c.title(),
                                        c.severity(),
                                        c.services(),
                                        c.summary(),
                                        c.customerFacing(),
                                        c.security(),
                                        c.kind(),
                                        c.security() ? Visibility.RESTRICTED : Visibility.INTERNAL,
                                        false,
                                        c.externalId(),
                                        null,
                                        after))));
    }

    /** Null for what only declares. */
    private static @Nullable Function<Standing, IncidentEvent> eventOf(Signal signal, @Nullable Observed seen) {
        return switch (signal) {
            case Signal.Triggered s -> null;
            case Signal.Acknowledged s -> after -> new IncidentEvent.Acknowledged(seen, after);
            case Signal.Unacknowledged s -> after -> new IncidentEvent.Unacknowledged(seen, after);
            case Signal.Escalated s -> after -> new IncidentEvent.Escalated(s.to(), s.text(), seen, after);
            case Signal.SeverityChanged s ->
                after -> new IncidentEvent.SeverityChanged(s.severity(), s.reason(), seen, after);
            case Signal.RoleAssigned s -> after -> new IncidentEvent.RoleAssigned(s.role(), s.person(), after);
            case Signal.Paged s -> after -> new IncidentEvent.Paged(s.person(), s.channel(), s.afterHours(), after);
            case Signal.StatusUpdated s -> after -> new IncidentEvent.StatusUpdated(s.text(), seen, after);
            case Signal.ImpactStarted s -> IncidentEvent.ImpactStarted::new;
            case Signal.Detected s -> IncidentEvent.Detected::new;
            case Signal.Mitigated s -> after -> new IncidentEvent.Mitigated(s.text(), seen, after);
            case Signal.Resolved s -> after -> new IncidentEvent.Resolved(s.text(), seen, after);
            case Signal.Reopened s -> after -> new IncidentEvent.Reopened(s.reason(), seen, after);
            case Signal.Closed s -> after -> new IncidentEvent.Closed(s.text(), null, after);
            case Signal.Canceled s -> after -> new IncidentEvent.Canceled(s.reason(), after);
            case Signal.Merged s -> after -> new IncidentEvent.Merged(s.into(), s.externalInto(), seen, after);
            case Signal.AlertFired s -> after -> new IncidentEvent.AlertFired(s.alert(), seen, after);
            case Signal.AlertResolved s -> after -> new IncidentEvent.AlertResolved(s.alert(), after);
            case Signal.Posted s -> after -> new IncidentEvent.MessagePosted(s.text(), s.channel(), after);
            case Signal.Decided s -> after -> new IncidentEvent.DecisionRecorded(s.text(), after);
            case Signal.Noted s -> after -> new IncidentEvent.Noted(s.signal(), s.text(), s.url(), seen, after);
        };
    }

    private static IncidentEvent declared(Observe c, Incident incident, boolean provisional, Standing after) {
        Opening opening = c.opening();
        Observed seen = c.signal().observed();
        return new IncidentEvent.Declared(
                incident.declaration == null ? opening.reference() : incident.declaration.reference(),
                seen.title() != null ? seen.title() : opening.title(),
                seen.severity() != null ? seen.severity() : opening.severity(),
                seen.services(),
                incident.declaration == null ? null : incident.declaration.summary(),
                incident.declaration != null && incident.declaration.customerFacing(),
                incident.declaration != null && incident.declaration.security(),
                incident.declaration == null ? IncidentKind.REAL : incident.declaration.kind(),
                incident.visibility(),
                provisional,
                opening.externalId(),
                seen,
                after);
    }

    private boolean isDeclaredBy(Observe c) {
        return sources.contains(c.opening().externalId());
    }

    /** Repeats of an alert are the same fact, though each delivery has another id. */
    private boolean knowsAlready(Signal signal) {
        return switch (signal) {
            case Signal.AlertFired s -> facts.knowsFiring(s.alert().key());
            case Signal.AlertResolved s -> facts.knowsEnd(s.alert().key());
            default -> false;
        };
    }

    private void requireRoomForLinks() {
        if (linkFacts.size() >= MANY_LINKS) {
            throw Refused.because("TOO_MANY_LINKS", "The incident has " + MANY_LINKS + " links already.");
        }
    }

    /** Null where the deploy is not linked to it. */
    public DeployLink.@Nullable Verdict verdictOn(UUID deploy) {
        DeployLink link = deploys.get(deploy);
        return link == null ? null : link.verdict();
    }

    /** What decides which deploys it is suspected to come from; two states with the same are suspected of the same. */
    public Suspicious suspicious() {
        Milestones milestones = lifecycle.milestones();
        return new Suspicious(
                currentServices(),
                kind() == IncidentKind.REAL,
                lifecycle.status() == IncidentStatus.CANCELED || lifecycle.status() == IncidentStatus.MERGED,
                Stream.of(milestones.impactStarted(), milestones.detected(), milestones.declared())
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
    }

    /** @param began when it did, as far as anybody knows */
    public record Suspicious(
            List<String> services,
            boolean real,
            boolean dropped,
            @Nullable Instant began) {}

    private boolean isDropped() {
        return lifecycle.status() == IncidentStatus.CANCELED || lifecycle.status() == IncidentStatus.MERGED;
    }

    private void requireNotDropped() {
        if (isDropped()) {
            throw Refused.because("FINAL", "The incident is " + lifecycle.status() + ", which is final.");
        }
    }

    /** While it goes on, or, filling in what was forgotten, before its resolution. */
    private void requireBefore(Instant at, String what) {
        requireNotDropped();
        Instant over = overSince();
        if (lifecycle.status().isOver() && (over == null || !at.isBefore(over))) {
            throw Refused.because(
                    "ALREADY_RESOLVED",
                    "The incident is " + lifecycle.status() + " since " + over + "; it can only be " + what
                            + " with an occurredAt before that, or after a reopening.");
        }
    }

    private @Nullable Instant overSince() {
        return lifecycle.milestones().resolved() != null
                ? lifecycle.milestones().resolved()
                : lifecycle.milestones().closed();
    }

    /** Collects new facts; each is told where the incident stands after it. */
    private static final class Draft {

        private final List<NewFact> facts = new ArrayList<>();
        private final @Nullable UUID person;
        private Incident state;

        Draft(Incident state, @Nullable UUID person) {
            this.state = state;
            this.person = person;
        }

        void add(IncidentCommand command, Function<Standing, IncidentEvent> event) {
            add(command.occurredAt(), 0, null, event);
        }

        void impact(IncidentCommand command, Impact told) {
            add(command, after -> new IncidentEvent.ImpactRecorded(told, state.impact(), after));
        }

        void add(Instant occurredAt, int sourceOrder, @Nullable UUID factId, Function<Standing, IncidentEvent> event) {
            add(occurredAt, sourceOrder, factId, person, event);
        }

        void add(
                Instant occurredAt,
                int sourceOrder,
                @Nullable UUID factId,
                @Nullable UUID by,
                Function<Standing, IncidentEvent> event) {
            // As fine as it is stored: what this event says of its moment, the next one says in the same words.
            Instant at = occurredAt.truncatedTo(ChronoUnit.MICROS);
            state = state.taking(event.apply(Standing.NONE), at, sourceOrder, state.version + 1, factId, by);
            facts.add(new NewFact(event.apply(state.standing()), at, sourceOrder, factId, by));
        }

        List<NewFact> facts() {
            return List.copyOf(facts);
        }
    }

    // ---------------------------------------------------------------------------------------------------- evolve

    /** The incident with one more recorded fact. */
    public static Incident evolve(Incident incident, Recorded<IncidentEvent> fact) {
        return incident.taking(
                fact.event(),
                fact.header().occurredAt(),
                fact.header().sourceOrder(),
                fact.header().sequence(),
                fact.header().id(),
                EventHeader.personIn(fact.header().actor()));
    }

    /** The incident with facts that are decided but not yet recorded. */
    public Incident taking(List<NewFact> facts) {
        Incident incident = this;
        for (NewFact fact : facts) {
            incident = incident.taking(
                    fact.event(),
                    fact.occurredAt(),
                    fact.sourceOrder(),
                    incident.version + 1,
                    fact.factId(),
                    fact.person());
        }
        return incident;
    }

    private Incident taking(
            IncidentEvent event, Instant at, int order, long newVersion, @Nullable UUID factId, @Nullable UUID person) {
        Changes to = new Changes(this, at, order, newVersion);
        if (factId != null) {
            to.known = to.known.plus(factId);
        }
        switch (event) {
            case IncidentEvent.Declared e -> to.declared(e);
            case IncidentEvent.ImpactStarted e -> to.step(Step.IMPACT_STARTED);
            case IncidentEvent.Detected e -> to.step(Step.DETECTED);
            case IncidentEvent.Acknowledged e ->
                to.acknowledgedBy(person).observed(e.observed()).step(Step.ACKNOWLEDGED);
            case IncidentEvent.Unacknowledged e -> to.observed(e.observed()).step(Step.UNACKNOWLEDGED);
            case IncidentEvent.Escalated e -> to.observed(e.observed()).statusSeen(e.observed());
            case IncidentEvent.RoleAssigned e -> to.role(e.role(), e.person());
            case IncidentEvent.SeverityChanged e ->
                to.judged(e.severity()).observed(e.observed()).statusSeen(e.observed());
            case IncidentEvent.Classified e -> to.classified(e);
            case IncidentEvent.StatusUpdated e -> to.observed(e.observed());
            case IncidentEvent.MessagePosted e -> {}
            case IncidentEvent.DecisionRecorded e -> {}
            case IncidentEvent.LinkAdded e -> to.link(new Link(e.kind(), e.url(), e.title()));
            case IncidentEvent.ServicesChanged e -> to.services(e.added(), e.removed());
            case IncidentEvent.MilestoneCorrected e -> to.corrected(new Correction(e.milestone(), e.at()));
            case IncidentEvent.Paged e -> to.paged(e.person(), e.afterHours());
            case IncidentEvent.ImpactRecorded e -> to.impact(e.impact());
            case IncidentEvent.Mitigated e -> to.observed(e.observed()).step(Step.MITIGATED);
            case IncidentEvent.Resolved e -> to.observed(e.observed()).step(Step.RESOLVED);
            case IncidentEvent.Reopened e -> to.observed(e.observed()).step(Step.REOPENED);
            case IncidentEvent.Closed e -> to.step(Step.CLOSED);
            case IncidentEvent.Canceled e -> to.step(Step.CANCELED);
            case IncidentEvent.Merged e -> to.observed(e.observed()).step(Step.MERGED);
            // An alert tells about itself; it renames no incident that it was attached to.
            case IncidentEvent.AlertFired e -> to.fired(e.alert().key());
            case IncidentEvent.AlertResolved e -> to.ended(e.alert().key());
            case IncidentEvent.Noted e -> to.observed(e.observed()).statusSeen(e.observed());
            case IncidentEvent.VisibilityChanged e -> to.circle = to.circle.seenBy(e.visibility());
            case IncidentEvent.ParticipantAdded e -> to.circle = to.circle.with(e.person(), newVersion);
            case IncidentEvent.ParticipantRemoved e -> to.circle = to.circle.without(e.person(), newVersion);
            case IncidentEvent.DeploySuspected e -> to.deploy(e.deploy(), DeployLink.Verdict.SUSPECT, e.change());
            case IncidentEvent.DeployCleared e -> to.clearDeploy(e.deploy());
            case IncidentEvent.DeployConfirmed e -> to.deploy(e.deploy(), DeployLink.Verdict.CONFIRMED, e.change());
            case IncidentEvent.DeployDismissed e -> to.deploy(e.deploy(), DeployLink.Verdict.DISMISSED, e.change());
            case IncidentEvent.ChannelLinked e ->
                to.channel(new ChatChannel(e.tool(), e.integration(), e.channel(), e.name()));
        }
        return to.incident();
    }

    /** One fact's changes to a state that is otherwise copied. */
    private static final class Changes {

        private final Instant at;
        private final int order;
        private final long version;
        private @Nullable Declaration declaration;
        private LifecycleFacts facts;
        private @Nullable Latest<String> title;
        private @Nullable Latest<Severity> judgedSeverity;
        private @Nullable Latest<Severity> observedSeverity;
        private AffectedServices services;
        private Classification classification;
        private PMap<String, Latest<Holder>> roles;
        private PMap<String, Latest<Link>> links;
        private ImpactFacts impacts;
        private @Nullable Latest<UUID> acknowledger;
        private @Nullable Pages pages;
        private Circle circle;
        private PMap<UUID, DeployLink> deploys;
        private PMap<String, Latest<ChatChannel>> channels;
        private PSet<String> sources;
        private PSet<UUID> known;

        Changes(Incident from, Instant at, int order, long version) {
            this.at = at;
            this.order = order;
            this.version = version;
            this.declaration = from.declaration;
            this.facts = from.facts;
            this.title = from.title;
            this.judgedSeverity = from.judgedSeverity;
            this.observedSeverity = from.observedSeverity;
            this.services = from.services;
            this.classification = from.classification;
            this.roles = from.roleFacts;
            this.links = from.linkFacts;
            this.impacts = from.impacts;
            this.acknowledger = from.acknowledger;
            this.pages = from.pages;
            this.circle = from.circle;
            this.deploys = from.deploys;
            this.channels = from.channels;
            this.sources = from.sources;
            this.known = from.known;
        }

        void declared(IncidentEvent.Declared e) {
            declaration = new Declaration(
                    e.reference(), e.provisional(), e.summary(), e.customerFacing(), e.security(), e.kind());
            // A declaration may restrict, also one that comes late; only a person opens it again.
            if (e.visibility() == Visibility.RESTRICTED) {
                circle = circle.seenBy(Visibility.RESTRICTED);
            }
            // A provisional one only repeats what its signal says, until the real one comes.
            Observed seen = e.observed();
            boolean titleSaid = !e.provisional() && (seen == null || seen.title() != null);
            boolean severitySaid = !e.provisional() && (seen == null || seen.severity() != null);
            title = Latest.of(title, titleSaid ? latest(e.title()) : fallback(e.title()));
            observedSeverity =
                    Latest.of(observedSeverity, severitySaid ? latest(e.severity()) : fallback(e.severity()));
            if (!e.services().isEmpty()) {
                services = services.named(e.provisional() ? fallback(e.services()) : latest(e.services()));
            }
            if (e.externalId() != null) {
                sources = sources.plus(e.externalId());
                if (e.externalId().startsWith(Alerts.PREFIX)) {
                    facts = facts.declaredByAlerts();
                }
            }
            step(e.provisional() ? Step.DECLARED_PROVISIONALLY : Step.DECLARED);
        }

        Changes observed(@Nullable Observed seen) {
            if (seen != null) {
                if (seen.title() != null) {
                    title = Latest.of(title, latest(seen.title()));
                }
                if (seen.severity() != null) {
                    observedSeverity = Latest.of(observedSeverity, latest(seen.severity()));
                }
                if (!seen.services().isEmpty()) {
                    services = services.named(latest(seen.services()));
                }
            }
            return this;
        }

        /** The tool's status field, where the event's own name says nothing about the status. */
        Changes statusSeen(@Nullable Observed seen) {
            if (seen != null && seen.status() == IncidentStatus.OPEN) {
                step(Step.UNACKNOWLEDGED);
            } else if (seen != null && seen.status() == IncidentStatus.ACKNOWLEDGED) {
                step(Step.SEEN_ACKNOWLEDGED);
            } else if (seen != null && seen.status() == IncidentStatus.RESOLVED) {
                step(Step.SEEN_RESOLVED);
            }
            return this;
        }

        Changes judged(Severity severity) {
            judgedSeverity = Latest.of(judgedSeverity, latest(severity));
            return this;
        }

        void classified(IncidentEvent.Classified said) {
            classification = classification.with(latest(said));
        }

        void role(String role, @Nullable UUID person) {
            roles = roles.plus(role, Latest.of(roles.get(role), latest(new Holder(person))));
        }

        void link(Link link) {
            links = links.plus(link.url(), Latest.of(links.get(link.url()), latest(link)));
        }

        void services(List<String> added, List<String> removed) {
            added.forEach(name -> services = services.said(latest(new Said(name, true))));
            removed.forEach(name -> services = services.said(latest(new Said(name, false))));
        }

        void corrected(Correction correction) {
            facts = facts.with(new Fact(Step.CORRECTED, at, order, version, correction));
        }

        void paged(UUID person, @Nullable Boolean afterHours) {
            pages = Pages.and(pages, at, afterHours);
            circle = circle.withPage(person, version);
        }

        void impact(Impact impact) {
            impacts = impacts.with(latest(impact));
        }

        void deploy(UUID deploy, DeployLink.Verdict verdict, Change change) {
            DeployLink linked = deploys.get(deploy);
            Instant deployedAt = linked == null || verdict == DeployLink.Verdict.SUSPECT ? at : linked.deployedAt();
            deploys = deploys.plus(deploy, new DeployLink(verdict, change, deployedAt));
        }

        void clearDeploy(UUID deploy) {
            deploys = deploys.minus(deploy);
        }

        void channel(ChatChannel channel) {
            String key = channel.integration() + "/" + channel.id();
            channels = channels.plus(key, Latest.of(channels.get(key), latest(channel)));
        }

        Changes acknowledgedBy(@Nullable UUID person) {
            if (person != null) {
                acknowledger = Latest.earliest(acknowledger, latest(person));
            }
            return this;
        }

        void step(Step step) {
            facts = facts.with(new Fact(step, at, order, version));
        }

        void fired(String alertKey) {
            facts = facts.fired(alertKey, at);
        }

        void ended(String alertKey) {
            facts = facts.ended(alertKey, at);
        }

        /** Our own default, which gives way to whatever a tool says, whenever it said it. */
        private <T> Latest<T> fallback(T value) {
            return new Latest<>(value, Instant.EPOCH, order, version);
        }

        private <T> Latest<T> latest(T value) {
            return new Latest<>(value, at, order, version);
        }

        Incident incident() {
            return new Incident(
                    declaration,
                    facts,
                    facts.lifecycle(),
                    title,
                    judgedSeverity,
                    observedSeverity,
                    services,
                    classification,
                    roles,
                    links,
                    impacts,
                    acknowledger,
                    pages,
                    circle,
                    deploys,
                    channels,
                    sources,
                    known,
                    version);
        }
    }
}
