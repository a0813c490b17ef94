package dev.hindsight.incident.webhook.verify;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard Webhooks, as Svix and incident.io send it, under either name of its headers: {@code webhook-id},
 * {@code webhook-timestamp} and {@code webhook-signature}, or {@code svix-…}. HMAC-SHA256 with the bytes that
 * {@code whsec_<base64>} stands for over {@code id.timestamp.body}; the signature header is a list of {@code v1,<base64>}
 * divided by blanks, of which one must match; other versions are passed over. Each attempt is signed anew, so that the window
 * refuses no lawful repetition.
 *
 * <p>The scheme's own Java library judges by the wall clock and takes the body as text; here the time of receipt and the raw
 * bytes count. Tests hold the two against each other.
 */
public record StandardWebhooksSignature() implements Verification {

    private static final String SECRET_PREFIX = "whsec_";
    private static final String VERSION = "v1,";
    private static final int MOST_SIGNATURES = 16;

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String id = either(request, "id");
        String timestamp = either(request, "timestamp");
        String signatures = either(request, "signature");
        if (id == null || timestamp == null || signatures == null) {
            return Verdict.UNSIGNED;
        }
        Optional<Instant> signedAt = Hmac.seconds(timestamp);
        if (signedAt.isEmpty()) {
            return Verdict.FORGED;
        }
        List<byte[]> offered = Arrays.stream(signatures.strip().split(" +", MOST_SIGNATURES))
                .filter(signature -> signature.startsWith(VERSION))
                .map(signature -> Hmac.base64(signature.substring(VERSION.length())))
                .toList();
        byte[] before = Hmac.bytes(id + '.' + timestamp.strip() + '.');
        boolean matches = false;
        for (String secret : secrets) {
            matches |= Hmac.matches(Hmac.sha256(key(secret), before, request.body()), offered);
        }
        return matches ? Verification.within(signedAt.get(), request) : Verdict.FORGED;
    }

    private static byte[] key(String secret) {
        String text = secret.strip();
        return Hmac.base64(text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : text);
    }

    /** What the request carries under the standard's name, else under Svix's. */
    public static @Nullable String either(WebhookRequest request, String name) {
        String standard = request.header("webhook-" + name);
        return standard != null ? standard : request.header("svix-" + name);
    }
}
