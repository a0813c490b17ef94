package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.incident.webhook.verify.GrafanaSignature;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Grafana Alerting's webhook contact point, and the notification channels that came before it (until version 8).
 *
 * <p>The operator may have it signed, with or without a time; else the secret comes as authorization header. The body is
 * Alertmanager's with a few fields more, of which {@code state} and {@code truncatedAlerts} contradict the alerts in test
 * notifications: each alert's own status counts. Grafana's test notifications are recognised and make no incident.
 */
final class Grafana implements ToolAdapter {

    private static final Verification VERIFICATION = Verification.anyOf(
            new GrafanaSignature("x-grafana-alerting-signature", "x-grafana-alerting-timestamp"), new SharedSecret());

    /** Only test notifications are grouped by the moment, as Go writes one with its monotonic clock. */
    private static final Pattern GO_MOMENT = Pattern.compile("m=[+-][0-9]+\\.[0-9]+");

    @Override
    public Verification verification(Integration integration) {
        return VERIFICATION;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        if (body.path("alerts").isArray()) {
            String groupKey = Fields.textOr(body.path("groupKey"), "");
            return GO_MOMENT.matcher(groupKey).find()
                    ? Translation.nothing(request.digest(), "test", "Grafana's test notification")
                    : PrometheusAlerts.translate(integration, request, body);
        }
        if (body.path("state").isTextual() && (body.has("ruleId") || body.has("ruleName"))) {
            return LegacyGrafana.translate(integration, request, body);
        }
        throw new Untranslatable(
                "not a Grafana webhook: it has neither an array \"alerts\" nor a rule with a \"state\"");
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Grafana, open Alerting > Contact points, choose New contact point and the integration Webhook.",
                "Paste " + url + " as the URL, with the method POST; leave Disable resolved message off.",
                "Under HMAC Signature enter the secret, and X-Grafana-Alerting-Timestamp as the timestamp header;"
                        + " or, where your Grafana offers no signature, choose the authorization scheme Bearer with the secret.",
                "Leave the custom payload empty.",
                "Choose Test: the delivery appears under GET /api/v1/deliveries with outcome IGNORED.",
                "Let a notification policy send the alerts that matter to this contact point, and give their rules a label"
                        + " \"service\" (or set defaultService here) and \"severity\".");
    }
}
