package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.util.List;

/**
 * Prometheus Alertmanager webhooks, version "4" (and the older "3", which has no fingerprint). Nothing is signed: the secret
 * comes as bearer token, Basic password or last path segment. No delivery has an id; the same bytes are the same delivery.
 */
final class Alertmanager implements ToolAdapter {

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode group = Bodies.object(request);
        if (!group.path("alerts").isArray()) {
            throw new Untranslatable("not an Alertmanager webhook: it has no array \"alerts\"");
        }
        return PrometheusAlerts.translate(integration, request, group);
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
