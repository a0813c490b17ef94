package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What Hindsight knows about one tool's webhooks. Adapters hold no state and do no I/O. */
public interface ToolAdapter {

    Provider provider();

    /** Whether the request proves that it comes from the integration's tool; compared in constant time. */
    boolean isAuthentic(Integration integration, WebhookRequest request);

    /**
     * The delivery in the words that all tools share.
     *
     * @param body parsed JSON of an authentic request
     * @throws Untranslatable where the body is not of the tool's documented shape
     */
    Translation translate(Integration integration, WebhookRequest request, JsonNode body);

    /** What the user does in the tool to connect it, step by step. */
    List<String> setupSteps(String url);

    /**
     * A delivery, translated.
     *
     * @param deliveryKey identity of the delivery: the same when it is sent again
     * @param eventType the tool's own name of what happened
     * @param actor the person who did it; null for the tool itself
     * @param facts what it says; empty where it says nothing about an incident, then {@code because} says why
     * @param learned people, services and teams that it mentions
     */
    record Translation(
            String deliveryKey,
            @Nullable String eventType,
            @Nullable UUID actor,
            List<ToolFact> facts,
            @Nullable String because,
            Learned learned) {}

    /** One thing that a delivery says. */
    sealed interface ToolFact {

        /** Identity of the fact: the same when it is told again, whatever the delivery. */
        String key();

        Signal signal();

        Instant occurredAt();

        /** The tool's own order among facts of one moment. */
        int sourceOrder();

        /** What to call an incident that nobody had heard of. */
        String fallbackTitle();

        /** When the tool's incident or alert began, as far as this fact says. */
        Instant beganAt();

        /**
         * Of an incident that the tool keeps itself: it maps one to one.
         *
         * @param externalId the tool's own id of the incident
         */
        record OfIncident(
                String externalId,
                String key,
                Signal signal,
                Instant occurredAt,
                int sourceOrder,
                String fallbackTitle,
                Instant beganAt)
                implements ToolFact {}

        /**
         * Of an alert, which belongs to an incident of its service.
         *
         * @param service null where neither the alert nor the integration names one
         */
        record OfAlert(
                Alert alert,
                @Nullable String service,
                @Nullable Severity severity,
                String key,
                Signal signal,
                Instant occurredAt,
                int sourceOrder,
                String fallbackTitle,
                Instant beganAt)
                implements ToolFact {}
    }

    /** An authentic body that is not of the shape that the tool documents. */
    final class Untranslatable extends RuntimeException {
        public Untranslatable(String message) {
            super(message, null, false, false);
        }
    }
}
