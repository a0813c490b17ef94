package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What one authentic delivery tells, for tests of one tool's pitfalls. */
final class Delivered {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private Delivered() {}

    static Integration integration(Provider provider, Map<String, Severity> mapping) {
        return new Integration(
                new UUID(3, 14), provider, List.of("secret"), null, Severity.SEV3, mapping, true, Duration.ofHours(4));
    }

    static Translation by(Provider provider, String json) {
        return by(provider, json, Map.of());
    }

    static Translation by(Provider provider, String body, Map<String, String> headers) {
        return by(integration(provider, Map.of()), body, headers);
    }

    static Translation by(Integration integration, String body, Map<String, String> headers) {
        return integration
                .provider()
                .adapter()
                .translate(
                        integration,
                        new WebhookRequest(
                                "https://hindsight.example/hook",
                                headers,
                                null,
                                body.getBytes(StandardCharsets.UTF_8),
                                NOW));
    }

    /** The only fact's signal. */
    static Signal signal(Translation translation) {
        if (translation.facts().size() != 1) {
            throw new AssertionError("not one fact: " + translation);
        }
        return translation.facts().getFirst().signal();
    }
}
