package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
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
 * Squadcast's outgoing webhooks, version 2, and the four events of version 1, which have the incident itself as body and name
 * their type with an underscore.
 *
 * <p>Nothing is signed; custom headers carry the secret. {@code event.id} identifies an event of version 2; of version 1
 * incident, type and the last time of its timeline do. The event's own timestamp is when it was sent: a change of status
 * happened when the timeline says. Notes, tasks, channels, SLOs and status pages refer to the incident beside them. As a
 * delivery is dropped after three repetitions and each later one tells the whole timeline, a resolution also tells of the
 * acknowledgement before it. {@code 0001-01-01} is no time, and people's names inside of texts are not repeated.
 */
final class Squadcast implements ToolAdapter {

    private static final String TOOL = "squadcast";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        JsonNode event = body.path("event");
        JsonNode data = body.path("data");
        boolean isFirstVersion = !event.isObject() && body.path("event_type").isTextual();
        if (!isFirstVersion && !(event.isObject() && data.isObject())) {
            throw new Untranslatable(
                    "not a Squadcast webhook: it has neither \"event\" and \"data\" nor an \"event_type\"");
        }
        String type = Fields.nameOr((isFirstVersion ? body.path("event_type") : event.path("type")), "unknown");
        JsonNode resource = isFirstVersion ? body : data.path("resource_data");
        JsonNode incident = data.path("incident").isObject() ? data.path("incident") : resource;
        String externalId = Fields.id(incident.path("id"));
        // Version 1 says incident_triggered where version 2 says incident.triggered.
        String what = type.replaceFirst("^incident[._]", "");
        if (externalId == null || what.equals(type) && !incident.has("timeline")) {
            return Translation.nothing(
                    Fields.idOr(event.path("id"), request.digest()), type, type + " says nothing about an incident");
        }
        JsonNode timeline = incident.path("timeline");
        JsonNode last = timeline.path(timeline.size() - 1);
        String key = Fields.id(event.path("id"));
        if (key == null) {
            Instant lastTime = Fields.time(last.path("time"));
            key = lastTime == null ? request.digest() : externalId + '|' + what + '|' + lastTime;
        }
        return new Reading(integration, request, type, what, key, externalId, resource, incident)
                .translation(
                        Fields.timeOr(event.path("timestamp"), Fields.timeOr(last.path("time"), request.receivedAt())));
    }

    /** One delivery about an incident. */
    private static final class Reading {

        private final Integration integration;
        private final WebhookRequest request;
        private final String type;
        private final String what;
        private final String key;
        private final String externalId;
        private final JsonNode resource;
        private final JsonNode incident;
        private final JsonNode timeline;
        private final Learned learned = new Learned();

        Reading(
                Integration integration,
                WebhookRequest request,
                String type,
                String what,
                String key,
                String externalId,
                JsonNode resource,
                JsonNode incident) {
            this.integration = integration;
            this.request = request;
            this.type = type;
            this.what = what;
            this.key = key;
            this.externalId = externalId;
            this.resource = resource;
            this.incident = incident;
            this.timeline = incident.path("timeline");
        }

        Translation translation(Instant sentAt) {
            JsonNode entry = lastEntry(what);
            Instant at = entry == null ? sentAt : Fields.timeOr(entry.path("time"), sentAt);
            Observed seen = observed();
            Signal signal = signal(seen);
            List<ToolFact> facts = new ArrayList<>();
            facts.add(fact(key, signal, at));
            if (signal instanceof Signal.Resolved) {
                acknowledgementBefore(facts);
            }
            return Translation.of(key, type, actor(entry), facts, learned);
        }

        /** Told again in case that its own delivery never came. */
        private void acknowledgementBefore(List<ToolFact> facts) {
            for (JsonNode each : timeline) {
                Instant time = Fields.time(each.path("time"));
                if (time != null && each.path("action").asText().equals("acknowledged")) {
                    facts.add(fact(
                                    externalId + "|timeline|acknowledged|" + time,
                                    new Signal.Acknowledged(NOTHING_SEEN),
                                    time)
                            .by(named(each)));
                }
            }
        }

        private ToolFact.OfIncident fact(String factKey, Signal signal, Instant at) {
            String title = Fields.name(incident.path("message"));
            Instant created = Fields.timeOr(incident.path("created_at"), request.receivedAt());
            JsonNode first = timeline.path(0);
            Instant began = Fields.timeOr(first.path("time"), created);
            return new ToolFact.OfIncident(
                    externalId,
                    factKey,
                    signal,
                    at,
                    order(signal),
                    title == null ? "Squadcast incident " + externalId : title,
                    Fields.earlier(Fields.earlier(began, created), at));
        }

        private @Nullable JsonNode lastEntry(String action) {
            JsonNode found = null;
            for (JsonNode each : timeline) {
                if (each.path("action").asText().equals(action)) {
                    found = each;
                }
            }
            return found;
        }

        private Signal signal(Observed seen) {
            return switch (what) {
                case "triggered" -> new Signal.Triggered(seen);
                case "acknowledged" -> new Signal.Acknowledged(seen);
                case "resolved" -> new Signal.Resolved(null, seen);
                case "reopened" -> new Signal.Reopened(null, seen);
                case "reassigned" -> reassigned(seen);
                case "statuspage_updated" ->
                    new Signal.StatusUpdated(Fields.textOr(resource.path("message"), "Status page updated"), seen);
                default -> new Signal.Noted(type, text(), Fields.url(resource.path("url")), seen);
            };
        }

        /** To a user, a squad or the next policy; who held it before is in the timeline. */
        private Signal reassigned(Observed seen) {
            JsonNode assignee = incident.path("assigned_to");
            String name = Fields.name(assignee.path("name"));
            return switch (assignee.path("type").asText("").toLowerCase(Locale.ROOT)) {
                case "user" -> new Signal.Escalated(person(assignee), "Reassigned", seen);
                case "escalationpolicy" ->
                    new Signal.Escalated(null, name == null ? "Escalated" : "Escalated to the policy " + name, seen);
                default -> new Signal.Escalated(null, name == null ? "Reassigned" : "Reassigned to " + name, seen);
            };
        }

        /** {@code incident_task_created} with its content becomes "Task created: …". */
        private String text() {
            String words = what.replaceFirst("^incident_", "")
                    .replace("notes_", "note_")
                    .replace('_', ' ');
            words = words.replaceFirst("^slo ", "SLO ");
            String sentence =
                    words.isEmpty() ? type : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
            String more = what.equals("tags_updated") ? tags() : said();
            return more == null ? sentence : sentence + ": " + more;
        }

        private @Nullable String said() {
            String said = Fields.text(
                    resource.path("message").path("message"),
                    resource.path("deleted_task").path("content"),
                    resource.path("updated_task").path("content"),
                    resource.path("title"),
                    resource.path("slo").path("name"));
            if (said != null) {
                return said;
            }
            // The list of tasks does not say which one it is about; the timeline's last entry does.
            JsonNode last = timeline.path(timeline.size() - 1);
            return last.path("action").asText().startsWith("task_")
                    ? Fields.text(last.path("additional_info").path("content"))
                    : null;
        }

        private @Nullable String tags() {
            List<String> tags = new ArrayList<>();
            for (Map.Entry<String, JsonNode> tag : incident.path("tags").properties()) {
                if (!tag.getKey().isBlank()) {
                    tags.add(tag.getKey() + "=" + value(tag.getValue()));
                }
            }
            return tags.isEmpty() ? null : String.join(", ", tags);
        }

        private static String value(JsonNode tag) {
            return Fields.nameOr(tag.isObject() ? tag.path("value") : tag, "");
        }

        private Observed observed() {
            JsonNode owner = incident.path("owner");
            String teamName = Fields.name(owner.path("name"));
            UUID team = teamName == null || !owner.path("type").asText("team").equals("team")
                    ? null
                    : learned.team(teamName, TOOL, Fields.id(owner.path("id")));
            String service = Fields.name(incident.path("service").path("name"), incident.path("service"));
            if (service != null) {
                learned.service(
                        service, team, TOOL, Fields.id(incident.path("service").path("id")));
            } else if (integration.defaultService() != null) {
                service = integration.defaultService();
                learned.service(service, null, null, null);
            }
            JsonNode tags = incident.path("tags");
            return new Observed(
                    Fields.name(incident.path("message")),
                    integration.severity(Fields.name(
                            incident.path("priority"),
                            tags.path("severity").path("value"),
                            tags.path("severity"),
                            tags.path("priority").path("value"),
                            tags.path("priority"))),
                    service == null ? List.of() : List.of(service),
                    switch (incident.path("status").asText("")) {
                        case "triggered" -> IncidentStatus.OPEN;
                        case "acknowledged" -> IncidentStatus.ACKNOWLEDGED;
                        case "resolved" -> IncidentStatus.RESOLVED;
                        default -> null;
                    },
                    Fields.url(incident.path("url")));
        }

        /** The timeline only names people: whoever of those that come with an id has the name that acted. */
        private @Nullable UUID actor(@Nullable JsonNode entry) {
            if (entry == null) {
                UUID said = person(resource.path("user"));
                return said == null && what.endsWith("_created") ? person(resource.path("created_by")) : said;
            }
            if (what.equals("triggered")) {
                return person(incident.path("manually_created_by"));
            }
            return named(entry);
        }

        private @Nullable UUID named(JsonNode entry) {
            JsonNode assignee = incident.path("assigned_to");
            String name = Fields.name(entry.path("name"));
            if (name == null || !entry.path("assigned_to").asText().equals("user")) {
                return null;
            }
            for (JsonNode each : List.of(assignee, incident.path("manually_created_by"))) {
                if (name.equals(Fields.name(each.path("name")))
                        && each.path("type").asText("user").equals("user")) {
                    return person(each);
                }
            }
            return null;
        }

        private @Nullable UUID person(JsonNode user) {
            String id = Fields.id(user.path("id"));
            return id == null ? null : learned.person(TOOL, id, Fields.name(user.path("name")));
        }
    }

    private static int order(Signal signal) {
        return switch (signal) {
            case Signal.Triggered s -> 0;
            case Signal.Acknowledged s -> 2;
            case Signal.Resolved s -> 3;
            default -> 1;
        };
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Squadcast, open Settings > Webhooks, choose + and give the webhook a name.",
                "Choose version v2 and POST, and paste " + url + " as the URL.",
                "Under Headers add Authorization with the value \"Bearer <the secret>\".",
                "Select the incident events: triggered, acknowledged, reassigned and resolved at least; notes, tasks, tags,"
                        + " communication channels, SLOs and status pages appear in timelines.",
                "Save and trigger a test incident: the delivery appears under GET /api/v1/deliveries.");
    }
}
