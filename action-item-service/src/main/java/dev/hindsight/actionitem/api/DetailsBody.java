package dev.hindsight.actionitem.api;

import dev.hindsight.actionitem.view.SurroundingsQuery;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Change;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemDetails.Risk;
import dev.hindsight.contract.ActionItemDetails.Verification;
import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a merge patch (RFC 7396) is applied to. */
@Schema(
        name = "ActionItemPatch",
        description =
                "JSON merge patch (RFC 7396): what is left out stays, null takes away. occurredAt and actor may stand beside.")
public record DetailsBody(
        @Schema(maxLength = 200) @Nullable String title,
        @Schema(nullable = true) @Nullable Change change,

        @Schema(nullable = true, description = OWNER) @Nullable
        String owner,

        @Schema(nullable = true) @Nullable LocalDate dueDate,
        @Schema(nullable = true) @Nullable Priority priority,
        @Schema(nullable = true) ActionItemDetails.@Nullable Type type,
        @Schema(nullable = true) @Nullable Category category,
        @Schema(nullable = true) @Nullable Risk risk,
        @Schema(nullable = true) @Nullable Verification verification) {

    static final String OWNER =
            "One person, not a team: the UUID of a person of the catalog, the subject of a token, or a name that only"
                    + " one person has.";

    static DetailsBody of(ActionItemDetails details) {
        return new DetailsBody(
                details.title(),
                details.change(),
                details.owner() == null ? null : details.owner().toString(),
                details.dueDate(),
                details.priority(),
                details.type(),
                details.category(),
                details.risk(),
                details.verification());
    }

    /** Its owner is a UUID by now. */
    ActionItemDetails details() {
        return new ActionItemDetails(
                title == null ? "" : title,
                change,
                owner == null ? null : SurroundingsQuery.uuid(owner),
                dueDate,
                priority,
                type,
                category,
                risk,
                verification);
    }
}
