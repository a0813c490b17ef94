package dev.hindsight.incident.imports;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.incident.domain.UsualSeverities;
import dev.hindsight.incident.imports.CsvMapping.Columns;
import dev.hindsight.incident.imports.CsvMapping.Field;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * CSV (RFC 4180), one incident a row, below a row of the columns' names. Each field that becomes an entry of the history has
 * its own place there, filled or not: a row with more of them than last time adds what is new.
 */
final class CsvLines implements Lines {

    private static final int MOST_COLUMNS = 1_000;
    private static final DateTimeFormatter ISO = DateTimeFormatter.ISO_DATE_TIME;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final CsvParser parser;
    private final Columns columns;
    private final Map<Field, List<Integer>> places;
    private boolean ended;

    private CsvLines(CsvParser parser, Columns columns, Map<Field, List<Integer>> places) {
        this.parser = parser;
        this.columns = columns;
        this.places = places;
    }

    /**
     * Reads the names of the columns.
     *
     * @param charset null for UTF-8
     * @throws Invalid where a column is missing that must be there
     */
    static CsvLines begin(InputStream body, @Nullable String charset, Columns columns, ImportConfig limits)
            throws IOException {
        int longest = Math.toIntExact(limits.maxLine().asLongValue());
        CsvParser parser = CsvFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxStringLength(longest).build())
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .build()
                .createParser(reader(body, charset));
        parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(columns.separator()));
        List<String> header;
        try {
            header = fields(parser);
        } catch (JsonProcessingException | CharacterCodingException e) {
            throw Invalid.field("", "MALFORMED_CSV", "The first row is not CSV in the charset of the Content-Type.");
        }
        Map<Field, List<Integer>> places = places(columns, header == null ? List.of() : header);
        return new CsvLines(parser, columns, places);
    }

    private static Reader reader(InputStream body, @Nullable String charset) throws IOException {
        Charset named;
        try {
            named = charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset.replace("\"", ""));
        } catch (IllegalArgumentException e) {
            throw Invalid.field("Content-Type", "UNKNOWN_CHARSET", "The charset of the Content-Type is not known.");
        }
        PushbackReader reader = new PushbackReader(
                new InputStreamReader(
                        body,
                        named.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                1);
        try {
            int first = reader.read();
            if (first >= 0 && first != BYTE_ORDER_MARK) {
                reader.unread(first);
            }
        } catch (CharacterCodingException e) {
            throw Invalid.field("", "MALFORMED_CSV", "The first row is not CSV in the charset of the Content-Type.");
        }
        return reader;
    }

    private static Map<Field, List<Integer>> places(Columns columns, List<String> header) {
        Map<Field, List<Integer>> places = new EnumMap<>(Field.class);
        columns.named().forEach((field, name) -> {
            List<Integer> at = new ArrayList<>();
            for (int i = 0; i < header.size(); i++) {
                if (header.get(i).strip().equalsIgnoreCase(name.strip())) {
                    at.add(i);
                }
            }
            places.put(field, at);
        });
        List<Violation> missing = columns.required().stream()
                .filter(field -> places.getOrDefault(field, List.of()).isEmpty())
                .map(field -> new Violation(
                        field.parameter,
                        "COLUMN_MISSING",
                        "There is no column " + columns.named().get(field) + " for " + field.parameter
                                + "; name another one with " + field.parameter + "=."))
                .toList();
        if (!missing.isEmpty()) {
            throw new Invalid(missing);
        }
        return places;
    }

    @Override
    public @Nullable Line next() throws IOException {
        if (ended) {
            return null;
        }
        long line = parser.currentLocation().getLineNr();
        try {
            List<String> row = fields(parser);
            if (row == null) {
                ended = true;
                return null;
            }
            return incident(line, row);
        } catch (JsonProcessingException | CharacterCodingException e) {
            // Where a row ends is not known any more.
            ended = true;
            return new Unreadable(
                    line,
                    List.of(new Violation(
                            "",
                            "MALFORMED_CSV",
                            "From here on it is not CSV in the charset of the Content-Type, has a field that is too long,"
                                    + " or more than " + MOST_COLUMNS + " columns; nothing after it was read.")));
        }
    }

    /** Of the next row; null at the end. */
    private static @Nullable List<String> fields(CsvParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return null;
        }
        List<String> fields = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null || fields.size() == MOST_COLUMNS) {
                throw new JsonParseException(parser, "a row does not end");
            }
            fields.add(Objects.requireNonNullElse(parser.getText(), ""));
        }
        return fields;
    }

    private Line incident(long line, List<String> row) {
        List<Violation> violations = new ArrayList<>();
        Row fields = new Row(row, violations);
        ImportEntry declared = fields.at(Field.DECLARED, Field.DECLARED_BY, ImportEntry.Declared::new);
        String commander = fields.text(Field.COMMANDER);
        // The places are the identity of the entries: new ones go to the end.
        List<@Nullable ImportEntry> history = Arrays.asList(
                declared,
                fields.at(Field.IMPACT_STARTED, null, ImportEntry.ImpactStarted::new),
                fields.at(Field.DETECTED, null, ImportEntry.Detected::new),
                commander == null || declared == null
                        ? null
                        : new ImportEntry.RoleAssigned(declared.at(), null, "INCIDENT_COMMANDER", commander),
                fields.at(Field.ACKNOWLEDGED, Field.ACKNOWLEDGED_BY, ImportEntry.Acknowledged::new),
                fields.at(Field.MITIGATED, Field.MITIGATED_BY, (at, by) -> new ImportEntry.Mitigated(at, by, null)),
                fields.at(Field.RESOLVED, Field.RESOLVED_BY, (at, by) -> new ImportEntry.Resolved(at, by, null)),
                fields.at(Field.CLOSED, Field.CLOSED_BY, (at, by) -> new ImportEntry.Closed(at, by, null)),
                fields.at(Field.CANCELED, null, (at, by) -> new ImportEntry.Canceled(at, by, null)));
        Severity severity = fields.severity();
        return violations.isEmpty()
                ? new Read(
                        line,
                        new ImportLine(
                                fields.text(Field.EXTERNAL_ID),
                                columns.source(),
                                fields.text(Field.TITLE),
                                severity,
                                fields.services(),
                                null,
                                fields.text(Field.SUMMARY),
                                null,
                                null,
                                history))
                : new Unreadable(line, violations);
    }

    /** One row, field by field; what is wrong with it is collected. */
    private final class Row {

        private final List<String> row;
        private final List<Violation> violations;

        Row(List<String> row, List<Violation> violations) {
            this.row = row;
            this.violations = violations;
        }

        /** Null where it is empty, or there is no such column. */
        @Nullable
        String text(Field field) {
            List<String> texts = texts(field);
            return texts.isEmpty() ? null : texts.getFirst();
        }

        private List<String> texts(Field field) {
            return places.getOrDefault(field, List.of()).stream()
                    .filter(place -> place < row.size())
                    .map(place -> row.get(place).replace("\u0000", "").strip())
                    .filter(text -> !text.isEmpty())
                    .toList();
        }

        List<String> services() {
            return texts(Field.SERVICES).stream()
                    .flatMap(text -> Arrays.stream(text.split(";", -1)))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }

        @Nullable
        Severity severity() {
            String word = text(Field.SEVERITY);
            if (word == null) {
                return columns.defaultSeverity();
            }
            Severity known = columns.severities().get(word.toLowerCase(Locale.ROOT));
            if (known == null) {
                known = UsualSeverities.of(word);
            }
            if (known == null && columns.defaultSeverity() == null) {
                violations.add(new Violation(
                        name(Field.SEVERITY),
                        "UNKNOWN_SEVERITY",
                        "What severity is " + shortened(word) + "? Say it with severityMapping=" + shortened(word)
                                + "=SEV3, or give a defaultSeverity."));
            }
            return known == null ? columns.defaultSeverity() : known;
        }

        @Nullable
        ImportEntry at(
                Field field,
                @Nullable Field byField,
                BiFunction<@Nullable Instant, @Nullable String, ImportEntry> entry) {
            String text = text(field);
            if (text == null) {
                return null;
            }
            Instant at = time(text);
            if (at == null) {
                violations.add(new Violation(
                        name(field),
                        "INVALID_TIME",
                        name(field) + " is no time that timeFormat describes, nor ISO 8601: " + shortened(text) + "."));
                return null;
            }
            return entry.apply(at, byField == null ? null : text(byField));
        }

        private String name(Field field) {
            return Objects.requireNonNullElse(columns.named().get(field), field.parameter);
        }

        private static String shortened(String text) {
            return text.length() <= 60 ? text : text.substring(0, 60) + "…";
        }
    }

    private @Nullable Instant time(String text) {
        DateTimeFormatter own = columns.timeFormat();
        if (own != null) {
            try {
                return instant(own.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from));
            } catch (DateTimeException e) {
                // It may be ISO 8601 all the same.
            }
        }
        try {
            return instant(ISO.parseBest(text.replaceFirst(" ", "T"), OffsetDateTime::from, LocalDateTime::from));
        } catch (DateTimeException e) {
            try {
                return instant(LocalDate.parse(text));
            } catch (DateTimeException e2) {
                return null;
            }
        }
    }

    private Instant instant(TemporalAccessor parsed) {
        ZoneId zone = columns.zone();
        return switch (parsed) {
            case ZonedDateTime zoned -> zoned.toInstant();
            case OffsetDateTime offset -> offset.toInstant();
            case LocalDateTime local -> local.atZone(zone).toInstant();
            case LocalDate date -> date.atStartOfDay(zone).toInstant();
            default -> throw new DateTimeException("no moment");
        };
    }
}
