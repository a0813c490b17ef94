package dev.hindsight.postmortem.api;

import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.RequirementRule;
import dev.hindsight.postmortem.domain.Requirement;
import dev.hindsight.postmortem.view.ReferenceQuery;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Whether a postmortem is due. */
@Schema(name = "Requirement")
record RequirementBody(
        UUID incidentId,

        @Schema(description = "REQUIRED when one of the obliging rules fired.")
        RequirementAnswer answer,

        @Schema(description = "Every row of the decision table, with what it was judged on.")
        List<RequirementRule> rules,

        @Schema(description = "Version of the decision table.")
        int policyVersion,

        @Schema(description = "False while the incident is not resolved: then this is what would be decided now.")
        boolean decided,

        @Schema(description = "Whether deadlines apply to anybody.")
        boolean duty,

        String dutyBecause,

        @Schema(description = "An editor has released the people from the duty.")
        boolean waived,

        @Schema(description = "Move to review until then: 48 h after resolution. Null without duty.") @Nullable
        Instant draftDueAt,

        @Schema(description = "Review until then: five business days after resolution, for SEV0 and SEV1.") @Nullable
        Instant reviewDueAt) {

    /** @param hidden references of earlier incidents that the reader must not know of */
    static RequirementBody of(
            UUID incidentId, Requirement requirement, boolean decided, boolean waived, Set<String> hidden) {
        return new RequirementBody(
                incidentId,
                requirement.answer(),
                requirement.rules().stream()
                        .map(rule -> new RequirementRule(
                                rule.code(), rule.fired(), ReferenceQuery.without(hidden, rule.because())))
                        .toList(),
                requirement.policyVersion(),
                decided,
                requirement.duty(),
                requirement.dutyBecause(),
                waived,
                requirement.draftDueAt(),
                requirement.reviewDueAt());
    }
}
