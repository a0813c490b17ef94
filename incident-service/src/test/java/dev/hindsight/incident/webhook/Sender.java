package dev.hindsight.incident.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs a body as the tool does, with code of its own: not with what is under test. */
public final class Sender {

    /** Good for every tool: Standard Webhooks reads it as base64, the others as it is. */
    public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private Sender() {}

    /** The headers that authenticate the body, and the identity that the tool gives the delivery. @param provider its name in URLs */
    public static Map<String, String> headers(String provider, String secret, byte[] body, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        long seconds = now.getEpochSecond();
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        switch (provider) {
            case "pagerduty" -> headers.put("X-PagerDuty-Signature", "v1=" + hex(key, body));
            case "github" -> headers.put("X-Hub-Signature-256", "sha256=" + hex(key, body));
            case "firehydrant" -> headers.put("fh-signature", hex(key, body));
            case "gitlab" -> headers.put("X-Gitlab-Token", secret);
            case "grafana" -> headers.put("X-Grafana-Alerting-Signature", hex(key, body));
            case "rootly" ->
                headers.put("X-Rootly-Signature", "t=" + seconds + ",v1=" + hex(key, bytes("" + seconds), body));
            case "slack" -> {
                headers.put("X-Slack-Request-Timestamp", "" + seconds);
                headers.put("X-Slack-Signature", "v0=" + hex(key, bytes("v0:" + seconds + ":"), body));
            }
            case "incident-io" -> {
                String id = "msg_" + UUID.nameUUIDFromBytes(body);
                headers.put("webhook-id", id);
                headers.put("webhook-timestamp", "" + seconds);
                headers.put("webhook-signature", standard(secret, id, seconds, body));
            }
            default -> headers.put("Authorization", "Bearer " + secret);
        }
        return headers;
    }

    static String standard(String secret, String id, long seconds, byte[] body) {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        return "v1," + base64("HmacSHA256", key, bytes(id + "." + seconds + "."), body);
    }

    static String hex(byte[] key, byte[]... parts) {
        return HexFormat.of().formatHex(mac("HmacSHA256", key, parts));
    }

    static String base64(String algorithm, byte[] key, byte[]... parts) {
        return Base64.getEncoder().encodeToString(mac(algorithm, key, parts));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mac(String algorithm, byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
