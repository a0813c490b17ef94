package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.BodySignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * PagerDuty webhooks, version 3, and the messages of versions 1 and 2.
 *
 * <p>{@code X-PagerDuty-Signature: v1=<hex>[,v1=<hex>…]}: HMAC-SHA256 over the raw body, several during a rotation; no time
 * is signed, so there is no replay window and redeliveries are recognised by {@code event.id}. The status comes from
 * {@code data.status}, never from the event's name. For notes, responders, bridges and the like the incident is at
 * {@code data.incident} and has no status. Every 4xx but 429 makes PagerDuty drop an event for ever and, repeated, the feed.
 */
final class PagerDuty implements ToolAdapter {

    private static final String TOOL = "pagerduty";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);

    /** What versions 1 and 2 called what version 3 calls otherwise. */
    private static final Map<String, String> V3_NAMES = Map.of(
            "incident.trigger", "incident.triggered",
            "incident.acknowledge", "incident.acknowledged",
            "incident.unacknowledge", "incident.unacknowledged",
            "incident.resolve", "incident.resolved",
            "incident.assign", "incident.reassigned",
            "incident.escalate", "incident.escalated",
            "incident.delegate", "incident.delegated",
            "incident.annotate", "incident.annotated");

    private static final Verification SIGNATURE = new BodySignature("x-pagerduty-signature", "v1=");

    @Override
    public Verification verification(Integration integration) {
        return SIGNATURE;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        if (body.path("messages").isArray()) {
            return ofMessages(integration, request, body.path("messages"));
        }
        JsonNode event = body.path("event");
        if (!event.isObject()) {
            throw new Untranslatable(
                    "not a PagerDuty webhook: it has neither an object \"event\" nor an array \"messages\"");
        }
        String type = Fields.nameOr(event.path("event_type"), "unknown");
        String key = Fields.idOr(event.path("id"), request.digest());
        Learned learned = new Learned();
        UUID agent = person(event.path("agent"), learned);
        JsonNode data = event.path("data");
        Instant at = Fields.timeOr(event.path("occurred_at"), request.receivedAt());
        ToolFact fact = fact(integration, type, key, at, data, incidentOf(data), learned);
        if (fact == null) {
            learnService(data, learned);
            return Translation.nothing(key, type, type + " says nothing about an incident", learned);
        }
        return Translation.of(key, type, agent, List.of(fact), learned);
    }

    /** Versions 1 and 2, which some accounts still send: several messages in one delivery, each with its own id. */
    private static Translation ofMessages(Integration integration, WebhookRequest request, JsonNode messages) {
        Learned learned = new Learned();
        List<ToolFact> facts = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        UUID agent = messages.size() == 1
                ? person(messages.path(0).path("log_entries").path(0).path("agent"), learned)
                : null;
        String type = "unknown";
        for (JsonNode message : messages) {
            String name = Fields.nameOr(message.path(message.has("event") ? "event" : "type"), "unknown");
            type = V3_NAMES.getOrDefault(name, name);
            String key = Fields.idOr(message.path("id"), request.digest());
            ids.add(key);
            JsonNode incident = message.path(message.has("incident") ? "incident" : "data");
            incident = incident.path("incident").isObject() ? incident.path("incident") : incident;
            Instant at = Fields.timeOr(message.path("created_on"), request.receivedAt());
            ToolFact fact = fact(integration, type, key, at, incident, incident, learned);
            if (fact != null) {
                facts.add(fact);
            }
        }
        String key = ids.size() == 1 ? ids.getFirst() : request.digest();
        return facts.isEmpty()
                ? Translation.nothing(key, type, "none of its messages is about an incident", learned)
                : Translation.of(key, type, agent, facts, learned);
    }

    private static @Nullable ToolFact fact(
            Integration integration,
            String type,
            String key,
            Instant at,
            JsonNode data,
            JsonNode incident,
            Learned learned) {
        Observed seen = observed(integration, incident, learned);
        String externalId = Fields.id(incident.path("id"));
        if (externalId == null) {
            return null;
        }
        Signal signal = signal(type, data, seen, learned, integration);
        return new ToolFact.OfIncident(
                externalId,
                key,
                signal,
                at,
                order(signal),
                seen.title() == null ? "PagerDuty incident " + externalId : seen.title(),
                Fields.earlier(began(incident, at), at));
    }

    private static Instant began(JsonNode incident, Instant otherwise) {
        return Fields.timeOr(incident.path("created_at"), Fields.timeOr(incident.path("created_on"), otherwise));
    }

    /** For incident events the data is the incident; elsewhere it refers to one. */
    private static JsonNode incidentOf(JsonNode data) {
        boolean saysSo = data.path("type").asText().equals("incident");
        if (saysSo
                || data.path("status").isTextual()
                        && !data.has("incident")
                        && data.path("service").isObject()) {
            return data;
        }
        JsonNode assignments = data.path("incident_role_assignments");
        return assignments.isArray() && !assignments.isEmpty()
                ? assignments.get(0).path("incident")
                : data.path("incident");
    }

    private static Signal signal(String type, JsonNode data, Observed seen, Learned learned, Integration integration) {
        return switch (type) {
            case "incident.triggered" -> new Signal.Triggered(seen);
            case "incident.acknowledged" -> new Signal.Acknowledged(seen);
            case "incident.unacknowledged" -> new Signal.Unacknowledged(seen);
            case "incident.escalated" -> new Signal.Escalated(assignee(data, learned), "Escalated", seen);
            case "incident.delegated" -> new Signal.Escalated(assignee(data, learned), "Delegated", seen);
            case "incident.reassigned" -> new Signal.Escalated(assignee(data, learned), "Reassigned", seen);
            case "incident.reopened" -> new Signal.Reopened(null, seen);
            case "incident.resolved" -> resolved(data, seen, integration);
            case "incident.priority_updated" -> priorityUpdated(data, seen, integration);
            case "incident.status_update_published" ->
                new Signal.StatusUpdated(Fields.textOr(data.path("message"), "Status update"), seen);
            case "incident.annotated" -> noted(type, Fields.textOr(data.path("content"), "Note"), data, seen);
            case "incident.responder.added" -> {
                UUID responder = person(data.path("user"), learned);
                yield responder == null
                        ? noted(type, Fields.textOr(data.path("message"), "Responder requested"), data, seen)
                        : new Signal.Paged(responder, null, seen);
            }
            case "incident.role.assigned" -> roleAssigned(type, data, seen, learned);
            case "incident.conference_bridge.updated" ->
                new Signal.Noted(type, "Conference bridge updated", Fields.url(data.path("conference_url")), seen);
            default -> noted(type, describe(type, data), data, seen);
        };
    }

    private static Signal resolved(JsonNode data, Observed seen, Integration integration) {
        JsonNode reason = data.path("resolve_reason");
        if (reason.path("type").asText().equals("merge_resolve_reason")) {
            String into = Fields.idOr(reason.path("incident").path("id"), "");
            return new Signal.Merged(
                    into.isEmpty() ? null : StreamIds.incident(integration.id(), into),
                    into.isEmpty() ? null : into,
                    seen);
        }
        return new Signal.Resolved(null, seen);
    }

    private static Signal priorityUpdated(JsonNode data, Observed seen, Integration integration) {
        String priority = Fields.nameOr(data.path("priority").path("summary"), "");
        Severity severity = integration.severity(priority);
        return severity == null
                ? new Signal.Noted(
                        "incident.priority_updated",
                        priority.isEmpty() ? "Priority removed" : "Priority " + priority,
                        null,
                        seen)
                : new Signal.SeverityChanged(severity, "Priority " + priority, seen);
    }

    private static Signal roleAssigned(String type, JsonNode data, Observed seen, Learned learned) {
        JsonNode assignment = data.path("incident_role_assignments").path(0);
        String name = Fields.nameOr(assignment.path("role").path("summary"), "");
        if (name.isEmpty()) {
            return noted(type, "Role assigned", data, seen);
        }
        String role = ToolRoles.named(name);
        boolean active = assignment.path("status").asText("active").equals("active");
        return new Signal.RoleAssigned(role, active ? person(assignment.path("assignee"), learned) : null, seen);
    }

    private static Signal noted(String type, String text, JsonNode data, Observed seen) {
        return new Signal.Noted(type, text, Fields.url(data.path("html_url")), seen);
    }

    /** {@code incident.workflow.started} with a summary becomes "Workflow started: …". */
    private static String describe(String type, JsonNode data) {
        String words = type.startsWith("incident.") ? type.substring("incident.".length()) : type;
        words = words.replace('.', ' ').replace('_', ' ');
        String name = Fields.name(data.path("summary"), data.path("name"));
        String sentence = words.isEmpty() ? type : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return name == null || data.path("type").asText().equals("incident") ? sentence : sentence + ": " + name;
    }

    private static Observed observed(Integration integration, JsonNode incident, Learned learned) {
        if (!incident.isObject()) {
            return NOTHING_SEEN;
        }
        JsonNode trigger = incident.path("trigger_summary_data");
        String title = Fields.name(
                incident.path("title"), incident.path("summary"), trigger.path("subject"), trigger.path("description"));
        String service = Fields.name(
                incident.path("service").path("summary"),
                incident.path("service").path("name"));
        UUID team = null;
        for (JsonNode each : incident.path("teams")) {
            String name = Fields.name(each.path("summary"));
            if (name != null) {
                team = learned.team(name, TOOL, Fields.id(each.path("id")));
            }
        }
        if (service == null && incident.has("service")) {
            service = integration.defaultService();
        }
        if (service != null) {
            learned.service(
                    service, team, TOOL, Fields.id(incident.path("service").path("id")));
        }
        incident.path("assignees").forEach(assignee -> person(assignee, learned));
        incident.path("assignments").forEach(assignment -> person(assignment.path("assignee"), learned));
        return new Observed(
                title,
                integration.severity(Fields.name(incident.path("priority").path("summary"))),
                service == null ? List.of() : List.of(service),
                status(incident.path("status").asText("")),
                Fields.url(incident.path("html_url")));
    }

    private static void learnService(JsonNode data, Learned learned) {
        String name = Fields.name(data.path("summary"));
        if (data.path("type").asText().equals("service") && name != null) {
            learned.service(name, null, TOOL, Fields.id(data.path("id")));
        }
    }

    private static @Nullable IncidentStatus status(String status) {
        return switch (status) {
            case "triggered" -> IncidentStatus.OPEN;
            case "acknowledged" -> IncidentStatus.ACKNOWLEDGED;
            case "resolved" -> IncidentStatus.RESOLVED;
            default -> null;
        };
    }

    private static @Nullable UUID assignee(JsonNode data, Learned learned) {
        UUID assignee = person(data.path("assignees").path(0), learned);
        if (assignee == null) {
            assignee = person(data.path("assignments").path(0).path("assignee"), learned);
        }
        return assignee != null ? assignee : person(data.path("assigned_to_user"), learned);
    }

    private static @Nullable UUID person(JsonNode user, Learned learned) {
        String id = Fields.idOr(user.path("id"), "");
        return id.isEmpty() || !user.path("type").asText("user_reference").startsWith("user")
                ? null
                : learned.person(TOOL, id, Fields.name(user.path("summary"), user.path("name")));
    }

    /** Facts of one millisecond are taken in the order in which a lifecycle goes. */
    private static int order(Signal signal) {
        return switch (signal) {
            case Signal.Triggered s -> 0;
            case Signal.Acknowledged s -> 2;
            case Signal.Resolved s -> 3;
            case Signal.Merged s -> 3;
            default -> 1;
        };
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In PagerDuty, open Integrations > Generic Webhooks (v3) and choose New Webhook.",
                "Paste " + url + " as the Webhook URL.",
                "Choose the scope (account, team or service) and leave all incident event types selected.",
                "Choose Add Webhook; PagerDuty shows the signing secret once. Store it here with PATCH"
                        + " /api/v1/integrations/{id} {\"secret\": \"…\"}, unless you gave it when you created the"
                        + " integration.",
                "Choose Send Test Event: the delivery appears under GET /api/v1/deliveries with outcome IGNORED.");
    }
}
