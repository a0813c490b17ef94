package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The whole vocabulary of an action item's stream (topic {@code action-item-events}, key: the incident). */
public sealed interface ActionItemEvent extends DomainEvent {

    /** The incident that the item follows from. */
    UUID incidentId();

    /**
     * Somebody proposed it.
     *
     * @param reference readable name, {@code ACT-7}
     * @param findings where it misses the quality bar; empty where it meets it
     */
    @JsonTypeName("hindsight.action-item.proposed.v1")
    record Proposed(
            UUID incidentId,
            @Nullable UUID postmortemId,
            String reference,
            ActionItemDetails details,
            List<QualityFinding> findings)
            implements ActionItemEvent {}

    /** Its details were changed; they replace the earlier ones. */
    @JsonTypeName("hindsight.action-item.revised.v1")
    record Revised(UUID incidentId, ActionItemDetails details, List<QualityFinding> findings)
            implements ActionItemEvent {}

    /** It meets the quality bar, and its owner is bound to it. */
    @JsonTypeName("hindsight.action-item.accepted.v1")
    record Accepted(UUID incidentId) implements ActionItemEvent {}

    /** Work on it began. */
    @JsonTypeName("hindsight.action-item.started.v1")
    record Started(UUID incidentId) implements ActionItemEvent {}

    /** The change is made. */
    @JsonTypeName("hindsight.action-item.completed.v1")
    record Completed(UUID incidentId, @Nullable String note) implements ActionItemEvent {}

    /** The verification step showed that it works. */
    @JsonTypeName("hindsight.action-item.verified.v1")
    record Verified(UUID incidentId, String evidence) implements ActionItemEvent {}

    /** It will not be done. */
    @JsonTypeName("hindsight.action-item.canceled.v1")
    record Canceled(UUID incidentId, String reason) implements ActionItemEvent {}
}
