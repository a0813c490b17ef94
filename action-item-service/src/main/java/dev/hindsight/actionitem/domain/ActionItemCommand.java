package dev.hindsight.actionitem.domain;

import dev.hindsight.contract.ActionItemDetails;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that can be done with an action item. */
public sealed interface ActionItemCommand {

    /** When it happened in the world, UTC. */
    Instant at();

    /**
     * Somebody proposes it; it may still miss the quality bar.
     *
     * @param reference readable name, {@code ACT-7}
     */
    record ProposeActionItem(
            UUID incidentId, UUID postmortemId, String reference, ActionItemDetails details, Instant at)
            implements ActionItemCommand {}

    /** Its details become these; once accepted they must keep to the quality bar. */
    record ReviseActionItem(ActionItemDetails details, Instant at) implements ActionItemCommand {}

    /** It is going to be done, by its owner; refused with every finding while it misses the quality bar. */
    record AcceptActionItem(Instant at) implements ActionItemCommand {}

    /** Work on it begins. */
    record StartActionItem(Instant at) implements ActionItemCommand {}

    /** The change is made; a start may be skipped. */
    record CompleteActionItem(@Nullable String note, Instant at) implements ActionItemCommand {}

    /** The verification step showed that it works. */
    record VerifyActionItem(String evidence, Instant at) implements ActionItemCommand {}

    /** It will not be done. */
    record CancelActionItem(String reason, Instant at) implements ActionItemCommand {}
}
