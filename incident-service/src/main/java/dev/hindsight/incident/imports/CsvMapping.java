package dev.hindsight.incident.imports;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** What the columns of a CSV file mean, as the query says it; what it does not say, the preset does. */
public class CsvMapping {

    private static final String COLUMN = "CSV: the column with ";

    /** For the OpenAPI document. */
    static final String EXAMPLE = """
            number,short_description,priority,business_service,opened_at,opened_by,assigned_to,resolved_at,resolved_by,closed_at,closed_by
            INC0000060,Mail is slow,3 - Moderate,Mail,2016-02-29 06:38:00,Ann,Bo,2016-03-02 12:06:00,Bo,2016-03-07 13:00:00,Cy
            """;

    @QueryParam("preset")
    @Parameter(
            description = "CSV: names the columns of a usual export: `servicenow` or `jira`.",
            example = "servicenow")
    @Nullable
    String preset;

    @QueryParam("source")
    @Parameter(
            description = "CSV: name of the system that the rows come from; the preset's where it has one.",
            example = "servicenow")
    @Nullable
    String source;

    @QueryParam("externalId")
    @Parameter(description = COLUMN + "the incident's id there.", example = "number")
    @Nullable
    String externalId;

    @QueryParam("title")
    @Parameter(description = COLUMN + "its title.")
    @Nullable
    String title;

    @QueryParam("summary")
    @Parameter(description = COLUMN + "its summary.")
    @Nullable
    String summary;

    @QueryParam("severity")
    @Parameter(description = COLUMN + "its severity or priority.")
    @Nullable
    String severity;

    @QueryParam("services")
    @Parameter(description = COLUMN + "the affected services, separated by semicolons; it may stand several times.")
    @Nullable
    String services;

    @QueryParam("commander")
    @Parameter(description = COLUMN + "the incident commander, or whom it was assigned to.")
    @Nullable
    String commander;

    @QueryParam("declared")
    @Parameter(description = COLUMN + "when it was declared.")
    @Nullable
    String declared;

    @QueryParam("declaredBy")
    @Parameter(description = COLUMN + "who declared it.")
    @Nullable
    String declaredBy;

    @QueryParam("impactStarted")
    @Parameter(description = COLUMN + "when somebody first suffered.")
    @Nullable
    String impactStarted;

    @QueryParam("detected")
    @Parameter(description = COLUMN + "when it was first noticed.")
    @Nullable
    String detected;

    @QueryParam("acknowledged")
    @Parameter(description = COLUMN + "when somebody took it on.")
    @Nullable
    String acknowledged;

    @QueryParam("acknowledgedBy")
    @Parameter(description = COLUMN + "who took it on.")
    @Nullable
    String acknowledgedBy;

    @QueryParam("mitigated")
    @Parameter(description = COLUMN + "when the suffering ended.")
    @Nullable
    String mitigated;

    @QueryParam("mitigatedBy")
    @Parameter(description = COLUMN + "who ended it.")
    @Nullable
    String mitigatedBy;

    @QueryParam("resolved")
    @Parameter(description = COLUMN + "when it was resolved.")
    @Nullable
    String resolved;

    @QueryParam("resolvedBy")
    @Parameter(description = COLUMN + "who resolved it.")
    @Nullable
    String resolvedBy;

    @QueryParam("closed")
    @Parameter(description = COLUMN + "when it was closed.")
    @Nullable
    String closed;

    @QueryParam("closedBy")
    @Parameter(description = COLUMN + "who closed it.")
    @Nullable
    String closedBy;

    @QueryParam("canceled")
    @Parameter(description = COLUMN + "when it turned out to be none.")
    @Nullable
    String canceled;

    @QueryParam("timeFormat")
    @Parameter(
            description =
                    "CSV: how times are written, as `java.time.format.DateTimeFormatter` has it; ISO 8601 is always understood.",
            example = "dd.MM.yyyy HH:mm:ss")
    @Nullable
    String timeFormat;

    @QueryParam("zone")
    @Parameter(description = "CSV: the zone of times that name none; UTC by default.", example = "Europe/Berlin")
    @Nullable
    String zone;

    @QueryParam("severityMapping")
    @Parameter(
            description =
                    "CSV: a word and the severity that it means, as often as needed; SEV0 to SEV4, P0 to P5 and the preset's are known.",
            example = "Blocker=SEV0")
    @Nullable
    List<String> severityMapping;

    @QueryParam("defaultSeverity")
    @Parameter(
            description = "CSV: for rows whose severity is empty (SEV3 by default) or not known (an error by default).")
    @Nullable
    String defaultSeverity;

    @QueryParam("separator")
    @Parameter(description = "CSV: what stands between two fields: `,` by default, `;`, `|` or `tab`.")
    @Nullable
    String separator;

    /** What a column can tell. */
    enum Field {
        EXTERNAL_ID("externalId"),
        TITLE("title"),
        SUMMARY("summary"),
        SEVERITY("severity"),
        SERVICES("services"),
        COMMANDER("commander"),
        DECLARED("declared"),
        DECLARED_BY("declaredBy"),
        IMPACT_STARTED("impactStarted"),
        DETECTED("detected"),
        ACKNOWLEDGED("acknowledged"),
        ACKNOWLEDGED_BY("acknowledgedBy"),
        MITIGATED("mitigated"),
        MITIGATED_BY("mitigatedBy"),
        RESOLVED("resolved"),
        RESOLVED_BY("resolvedBy"),
        CLOSED("closed"),
        CLOSED_BY("closedBy"),
        CANCELED("canceled");

        final String parameter;

        Field(String parameter) {
            this.parameter = parameter;
        }
    }

    /** The columns of a usual export. Where it lacks one, it is not missed. */
    private enum Preset {
        /** The list export of ServiceNow's incident table ({@code incident_list.do?CSV}). */
        SERVICENOW(
                Map.ofEntries(
                        Map.entry(Field.EXTERNAL_ID, "number"),
                        Map.entry(Field.TITLE, "short_description"),
                        Map.entry(Field.SEVERITY, "priority"),
                        Map.entry(Field.SERVICES, "business_service"),
                        Map.entry(Field.COMMANDER, "assigned_to"),
                        Map.entry(Field.DECLARED, "opened_at"),
                        Map.entry(Field.DECLARED_BY, "opened_by"),
                        Map.entry(Field.RESOLVED, "resolved_at"),
                        Map.entry(Field.RESOLVED_BY, "resolved_by"),
                        Map.entry(Field.CLOSED, "closed_at"),
                        Map.entry(Field.CLOSED_BY, "closed_by")),
                "yyyy-MM-dd HH:mm:ss",
                Map.of(
                        "1 - critical", Severity.SEV1,
                        "2 - high", Severity.SEV2,
                        "3 - moderate", Severity.SEV3,
                        "4 - low", Severity.SEV4,
                        "5 - planning", Severity.SEV4)),
        /** The CSV export of Jira's issue search. */
        JIRA(
                Map.of(
                        Field.EXTERNAL_ID, "Issue key",
                        Field.TITLE, "Summary",
                        Field.SEVERITY, "Priority",
                        Field.SERVICES, "Component/s",
                        Field.COMMANDER, "Assignee",
                        Field.DECLARED, "Created",
                        Field.DECLARED_BY, "Reporter",
                        Field.RESOLVED, "Resolved"),
                "dd/MMM/yy h:mm a",
                Map.of(
                        "highest", Severity.SEV1,
                        "high", Severity.SEV2,
                        "medium", Severity.SEV3,
                        "low", Severity.SEV4,
                        "lowest", Severity.SEV4));

        final Map<Field, String> columns;
        final String timeFormat;
        final Map<String, Severity> severities;

        Preset(Map<Field, String> columns, String timeFormat, Map<String, Severity> severities) {
            this.columns = columns;
            this.timeFormat = timeFormat;
            this.severities = severities;
        }

        String source() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the columns mean.
     *
     * @param named column of each field
     * @param required those that the query names, and without which no row says anything
     * @param severities word in lower case to what it means
     * @param defaultSeverity null: an unknown word is an error
     */
    record Columns(
            String source,
            Map<Field, String> named,
            List<Field> required,
            @Nullable DateTimeFormatter timeFormat,
            ZoneId zone,
            Map<String, Severity> severities,
            @Nullable Severity defaultSeverity,
            char separator) {}

    /** Checks what the query says. */
    Columns toColumns() {
        List<Violation> violations = new ArrayList<>();
        Preset base = preset(violations);
        Map<Field, String> named = new EnumMap<>(Field.class);
        Map<Field, String> own = given();
        if (base == null) {
            // A file of our own words needs no query.
            Arrays.stream(Field.values()).forEach(field -> named.put(field, field.parameter));
        } else {
            named.putAll(base.columns);
        }
        named.putAll(own);
        List<Field> required = Stream.concat(
                        Stream.of(Field.EXTERNAL_ID, Field.TITLE, Field.DECLARED), own.keySet().stream())
                .distinct()
                .toList();
        String name = source != null ? source : base == null ? null : base.source();
        if (name == null || name.isBlank()) {
            violations.add(
                    new Violation("source", "NOT_BLANK", "source must name the system that the rows come from."));
        }
        DateTimeFormatter format = format(base, violations);
        ZoneId local = zone(violations);
        Map<String, Severity> severities = severities(base, violations);
        Severity otherwise = defaultSeverity == null ? null : severity("defaultSeverity", defaultSeverity, violations);
        char between = separator(violations);
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
        return new Columns(
                Objects.requireNonNull(name), named, required, format, local, severities, otherwise, between);
    }

    /** Of what is no CSV: none of it means anything. */
    void refuseAny() {
        Map<String, @Nullable Object> all = new HashMap<>();
        given().forEach((field, column) -> all.put(field.parameter, column));
        all.put("preset", preset);
        all.put("source", source);
        all.put("timeFormat", timeFormat);
        all.put("zone", zone);
        all.put("severityMapping", severityMapping == null || severityMapping.isEmpty() ? null : severityMapping);
        all.put("defaultSeverity", defaultSeverity);
        all.put("separator", separator);
        List<Violation> violations = all.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(Map.Entry::getKey)
                .sorted()
                .map(name -> new Violation(
                        name, "UNKNOWN_PARAMETER", "The query parameter " + name + " is for text/csv only."))
                .toList();
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
    }

    private Map<Field, String> given() {
        Map<Field, String> given = new EnumMap<>(Field.class);
        put(given, Field.EXTERNAL_ID, externalId);
        put(given, Field.TITLE, title);
        put(given, Field.SUMMARY, summary);
        put(given, Field.SEVERITY, severity);
        put(given, Field.SERVICES, services);
        put(given, Field.COMMANDER, commander);
        put(given, Field.DECLARED, declared);
        put(given, Field.DECLARED_BY, declaredBy);
        put(given, Field.IMPACT_STARTED, impactStarted);
        put(given, Field.DETECTED, detected);
        put(given, Field.ACKNOWLEDGED, acknowledged);
        put(given, Field.ACKNOWLEDGED_BY, acknowledgedBy);
        put(given, Field.MITIGATED, mitigated);
        put(given, Field.MITIGATED_BY, mitigatedBy);
        put(given, Field.RESOLVED, resolved);
        put(given, Field.RESOLVED_BY, resolvedBy);
        put(given, Field.CLOSED, closed);
        put(given, Field.CLOSED_BY, closedBy);
        put(given, Field.CANCELED, canceled);
        return given;
    }

    private static void put(Map<Field, String> given, Field field, @Nullable String column) {
        if (column != null) {
            given.put(field, column);
        }
    }

    private @Nullable Preset preset(List<Violation> violations) {
        if (preset == null) {
            return null;
        }
        return Arrays.stream(Preset.values())
                .filter(known -> known.source().equals(preset))
                .findFirst()
                .orElseGet(() -> {
                    violations.add(new Violation(
                            "preset",
                            "INVALID_VALUE",
                            "preset must be one of "
                                    + Arrays.stream(Preset.values())
                                            .map(Preset::source)
                                            .collect(Collectors.joining(", "))
                                    + "."));
                    return null;
                });
    }

    private @Nullable DateTimeFormatter format(@Nullable Preset base, List<Violation> violations) {
        String pattern = timeFormat != null ? timeFormat : base == null ? null : base.timeFormat;
        try {
            return pattern == null ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        } catch (IllegalArgumentException e) {
            violations.add(new Violation(
                    "timeFormat", "INVALID_VALUE", "timeFormat must be a pattern such as dd.MM.yyyy HH:mm:ss."));
            return null;
        }
    }

    private ZoneId zone(List<Violation> violations) {
        try {
            return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            violations.add(new Violation("zone", "INVALID_VALUE", "zone must be a name such as Europe/Berlin."));
            return ZoneOffset.UTC;
        }
    }

    private Map<String, Severity> severities(@Nullable Preset base, List<Violation> violations) {
        Map<String, Severity> severities = new HashMap<>(base == null ? Map.of() : base.severities);
        for (String mapping : severityMapping == null ? List.<String>of() : severityMapping) {
            int equals = mapping.lastIndexOf('=');
            Severity meant = severity("severityMapping", mapping.substring(equals + 1), violations);
            if (equals >= 0 && meant != null) {
                severities.put(mapping.substring(0, equals).strip().toLowerCase(Locale.ROOT), meant);
            }
        }
        return severities;
    }

    private static @Nullable Severity severity(String parameter, String word, List<Violation> violations) {
        try {
            return Severity.valueOf(word.strip());
        } catch (IllegalArgumentException e) {
            violations.add(new Violation(
                    parameter,
                    "INVALID_VALUE",
                    parameter.equals("severityMapping")
                            ? "severityMapping must be a word and one of SEV0 to SEV4, such as Blocker=SEV0."
                            : parameter + " must be one of SEV0 to SEV4."));
            return null;
        }
    }

    private char separator(List<Violation> violations) {
        return switch (separator) {
            case null -> ',';
            case "," -> ',';
            case ";" -> ';';
            case "|" -> '|';
            case "tab", "\t" -> '\t';
            default -> {
                violations.add(new Violation("separator", "INVALID_VALUE", "separator must be one of , ; | tab."));
                yield ',';
            }
        };
    }
}
