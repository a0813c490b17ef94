package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.verify.BodySignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * FireHydrant webhooks: {@code event} names resource and operation, {@code data} holds the resource. {@code fh-signature} is over
 * the body alone, and no delivery has an id or a time: the same body is the same delivery.
 *
 * <p>UPDATED comes for whatever changes, chat messages and tasks too, and carries the whole list of milestones: each is a
 * fact of its own, the same whichever delivery tells it, so that the last delivery alone rebuilds the lifecycle. {@code
 * started} is when it began in the world; {@code created_at} is when it was declared. Operations are in capitals for some resources
 * and in lower case for others; times of incidents end in {@code UTC}, times of changes are RFC 3339. Game days and maintenance are severities here, and
 * no incidents unless the integration maps them to one. Of a restricted incident neither name nor link is taken.
 *
 * <p>A Signals alert pages people as an incident of PagerDuty does, and maps one to one; it says when it began and never when it
 * went on, so that its steps have the time of receipt.
 */
final class FireHydrant implements ToolAdapter {

    private static final String TOOL = "firehydrant";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);
    private static final Verification SIGNATURE = new BodySignature("fh-signature", "");
    private static final Set<String> NO_INCIDENTS = Set.of("gameday", "maintenance");

    @Override
    public Verification verification(Integration integration) {
        return SIGNATURE;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String resource = Fields.name(body.path("event").path("resource_type"));
        JsonNode data = body.path("data");
        if (resource == null || !data.isObject()) {
            throw new Untranslatable("not a FireHydrant webhook: it has no \"event.resource_type\" or no \"data\"");
        }
        String operation =
                body.path("event").path("operation").asText("").strip().toUpperCase(Locale.ROOT);
        return new Reading(integration, request, resource, operation, data).translation();
    }

    /** One delivery. */
    private static final class Reading {

        private final Integration integration;
        private final WebhookRequest request;
        private final String type;
        private final String operation;
        private final JsonNode data;
        private final String key;
        private final Learned learned = new Learned();
        private final List<ToolFact> facts = new ArrayList<>();

        Reading(Integration integration, WebhookRequest request, String resource, String operation, JsonNode data) {
            this.integration = integration;
            this.request = request;
            this.type = operation.isEmpty() ? resource : resource + '.' + operation;
            this.operation = operation;
            this.data = data;
            this.key = request.digest();
        }

        Translation translation() {
            if (data.path("incident").isObject()) {
                return incident(data.path("incident"));
            }
            if (data.path("alert").isObject()) {
                return alert(data.path("alert"));
            }
            data.path("services").forEach(this::service);
            return Translation.nothing(key, type, type + " says nothing about an incident", learned);
        }

        // ------------------------------------------------------------------------------------------- incidents

        private Translation incident(JsonNode incident) {
            String id = Fields.id(incident.path("id"));
            if (id == null) {
                throw new Untranslatable("not a FireHydrant incident: it has no \"id\"");
            }
            String severity = Fields.name(incident.path("severity").path("slug"), incident.path("severity"));
            if (severity != null
                    && NO_INCIDENTS.contains(severity.toLowerCase(Locale.ROOT))
                    && integration.severity(severity) == null) {
                return Translation.nothing(
                        key, type, "of the severity " + severity + ", which is no incident", learned);
            }
            Instant updated = Fields.timeOr(incident.path("updated_at"), request.receivedAt());
            Instant created = Fields.timeOr(incident.path("created_at"), updated);
            Observed seen = observed(incident, severity);
            Telling telling = new Telling(id, title(incident, "FireHydrant incident " + id), created);
            if (operation.equals("CREATED")) {
                telling.add(id + "|created", created, 0, new Signal.Triggered(seen));
            } else {
                telling.add(key, updated, 1, changed(incident, seen));
            }
            for (JsonNode each : incident.path("milestones")) {
                milestone(telling, each);
            }
            for (JsonNode each : incident.path("role_assignments")) {
                role(telling, each, updated);
            }
            return Translation.of(key, type, null, facts, learned);
        }

        private Signal changed(JsonNode incident, Observed seen) {
            if (operation.equals("DELETED") || operation.equals("ARCHIVED")) {
                return new Signal.Noted(type, "Archived in FireHydrant", seen.url(), NOTHING_SEEN);
            }
            String current = Fields.nameOr(incident.path("current_milestone"), "");
            boolean goesOn =
                    switch (current) {
                        case "started", "detected", "acknowledged", "investigating", "identified", "mitigated" -> true;
                        default -> false;
                    };
            for (JsonNode each : incident.path("milestones")) {
                if (goesOn && each.path("type").asText().equals("resolved")) {
                    // It was over once, and the present milestone is one before that.
                    return new Signal.Reopened(null, seen);
                }
            }
            return new Signal.Noted(type, "Updated in FireHydrant", seen.url(), seen);
        }

        private static void milestone(Telling telling, JsonNode milestone) {
            String name = Fields.name(milestone.path("type"), milestone.path("slug"));
            Instant at = Fields.time(milestone.path("occurred_at"));
            if (name == null || at == null) {
                return;
            }
            String factKey = telling.id + '|' + name + '|' + at;
            switch (name.toLowerCase(Locale.ROOT)) {
                case "started" -> telling.add(factKey, at, 0, new Signal.ImpactStarted(NOTHING_SEEN));
                case "detected" -> telling.add(factKey, at, 1, new Signal.Detected(NOTHING_SEEN));
                case "acknowledged" -> telling.add(factKey, at, 2, new Signal.Acknowledged(NOTHING_SEEN));
                case "mitigated" -> telling.add(factKey, at, 2, new Signal.Mitigated(null, NOTHING_SEEN));
                case "resolved" -> telling.add(factKey, at, 3, new Signal.Resolved(null, NOTHING_SEEN));
                default ->
                    telling.add(
                            factKey,
                            at,
                            1,
                            new Signal.Noted(
                                    "milestone." + name, "Milestone: " + name.replace('_', ' '), null, NOTHING_SEEN));
            }
        }

        private void role(Telling telling, JsonNode assignment, Instant updated) {
            JsonNode role = assignment.path("incident_role");
            String name = Fields.name(role.path("name"), assignment.path("role"));
            JsonNode user = assignment.path("user");
            String userId = Fields.id(user.path("id"));
            if (name == null || userId == null) {
                return;
            }
            UUID person = learned.person(TOOL, userId, Fields.name(user.path("name")));
            String as = ToolRoles.named(name);
            boolean active = assignment.path("status").asText("active").equals("active");
            Instant at = Fields.timeOr(active ? assignment.path("created_at") : assignment.path("updated_at"), updated);
            telling.add(
                    telling.id + "|role|" + as + '|' + (active ? person : "nobody") + '|' + at,
                    at,
                    1,
                    new Signal.RoleAssigned(as, active ? person : null, NOTHING_SEEN));
        }

        private Observed observed(JsonNode incident, @Nullable String severity) {
            Set<String> services = new LinkedHashSet<>();
            for (JsonNode each : incident.path("services")) {
                services.addAll(service(each));
            }
            for (JsonNode each : incident.path("impacts")) {
                JsonNode impact = each.path("impact").isObject() ? each.path("impact") : each;
                String kind =
                        Fields.nameOr(each.path("type"), impact.path("type").asText(""));
                if (kind.toLowerCase(Locale.ROOT).contains("service")) {
                    services.addAll(service(impact));
                }
            }
            for (JsonNode each : incident.path("team_assignments")) {
                JsonNode team = each.path("team").isObject() ? each.path("team") : each;
                String name = Fields.name(team.path("name"));
                if (name != null) {
                    learned.team(name, TOOL, Fields.id(team.path("id")));
                }
            }
            String current = Fields.nameOr(incident.path("current_milestone"), "");
            return new Observed(
                    isRestricted(incident) ? null : Fields.name(incident.path("name")),
                    integration.severity(severity),
                    orDefault(services),
                    switch (current) {
                        case "acknowledged", "investigating", "identified", "mitigated" -> IncidentStatus.ACKNOWLEDGED;
                        case "resolved", "closed", "postmortem_started", "postmortem_completed" ->
                            IncidentStatus.RESOLVED;
                        default -> null;
                    },
                    isRestricted(incident)
                            ? null
                            : Fields.url(
                                    incident.path("incident_url").isTextual()
                                            ? incident.path("incident_url")
                                            : incident.path("private_status_page_url")));
        }

        private static String title(JsonNode incident, String otherwise) {
            return isRestricted(incident) ? otherwise : Fields.nameOr(incident.path("name"), otherwise);
        }

        private static boolean isRestricted(JsonNode incident) {
            return incident.path("restricted").asBoolean(false);
        }

        /** The name of the service, which the catalog learns. */
        private List<String> service(JsonNode service) {
            String name = Fields.name(service.path("name"));
            if (name == null) {
                return List.of();
            }
            learned.service(name, null, TOOL, Fields.id(service.path("id")));
            return List.of(name);
        }

        private List<String> orDefault(Set<String> services) {
            String otherwise = integration.defaultService();
            if (!services.isEmpty() || otherwise == null) {
                return List.copyOf(services);
            }
            learned.service(otherwise, null, null, null);
            return List.of(otherwise);
        }

        // --------------------------------------------------------------------------------------- Signals alerts

        private Translation alert(JsonNode alert) {
            String id = Fields.id(alert.path("id"));
            if (id == null) {
                throw new Untranslatable("not an alert of FireHydrant Signals: it has no \"id\"");
            }
            Instant heard = request.receivedAt();
            Instant began = Fields.timeOr(alert.path("starts_at"), heard);
            String decision = Fields.nameOr(alert.path("decision"), "").toUpperCase(Locale.ROOT);
            Observed seen = new Observed(
                    Fields.name(alert.path("summary")),
                    integration.severity(Fields.name(alert.path("priority"))),
                    orDefault(Set.of()),
                    null,
                    null);
            String summary = Fields.nameOr(alert.path("summary"), "FireHydrant alert " + id);
            Telling telling = new Telling("alert-" + id, summary, began);
            String text = Fields.text(alert.path("body"));
            switch (decision) {
                case "" -> {
                    if (operation.equals("CREATED")) {
                        telling.add("alert-" + id + "|created", began, 0, new Signal.Triggered(seen));
                    } else {
                        telling.add(key, heard, 1, new Signal.Noted(type, text == null ? type : text, null, seen));
                    }
                }
                case "ACKNOWLEDGE" -> telling.add(key, heard, 2, new Signal.Acknowledged(seen));
                case "ESCALATE", "TIMEOUT" ->
                    telling.add(
                            key,
                            heard,
                            1,
                            new Signal.Escalated(
                                    null, decision.equals("TIMEOUT") ? "Nobody answered in time" : "Escalated", seen));
                case "RESOLVE" -> telling.add(key, heard, 3, new Signal.Resolved(null, seen));
                case "DISMISS" -> telling.add(key, heard, 3, new Signal.Canceled("Dismissed in FireHydrant", seen));
                default -> telling.add(key, heard, 1, new Signal.Noted(type + '.' + decision, decision, null, seen));
            }
            return Translation.of(key, type, null, facts, learned);
        }

        /** Adds what is said of one incident. */
        private final class Telling {
            private final String id;
            private final String title;
            private final Instant began;

            Telling(String id, String title, Instant began) {
                this.id = id;
                this.title = title;
                this.began = began;
            }

            void add(String factKey, Instant when, int order, Signal signal) {
                facts.add(new OfIncident(id, factKey, signal, when, order, title, Fields.earlier(began, when)));
            }
        }
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In FireHydrant, open Settings > Webhooks and choose Add webhook.",
                "Paste " + url + " as the URL and the secret of this integration as the secret.",
                "Subscribe to Incidents. Subscribe to Signals alerts only where your team is paged by Signals without opening"
                        + " incidents: each alert becomes an incident here.",
                "Save it and open an incident; the delivery appears under GET /api/v1/deliveries.");
    }
}
