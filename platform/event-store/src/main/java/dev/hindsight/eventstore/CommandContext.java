package dev.hindsight.eventstore;

import dev.hindsight.contract.EventHeader;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, through which door, and on which conditions.
 *
 * @param actor opaque id of a person, {@code integration:<uuid>} or {@code hindsight}
 * @param source CloudEvents {@code source}, see {@link EventHeader#source()}
 * @param now the moment of the request; the default of {@code occurredAt}
 * @param expectedVersion from If-Match; null where the client did not care
 * @param idempotencyKey null where the client sent none
 * @param deliveryId of the webhook; null elsewhere
 * @param traceparent W3C Trace Context; null where there is none
 */
public record CommandContext(
        String actor,
        String source,
        Instant now,
        @Nullable Long expectedVersion,
        @Nullable IdempotencyKey idempotencyKey,
        @Nullable UUID deliveryId,
        @Nullable String traceparent) {

    /** Of a command that Hindsight gives itself in answer to an event. */
    public static CommandContext automation(Instant now, @Nullable String traceparent) {
        return new CommandContext(
                EventHeader.HINDSIGHT, EventHeader.FROM_AUTOMATION, now, null, null, null, traceparent);
    }

    /** Of a fact that an integration delivered. */
    public static CommandContext delivery(
            UUID integrationId, UUID deliveryId, Instant now, @Nullable String traceparent) {
        return new CommandContext(
                "integration:" + integrationId,
                EventHeader.fromIntegration(integrationId),
                now,
                null,
                null,
                deliveryId,
                traceparent);
    }
}
