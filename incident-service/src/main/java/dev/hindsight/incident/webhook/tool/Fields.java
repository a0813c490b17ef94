package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lenient reading of what tools send: absent, null, blank and of another type are all "not said". */
final class Fields {

    /** No tool is older; Go's zero time, 0001-01-01, is. */
    private static final Instant EARLIEST = Instant.parse("1990-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,9})?");
    private static final BigDecimal AS_SECONDS = new BigDecimal("1e11");

    private static final DateTimeFormatter SPACED = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendLiteral(' ')
            .optionalEnd()
            .appendPattern("[XXX][XX][X]['UTC']")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

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

    /**
     * A moment, however tools write one: RFC 3339 with any offset and precision; the same with a blank for the T, and
     * {@code UTC} or an offset behind another one; seconds, milliseconds, microseconds or nanoseconds since 1970, as number or
     * text, told apart by their size. Zero times, and what no clock of ours can mean, are not said.
     */
    static @Nullable Instant time(JsonNode node) {
        if (!node.isTextual() && !node.isNumber()) {
            return null;
        }
        try {
            String text = node.isNumber()
                    ? node.decimalValue().toPlainString()
                    : node.asText().strip();
            Instant time = NUMBER.matcher(text).matches() ? sinceEpoch(new BigDecimal(text)) : written(text);
            return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static Instant written(String text) {
        if (text.length() > 10 && text.charAt(10) == ' ') {
            return ZonedDateTime.parse(text, SPACED).toInstant();
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    private static Instant sinceEpoch(BigDecimal number) {
        // 10^11 seconds are the year 5138; 10^11 milliseconds are 1973.
        int fraction = 0;
        for (BigDecimal bound = AS_SECONDS; number.compareTo(bound) >= 0 && fraction < 9; fraction += 3) {
            bound = bound.movePointRight(3);
        }
        BigDecimal seconds = number.movePointLeft(fraction);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole).movePointRight(9).longValue());
    }

    /** A moment, or the other one where none is said. */
    static Instant timeOr(JsonNode node, Instant otherwise) {
        Instant time = time(node);
        return time == null ? otherwise : time;
    }

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    static String textOr(JsonNode node, String otherwise) {
        String text = text(node);
        return text == null ? otherwise : text;
    }

    static String nameOr(JsonNode node, String otherwise) {
        String name = name(node);
        return name == null ? otherwise : name;
    }

    static String idOr(JsonNode node, String otherwise) {
        String id = id(node);
        return id == null ? otherwise : id;
    }
}
