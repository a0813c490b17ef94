package dev.hindsight.incident.webhook.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rootly's {@code X-Rootly-Signature: t=<seconds>,v1=<hex>}: HMAC-SHA256 over the time and the body with nothing between
 * them. Blanks after the comma occur in its documentation. Rootly names no window; ours is the usual one.
 */
public record RootlySignature() implements Verification {

    private static final int MOST_PARTS = 16;

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String header = request.header("x-rootly-signature");
        if (header == null) {
            return Verdict.UNSIGNED;
        }
        String timestamp = "";
        List<byte[]> offered = new ArrayList<>();
        for (String part : header.split(",", MOST_PARTS)) {
            String text = part.strip();
            if (text.startsWith("t=")) {
                timestamp = text.substring(2);
            } else if (text.startsWith("v1=")) {
                offered.add(Hmac.hex(text.substring(3)));
            }
        }
        Optional<Instant> signedAt = Hmac.seconds(timestamp);
        if (signedAt.isEmpty()) {
            return Verdict.FORGED;
        }
        boolean matches = false;
        for (String secret : secrets) {
            byte[] expected = Hmac.sha256(Hmac.bytes(secret), Hmac.bytes(timestamp), request.body());
            matches |= Hmac.matches(expected, offered);
        }
        return matches ? Verification.within(signedAt.get(), request) : Verdict.FORGED;
    }
}
