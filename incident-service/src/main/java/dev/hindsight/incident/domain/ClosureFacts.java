package dev.hindsight.incident.domain;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an incident's postmortem and action items, as far as a {@link ClosurePolicy} asks.
 *
 * @param items all of the incident, canceled ones too
 */
public record ClosureFacts(PostmortemStanding postmortem, List<Item> items) {

    public static final ClosureFacts NONE = new ClosureFacts(PostmortemStanding.NONE, List.of());

    public ClosureFacts {
        items = List.copyOf(items);
    }

    /**
     * How far the postmortem is.
     *
     * @param isPublished and not being worked on again
     * @param isRequired by the decision table; null while that is not decided
     * @param isDuty required, and neither told too late nor imported; null while that is not decided
     */
    public record PostmortemStanding(
            boolean isPublished,
            boolean isWaived,
            @Nullable Boolean isRequired,
            @Nullable Boolean isDuty) {

        public static final PostmortemStanding NONE = new PostmortemStanding(false, false, null, null);
    }

    /**
     * One action item.
     *
     * @param reference readable name, {@code ACT-7}
     * @param priority null where nobody said
     */
    public record Item(
            String reference, String title, @Nullable Priority priority, ActionItemStatus status) {}
}
