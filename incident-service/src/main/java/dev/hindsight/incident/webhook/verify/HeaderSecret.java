package dev.hindsight.incident.webhook.verify;

import java.util.List;

/**
 * The secret itself in a header of the tool's own, such as GitLab's {@code X-Gitlab-Token}.
 *
 * @param header its name
 */
public record HeaderSecret(String header) implements Verification {

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String offered = request.header(header);
        if (offered == null) {
            return Verdict.UNSIGNED;
        }
        return Hmac.isOneOf(offered, secrets) ? Verdict.AUTHENTIC : Verdict.FORGED;
    }
}
