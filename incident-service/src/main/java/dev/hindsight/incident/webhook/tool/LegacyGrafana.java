package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Alerts;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.List;

/**
 * What Grafana's notification channels sent until version 8: the state of one rule, without a time, an id of the delivery
 * or a start of the alert. An occurrence goes on until {@code ok} ends it; the order of arrival is all that is known.
 */
final class LegacyGrafana {

    private LegacyGrafana() {}

    static Translation translate(Integration integration, WebhookRequest request, JsonNode body) {
        String state = body.path("state").asText();
        String rule = Fields.idOr(body.path("ruleId"), "");
        if (rule.equals("0")) {
            return Translation.nothing(request.digest(), state, "Grafana's test notification: no rule has the id 0");
        }
        boolean over = state.equals("ok");
        if (!over && !state.equals("alerting") && !state.equals("no_data")) {
            return Translation.nothing(
                    request.digest(), state, "a rule that is " + state + " says nothing about an alert");
        }
        String name = Fields.nameOr(body.path("ruleName"), Fields.nameOr(body.path("title"), "alert"));
        String fingerprint = "rule-" + (rule.isEmpty() ? name : rule) + "-" + Fields.idOr(body.path("orgId"), "");
        JsonNode tags = body.path("tags");
        Instant at = request.receivedAt();
        String message = Fields.text(body.path("message"));
        Alert occurrence = new Alert(
                Alerts.occurrence(integration.id(), fingerprint, at),
                fingerprint,
                name,
                message,
                Fields.url(body.path("ruleUrl")));
        String tagged = Fields.name(tags.path("service"));
        String service = tagged == null ? integration.defaultService() : tagged;
        Learned learned = new Learned();
        if (service != null) {
            learned.service(service, null, null, null);
        }
        Severity severity = integration.severity(Fields.name(tags.path("severity"), tags.path("priority")));
        String title = message == null ? name : Fields.shortened(message);
        Observed seen =
                new Observed(title, severity, service == null ? List.of() : List.of(service), null, occurrence.url());
        return Translation.of(
                request.digest() + '|' + at,
                state,
                null,
                List.of(new ToolFact.OfAlert(
                        occurrence,
                        service,
                        severity,
                        occurrence.key() + (over ? "|resolved" : "|firing"),
                        over ? new Signal.AlertResolved(occurrence, seen) : new Signal.AlertFired(occurrence, seen),
                        at,
                        over ? 1 : 0,
                        title,
                        at,
                        false)),
                learned);
    }
}
