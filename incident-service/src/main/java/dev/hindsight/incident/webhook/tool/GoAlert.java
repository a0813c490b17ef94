package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * GoAlert's webhook contact methods and notification channels: one alert, or an entry of its log, which map one to one.
 *
 * <p>There is no header to set: the secret is the last part of the address. No message says when anything happened, or has
 * an id; alert and text identify an entry. What happened to an alert is said in words alone, and these begin with a verb that
 * does not change. An alert is sent again with every step of an escalation, which is no news. Bundles name no alert. The code
 * of a verification is kept as the reason of its delivery, where the person who set the webhook up finds it. GoAlert does not
 * look at the answer's status: what it sends while Hindsight answers 503 is lost.
 */
final class GoAlert implements ToolAdapter {

    private static final String TOOL = "goalert";

    /** "Acknowledged by Robin Example (Web)"; where no person did it, it says "via". */
    private static final Pattern BY_PERSON = Pattern.compile(" by (.+?)( \\([^()]*\\))?$");

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String type = Fields.name(body.path("Type"));
        if (type == null) {
            throw new Untranslatable("not a GoAlert webhook: it has no \"Type\"");
        }
        Learned learned = new Learned();
        String service = Fields.name(body.path("ServiceName"));
        if (service != null) {
            learned.service(service, null, TOOL, Fields.id(body.path("ServiceID")));
        }
        String externalId = Fields.id(body.path("AlertID"));
        if (type.equals("Verification")) {
            return Translation.nothing(
                    request.digest(), type, "enter the code " + Fields.idOr(body.path("Code"), "") + " in GoAlert");
        }
        if (externalId == null) {
            return Translation.nothing(request.digest(), type, type + " names no alert", learned);
        }
        return type.equals("Alert")
                ? alert(integration, request, type, body, externalId, service, learned)
                : logged(request, type, body, externalId, learned);
    }

    private static Translation alert(
            Integration integration,
            WebhookRequest request,
            String type,
            JsonNode body,
            String externalId,
            @Nullable String service,
            Learned learned) {
        String of = service == null ? integration.defaultService() : service;
        if (service == null && of != null) {
            learned.service(of, null, null, null);
        }
        JsonNode meta = body.path("Meta");
        Observed seen = new Observed(
                Fields.name(body.path("Summary")),
                integration.severity(Fields.name(meta.path("severity"), meta.path("priority"))),
                of == null ? List.of() : List.of(of),
                null,
                Fields.url(body.path("GoAlertURL")));
        return Translation.of(
                request.digest(),
                type,
                null,
                List.of(fact(externalId, externalId + "|created", new Signal.Triggered(seen), seen.title(), request)),
                learned);
    }

    private static Translation logged(
            WebhookRequest request, String type, JsonNode body, String externalId, Learned learned) {
        String entry = Fields.textOr(body.path("LogEntry"), type);
        Matcher by = BY_PERSON.matcher(entry);
        UUID person =
                by.find() && !by.group(1).equals("[unknown]") ? learned.person(TOOL, by.group(1), by.group(1)) : null;
        // Who it was is said by the person's id.
        String text = person == null ? entry : entry.substring(0, by.start());
        Observed nothing = new Observed(null, null, List.of(), null, null);
        Signal signal =
                switch (entry.split("[^A-Za-z]", 2)[0]) {
                    case "Acknowledged" -> new Signal.Acknowledged(nothing);
                    case "Closed" -> new Signal.Resolved(text, nothing);
                    case "Escalated" -> new Signal.Escalated(null, text, nothing);
                    // "Notification sent to Robin Example (SMS)"
                    default ->
                        new Signal.Noted(type, text.replaceFirst("(?i)(notification sent) to .*", "$1"), null, nothing);
                };
        return Translation.of(
                request.digest(),
                type,
                person,
                List.of(fact(externalId, externalId + "|" + entry, signal, null, request)),
                learned);
    }

    private static ToolFact fact(
            String externalId, String key, Signal signal, @Nullable String title, WebhookRequest request) {
        Instant at = request.receivedAt();
        return new ToolFact.OfIncident(
                externalId, key, signal, at, order(signal), title == null ? "GoAlert alert " + externalId : title, at);
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
                "In GoAlert, open Admin > Config and turn Webhook on; where Allowed URLs are listed, add " + url + ".",
                "In an escalation policy's step choose the destination Webhook, or add a contact method of that type to a"
                        + " profile, with " + url + "/<the secret> as the URL.",
                "For a contact method, turn on alert status updates; GoAlert then sends a code: read it under GET"
                        + " /api/v1/deliveries as the reason of the delivery \"Verification\", and enter it.",
                "Turn message bundles off where you can: a bundle names no alert.",
                "Set defaultService here for versions that do not name the service.");
    }
}
