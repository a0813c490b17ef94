package dev.hindsight.incident.webhook.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One way in which a tool proves that a request is its own. Holds no secret and no state. */
@FunctionalInterface
public interface Verification {

    /** How far a signed time may be from ours, in both directions: what Slack, Svix and Standard Webhooks advise. */
    Duration WINDOW = Duration.ofMinutes(5);

    /**
     * Judges one request.
     *
     * @param secrets those that are valid now; during a rotation two
     */
    Verdict judge(WebhookRequest request, List<String> secrets);

    /** Either proof is enough: for tools whose operators choose between them. */
    static Verification anyOf(Verification... ways) {
        List<Verification> all = List.of(ways);
        return (request, secrets) ->
                all.stream().map(way -> way.judge(request, secrets)).reduce(Verdict.UNSIGNED, Verdict::or);
    }

    /** A matching signature over {@code signedAt}, judged by when it came. */
    static Verdict within(Instant signedAt, WebhookRequest request) {
        return Duration.between(signedAt, request.receivedAt()).abs().compareTo(WINDOW) <= 0
                ? Verdict.AUTHENTIC
                : Verdict.STALE;
    }
}
