package dev.hindsight.incident.imports;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.hindsight.contract.Severity;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.jspecify.annotations.Nullable;

/** One entry of an imported history, as it came; {@link PastReader} says what is missing. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(name = "declared", value = ImportEntry.Declared.class),
    @Type(name = "impactStarted", value = ImportEntry.ImpactStarted.class),
    @Type(name = "detected", value = ImportEntry.Detected.class),
    @Type(name = "acknowledged", value = ImportEntry.Acknowledged.class),
    @Type(name = "roleAssigned", value = ImportEntry.RoleAssigned.class),
    @Type(name = "severityChanged", value = ImportEntry.SeverityChanged.class),
    @Type(name = "paged", value = ImportEntry.Paged.class),
    @Type(name = "statusUpdated", value = ImportEntry.StatusUpdated.class),
    @Type(name = "noted", value = ImportEntry.Noted.class),
    @Type(name = "mitigated", value = ImportEntry.Mitigated.class),
    @Type(name = "resolved", value = ImportEntry.Resolved.class),
    @Type(name = "reopened", value = ImportEntry.Reopened.class),
    @Type(name = "closed", value = ImportEntry.Closed.class),
    @Type(name = "canceled", value = ImportEntry.Canceled.class)
})
@Schema(
        name = "ImportEntry",
        type = SchemaType.OBJECT,
        description = "What happened, as its type says; each type takes the fields that it needs and no other.",
        requiredProperties = {"type", "at"},
        properties = {
            @SchemaProperty(
                    name = "type",
                    type = SchemaType.STRING,
                    enumeration = {
                        "declared",
                        "impactStarted",
                        "detected",
                        "acknowledged",
                        "roleAssigned",
                        "severityChanged",
                        "paged",
                        "statusUpdated",
                        "noted",
                        "mitigated",
                        "resolved",
                        "reopened",
                        "closed",
                        "canceled"
                    }),
            @SchemaProperty(name = "at", type = SchemaType.STRING, format = "date-time"),
            @SchemaProperty(
                    name = "by",
                    type = SchemaType.STRING,
                    description = "Who did it, as the other system names them."),
            @SchemaProperty(name = "role", type = SchemaType.STRING, description = "Of roleAssigned; required."),
            @SchemaProperty(
                    name = "person",
                    type = SchemaType.STRING,
                    description = "Of roleAssigned, where none takes the role away, and of paged; as `by`."),
            @SchemaProperty(
                    name = "severity",
                    implementation = Severity.class,
                    description = "Of severityChanged; required."),
            @SchemaProperty(name = "channel", type = SchemaType.STRING, description = "Of paged, such as PHONE."),
            @SchemaProperty(
                    name = "text",
                    type = SchemaType.STRING,
                    description = "Required of statusUpdated and noted; possible where something changed.")
        })
public sealed interface ImportEntry {

    /** When it happened. */
    @Nullable
    Instant at();

    /** Who did it, as the other system names them; null where nobody knows. */
    @Nullable
    String by();

    record Declared(@Nullable Instant at, @Nullable String by) implements ImportEntry {}

    record ImpactStarted(@Nullable Instant at, @Nullable String by) implements ImportEntry {}

    record Detected(@Nullable Instant at, @Nullable String by) implements ImportEntry {}

    record Acknowledged(@Nullable Instant at, @Nullable String by) implements ImportEntry {}

    /** @param person null takes the role away */
    record RoleAssigned(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String role,
            @Nullable String person) implements ImportEntry {}

    record SeverityChanged(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable Severity severity,
            @Nullable String text) implements ImportEntry {}

    record Paged(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String person,
            @Nullable String channel) implements ImportEntry {}

    record StatusUpdated(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}

    record Noted(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}

    record Mitigated(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}

    record Resolved(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}

    record Reopened(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}

    record Closed(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}

    /** It was none, such as a false alarm or a duplicate. */
    record Canceled(
            @Nullable Instant at,
            @Nullable String by,
            @Nullable String text) implements ImportEntry {}
}
