package dev.hindsight.incident.imports;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Severity;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One incident of an import, as it came; {@link PastReader} says what is missing.
 *
 * @param source name of the system that it comes from
 * @param severity SEV3 where it does not say
 * @param kind REAL where it does not say
 * @param security restricts it to its participants and admins
 * @param history in its own order, which decides between entries of one moment; null only where CSV leaves an entry's place
 *     empty
 */
@Schema(requiredProperties = {"externalId", "source", "title", "history"})
public record ImportLine(
        @Nullable @Schema(examples = "INC0000060") String externalId,

        @Nullable @Schema(description = "The system that it comes from.", examples = "servicenow")
        String source,

        @Nullable String title,
        @Nullable Severity severity,
        @Nullable List<String> services,
        @Nullable IncidentKind kind,
        @Nullable String summary,
        @Nullable Boolean customerFacing,
        @Nullable Boolean security,
        @Nullable List<@Nullable ImportEntry> history) {

    /** For the OpenAPI document. */
    static final String EXAMPLE = """
            {"externalId":"INC0000060","source":"servicenow","title":"Mail is slow","severity":"SEV3","services":["mail"],"kind":"REAL",\
            "history":[{"type":"declared","at":"2016-02-29T06:38:00Z","by":"user-180"},\
            {"type":"roleAssigned","at":"2016-03-02T08:52:00Z","by":"user-465","role":"INCIDENT_COMMANDER","person":"user-125"},\
            {"type":"resolved","at":"2016-03-02T12:06:00Z","by":"user-465"}]}""";
}
