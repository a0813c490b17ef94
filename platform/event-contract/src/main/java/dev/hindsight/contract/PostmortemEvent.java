package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The whole vocabulary of a postmortem's stream (topic {@code postmortem-events}, key: the incident). One per incident.
 */
public sealed interface PostmortemEvent extends DomainEvent {

    /** The incident that the postmortem is about. */
    UUID incidentId();

    /**
     * The draft exists, at the incident's first resolution.
     *
     * @param owner the incident commander, else the acknowledger, else nobody
     */
    @JsonTypeName("hindsight.postmortem.drafted.v1")
    record Drafted(UUID incidentId, @Nullable UUID owner, Instant resolvedAt) implements PostmortemEvent {}

    /**
     * Whether the postmortem is due, with every rule of the decision table.
     *
     * @param policyVersion version of the decision table
     * @param duty whether deadlines, closure gate and coverage apply; never for imports and late facts
     * @param dutyBecause why, as a sentence
     * @param draftDueAt 48 h after resolution; null without duty
     * @param reviewDueAt five business days after resolution for SEV0 and SEV1; null without duty or below
     */
    @JsonTypeName("hindsight.postmortem.requirement-decided.v1")
    record RequirementDecided(
            UUID incidentId,
            RequirementAnswer answer,
            List<RequirementRule> rules,
            int policyVersion,
            boolean duty,
            String dutyBecause,
            @Nullable Instant draftDueAt,
            @Nullable Instant reviewDueAt)
            implements PostmortemEvent {}

    /** An editor waived the duty. */
    @JsonTypeName("hindsight.postmortem.waived.v1")
    record Waived(UUID incidentId, String reason) implements PostmortemEvent {}

    /** Somebody drives the document from now on; null: nobody. */
    @JsonTypeName("hindsight.postmortem.owner-assigned.v1")
    record OwnerAssigned(UUID incidentId, @Nullable UUID owner) implements PostmortemEvent {}

    /**
     * A section has a new text (CommonMark).
     *
     * @param revision of the section, counted from 1
     */
    @JsonTypeName("hindsight.postmortem.section-written.v1")
    record SectionWritten(UUID incidentId, PostmortemSection section, int revision, String text)
            implements PostmortemEvent {}

    /**
     * A condition that made the incident possible.
     *
     * @param key of the taxonomy; null for free text alone
     */
    @JsonTypeName("hindsight.postmortem.factor-added.v1")
    record FactorAdded(
            UUID incidentId,
            UUID factorId,
            FactorCategory category,
            @Nullable String key,
            String text) implements PostmortemEvent {}

    /** One more "because" below a factor (5 Whys as structure). */
    @JsonTypeName("hindsight.postmortem.why-added.v1")
    record WhyAdded(UUID incidentId, UUID factorId, int depth, String text) implements PostmortemEvent {}

    /** The condition turned out to be none. */
    @JsonTypeName("hindsight.postmortem.factor-removed.v1")
    record FactorRemoved(UUID incidentId, UUID factorId) implements PostmortemEvent {}

    /** The draft is complete enough to be read by others. */
    @JsonTypeName("hindsight.postmortem.review-started.v1")
    record ReviewStarted(
            UUID incidentId, List<UUID> reviewers, @Nullable Instant meetingAt) implements PostmortemEvent {}

    /** A reviewer agrees with publication. */
    @JsonTypeName("hindsight.postmortem.approved.v1")
    record Approved(UUID incidentId, UUID reviewer) implements PostmortemEvent {}

    /**
     * Everybody may read it; this revision never changes again.
     *
     * @param revision of the document, counted from 1
     * @param factorKeys keys of the factors but UNKNOWN, for recurrence
     * @param hoursAfterResolution resolution to publication, hours
     */
    @JsonTypeName("hindsight.postmortem.published.v1")
    record Published(UUID incidentId, int revision, List<String> factorKeys, double hoursAfterResolution)
            implements PostmortemEvent {}

    /** A published document is worked on again; the next publication is a new revision. */
    @JsonTypeName("hindsight.postmortem.reopened.v1")
    record Reopened(UUID incidentId, String reason) implements PostmortemEvent {}
}
