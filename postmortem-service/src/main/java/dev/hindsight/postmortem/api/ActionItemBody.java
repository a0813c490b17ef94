package dev.hindsight.postmortem.api;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.postmortem.view.ActionItemView;
import dev.hindsight.postmortem.view.People;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An action item of the incident, as the action-item service tells it. */
@Schema(name = "PostmortemActionItem")
record ActionItemBody(
        UUID id,
        @Schema(examples = "ACT-7") String reference,
        String title,
        @Nullable PersonBody owner,
        @Nullable LocalDate dueDate,
        @Nullable Priority priority,
        ActionItemDetails.@Nullable Type type,
        @Nullable Category category,
        ActionItemStatus status,

        @Schema(description = "Where it misses the quality bar.")
        List<QualityFinding> findings) {

    static ActionItemBody of(ActionItemView item, People people) {
        return new ActionItemBody(
                item.id,
                item.reference,
                item.title,
                PersonBody.orNull(item.owner, people),
                item.dueDate,
                item.priority,
                item.type,
                item.category,
                item.status,
                item.findings());
    }
}
