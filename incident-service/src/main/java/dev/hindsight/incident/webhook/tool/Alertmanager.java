package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Alerts;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prometheus Alertmanager webhooks, version "4" (and the older "3", which has no fingerprint).
 *
 * <p>Nothing is signed: the secret comes as bearer token, Basic password or last path segment. One request carries a group
 * of alerts; each is taken by itself. An occurrence is fingerprint and start, as the fingerprint alone is the same for every
 * later firing. Replicas and repeat_interval send the same occurrence again, which changes nothing; an alert that is missing
 * from a truncated group is not over.
 */
final class Alertmanager implements ToolAdapter {

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        JsonNode alerts = body.path("alerts");
        if (!alerts.isArray()) {
            throw new Untranslatable("not an Alertmanager webhook: it has no array \"alerts\"");
        }
        Learned learned = new Learned();
        List<ToolFact> facts = new ArrayList<>(alerts.size());
        for (JsonNode alert : alerts) {
            facts.add(fact(integration, request, body, alert, learned));
        }
        String status = body.path("status").asText("unknown");
        return facts.isEmpty()
                ? Translation.nothing(request.digest(), status, "the group holds no alert", learned)
                : Translation.of(request.digest(), status, null, facts, learned);
    }

    private static ToolFact fact(
            Integration integration, WebhookRequest request, JsonNode group, JsonNode alert, Learned learned) {
        JsonNode labels = alert.path("labels");
        JsonNode annotations = alert.path("annotations");
        String fingerprint = Fields.id(alert.path("fingerprint"));
        if (fingerprint == null) {
            fingerprint = fingerprintOf(labels);
        }
        Instant startsAt = Fields.time(alert.path("startsAt"));
        Instant began = startsAt == null ? request.receivedAt() : startsAt;
        String name =
                Fields.text(labels.path("alertname"), group.path("groupLabels").path("alertname"));
        String summary = Fields.text(
                annotations.path("summary"),
                annotations.path("title"),
                annotations.path("description"),
                annotations.path("message"));
        Alert occurrence = new Alert(
                Alerts.occurrence(integration.id(), fingerprint, began),
                fingerprint,
                name == null ? "alert" : name,
                summary,
                Fields.url(alert.path("generatorURL")));
        String service = Fields.name(labels.path("service"), labels.path("app"));
        if (service == null) {
            service = integration.defaultService() != null
                    ? integration.defaultService()
                    : Fields.name(labels.path("job"));
        }
        if (service != null) {
            learned.service(service, null, null, null);
        }
        Severity severity = integration.severity(Fields.name(labels.path("severity"), labels.path("priority")));
        String title = summary == null ? occurrence.name() : Fields.shortened(summary);
        Observed seen =
                new Observed(title, severity, service == null ? List.of() : List.of(service), null, occurrence.url());
        boolean over =
                alert.path("status").asText(group.path("status").asText()).equals("resolved");
        Instant ended = Fields.time(alert.path("endsAt"));
        Instant at = !over ? began : ended == null || ended.isBefore(began) ? request.receivedAt() : ended;
        return new ToolFact.OfAlert(
                occurrence,
                service,
                severity,
                occurrence.key() + (over ? "|resolved" : "|firing"),
                over ? new Signal.AlertResolved(occurrence, seen) : new Signal.AlertFired(occurrence, seen),
                at,
                over ? 1 : 0,
                title,
                began);
    }

    /** Of the label set, for senders that leave the fingerprint out. */
    private static String fingerprintOf(JsonNode labels) {
        Map<String, String> sorted = new TreeMap<>();
        labels.properties()
                .forEach(label -> sorted.put(label.getKey(), label.getValue().asText()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(sorted.toString().getBytes(StandardCharsets.UTF_8));
            return "labels-" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In alertmanager.yml, add a receiver with webhook_configs: [{url: \"" + url
                        + "\", send_resolved: true, http_config: {authorization: {type: Bearer, credentials: \"<the secret>\"}}}].",
                "Route the alerts that matter to that receiver; keep max_alerts at 0, so that groups are not truncated.",
                "Give your alert rules a label \"service\" (or set defaultService here) and \"severity\".",
                "Reload Alertmanager; the next alert appears under GET /api/v1/deliveries.");
    }
}
