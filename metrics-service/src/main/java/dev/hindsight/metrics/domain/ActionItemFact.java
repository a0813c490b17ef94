package dev.hindsight.metrics.domain;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.Recorded;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What metrics need to know of an action item.
 *
 * @param acceptedAt when its owner was bound to it
 * @param doneAt when the change was made, or, where nobody said so, when it was verified
 */
public record ActionItemFact(
        UUID incidentId,
        ActionItemStatus status,
        @Nullable Priority priority,
        @Nullable LocalDate dueDate,
        @Nullable Instant acceptedAt,
        @Nullable Instant doneAt) {

    /** The fact after one more event; {@code known} is null before the first. */
    public static ActionItemFact evolve(@Nullable ActionItemFact known, Recorded<ActionItemEvent> recorded) {
        Instant at = recorded.header().occurredAt();
        ActionItemFact fact = known != null
                ? known
                : new ActionItemFact(recorded.event().incidentId(), ActionItemStatus.PROPOSED, null, null, null, null);
        return switch (recorded.event()) {
            case ActionItemEvent.Proposed e -> fact.described(e.details());
            case ActionItemEvent.Revised e -> fact.described(e.details());
            case ActionItemEvent.Accepted e ->
                new ActionItemFact(
                        fact.incidentId, ActionItemStatus.ACCEPTED, fact.priority, fact.dueDate, at, fact.doneAt);
            case ActionItemEvent.Started e -> fact.now(ActionItemStatus.IN_PROGRESS, fact.doneAt);
            case ActionItemEvent.Completed e -> fact.now(ActionItemStatus.DONE, at);
            case ActionItemEvent.Verified e ->
                fact.now(ActionItemStatus.VERIFIED, fact.doneAt == null ? at : fact.doneAt);
            case ActionItemEvent.Canceled e -> fact.now(ActionItemStatus.CANCELED, fact.doneAt);
        };
    }

    private ActionItemFact described(ActionItemDetails details) {
        return new ActionItemFact(incidentId, status, details.priority(), details.dueDate(), acceptedAt, doneAt);
    }

    private ActionItemFact now(ActionItemStatus next, @Nullable Instant done) {
        return new ActionItemFact(incidentId, next, priority, dueDate, acceptedAt, done);
    }
}
