package dev.hindsight.incident.webhook.tool;

import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.util.List;

/** What Hindsight knows about one tool's webhooks. Adapters hold no state, have no clock and do no I/O. */
public interface ToolAdapter {

    /** How a request proves that it comes from the integration's tool. */
    Verification verification(Integration integration);

    /**
     * An authentic delivery in the words that all tools share. Of a type that we do not know, it says as much as can be read:
     * tools add types without notice, and several switch a feed off that is answered 4xx.
     *
     * @throws Untranslatable where the body is not of the tool's documented shape; the delivery is parked then
     */
    Translation translate(Integration integration, WebhookRequest request);

    /** What the user does in the tool to connect it, step by step. */
    List<String> setupSteps(String url);
}
