package dev.hindsight.eventstore.wire;

import dev.hindsight.contract.EventHeader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** CloudEvents 1.0, Kafka protocol binding, binary mode: the attributes as {@code ce_} headers, the data as the value. */
public final class CloudEventHeaders {

    private CloudEventHeaders() {}

    /** The headers of an event. */
    public static Headers of(EventHeader event) {
        RecordHeaders headers = new RecordHeaders();
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", event.id().toString());
        put(headers, "ce_source", event.source());
        put(headers, "ce_type", event.type());
        put(headers, "ce_time", event.occurredAt().toString());
        put(headers, "ce_subject", event.streamId().toString());
        put(headers, "ce_sequence", Long.toString(event.sequence()));
        put(headers, "ce_sourceorder", Integer.toString(event.sourceOrder()));
        put(headers, "ce_recordedtime", event.recordedAt().toString());
        put(headers, "ce_actor", event.actor());
        if (event.deliveryId() != null) {
            put(headers, "ce_deliveryid", event.deliveryId().toString());
        }
        if (event.traceparent() != null) {
            put(headers, "ce_traceparent", event.traceparent());
        }
        put(headers, "content-type", "application/json");
        return headers;
    }

    /**
     * The attributes that the headers carry.
     *
     * @throws Unattributable where one that every event has is missing or malformed
     */
    public static EventHeader parse(Headers headers) {
        try {
            EventHeader header = new EventHeader(
                    UUID.fromString(required(headers, "ce_id")),
                    required(headers, "ce_type"),
                    UUID.fromString(required(headers, "ce_subject")),
                    Long.parseLong(required(headers, "ce_sequence")),
                    Instant.parse(required(headers, "ce_time")),
                    Integer.parseInt(required(headers, "ce_sourceorder")),
                    Instant.parse(required(headers, "ce_recordedtime")),
                    required(headers, "ce_actor"),
                    required(headers, "ce_source"),
                    uuid(optional(headers, "ce_deliveryid")),
                    optional(headers, "ce_traceparent"));
            if (header.sequence() < 1) {
                throw new Unattributable("header ce_sequence is not a version: " + header.sequence());
            }
            return header;
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new Unattributable("headers cannot be read: " + e.getMessage());
        }
    }

    private static void put(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String required(Headers headers, String name) {
        String value = optional(headers, name);
        if (value == null) {
            throw new Unattributable("header " + name + " is missing");
        }
        return value;
    }

    private static @Nullable String optional(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        return text == null ? null : UUID.fromString(text);
    }

    /** A record of the topic that cannot be said to belong to any stream. */
    public static final class Unattributable extends RuntimeException {
        public Unattributable(String message) {
            super(message, null, false, false);
        }
    }
}
