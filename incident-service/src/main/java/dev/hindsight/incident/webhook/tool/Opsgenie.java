package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Opsgenie's webhook integration: one action on one alert, which maps one to one.
 *
 * <p>Nothing is signed; the secret comes as authorization header. No delivery has an id, and one {@code updatedAt} stands for
 * several actions, so the bytes identify a delivery; creation and closure happen once to an alert, as a closed one is never
 * opened again. {@code updatedAt} is in nanoseconds, {@code createdAt} in milliseconds, either may be text. A Create may come
 * late, when a team is added. The names of custom actions are the user's: whatever is not known is noted.
 */
final class Opsgenie implements ToolAdapter {

    private static final String TOOL = "opsgenie";

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String action = Fields.name(body.path("action"));
        JsonNode alert = body.path("alert");
        if (action == null || !alert.isObject()) {
            throw new Untranslatable("not an Opsgenie webhook: it has no \"action\" on an \"alert\"");
        }
        String externalId = Fields.id(alert.path("alertId"));
        if (externalId == null) {
            return Translation.nothing(request.digest(), action, "the alert has no id");
        }
        Learned learned = new Learned();
        UUID actor = person(Fields.name(alert.path("username")), learned);
        Observed seen = observed(integration, alert, learned);
        Instant updated = Fields.timeOr(alert.path("updatedAt"), request.receivedAt());
        Instant created = Fields.earlier(Fields.timeOr(alert.path("createdAt"), updated), updated);
        Signal signal = signal(action, alert, seen, integration, learned);
        boolean once = signal instanceof Signal.Triggered || signal instanceof Signal.Resolved;
        ToolFact fact = new ToolFact.OfIncident(
                externalId,
                once ? externalId + "|" + action : request.digest(),
                signal,
                signal instanceof Signal.Triggered ? created : updated,
                order(signal),
                seen.title() == null ? "Opsgenie alert " + externalId : seen.title(),
                created);
        return Translation.of(request.digest(), action, actor, List.of(fact), learned);
    }

    private static Signal signal(
            String action, JsonNode alert, Observed seen, Integration integration, Learned learned) {
        return switch (action) {
            case "Create" -> new Signal.Triggered(seen);
            case "Acknowledge" -> new Signal.Acknowledged(seen);
            case "UnAcknowledge" -> new Signal.Unacknowledged(seen);
            case "Escalate", "EscalateNext" -> {
                String to = Fields.name(alert.path("escalationName"), alert.path("escalationNotify"));
                yield new Signal.Escalated(null, to == null ? "Escalated" : "Escalated: " + to, seen);
            }
            case "AssignOwnership", "TakeOwnership" -> {
                UUID owner = person(Fields.name(alert.path("owner"), alert.path("username")), learned);
                yield new Signal.Escalated(owner, "Ownership assigned", seen);
            }
            case "Close" -> new Signal.Resolved(Fields.text(alert.path("note")), seen);
            case "UpdatePriority" -> {
                Severity severity = seen.severity();
                yield severity == null
                        ? noted(action, Fields.nameOr(alert.path("priority"), ""), seen)
                        : new Signal.SeverityChanged(severity, "Priority changed in Opsgenie", seen);
            }
            case "Delete" ->
                // Mostly it is closed already, and was over then.
                new Signal.Noted(action, "Deleted in Opsgenie", null, over(seen));
            case "AddNote" -> noted(action, Fields.textOr(alert.path("note"), ""), seen);
            case "AddTeam" -> {
                String team = Fields.name(alert.path("team"));
                if (team != null) {
                    learned.team(team, null, null);
                }
                yield noted(action, Fields.textOr(alert.path("team"), ""), seen);
            }
            case "AddRecipient" -> noted(action, Fields.textOr(alert.path("recipient"), ""), seen);
            case "AddTags" -> noted(action, Fields.textOr(alert.path("addedTags"), ""), seen);
            case "RemoveTags" -> noted(action, Fields.textOr(alert.path("removedTags"), ""), seen);
            default -> noted(action, Fields.textOr(alert.path("note"), ""), seen);
        };
    }

    /** {@code AddTags} with its tags becomes "Add tags: …". */
    private static Signal noted(String action, String more, Observed seen) {
        String words = action.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        String sentence = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return new Signal.Noted(action, more.isEmpty() ? sentence : sentence + ": " + more, null, seen);
    }

    private static Observed over(Observed seen) {
        return new Observed(seen.title(), seen.severity(), seen.services(), IncidentStatus.RESOLVED, seen.url());
    }

    private static Observed observed(Integration integration, JsonNode alert, Learned learned) {
        String detail = Fields.name(alert.path("details").path("service"));
        String service = detail == null ? integration.defaultService() : detail;
        if (service != null) {
            learned.service(service, null, null, null);
        }
        String priority = Fields.name(alert.path("priority"));
        boolean isNumber = priority != null && priority.matches("[1-5]");
        return new Observed(
                Fields.name(alert.path("message")),
                integration.severity(isNumber ? "P" + priority : priority),
                service == null ? List.of() : List.of(service),
                null,
                null);
    }

    /** People act under their address; what has none is a program. */
    private static @Nullable UUID person(@Nullable String username, Learned learned) {
        return username == null || !username.contains("@") ? null : learned.person(TOOL, username, username);
    }

    /** Of one moment: what can only follow is taken behind. */
    private static int order(Signal signal) {
        return switch (signal) {
            case Signal.Triggered s -> 0;
            case Signal.Acknowledged s -> 1;
            case Signal.Resolved s -> 3;
            default -> 2;
        };
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Opsgenie, open Settings > Integrations, choose Add integration and Webhook.",
                "Paste " + url + " as the Webhook URL.",
                "Under Custom headers add Authorization with the value \"Bearer <the secret>\".",
                "Choose Add alert description and Add alert details to payload, and select all alert actions.",
                "Give alerts a detail named \"service\", or set defaultService here.",
                "Turn the integration on; the next action appears under GET /api/v1/deliveries.");
    }
}
