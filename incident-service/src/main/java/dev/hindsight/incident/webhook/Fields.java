package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lenient reading of what tools send: absent, null, blank and of another type are all "not said". */
final class Fields {

    /** What Go's zero time looks like in JSON: not said. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private Fields() {}

    private static final int LONGEST_TEXT = 10_000;
    private static final int LONGEST_NAME = 300;

    /** The first of them that says something; what is longer than a person reads is cut, the delivery keeps it whole. */
    static @Nullable String text(JsonNode... nodes) {
        return firstOf(LONGEST_TEXT, nodes);
    }

    /** The same for a title, a name or an id. */
    static @Nullable String name(JsonNode... nodes) {
        return firstOf(LONGEST_NAME, nodes);
    }

    /** The same for what identifies something: a longer one is told apart by its digest, as cutting would merge two. */
    static @Nullable String id(JsonNode node) {
        String text = node.isValueNode() && !node.isNull()
                ? node.asText().replace("\u0000", "").strip()
                : "";
        if (text.isEmpty()) {
            return null;
        }
        return text.length() <= LONGEST_NAME
                ? text
                : UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** A text as a title. */
    static String shortened(String text) {
        return text.length() <= LONGEST_NAME ? text : cut(text, LONGEST_NAME);
    }

    private static @Nullable String firstOf(int longest, JsonNode... nodes) {
        for (JsonNode node : nodes) {
            if (node.isValueNode() && !node.isNull()) {
                // PostgreSQL has no NUL in a text.
                String text = node.asText().replace("\u0000", "").strip();
                if (!text.isEmpty()) {
                    return text.length() <= longest ? text : cut(text, longest);
                }
            }
        }
        return null;
    }

    private static String cut(String text, int longest) {
        int end = Character.isHighSurrogate(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
        return text.substring(0, end) + '…';
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
            return time == null || !time.isAfter(NEVER) ? null : time.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
