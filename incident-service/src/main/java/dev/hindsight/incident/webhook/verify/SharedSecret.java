package dev.hindsight.incident.webhook.verify;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * For tools that sign nothing: the secret itself, as {@code Authorization: Bearer}, as password of
 * {@code Authorization: Basic} (whatever the user name), or as last path segment.
 */
public record SharedSecret() implements Verification {

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String offered = request.pathSecret() != null
                ? request.pathSecret()
                : fromAuthorization(request.header("authorization"));
        if (offered == null) {
            return Verdict.UNSIGNED;
        }
        return Hmac.isOneOf(offered, secrets) ? Verdict.AUTHENTIC : Verdict.FORGED;
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
