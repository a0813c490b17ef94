package dev.hindsight.eventstore.consume;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that a consumer could not apply, as it came, and what became of it. All times UTC.
 *
 * @param streamId null, as are version, event id and type, where its headers do not say so
 * @param detail what was wrong with it, for whoever looks
 * @param topic its name on the broker
 * @param data the bytes of the record's value
 * @param repairRequestedAt when the stream's owner was last asked to send again what is missing before it
 * @param settlement what somebody decided; null while it is parked
 */
public record ParkedEvent(
        long id,
        String consumer,
        @Nullable UUID streamId,
        @Nullable Long version,
        @Nullable UUID eventId,
        @Nullable String type,
        Reason reason,
        @Nullable String detail,
        String topic,
        int partition,
        long offset,
        Instant parkedAt,
        Map<String, String> headers,
        byte[] data,
        @Nullable Instant repairRequestedAt,
        int repairRequests,
        @Nullable Settlement settlement) {

    /** What was decided about it, when, by whom (a person of the catalog, or {@code hindsight}) and why. */
    public record Settlement(
            Outcome outcome,
            Instant at,
            String by,
            @Nullable String reason) {}

    /** How a parked event is settled. */
    public enum Outcome {
        /** It was tried again and is applied. */
        APPLIED,
        /** It was given up; the consumer goes on as if it had said nothing. */
        DISCARDED
    }

    static ParkedEvent of(Row row) {
        Map<String, String> headers = new LinkedHashMap<>();
        row.getJsonObject("headers")
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().toString()));
        String settlement = row.getString("settlement");
        return new ParkedEvent(
                row.getLong("id"),
                row.getString("consumer"),
                row.getUUID("stream_id"),
                row.getLong("version"),
                row.getUUID("event_id"),
                row.getString("type"),
                Reason.valueOf(row.getString("reason")),
                row.getString("detail"),
                row.getString("topic"),
                row.getInteger("kafka_partition"),
                row.getLong("kafka_offset"),
                row.getOffsetDateTime("parked_at").toInstant(),
                headers,
                row.getBuffer("data").getBytes(),
                instant(row.getOffsetDateTime("repair_requested_at")),
                row.getInteger("repair_requests"),
                settlement == null
                        ? null
                        : new Settlement(
                                Outcome.valueOf(settlement),
                                row.getOffsetDateTime("settled_at").toInstant(),
                                row.getString("settled_by"),
                                row.getString("settled_reason")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
