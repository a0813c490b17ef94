package dev.hindsight.incident.webhook.verify;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Grafana's optional signature: hexadecimal HMAC-SHA256 over the body or, where the operator has named a header for the
 * time, over {@code timestamp:body}. Both header names are the operator's; our set-up steps name those that are looked at.
 *
 * @param signatureHeader Grafana's own default is {@code X-Grafana-Alerting-Signature}
 * @param timestampHeader where it is present, the time in it is signed and judged
 */
public record GrafanaSignature(String signatureHeader, String timestampHeader) implements Verification {

    @Override
    public Verdict judge(WebhookRequest request, List<String> secrets) {
        String signature = request.header(signatureHeader);
        if (signature == null) {
            return Verdict.UNSIGNED;
        }
        String timestamp = request.header(timestampHeader);
        Optional<Instant> signedAt = timestamp == null ? Optional.empty() : Hmac.seconds(timestamp);
        if (timestamp != null && signedAt.isEmpty()) {
            return Verdict.FORGED;
        }
        List<byte[]> offered = List.of(Hmac.hex(signature));
        byte[] before = timestamp == null ? new byte[0] : Hmac.bytes(timestamp + ':');
        boolean matches = false;
        for (String secret : secrets) {
            matches |= Hmac.matches(Hmac.sha256(Hmac.bytes(secret), before, request.body()), offered);
        }
        if (!matches) {
            return Verdict.FORGED;
        }
        return signedAt.map(at -> Verification.within(at, request)).orElse(Verdict.AUTHENTIC);
    }
}
