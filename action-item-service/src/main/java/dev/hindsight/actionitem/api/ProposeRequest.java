package dev.hindsight.actionitem.api;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Change;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemDetails.Risk;
import dev.hindsight.contract.ActionItemDetails.Verification;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Body of a proposal; what it leaves out is asked for at acceptance. */
@Schema(name = "ProposeActionItem")
public record ProposeRequest(
        @Schema(
                required = true,
                description =
                        "UUID of the incident, or its reference. A UUID that is not known here (yet) is accepted, with a warning.",
                examples = "INC-42")
        @Nullable
        String incidentId,

        @Schema(nullable = true, description = "Defaults to the incident's own postmortem.") @Nullable
        UUID postmortemId,

        @Schema(
                required = true,
                maxLength = 200,
                examples = "Add rate limiting to the /search API endpoint at 100 req/s")
        @Nullable
        String title,

        @Schema(nullable = true) @Nullable Change change,

        @Schema(nullable = true, description = DetailsBody.OWNER, examples = "maria@example.com") @Nullable
        String owner,

        @Schema(nullable = true) @Nullable LocalDate dueDate,
        @Schema(nullable = true) @Nullable Priority priority,
        @Schema(nullable = true) ActionItemDetails.@Nullable Type type,
        @Schema(nullable = true) @Nullable Category category,
        @Schema(nullable = true) @Nullable Risk risk,
        @Schema(nullable = true) @Nullable Verification verification,

        @Schema(nullable = true, description = "When it was proposed; now where nothing is given.") @Nullable
        Instant occurredAt,

        @Schema(nullable = true, description = "UUID of the person who did it; the token's where nothing is given.")
        @Nullable
        String actor) {

    /** Without the owner, who is still to be found. */
    ActionItemDetails details() {
        // A missing title is refused by the domain, together with all else that is missing.
        return new ActionItemDetails(
                title == null ? "" : title, change, null, dueDate, priority, type, category, risk, verification);
    }
}
