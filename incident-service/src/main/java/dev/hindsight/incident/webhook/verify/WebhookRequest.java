package dev.hindsight.incident.webhook.verify;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A webhook request as it came.
 *
 * @param url where it was sent to, as it was pasted into the tool: below the configured public URL
 * @param headers names in lower case
 * @param pathSecret last path segment, for tools that can send neither signature nor header
 * @param body the raw bytes, which signatures are over
 * @param receivedAt by our clock
 */
public record WebhookRequest(
        String url, Map<String, String> headers, @Nullable String pathSecret, byte[] body, Instant receivedAt) {

    /** What says something about the delivery and authenticates nothing: with these a delivery can be judged again. */
    private static final Set<String> KEPT = Set.of(
            "content-type",
            "idempotency-key",
            "svix-id",
            "svix-timestamp",
            "user-agent",
            "webhook-id",
            "webhook-timestamp",
            "x-betteruptime-event",
            "x-github-delivery",
            "x-github-event",
            "x-gitlab-event",
            "x-gitlab-event-uuid",
            "x-gitlab-webhook-uuid",
            "x-slack-request-timestamp",
            "x-slack-retry-num",
            "x-slack-retry-reason",
            "x-webhook-id",
            "x-webhook-subscription");

    /** CloudEvents in binary mode carry their attributes as headers. */
    private static final String CLOUD_EVENTS = "ce-";

    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The headers that are kept with the delivery: none that authenticates. */
    public Map<String, String> keptHeaders() {
        Map<String, String> kept = new TreeMap<>(headers);
        kept.keySet().removeIf(name -> !KEPT.contains(name) && !name.startsWith(CLOUD_EVENTS));
        return kept;
    }

    /** Media type in lower case without its parameters; empty where the request names none. */
    public String mediaType() {
        String type = header("content-type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    public boolean isForm() {
        return mediaType().equals("application/x-www-form-urlencoded");
    }

    /** The fields of a form in its order; of a name that comes twice the last. What is not encoded rightly is left out. */
    public Map<String, String> form() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                try {
                    fields.put(
                            URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8),
                            equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    continue;
                }
            }
        }
        return fields;
    }

    /** SHA-256 of the body, hex. */
    public String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
