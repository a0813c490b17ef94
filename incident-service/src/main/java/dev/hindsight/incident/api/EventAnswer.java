package dev.hindsight.incident.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import java.nio.charset.StandardCharsets;
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
        Instant recordedAt,
        String actor,
        @Schema(examples = "/api") String source,
        @Nullable UUID integration,
        @Nullable UUID deliveryId,
        @Nullable String traceparent,

        @Schema(description = "SHA-256 over the previous event's hash and this event, hex.")
        String hash,

        @JsonRawValue @Schema(type = SchemaType.OBJECT) String data) {

    static EventAnswer of(StoredEvent stored) {
        EventHeader header = stored.header();
        return new EventAnswer(
                header.id(),
                header.type(),
                header.sequence(),
                header.occurredAt(),
                header.recordedAt(),
                header.actor(),
                header.source(),
                header.integrationId(),
                header.deliveryId(),
                header.traceparent(),
                HexFormat.of().formatHex(stored.hash()),
                new String(stored.data(), StandardCharsets.UTF_8));
    }
}
