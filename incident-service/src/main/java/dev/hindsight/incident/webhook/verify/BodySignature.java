package dev.hindsight.incident.webhook.verify;

import java.util.Arrays;
import java.util.List;

/**
 * Hexadecimal HMAC-SHA256 over the raw body and nothing else, in a header; the secret is the text as it is. No time is
 * signed, so there is no replay window: what comes again is recognised by its own id.
 *
 * <p>PagerDuty sends {@code v1=…[,v1=…]} and, during a rotation, one signature a secret; GitHub {@code sha256=…};
 * FireHydrant the digits alone. Signatures of another version are passed over.
 *
 * @param header its name
 * @param prefix before each signature; may be empty
 */
public record BodySignature(String header, String prefix) implements Verification {

    /** More signatures than any rotation needs: nobody gets to make us compare thousands. */
    private static final int MOST_SIGNATURES = 16;

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String value = request.header(header);
        if (value == null) {
            return Verdict.UNSIGNED;
        }
        List<byte[]> offered = Arrays.stream(value.split(",", MOST_SIGNATURES))
                .map(String::strip)
                .filter(signature -> signature.startsWith(prefix))
                .map(signature -> Hmac.hex(signature.substring(prefix.length())))
                .toList();
        boolean matches = false;
        for (String secret : secrets) {
            matches |= Hmac.matches(Hmac.sha256(Hmac.bytes(secret), request.body()), offered);
        }
        return matches ? Verdict.AUTHENTIC : Verdict.FORGED;
    }
}
