package dev.hindsight.conventions.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.conventions.operations.Disclosure.Told;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A piece of the feed. */
@Schema(name = "FeedPage")
public record FeedAnswer(
        List<Published> items,

        @Schema(description = "What to ask with as `after` for the next piece; there is always a next one.")
        long next) {

    static final String EXAMPLE = """
            {"items": [{"position": 42, "sequence": 2,
              "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
              "event": {"specversion": "1.0", "id": "0198c0de-0000-7000-8000-0000000000a1", "source": "/api",
                "type": "hindsight.incident.acknowledged.v1", "subject": "0198c0de-0000-7000-8000-000000000001",
                "time": "2026-11-21T14:05:00Z", "datacontenttype": "application/json", "sequence": "2", "sourceorder": 0,
                "recordedtime": "2026-11-21T14:05:00.123456Z", "actor": "0198c0de-0000-7000-8000-0000000000b0",
                "data": {"text": null}}}],
             "next": 42}""";

    /** An event and where it stands. */
    @Schema(name = "PublishedEvent")
    public record Published(
            @Schema(
                    description =
                            "In what this service has published: from 1 on, without gaps but for what you may not see.")
            long position,

            @Schema(description = "Version of its stream after it: from 1 on, without gaps.")
            long sequence,

            @Schema(description = "SHA-256 over the hash of the stream's previous event and this event, hex.")
            String hash,

            CloudEvent event) {

        static Published of(long position, Told told) {
            StoredEvent stored = told.event();
            return new Published(
                    position, stored.header().sequence(), HexFormat.of().formatHex(stored.hash()), CloudEvent.of(told));
        }
    }

    /** CloudEvents 1.0, JSON format, with the attributes that it has on Kafka. */
    @Schema(name = "CloudEvent")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CloudEvent(
            @Schema(examples = "1.0") String specversion,
            UUID id,
            @Schema(examples = "/api") String source,

            @Schema(examples = "hindsight.incident.acknowledged.v1")
            String type,

            @Schema(description = "The stream.") UUID subject,

            @Schema(description = "When it happened in the world.")
            Instant time,

            @Schema(examples = "application/json") String datacontenttype,

            @Schema(description = "The sequence as text, as the CloudEvents extension has it.")
            String sequence,

            int sourceorder,
            Instant recordedtime,
            String actor,
            @Nullable UUID deliveryid,
            @Nullable String traceparent,

            @JsonRawValue
            @Schema(
                    type = SchemaType.OBJECT,
                    description =
                            "As it stands on disk; but an incident that you may not see is left out where it is named.")
            String data) {

        static CloudEvent of(Told told) {
            EventHeader header = told.event().header();
            return new CloudEvent(
                    "1.0",
                    header.id(),
                    header.source(),
                    header.type(),
                    header.streamId(),
                    header.occurredAt(),
                    "application/json",
                    Long.toString(header.sequence()),
                    header.sourceOrder(),
                    header.recordedAt(),
                    header.actor(),
                    header.deliveryId(),
                    header.traceparent(),
                    told.data());
        }
    }
}
