package dev.hindsight.contract;

import dev.hindsight.contract.ActionItemDetails.Priority;
import java.util.List;

/**
 * What is owed before an incident of a severity may be closed.
 *
 * @param items at most one for each priority; where there is none, such items may stay open
 */
public record ClosureRule(Severity severity, PostmortemNeed postmortem, List<ItemNeed> items) {

    public ClosureRule {
        items = List.copyOf(items);
    }

    /** Whose postmortem must be published. A postmortem that was waived, or came too late to owe anything, is not owed. */
    public enum PostmortemNeed {
        NOBODYS,
        /** Where it is a duty. */
        WHERE_REQUIRED,
        EVERYBODYS
    }

    /** How far action items of a priority must be; canceled ones are not owed. */
    public record ItemNeed(Priority priority, ItemState until) {}

    /** When an item counts as closed. */
    public enum ItemState {
        /** Or verified. */
        DONE,
        VERIFIED
    }
}
