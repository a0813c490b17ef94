package dev.hindsight.postmortem.api;

import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Postmortem.Review;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import dev.hindsight.postmortem.domain.Requirement;
import dev.hindsight.postmortem.domain.Surroundings.FollowUp;
import dev.hindsight.postmortem.view.PostmortemContent;
import dev.hindsight.postmortem.view.PostmortemReading;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One step of the flow after a resolution, and how far it is. */
@Schema(name = "FlowStep")
record FlowStep(
        Name name,
        State state,

        @Schema(description = "Null where nothing obliges.") @Nullable
        Instant dueAt) {

    enum Name {
        OWNER,
        DRAFT,
        REVIEW,
        PUBLICATION,
        ITEMS
    }

    enum State {
        OPEN,
        OVERDUE,
        DONE
    }

    /** The flow as it stands at a moment. */
    static List<FlowStep> of(PostmortemReading reading, Instant now) {
        PostmortemContent content = reading.content();
        Document document = content.document();
        Requirement requirement = document.requirement();
        // Nobody is late for an incident that goes on, or was none.
        boolean obliged = reading.incident().status.isOver()
                && requirement != null
                && requirement.duty()
                && document.waiver() == null;
        Review review = content.review();
        boolean published = content.status() == PostmortemStatus.PUBLISHED;
        return List.of(
                step(Name.OWNER, document.owner() != null, null, now),
                step(
                        Name.DRAFT,
                        content.status() != PostmortemStatus.DRAFT,
                        obliged && requirement != null ? requirement.draftDueAt() : null,
                        now),
                step(
                        Name.REVIEW,
                        published || review != null && !review.approvals().isEmpty(),
                        obliged && requirement != null ? requirement.reviewDueAt() : null,
                        now),
                step(Name.PUBLICATION, published, null, now),
                step(Name.ITEMS, decided(reading.surroundings().items()), null, now));
    }

    /** At least one item, and none that still waits for being accepted. */
    private static boolean decided(List<FollowUp> items) {
        List<FollowUp> counting = items.stream().filter(FollowUp::counts).toList();
        return !counting.isEmpty() && counting.stream().noneMatch(item -> item.status() == ActionItemStatus.PROPOSED);
    }

    private static FlowStep step(Name name, boolean done, @Nullable Instant dueAt, Instant now) {
        State state = done ? State.DONE : dueAt != null && now.isAfter(dueAt) ? State.OVERDUE : State.OPEN;
        return new FlowStep(name, state, dueAt);
    }
}
