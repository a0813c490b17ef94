package dev.hindsight.incident.webhook.verify;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Slack's {@code X-Slack-Signature: v0=<hex>}: HMAC-SHA256 over {@code v0:timestamp:body}, the time in
 * {@code X-Slack-Request-Timestamp}. The body is the form as it was encoded: parsing and encoding it again breaks it.
 */
public record SlackSignature() implements Verification {

    private static final String PREFIX = "v0=";

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String signature = request.header("x-slack-signature");
        String timestamp = request.header("x-slack-request-timestamp");
        if (signature == null || timestamp == null) {
            return Verdict.UNSIGNED;
        }
        Optional<Instant> signedAt = Hmac.seconds(timestamp);
        if (signedAt.isEmpty() || !signature.startsWith(PREFIX)) {
            return Verdict.FORGED;
        }
        List<byte[]> offered = List.of(Hmac.hex(signature.substring(PREFIX.length())));
        byte[] before = Hmac.bytes("v0:" + timestamp + ':');
        boolean matches = false;
        for (String secret : secrets) {
            matches |= Hmac.matches(Hmac.sha256(Hmac.bytes(secret), before, request.body()), offered);
        }
        return matches ? Verification.within(signedAt.get(), request) : Verdict.FORGED;
    }
}
