package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Zenduty's outgoing webhooks: one incident of one service, with the times of what has happened to it.
 *
 * <p>What its signature is over is not published; the secret is the password of basic authentication, or the last part of the
 * address. The incident's {@code unique_id} is its identity, its number is for people. {@code event_type} is triggered,
 * acknowledged or resolved, and {@code status} 1, 2 or 3 the same as a number: it counts where the event is of another name.
 * A resolution also tells when it was acknowledged. An incident that is merged into another is over, and names the other.
 * Who acted is not said: the assignee is learned as a person, and taken for nobody else.
 */
final class Zenduty implements ToolAdapter {

    private static final String TOOL = "zenduty";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode payload = Bodies.object(request).path("payload");
        JsonNode incident = payload.path("incident");
        if (!payload.isObject()) {
            throw new Untranslatable("not a Zenduty webhook: it has no \"payload\"");
        }
        String type = Fields.nameOr(payload.path("event_type"), "unknown");
        String externalId = Fields.id(incident.path("unique_id"));
        if (externalId == null) {
            return Translation.nothing(request.digest(), type, type + " says nothing about an incident");
        }
        Learned learned = new Learned();
        learnAssignee(incident.path("assigned_to"), learned);
        Observed seen = observed(integration, incident, learned);
        Instant acknowledged = Fields.time(incident.path("acknowledged_date"));
        Instant resolved = Fields.time(incident.path("resolved_date"));
        Facts facts = new Facts(externalId, incident, request, new ArrayList<>());
        String into = Fields.id(incident.path("merged_with"));
        if (into != null) {
            facts.add(
                    "merged",
                    resolved,
                    new Signal.Merged(StreamIds.incident(integration.id(), into), into, NOTHING_SEEN));
        } else {
            switch (type) {
                case "triggered" ->
                    facts.add("triggered", Fields.time(incident.path("creation_date")), new Signal.Triggered(seen));
                // The same whichever delivery tells it: titles change, and services.
                case "acknowledged" -> facts.add("acknowledged", acknowledged, new Signal.Acknowledged(NOTHING_SEEN));
                case "resolved" -> {
                    facts.add("resolved", resolved, new Signal.Resolved(null, seen));
                    if (acknowledged != null) {
                        facts.add("acknowledged", acknowledged, new Signal.Acknowledged(NOTHING_SEEN));
                    }
                }
                default -> facts.add(request.digest(), null, new Signal.Noted(type, words(type), null, seen));
            }
        }
        return Translation.of(request.digest(), type, null, facts.all(), learned);
    }

    private record Facts(String externalId, JsonNode incident, WebhookRequest request, List<ToolFact> all) {

        void add(String step, @Nullable Instant said, Signal signal) {
            Instant at = said == null ? request.receivedAt() : said;
            String title = Fields.name(incident.path("title"), incident.path("summary"));
            all.add(new ToolFact.OfIncident(
                    externalId,
                    externalId + '|' + step + (said == null ? "" : "|" + said),
                    signal,
                    at,
                    order(signal),
                    title == null
                            ? "Zenduty incident #" + Fields.idOr(incident.path("incident_number"), externalId)
                            : title,
                    Fields.earlier(Fields.timeOr(incident.path("creation_date"), at), at)));
        }
    }

    private static String words(String type) {
        return type.replace('_', ' ');
    }

    private static Observed observed(Integration integration, JsonNode incident, Learned learned) {
        JsonNode of = incident.path("service");
        String service = Fields.name(of.path("name"));
        if (service != null) {
            learned.service(service, null, TOOL, Fields.id(of.path("unique_id")));
        } else if (integration.defaultService() != null) {
            service = integration.defaultService();
            learned.service(service, null, null, null);
        }
        return new Observed(
                Fields.name(incident.path("title"), incident.path("summary")),
                integration.severity(Fields.name(
                        incident.path("team_priority").path("name"),
                        incident.path("priority").path("name"),
                        incident.path("priority"),
                        incident.path("urgency"))),
                service == null ? List.of() : List.of(service),
                switch (incident.path("status").asInt(0)) {
                    case 1 -> IncidentStatus.OPEN;
                    case 2 -> IncidentStatus.ACKNOWLEDGED;
                    case 3 -> IncidentStatus.RESOLVED;
                    default -> null;
                },
                null);
    }

    private static void learnAssignee(JsonNode assignee, Learned learned) {
        String username = Fields.id(assignee.path("username"));
        if (username != null) {
            String name = Fields.nameOr(assignee.path("first_name"), "")
                    + ' '
                    + Fields.nameOr(assignee.path("last_name"), "");
            learned.person(TOOL, username, name.strip());
        }
    }

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
                "In Zenduty, open the service, Integrations, and add Outgoing Webhooks under Outgoing Integrations.",
                "Choose config and paste " + url + " as the URL.",
                "Choose Basic authentication, with any user name and the secret as password.",
                "Map priorities here with severityMapping; urgency is looked up as \"1\" (high) and \"0\" (low) where an"
                        + " incident has no priority.",
                "Save and trigger a test incident: the delivery appears under GET /api/v1/deliveries.");
    }
}
