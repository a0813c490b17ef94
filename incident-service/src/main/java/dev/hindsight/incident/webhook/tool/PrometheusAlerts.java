package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Alerts;
import dev.hindsight.incident.domain.Signal;
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
import org.jspecify.annotations.Nullable;

/**
 * A group of alerts as Prometheus' Alertmanager sends it, and all that embed it: each alert is taken by itself.
 *
 * <p>An occurrence is fingerprint and start, as the fingerprint alone is the same for every later firing of the same labels. Replicas and
 * repeats send the same occurrence again, which changes nothing; an alert that is missing from a group that was cut short
 * is not over. The status of each alert counts, not the group's.
 */
final class PrometheusAlerts {

    private static final String RULE_NAME = "rulename";

    private PrometheusAlerts() {}

    static Translation translate(Integration integration, WebhookRequest request, JsonNode group) {
        Learned learned = new Learned();
        List<ToolFact> facts = new ArrayList<>();
        for (JsonNode alert : group.path("alerts")) {
            facts.add(fact(integration, request, group, alert, learned));
        }
        String status = group.path("status").asText("unknown");
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
        String summary = Fields.text(
                annotations.path("summary"),
                annotations.path("title"),
                annotations.path("description"),
                annotations.path("message"));
        Alert occurrence = new Alert(
                Alerts.occurrence(integration.id(), fingerprint, began),
                fingerprint,
                name(labels, group),
                summary,
                url(alert));
        String service = service(integration, labels);
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
                began,
                startsAt != null);
    }

    /** The rule's name; where Grafana found no data or met an error, it says so and names the rule elsewhere. */
    private static String name(JsonNode labels, JsonNode group) {
        String name = Fields.name(
                labels.path("alertname"), group.path("groupLabels").path("alertname"), labels.path(RULE_NAME));
        if (name == null) {
            return Fields.nameOr(group.path("title"), "alert");
        }
        String rule = Fields.name(labels.path(RULE_NAME));
        return name.startsWith("Datasource") && rule != null ? Fields.shortened(name + ": " + rule) : name;
    }

    private static @Nullable String url(JsonNode alert) {
        for (String field : List.of("generatorURL", "panelURL", "dashboardURL")) {
            String url = Fields.url(alert.path(field));
            if (url != null) {
                return url;
            }
        }
        return null;
    }

    private static @Nullable String service(Integration integration, JsonNode labels) {
        String labelled = Fields.name(labels.path("service"), labels.path("app"));
        if (labelled != null) {
            return labelled;
        }
        return integration.defaultService() != null ? integration.defaultService() : Fields.name(labels.path("job"));
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
}
