package dev.hindsight.incident.webhook.verify;

import java.util.List;
import java.util.TreeMap;

/**
 * {@code X-VictorOps-Signature} of Splunk On-Call's escalation webhooks: base64 HMAC-SHA1 over the URL as it was configured,
 * followed by each form field's name and value, sorted by name. No time is signed. As the URL is part of it, a proxy that
 * rewrites addresses breaks it: {@code HINDSIGHT_PUBLIC_URL} must be what was pasted into the tool.
 */
public record SplunkOnCallSignature() implements Verification {

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String signature = request.header("x-victorops-signature");
        if (signature == null) {
            return Verdict.UNSIGNED;
        }
        StringBuilder signed = new StringBuilder(request.url());
        new TreeMap<>(request.form())
                .forEach((name, value) -> signed.append(name).append(value));
        byte[] text = Hmac.bytes(signed.toString());
        List<byte[]> offered = List.of(Hmac.base64(signature));
        boolean matches = false;
        for (String secret : secrets) {
            matches |= Hmac.matches(Hmac.sha1(Hmac.bytes(secret), text), offered);
        }
        return matches ? Verdict.AUTHENTIC : Verdict.FORGED;
    }
}
