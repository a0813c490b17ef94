package dev.hindsight.conventions.operations;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.conventions.operations.Disclosure.Told;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One event of a stream as it stands on disk, with where it came from and its place in the hash chain. */
@Schema(name = "Event")
public record EventAnswer(
        UUID id,

        @Schema(examples = "hindsight.incident.acknowledged.v1")
        String type,

        long sequence,
        Instant occurredAt,

        @Schema(description = "The source's own order among facts of one occurredAt.")
        int sourceOrder,

        Instant recordedAt,
        String actor,
        @Schema(examples = "/api") String source,
        @Nullable UUID integration,
        @Nullable UUID deliveryId,
        @Nullable String traceparent,

        @Schema(description = "The Kafka key: the incident that it belongs to, or the stream itself.")
        UUID key,

        @Schema(description = "SHA-256 over the previous event's hash and this event, hex.")
        String hash,

        @JsonRawValue
        @Schema(
                type = SchemaType.OBJECT,
                description =
                        "As it stands on disk; but an incident that you may not see is left out where it is named.")
        String data) {

    static final String EXAMPLE = """
            {"items": [{"id": "0198c0de-0000-7000-8000-0000000000a1", "type": "hindsight.incident.acknowledged.v1",
             "sequence": 2, "occurredAt": "2026-11-21T14:05:00Z", "sourceOrder": 0,
             "recordedAt": "2026-11-21T14:05:00.123456Z", "actor": "0198c0de-0000-7000-8000-0000000000b0", "source": "/api",
             "integration": null, "deliveryId": null, "traceparent": null, "key": "0198c0de-0000-7000-8000-000000000001",
             "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "data": {"text": null}}],
             "next": null}""";

    static EventAnswer of(Told told) {
        StoredEvent stored = told.event();
        EventHeader header = stored.header();
        return new EventAnswer(
                header.id(),
                header.type(),
                header.sequence(),
                header.occurredAt(),
                header.sourceOrder(),
                header.recordedAt(),
                header.actor(),
                header.source(),
                header.integrationId(),
                header.deliveryId(),
                header.traceparent(),
                stored.keyId(),
                HexFormat.of().formatHex(stored.hash()),
                told.data());
    }
}
