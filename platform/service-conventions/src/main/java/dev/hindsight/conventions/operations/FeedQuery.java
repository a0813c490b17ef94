package dev.hindsight.conventions.operations;

import dev.hindsight.contract.Vocabulary;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.NumberParam;
import dev.hindsight.eventstore.relay.EventFeed.Filter;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** What a reader of the feed asks for; take it as {@code @BeanParam}. */
public class FeedQuery {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 250;
    private static final int MAX_WAIT_SECONDS = 30;

    @QueryParam("after")
    @Parameter(
            description = "Only what stands after this position; 0 for all.",
            schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0", defaultValue = "0"))
    @Nullable
    String after;

    @QueryParam("limit")
    @Parameter(
            description = "How many events an answer has at most; a stream of server-sent events has no end.",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "250", defaultValue = "50"))
    @Nullable
    String limit;

    @QueryParam("wait")
    @Parameter(
            description = "How many seconds to wait where there is nothing yet.",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", maximum = "30", defaultValue = "0"))
    @Nullable
    String wait;

    @QueryParam("type")
    @Parameter(
            description = "Only events of this type.",
            schema = @Schema(type = SchemaType.STRING, examples = "hindsight.incident.declared.v1"))
    @Nullable
    String type;

    @QueryParam("stream")
    @Parameter(description = "Only events of this stream.", schema = @Schema(type = SchemaType.STRING, format = "uuid"))
    @Nullable
    String stream;

    long after() {
        return NumberParam.parse("after", after, 0, Long.MAX_VALUE, 0);
    }

    int limit() {
        return (int) NumberParam.parse("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
    }

    Duration patience() {
        return Duration.ofSeconds(NumberParam.parse("wait", wait, 0, MAX_WAIT_SECONDS, 0));
    }

    Filter filter() {
        if (type != null && Vocabulary.recordOf(type).isEmpty()) {
            throw Invalid.field(
                    "type", "UNKNOWN_TYPE", "type must be a wire name, such as hindsight.incident.declared.v1.");
        }
        try {
            return new Filter(type, stream == null ? null : UUID.fromString(stream));
        } catch (IllegalArgumentException e) {
            throw Invalid.field("stream", "INVALID_UUID", "stream must be a UUID.");
        }
    }
}
