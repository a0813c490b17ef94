package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.verify.RootlySignature;
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
 * Rootly webhooks: {@code event} says what happened and {@code data} holds the object. Signed by
 * {@code X-Rootly-Signature} over time and body.
 *
 * <p>An incident comes whole each time, with the times of all its milestones: each of those is a fact of its own, the same
 * whichever delivery tells it, so that one that was lost is made good by the next. What else a delivery says holds from
 * {@code updated_at} on. {@code started_at} is when it began in the world and can be set back; {@code created_at} is when somebody
 * declared it. A retrospective repeats its incident's times.
 *
 * <p>The documentation gives events of different types the same {@code event.id}, so a delivery is id and type together.
 * Times have offsets, which change with the seasons. Of a private incident only severity and times are taken: Rootly would
 * show its name to few, we to all. Tests, examples and scheduled maintenance are no incidents; alerts become incidents in
 * Rootly itself.
 */
final class Rootly implements ToolAdapter {

    private static final String TOOL = "rootly";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);
    private static final Verification SIGNATURE = new RootlySignature();

    /** Rootly's levels, below the names that its users give their severities. */
    private static final Map<String, Severity> LEVELS = Map.of(
            "critical", Severity.SEV1,
            "high", Severity.SEV2,
            "medium", Severity.SEV3,
            "low", Severity.SEV4);

    @Override
    public Verification verification(Integration integration) {
        return SIGNATURE;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        JsonNode event = body.path("event");
        String type = Fields.name(event.path("type"));
        JsonNode data = body.path("data");
        if (type == null || !data.isObject()) {
            throw new Untranslatable("not a Rootly webhook: it has no \"event.type\" or no \"data\"");
        }
        return new Reading(integration, request, type, event, data).translation();
    }

    /** One delivery. */
    private static final class Reading {

        private final Integration integration;
        private final String type;
        private final String key;
        private final JsonNode data;
        private final Instant issuedAt;
        private final Learned learned = new Learned();
        private final List<ToolFact> facts = new ArrayList<>();

        Reading(Integration integration, WebhookRequest request, String type, JsonNode event, JsonNode data) {
            this.integration = integration;
            this.type = type;
            this.data = data;
            String id = Fields.id(event.path("id"));
            this.key = (id == null ? request.digest() : id) + '|' + type;
            this.issuedAt = Fields.timeOr(event.path("issued_at"), request.receivedAt());
        }

        Translation translation() {
            String of = type.substring(0, Math.max(0, type.lastIndexOf('.')));
            return switch (of) {
                case "incident" -> incident();
                case "alert" -> Translation.nothing(key, type, "alerts become incidents in Rootly itself");
                case "pulse" ->
                    Translation.nothing(key, type, "a pulse, such as a deploy, says nothing about an incident");
                case "incident.scheduled" -> Translation.nothing(key, type, "scheduled maintenance is no incident");
                case "incident_event" -> about(incidentId(), this::entry);
                case "incident_post_mortem" -> about(incidentId(), this::retrospective);
                case "genius_workflow_run" -> about(incidentId(), this::workflowRun);
                default -> about(incidentId(), this::unknown);
            };
        }

        private @Nullable String incidentId() {
            String id = Fields.id(data.path("incident_id"));
            return id == null ? Fields.id(data.path("incident").path("id")) : id;
        }

        private interface Telling {
            void of(String incidentId);
        }

        private Translation about(@Nullable String incidentId, Telling telling) {
            if (incidentId == null) {
                return Translation.nothing(key, type, type + " says nothing about an incident");
            }
            telling.of(incidentId);
            return Translation.of(key, type, null, facts, learned);
        }

        private Translation incident() {
            String id = Fields.id(data.path("id"));
            if (id == null) {
                throw new Untranslatable("not a Rootly incident: it has no \"data.id\"");
            }
            String kind = Fields.nameOr(data.path("kind"), "normal").toLowerCase(Locale.ROOT);
            if (kind.startsWith("test") || kind.startsWith("example") || kind.startsWith("scheduled")) {
                return Translation.nothing(key, type, "of the kind " + kind + ", which is no incident");
            }
            Instant updated = Fields.timeOr(data.path("updated_at"), issuedAt);
            Instant created = Fields.timeOr(data.path("created_at"), updated);
            Observed seen = observed();
            switch (type) {
                case "incident.created" -> add(id, id + "|created", created, 0, new Signal.Triggered(seen));
                case "incident.deleted" -> add(id, key, issuedAt, 3, new Signal.Canceled("Deleted in Rootly", seen));
                default -> add(id, key, updated, 1, changed(seen));
            }
            milestones(id);
            roles(id, updated);
            return Translation.of(key, type, actor(), facts, learned);
        }

        /** It was over once and its status says that it goes on. */
        private Signal changed(Observed seen) {
            boolean goesOn =
                    switch (status()) {
                        case "in_triage", "started", "detected", "acknowledged", "mitigated" -> true;
                        default -> false;
                    };
            if (goesOn && Fields.time(data.path("resolved_at")) != null) {
                return new Signal.Reopened(null, seen);
            }
            String message = isPrivate()
                    ? null
                    : switch (type) {
                        case "incident.mitigated" -> Fields.text(data.path("mitigation_message"));
                        case "incident.resolved" -> Fields.text(data.path("resolution_message"));
                        case "incident.cancelled" -> Fields.text(data.path("cancellation_message"));
                        default -> Fields.text(data.path("summary"));
                    };
            String what =
                    switch (type) {
                        case "incident.updated" -> "Updated in Rootly";
                        case "incident.mitigated" -> "Mitigated in Rootly";
                        case "incident.resolved" -> "Resolved in Rootly";
                        case "incident.cancelled" -> "Canceled in Rootly";
                        default -> type;
                    };
            return new Signal.Noted(type, message == null ? what : what + ": " + message, seen.url(), seen);
        }

        /** Each time that is stated is a fact of its own, the same whichever delivery states it. */
        private void milestones(String id) {
            milestone(id, "started_at", 0, new Signal.ImpactStarted(NOTHING_SEEN));
            milestone(id, "detected_at", 1, new Signal.Detected(NOTHING_SEEN));
            milestone(id, "acknowledged_at", 2, new Signal.Acknowledged(NOTHING_SEEN));
            milestone(id, "mitigated_at", 2, new Signal.Mitigated(null, NOTHING_SEEN));
            milestone(id, "resolved_at", 3, new Signal.Resolved(null, NOTHING_SEEN));
            milestone(id, "cancelled_at", 3, new Signal.Canceled(null, NOTHING_SEEN));
        }

        private void milestone(String id, String field, int order, Signal signal) {
            Instant at = Fields.time(data.path(field));
            if (at != null) {
                facts.add(
                        fact(id, id + '|' + field + '|' + at, at, order, signal).by(null));
            }
        }

        private void roles(String id, Instant when) {
            for (JsonNode each : data.path("roles")) {
                JsonNode role = each.path("incident_role").isObject() ? each.path("incident_role") : each;
                String name = Fields.name(role.path("name"), role.path("slug"));
                UUID person = person(each.path("user"));
                if (name != null && person != null) {
                    Instant at = Fields.timeOr(each.path("created_at"), when);
                    String as = ToolRoles.named(name);
                    facts.add(fact(
                                    id,
                                    id + "|role|" + as + '|' + person + '|' + at,
                                    at,
                                    1,
                                    new Signal.RoleAssigned(as, person, NOTHING_SEEN))
                            .by(null));
                }
            }
        }

        /** An entry of Rootly's timeline; its plain text, as the other one carries HTML. */
        private void entry(String id) {
            String text = Fields.textOr(data.path("event_raw"), Fields.textOr(data.path("event"), type));
            Instant at = Fields.timeOr(data.path("occurred_at"), issuedAt);
            String said = type.endsWith(".created")
                    ? text
                    : type.endsWith(".deleted") ? "Removed from Rootly's timeline: " + text : "Now reads: " + text;
            add(id, key, at, 1, new Signal.Noted(type, said, null, NOTHING_SEEN));
        }

        private void retrospective(String id) {
            String state = Fields.nameOr(data.path("status"), type.substring(type.lastIndexOf('.') + 1));
            Instant at = Fields.timeOr(data.path("updated_at"), issuedAt);
            add(
                    id,
                    key,
                    at,
                    1,
                    new Signal.Noted(
                            type, "Retrospective in Rootly: " + state, Fields.url(data.path("url")), NOTHING_SEEN));
            milestones(id);
        }

        private void workflowRun(String id) {
            String state = type.substring(type.lastIndexOf('.') + 1);
            String message = Fields.text(data.path("status_message"));
            String text = "Workflow \"" + Fields.nameOr(data.path("genius_workflow_name"), "without a name") + "\" "
                    + state + (message == null ? "" : ": " + message);
            Instant at = Fields.timeOr(data.path(state + "_at"), issuedAt);
            add(id, key, at, 1, new Signal.Noted(type, text, null, NOTHING_SEEN));
        }

        private void unknown(String id) {
            add(id, key, issuedAt, 1, new Signal.Noted(type, type, null, NOTHING_SEEN));
        }

        private void add(String id, String factKey, Instant when, int order, Signal signal) {
            facts.add(fact(id, factKey, when, order, signal));
        }

        private OfIncident fact(String id, String factKey, Instant when, int order, Signal signal) {
            JsonNode incident = type.startsWith("incident.") ? data : data.path("incident");
            String title = isPrivate() ? null : Fields.name(incident.path("title"));
            Instant began = type.startsWith("incident.") ? Fields.timeOr(data.path("created_at"), when) : when;
            return new OfIncident(
                    id,
                    factKey,
                    signal,
                    when,
                    order,
                    title == null ? "Rootly incident " + id : title,
                    Fields.earlier(began, when));
        }

        private Observed observed() {
            Set<String> services = new LinkedHashSet<>();
            for (JsonNode each : data.path("services")) {
                String name = Fields.name(each, each.path("name"), each.path("slug"));
                if (name != null) {
                    services.add(name);
                    learned.service(name, null, TOOL, Fields.id(each.path("id")));
                }
            }
            if (services.isEmpty() && integration.defaultService() != null) {
                services.add(integration.defaultService());
                learned.service(integration.defaultService(), null, null, null);
            }
            for (JsonNode each : data.path("groups")) {
                String name = Fields.name(each.path("name"));
                if (name != null) {
                    learned.team(name, TOOL, Fields.id(each.path("id")));
                }
            }
            return new Observed(
                    isPrivate() ? null : Fields.name(data.path("title")),
                    severity(),
                    List.copyOf(services),
                    switch (status()) {
                        // "started" stays when somebody acknowledges: it takes no acknowledgement back.
                        case "acknowledged" -> IncidentStatus.ACKNOWLEDGED;
                        case "resolved", "closed" -> IncidentStatus.RESOLVED;
                        default -> null;
                    },
                    isPrivate() ? null : Fields.url(data.path("url")));
        }

        /** The name that users gave it before the level that Rootly knows. */
        private @Nullable Severity severity() {
            JsonNode said = data.path("severity");
            for (JsonNode word : List.of(said, said.path("slug"), said.path("name"), said.path("severity"))) {
                Severity known = integration.severity(Fields.name(word), LEVELS);
                if (known != null) {
                    return known;
                }
            }
            return null;
        }

        private String status() {
            return Fields.nameOr(data.path("status"), "").toLowerCase(Locale.ROOT);
        }

        private boolean isPrivate() {
            return data.path("private").asBoolean(false)
                    || data.path("incident").path("private").asBoolean(false);
        }

        /** Who declared it. */
        private @Nullable UUID actor() {
            if (!type.equals("incident.created")) {
                return null;
            }
            UUID starter = person(data.path("started_by"));
            return starter == null ? person(data.path("user")) : starter;
        }

        private @Nullable UUID person(JsonNode user) {
            String id = Fields.id(user.path("id"));
            return id == null ? null : learned.person(TOOL, id, Fields.name(user.path("full_name"), user.path("name")));
        }
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Rootly, open Configuration > Webhooks and choose New webhook.",
                "Paste " + url + " as the URL and give it a name.",
                "Choose the events incident.created, .updated, .mitigated, .resolved, .cancelled and .deleted; incident_event and"
                        + " incident_post_mortem too, if you want them in timelines.",
                "Use the secret of this integration as the webhook's secret; or copy the one that Rootly shows and store it"
                        + " here with PATCH /api/v1/integrations/{id} {\"secret\": \"…\"}.",
                "Save it and declare an incident; the delivery appears under GET /api/v1/deliveries.");
    }
}
