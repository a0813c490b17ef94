package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Change;
import dev.hindsight.contract.ClosureOverride;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.Acknowledged;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.AlertResolved;
import dev.hindsight.contract.IncidentEvent.Canceled;
import dev.hindsight.contract.IncidentEvent.ChannelLinked;
import dev.hindsight.contract.IncidentEvent.Classified;
import dev.hindsight.contract.IncidentEvent.Closed;
import dev.hindsight.contract.IncidentEvent.DecisionRecorded;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.DeployCleared;
import dev.hindsight.contract.IncidentEvent.DeployConfirmed;
import dev.hindsight.contract.IncidentEvent.DeployDismissed;
import dev.hindsight.contract.IncidentEvent.DeploySuspected;
import dev.hindsight.contract.IncidentEvent.Detected;
import dev.hindsight.contract.IncidentEvent.Escalated;
import dev.hindsight.contract.IncidentEvent.ImpactRecorded;
import dev.hindsight.contract.IncidentEvent.ImpactStarted;
import dev.hindsight.contract.IncidentEvent.LinkAdded;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
import dev.hindsight.contract.IncidentEvent.MilestoneCorrected;
import dev.hindsight.contract.IncidentEvent.Mitigated;
import dev.hindsight.contract.IncidentEvent.Noted;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentEvent.ParticipantAdded;
import dev.hindsight.contract.IncidentEvent.ParticipantRemoved;
import dev.hindsight.contract.IncidentEvent.Reopened;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentEvent.RoleAssigned;
import dev.hindsight.contract.IncidentEvent.ServicesChanged;
import dev.hindsight.contract.IncidentEvent.SeverityChanged;
import dev.hindsight.contract.IncidentEvent.StatusUpdated;
import dev.hindsight.contract.IncidentEvent.Unacknowledged;
import dev.hindsight.contract.IncidentEvent.VisibilityChanged;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one incident event says in the timeline: a function of the event alone, so that the order of arrival cannot change
 * it. The names of people and the references of other incidents are put in when it is read.
 *
 * @param text with {@link #SUBJECT} where the name of {@code person}, or the reference of {@code incident}, belongs
 * @param person opaque id; null where the text names nobody
 * @param incident another incident; null where the text names none
 * @param url the tool's own page; null where there is none
 * @param provisional a declaration that steps back as soon as the real one arrives
 */
public record TimelineEntry(
        EntryKind kind,
        String text,
        @Nullable UUID person,
        @Nullable UUID incident,
        @Nullable String url,
        boolean provisional) {

    /** Stands before every foreign text, so that its first occurrence is always ours. */
    public static final String SUBJECT = "{}";

    /** The entry of an event. There is no default: an event type without an entry does not compile. */
    public static TimelineEntry of(IncidentEvent event) {
        return switch (event) {
            case Declared e ->
                new TimelineEntry(
                        EntryKind.DECLARED,
                        // What the first signal that came happened to say of it is no part of the record.
                        e.provisional()
                                ? "Declared; its own declaration has not been told"
                                : "Declared as " + e.severity() + ": " + e.title(),
                        null,
                        null,
                        url(e.observed()),
                        e.provisional());
            case Acknowledged e -> entry(EntryKind.ACKNOWLEDGED, "Acknowledged", url(e.observed()));
            case Unacknowledged e -> entry(EntryKind.UNACKNOWLEDGED, "The acknowledgement lapsed", url(e.observed()));
            case Escalated e ->
                about(
                        EntryKind.ESCALATED,
                        (e.to() == null ? "Escalated" : "Escalated to " + SUBJECT) + suffix(e.text()),
                        e.to(),
                        url(e.observed()));
            case RoleAssigned e ->
                about(
                        EntryKind.ROLE_ASSIGNED,
                        (e.person() == null ? "Nobody is " : SUBJECT + " is ")
                                + e.role()
                                + (e.person() == null ? " any more" : ""),
                        e.person(),
                        null);
            case SeverityChanged e ->
                entry(
                        EntryKind.SEVERITY_CHANGED,
                        "Severity is " + e.severity() + suffix(e.reason()),
                        url(e.observed()));
            case Classified e -> entry(EntryKind.CLASSIFIED, "Classified: " + inWords(e), null);
            case ServicesChanged e -> entry(EntryKind.SERVICES_CHANGED, inWords(e), null);
            case StatusUpdated e -> entry(EntryKind.STATUS_UPDATED, e.text(), url(e.observed()));
            case MessagePosted e ->
                entry(EntryKind.MESSAGE, (e.channel() == null ? "" : e.channel() + ": ") + e.text(), null);
            case DecisionRecorded e -> entry(EntryKind.DECISION, e.text(), null);
            case LinkAdded e ->
                entry(EntryKind.LINK, inWords(e.kind()) + ": " + (e.title() == null ? e.url() : e.title()), e.url());
            case Paged e ->
                about(
                        EntryKind.PAGED,
                        "Paged " + SUBJECT + (e.channel() == null ? "" : " by " + e.channel())
                                + (Boolean.TRUE.equals(e.afterHours()) ? ", after hours" : ""),
                        e.person(),
                        null);
            case ImpactRecorded e -> entry(EntryKind.IMPACT, "Impact: " + inWords(e.impact()), null);
            case ImpactStarted e -> entry(EntryKind.IMPACT_STARTED, "The impact started", null);
            case Detected e -> entry(EntryKind.DETECTED, "Detected", null);
            case MilestoneCorrected e ->
                entry(
                        EntryKind.MILESTONE_CORRECTED,
                        "Corrected: " + inWords(e.milestone()) + " at " + e.at() + suffix(e.reason()),
                        null);
            case Mitigated e -> entry(EntryKind.MITIGATED, "Mitigated" + suffix(e.text()), url(e.observed()));
            case Resolved e -> entry(EntryKind.RESOLVED, "Resolved" + suffix(e.text()), url(e.observed()));
            case Reopened e -> entry(EntryKind.REOPENED, "Reopened" + suffix(e.reason()), url(e.observed()));
            case Closed e -> entry(EntryKind.CLOSED, "Closed" + suffix(e.text()) + inWords(e.override()), null);
            case Canceled e -> entry(EntryKind.CANCELED, "Canceled: it was none" + suffix(e.reason()), null);
            case Merged e ->
                new TimelineEntry(
                        EntryKind.MERGED,
                        "Merged into "
                                + (e.into() != null
                                        ? SUBJECT
                                        : e.externalInto() != null ? e.externalInto() : "another incident"),
                        null,
                        e.into(),
                        url(e.observed()),
                        false);
            case AlertFired e ->
                entry(
                        EntryKind.ALERT_FIRED,
                        "Alert fired: " + inWords(e.alert()),
                        e.alert().url());
            case AlertResolved e ->
                entry(
                        EntryKind.ALERT_RESOLVED,
                        "Alert ended: " + e.alert().name(),
                        e.alert().url());
            case DeploySuspected e ->
                entry(
                        EntryKind.DEPLOY,
                        "Deployed " + inWords(e.change()) + " (suspected)",
                        e.change().url());
            case DeployCleared e ->
                entry(
                        EntryKind.DEPLOY,
                        "The deploy of " + inWords(e.change()) + " is no longer suspected",
                        e.change().url());
            case DeployConfirmed e ->
                entry(
                        EntryKind.DEPLOY,
                        "The deploy of " + inWords(e.change()) + " contributed" + suffix(e.reason()),
                        e.change().url());
            case DeployDismissed e ->
                entry(
                        EntryKind.DEPLOY,
                        "The deploy of " + inWords(e.change()) + " has nothing to do with it" + suffix(e.reason()),
                        e.change().url());
            case ChannelLinked e ->
                entry(
                        EntryKind.CHANNEL_LINKED,
                        "What is said in " + (e.name() == null ? e.channel() : "#" + e.name()) + " (" + e.tool()
                                + ") belongs to it",
                        null);
            case VisibilityChanged e ->
                entry(
                        EntryKind.VISIBILITY_CHANGED,
                        (e.visibility() == Visibility.RESTRICTED
                                        ? "Restricted to participants"
                                        : "Visible to everybody with a role again")
                                + suffix(e.reason()),
                        null);
            case ParticipantAdded e ->
                about(EntryKind.PARTICIPANT_ADDED, SUBJECT + " was added as a participant", e.person(), null);
            case ParticipantRemoved e ->
                about(
                        EntryKind.PARTICIPANT_REMOVED,
                        SUBJECT + " is no longer added as a participant",
                        e.person(),
                        null);
            case Noted e ->
                entry(
                        EntryKind.NOTE,
                        e.text().isBlank() ? e.signal() : e.text(),
                        e.url() != null ? e.url() : url(e.observed()));
        };
    }

    /** What a classification says; the summary, which may be long, comes last. */
    private static String inWords(Classified classified) {
        List<String> parts = new ArrayList<>();
        if (classified.title() != null) {
            parts.add("titled \"" + classified.title() + "\"");
        }
        if (classified.kind() != null) {
            parts.add(inWords(classified.kind()));
        }
        if (classified.customerFacing() != null) {
            parts.add(classified.customerFacing() ? "customer-facing" : "not customer-facing");
        }
        if (classified.security() != null) {
            parts.add(classified.security() ? "a security incident" : "no security incident");
        }
        if (classified.summary() != null) {
            parts.add(classified.summary().isBlank() ? "no summary" : "summary: " + classified.summary());
        }
        return parts.isEmpty() ? "as before" : String.join(", ", parts);
    }

    private static String inWords(ServicesChanged change) {
        List<String> parts = new ArrayList<>();
        if (!change.added().isEmpty()) {
            parts.add("affects " + String.join(", ", change.added()) + " as well");
        }
        if (!change.removed().isEmpty()) {
            parts.add("does not affect " + String.join(", ", change.removed()));
        }
        String words = String.join("; ", parts);
        return words.isEmpty()
                ? "The services are as before"
                : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static String inWords(@Nullable ClosureOverride override) {
        return override == null
                ? ""
                : ". The closure policy was overridden: " + override.reason() + " It stood against it: "
                        + String.join(" ", override.unmet());
    }

    private static String inWords(LinkKind kind) {
        return switch (kind) {
            case RUNBOOK -> "Runbook";
            case DASHBOARD -> "Dashboard";
            case LOGS -> "Logs";
            case CHAT -> "Chat";
            case CALL -> "Call";
            case TICKET -> "Ticket";
            case CHANGE -> "Change";
            case OTHER -> "Link";
        };
    }

    private static String inWords(Milestone milestone) {
        return switch (milestone) {
            case IMPACT_STARTED -> "the impact started";
            case DETECTED -> "detected";
            case DECLARED -> "declared";
            case ACKNOWLEDGED -> "acknowledged";
            case MITIGATED -> "mitigated";
            case RESOLVED -> "resolved";
            case CLOSED -> "closed";
        };
    }

    private static String inWords(IncidentKind kind) {
        return switch (kind) {
            case REAL -> "a real incident";
            case TEST -> "a test";
            case DRILL -> "a drill";
        };
    }

    /** Numbers of an impact as people write them; "no numbers" where there are none. */
    static String inWords(Impact impact) {
        List<String> parts = new ArrayList<>();
        add(parts, impact.usersAffected(), " users affected");
        add(parts, impact.requestsFailed(), " requests failed");
        add(parts, impact.errorRatePercent(), " % error rate");
        add(parts, impact.latencyP99Millis(), " ms latency (p99)");
        add(parts, impact.sloBudgetConsumedPercent(), " % of the SLO budget consumed");
        add(parts, impact.revenueLost(), (impact.currency() == null ? "" : " " + impact.currency()) + " revenue lost");
        add(parts, impact.tickets(), " support tickets");
        return parts.isEmpty() ? "no numbers" : String.join(", ", parts);
    }

    private static void add(List<String> parts, @Nullable Object number, String unit) {
        if (number != null) {
            parts.add(number + unit);
        }
    }

    private static String inWords(Change change) {
        return change.service() + (change.ref() == null ? "" : " " + change.ref()) + " to " + change.environment();
    }

    private static String inWords(Alert alert) {
        return alert.summary() == null || alert.summary().isBlank()
                ? alert.name()
                : alert.name() + ": " + alert.summary();
    }

    private static TimelineEntry entry(EntryKind kind, String text, @Nullable String url) {
        return new TimelineEntry(kind, text, null, null, url, false);
    }

    private static TimelineEntry about(EntryKind kind, String text, @Nullable UUID person, @Nullable String url) {
        return new TimelineEntry(kind, text, person, null, url, false);
    }

    private static String suffix(@Nullable String text) {
        return text == null || text.isBlank() ? "" : ": " + text;
    }

    private static @Nullable String url(@Nullable Observed observed) {
        return observed == null ? null : observed.url();
    }
}
