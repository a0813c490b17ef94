package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Lenient reading of what tools send: absent, null, blank and of another type are all "not said". */
final class Fields {

    /** What Go's zero time looks like in JSON: not said. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private Fields() {}

    /** The first of them that says something. */
    static @Nullable String text(JsonNode... nodes) {
        for (JsonNode node : nodes) {
            if (node.isValueNode() && !node.isNull() && !node.asText().isBlank()) {
                return node.asText().strip();
            }
        }
        return null;
    }

    /** An absolute web address; anything else, such as {@code javascript:}, is not said. */
    static @Nullable String url(JsonNode node) {
        String text = text(node);
        return text != null && (text.startsWith("https://") || text.startsWith("http://")) ? text : null;
    }

    /** RFC 3339, whatever its offset and precision. */
    static @Nullable Instant time(JsonNode node) {
        try {
            Instant time =
                    node.isTextual() ? OffsetDateTime.parse(node.asText()).toInstant() : null;
            return time == null || !time.isAfter(NEVER) ? null : time;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
