package dev.hindsight.incident.webhook;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.incident.webhook.tool.Provider;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.UUID;

/** The addresses that are pasted into tools, below {@code HINDSIGHT_PUBLIC_URL}; without it they are paths only. */
@ApplicationScoped
class WebhookUrls {

    private final String base;

    WebhookUrls(HindsightConfig config) {
        String url = config.publicUrl().map(URI::toString).orElse("");
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    String of(Provider provider, UUID integrationId) {
        return base + "/webhooks/" + provider.wireName() + "/" + integrationId;
    }
}
