package dev.hindsight.incident.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A webhook request as it came.
 *
 * @param headers names in lower case
 * @param pathSecret last path segment, for tools that can send neither signature nor header
 * @param body the raw bytes, which signatures are over
 * @param receivedAt by our clock
 */
public record WebhookRequest(
        Map<String, String> headers, @Nullable String pathSecret, byte[] body, Instant receivedAt) {

    private static final List<String> KEPT =
            List.of("content-type", "user-agent", "x-webhook-id", "x-webhook-subscription");

    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The headers that are kept with the delivery: none that authenticates. */
    public Map<String, String> keptHeaders() {
        Map<String, String> kept = new TreeMap<>(headers);
        kept.keySet().retainAll(KEPT);
        return kept;
    }

    /** SHA-256 of the body, hex. */
    public String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** HMAC-SHA256 of the raw body. */
    public byte[] hmacSha256(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether the request carries one of the secrets as {@code Authorization: Bearer}, as password of
     * {@code Authorization: Basic}, or as its last path segment.
     */
    public boolean carries(List<String> secrets) {
        String offered = pathSecret != null ? pathSecret : fromAuthorization(header("authorization"));
        if (offered == null) {
            return false;
        }
        byte[] given = offered.getBytes(StandardCharsets.UTF_8);
        boolean matches = false;
        for (String secret : secrets) {
            matches |= MessageDigest.isEqual(given, secret.getBytes(StandardCharsets.UTF_8));
        }
        return matches;
    }

    private static @Nullable String fromAuthorization(@Nullable String header) {
        if (header == null) {
            return null;
        }
        int space = header.indexOf(' ');
        String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
        String value = header.substring(space + 1).strip();
        return switch (scheme) {
            case "bearer" -> value;
            case "basic" -> {
                try {
                    String pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
                    yield pair.substring(pair.indexOf(':') + 1);
                } catch (IllegalArgumentException e) {
                    yield null;
                }
            }
            default -> null;
        };
    }
}
