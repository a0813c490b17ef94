package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An authentic delivery on its way in.
 *
 * @param replayOf the delivery on record that is judged again; null for one that its tool just sent
 */
record Arrival(
        Integration integration,
        WebhookRequest request,
        @Nullable UUID replayOf,
        @Nullable String traceparent) {

    /** The same, without what was said. */
    Arrival withoutBody() {
        return new Arrival(
                integration,
                new WebhookRequest(
                        request.url(), request.headers(), request.pathSecret(), new byte[0], request.receivedAt()),
                replayOf,
                traceparent);
    }

    /** @param deliveryKey identity of the delivery: the same when it is sent again */
    UUID id(String deliveryKey) {
        return replayOf != null ? replayOf : StreamIds.delivery(integration.id(), deliveryKey);
    }

    /** @param actor the person who did what it tells; null for the tool itself */
    CommandContext context(UUID deliveryId, @Nullable UUID actor) {
        CommandContext byTool =
                CommandContext.delivery(integration.id(), deliveryId, request.receivedAt(), traceparent);
        return actor == null
                ? byTool
                : new CommandContext(
                        actor.toString(), byTool.source(), byTool.now(), null, null, deliveryId, traceparent);
    }
}
