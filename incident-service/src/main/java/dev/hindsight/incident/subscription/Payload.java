package dev.hindsight.incident.subscription;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.contract.EventHeader;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/**
 * What is sent: the envelope of Standard Webhooks ({@code type}, {@code timestamp}, {@code data}), and in its data the number of
 * the message, the incident, and the event as CloudEvents has it in JSON.
 */
final class Payload {

    /** Told in the place of something that was sent, or tried, and must not be told any more. */
    static final String WITHHELD = "hindsight.subscription.withheld";

    private static final JsonMapper JSON = new JsonMapper();

    private Payload() {}

    /** @param data as it may be told */
    static byte[] of(UUID subscription, long sequence, UUID key, EventHeader header, String data) {
        ObjectNode event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("id", header.id().toString())
                .put("source", header.source())
                .put("type", header.type())
                .put("subject", header.streamId().toString())
                .put("time", header.occurredAt().toString())
                .put("datacontenttype", "application/json")
                .put("sequence", Long.toString(header.sequence()))
                .put("sourceorder", header.sourceOrder())
                .put("recordedtime", header.recordedAt().toString())
                .put("actor", header.actor());
        if (header.deliveryId() != null) {
            event.put("deliveryid", header.deliveryId().toString());
        }
        if (header.traceparent() != null) {
            event.put("traceparent", header.traceparent());
        }
        event.set("data", tree(data));
        ObjectNode about = about(subscription, sequence).put("key", key.toString());
        about.set("event", event);
        return envelope(header.type(), header.occurredAt(), about);
    }

    /** In the place of what must not be told any more: its number, so that none is missed. */
    static byte[] withheld(UUID subscription, long sequence, Instant at) {
        return envelope(WITHHELD, at, about(subscription, sequence));
    }

    private static ObjectNode about(UUID subscription, long sequence) {
        return JSON.createObjectNode()
                .put("subscription", subscription.toString())
                .put("sequence", sequence);
    }

    private static byte[] envelope(String type, Instant at, ObjectNode data) {
        ObjectNode envelope = JSON.createObjectNode().put("type", type).put("timestamp", at.toString());
        envelope.set("data", data);
        return bytes(envelope);
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("an event's data is no JSON", e);
        }
    }

    static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
