package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Better Stack's outgoing webhooks about incidents, which map one to one.
 *
 * <p>Nothing is signed: the secret is the last part of the address, or a header or password where the operator adds one. The
 * body is an object of JSON:API with the times of all that has happened, so each delivery tells every step that it knows of:
 * whichever comes first, and however many never come. Incident and time identify a step; name, cause and address are those of
 * the check that failed and stay as they are. An acknowledgement may be older than the start, as documented samples show.
 *
 * <p>Subscriptions to a status page come with an {@code event_type}: a report names no incident and never says that it is
 * over, so it is kept and changes nothing.
 */
final class BetterStack implements ToolAdapter {

    private static final String TOOL = "betterstack";

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String ofStatusPage = Fields.name(body.path("event_type"));
        if (ofStatusPage != null) {
            return Translation.nothing(
                    request.digest(), ofStatusPage, "a status page tells neither the incident nor its end");
        }
        JsonNode data = body.path("data");
        if (!data.isObject()) {
            throw new Untranslatable("not a Better Stack webhook: it has neither \"data\" nor an \"event_type\"");
        }
        String event = Fields.nameOr(body.path("event"), "unknown");
        String externalId = Fields.id(data.path("id"));
        if (externalId == null || !data.path("type").asText("incident").equals("incident")) {
            return Translation.nothing(request.digest(), event, event + " says nothing about an incident");
        }
        Learned learned = new Learned();
        JsonNode incident = data.path("attributes");
        Steps steps = new Steps(externalId, incident, request, observed(integration, incident, learned));
        return Translation.of(request.digest(), event, null, steps.facts(event), learned);
    }

    private static Observed observed(Integration integration, JsonNode incident, Learned learned) {
        String team = Fields.name(incident.path("team_name"));
        UUID teamId = team == null ? null : learned.team(team, TOOL, null);
        String service = integration.defaultService();
        if (service != null) {
            learned.service(service, teamId, null, null);
        }
        String name = Fields.name(incident.path("name"));
        String cause = Fields.name(incident.path("cause"));
        return new Observed(
                name == null ? cause : cause == null ? name : Fields.shortened(name + ": " + cause),
                null,
                service == null ? List.of() : List.of(service),
                null,
                Fields.url(incident.path("url")));
    }

    /** What has happened to an incident until the delivery. */
    private record Steps(String externalId, JsonNode incident, WebhookRequest request, Observed seen) {

        List<ToolFact> facts(String event) {
            List<ToolFact> facts = new ArrayList<>();
            Instant started = time("started_at");
            Instant acknowledged = time("acknowledged_at");
            Instant resolved = time("resolved_at");
            boolean starts = event.equals("started");
            boolean acknowledges = event.equals("acknowledged");
            boolean resolves = event.equals("resolved");
            if (started != null || starts) {
                facts.add(fact("started", started, 0, new Signal.Triggered(seen)));
            }
            if (acknowledged != null || acknowledges) {
                facts.add(fact("acknowledged", acknowledged, 2, new Signal.Acknowledged(seen)));
            }
            if (resolved != null || resolves) {
                facts.add(fact("resolved", resolved, 3, new Signal.Resolved(null, seen)));
            }
            if (!starts && !acknowledges && !resolves) {
                facts.add(fact(request.digest(), null, 1, new Signal.Noted(event, event, seen.url(), seen)));
            }
            return facts;
        }

        private @Nullable Instant time(String field) {
            return Fields.time(incident.path(field));
        }

        private ToolFact fact(String step, @Nullable Instant said, int order, Signal signal) {
            Instant at = said == null ? request.receivedAt() : said;
            return new ToolFact.OfIncident(
                    externalId,
                    externalId + '|' + step + (said == null ? "" : "|" + said),
                    signal,
                    at,
                    order,
                    seen.title() == null ? "Better Stack incident " + externalId : seen.title(),
                    Fields.earlier(Fields.timeOr(incident.path("started_at"), at), at));
        }
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Better Stack, open Uptime > Integrations > Exporting data and choose Outgoing webhook for incidents.",
                "Paste " + url + "/<the secret> as the URL, or " + url
                        + " with a header Authorization: Bearer <the secret>.",
                "Select all three: started, acknowledged and resolved; leave method POST and the default body.",
                "Set defaultService here: the webhook names the monitor, and no service.",
                "Send the test request or start a test incident: the delivery appears under GET /api/v1/deliveries.");
    }
}
