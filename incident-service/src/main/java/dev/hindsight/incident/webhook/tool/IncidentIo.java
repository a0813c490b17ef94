package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.verify.StandardWebhooksSignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * incident.io webhooks, sent by Svix: the body names its type, and holds the object under a field of that name; bodies that are
 * wrapped in {@code data} occur too.
 *
 * <p>The order of delivery is not guaranteed and no event carries a time of its own: {@code updated_at} of the object is when
 * it happened. What counts is the status's category, as its name is the user's: triage is open, live is acknowledged, learning
 * and closed are over, declined and canceled were none. Each attempt has the same {@code webhook-id}. Private incidents send
 * nothing but an id, and incident.io makes incidents of its alerts itself: both are kept as deliveries and change nothing.
 */
final class IncidentIo implements ToolAdapter {

    private static final String TOOL = "incident-io";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);
    private static final Verification SIGNATURE = new StandardWebhooksSignature();
    private static final Map<String, Severity> SEVERITIES =
            Map.of("critical", Severity.SEV1, "major", Severity.SEV2, "minor", Severity.SEV3);

    @Override
    public Verification verification(Integration integration) {
        return SIGNATURE;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode sent = Bodies.object(request);
        JsonNode body = sent.has("event_type") ? sent : sent.path("data");
        String type = Fields.name(body.path("event_type"));
        if (type == null) {
            throw new Untranslatable("not an incident.io webhook: it has no \"event_type\"");
        }
        JsonNode object = body.path(type).isObject() ? body.path(type) : body.path("data");
        String id = StandardWebhooksSignature.either(request, "id");
        String key = id == null ? request.digest() : id;
        if (type.startsWith("private_")) {
            return Translation.nothing(
                    key, type, "of a private incident, of which incident.io tells no more than the id");
        }
        if (type.startsWith("public_alert.")) {
            return Translation.nothing(key, type, "incident.io makes incidents of its alerts itself");
        }
        return new Reading(integration, request, type, key, object).translation();
    }

    /** One delivery of a public incident. */
    private static final class Reading {

        private final Integration integration;
        private final String type;
        private final String key;
        private final JsonNode object;
        private final JsonNode incident;
        private final Instant at;
        private final Learned learned = new Learned();
        private final List<ToolFact> facts = new ArrayList<>();

        Reading(Integration integration, WebhookRequest request, String type, String key, JsonNode object) {
            this.integration = integration;
            this.type = type;
            this.key = key;
            this.object = object;
            this.incident = object.path("incident").isObject() ? object.path("incident") : object;
            this.at = Fields.timeOr(incident.path("updated_at"), request.receivedAt());
        }

        Translation translation() {
            String externalId =
                    object.has("incident_id") ? Fields.id(object.path("incident_id")) : Fields.id(incident.path("id"));
            if (externalId == null || !type.contains("incident")) {
                return Translation.nothing(key, type, type + " says nothing about an incident", learned);
            }
            if (object.has("incident_id")) {
                add(externalId, key, at, 1, new Signal.Noted(type, task(), issue(), NOTHING_SEEN));
                return Translation.of(key, type, null, facts, learned);
            }
            Observed seen = observed();
            UUID actor = null;
            switch (event()) {
                case "incident_created" -> {
                    actor = person(incident.path("creator").path("user"));
                    Instant created = Fields.timeOr(incident.path("created_at"), at);
                    add(externalId, externalId + "|created", created, 0, new Signal.Triggered(seen));
                    impactStarted(externalId);
                    roles(externalId, created);
                }
                case "incident_status_updated" -> add(externalId, key, at, 2, statusUpdated(seen));
                case "incident_updated" -> {
                    add(externalId, key, at, 1, new Signal.Noted(type, "Updated in incident.io", seen.url(), seen));
                    impactStarted(externalId);
                    roles(externalId, at);
                }
                default -> add(externalId, key, at, 1, new Signal.Noted(type, type, seen.url(), seen));
            }
            return Translation.of(key, type, actor, facts, learned);
        }

        /** {@code public_incident.incident_created_v2} without visibility and version. */
        private String event() {
            return type.substring(type.indexOf('.') + 1).replaceFirst("_v[0-9]+$", "");
        }

        private void add(String externalId, String factKey, Instant when, int order, Signal signal) {
            facts.add(fact(externalId, factKey, when, order, signal));
        }

        private OfIncident fact(String externalId, String factKey, Instant when, int order, Signal signal) {
            String title = Fields.name(incident.path("name"));
            return new OfIncident(
                    externalId,
                    factKey,
                    signal,
                    when,
                    order,
                    object.has("incident_id") || title == null ? "incident.io incident " + externalId : title,
                    Fields.earlier(Fields.timeOr(incident.path("created_at"), when), when));
        }

        /** Where the status came from and went to, by category. */
        private Signal statusUpdated(Observed seen) {
            JsonNode status = object.path("new_status");
            String to = category(status);
            String from = category(object.path("previous_status"));
            String name = Fields.nameOr(status.path("name"), to);
            String message = Fields.text(object.path("message"));
            String text = message == null ? "Status: " + name : name + ": " + message;
            return switch (to) {
                case "live" -> {
                    if (from.equals("learning") || from.equals("closed") || from.equals("paused")) {
                        yield new Signal.Reopened(text, seen);
                    }
                    boolean fixed = name.toLowerCase(Locale.ROOT).matches("monitoring|mitigated");
                    yield fixed
                            ? new Signal.Mitigated(text, seen)
                            : from.equals("live")
                                    ? new Signal.StatusUpdated(text, seen)
                                    : new Signal.Acknowledged(seen);
                }
                case "learning", "closed" ->
                    // From learning to closed is paperwork: it was over before.
                    from.equals("learning") || from.equals("closed")
                            ? new Signal.StatusUpdated(text, seen)
                            : new Signal.Resolved(text, seen);
                case "merged" -> new Signal.Merged(null, null, seen);
                case "declined", "canceled" -> new Signal.Canceled(text, seen);
                default -> new Signal.StatusUpdated(text, seen);
            };
        }

        private static String category(JsonNode status) {
            return status.path("category").asText("").toLowerCase(Locale.ROOT);
        }

        /** Each time that is stated is a fact of its own, the same whichever delivery states it. */
        private void impactStarted(String externalId) {
            for (JsonNode each : incident.path("incident_timestamp_values")) {
                String name = Fields.nameOr(each.path("incident_timestamp").path("name"), "");
                Instant value = Fields.time(each.path("value").path("value"));
                if (value != null && name.equalsIgnoreCase("Impact started")) {
                    facts.add(fact(
                                    externalId,
                                    externalId + "|impact|" + value,
                                    value,
                                    0,
                                    new Signal.ImpactStarted(NOTHING_SEEN))
                            .by(null));
                }
            }
        }

        private void roles(String externalId, Instant when) {
            for (JsonNode each : incident.path("incident_role_assignments")) {
                JsonNode role = each.path("role");
                UUID person = person(each.path("assignee"));
                String name = role.path("role_type").asText("").equals("lead")
                        ? "INCIDENT_COMMANDER"
                        : Fields.name(role.path("name"));
                if (name != null && person != null) {
                    add(
                            externalId,
                            externalId + "|role|" + name + "|" + person + "|" + when,
                            when,
                            1,
                            new Signal.RoleAssigned(name, person, NOTHING_SEEN));
                }
            }
        }

        private Observed observed() {
            String category =
                    category(object.has("new_status") ? object.path("new_status") : incident.path("incident_status"));
            Set<String> services = services();
            services.forEach(service -> learned.service(service, null, null, null));
            return new Observed(
                    Fields.name(incident.path("name")),
                    integration.severity(Fields.name(incident.path("severity").path("name")), SEVERITIES),
                    List.copyOf(services),
                    switch (category) {
                        case "live" -> IncidentStatus.ACKNOWLEDGED;
                        case "learning", "closed" -> IncidentStatus.RESOLVED;
                        default -> null;
                    },
                    Fields.url(incident.path("permalink")));
        }

        /** What custom fields that speak of services name, else the integration's default. */
        private Set<String> services() {
            Set<String> services = new LinkedHashSet<>();
            for (JsonNode entry : incident.path("custom_field_entries")) {
                String field = Fields.nameOr(entry.path("custom_field").path("name"), "");
                if (field.toLowerCase(Locale.ROOT).contains("service")) {
                    for (JsonNode value : entry.path("values")) {
                        String name = Fields.name(
                                value.path("value_catalog_entry").path("name"),
                                value.path("value_option").path("value"),
                                value.path("value_text"));
                        if (name != null) {
                            services.add(name);
                        }
                    }
                }
            }
            if (services.isEmpty() && integration.defaultService() != null) {
                services.add(integration.defaultService());
            }
            return services;
        }

        private @Nullable UUID person(JsonNode user) {
            String id = Fields.id(user.path("id"));
            return id == null ? null : learned.person(TOOL, id, Fields.name(user.path("name")));
        }

        private String task() {
            String words = event().replace('_', ' ').replace("follow up", "follow-up");
            String what = Fields.text(object.path("title"), object.path("description"));
            String sentence = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
            return what == null ? sentence : sentence + ": " + what;
        }

        private @Nullable String issue() {
            return Fields.url(object.path("external_issue_reference").path("issue_permalink"));
        }
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In incident.io, open Settings > Webhooks and choose Add endpoint.",
                "Paste " + url + " as the endpoint URL.",
                "Subscribe to public_incident.incident_created_v2, …incident_updated_v2, …incident_status_updated_v2, and to the"
                        + " actions and follow-ups that you want to see in timelines.",
                "Choose Create; copy the endpoint's signing secret (whsec_…) and store it here with PATCH"
                        + " /api/v1/integrations/{id} {\"secret\": \"…\"}, unless you gave it when you created the integration.",
                "Choose Testing > Send example: the delivery appears under GET /api/v1/deliveries.");
    }
}
