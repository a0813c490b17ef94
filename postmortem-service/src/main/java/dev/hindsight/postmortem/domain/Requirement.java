package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.PostmortemEvent.RequirementDecided;
import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.RequirementRule;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether a postmortem is due, why, and until when.
 *
 * @param rules every row of the decision table, fired or not
 * @param duty whether somebody is bound by it
 * @param draftDueAt null without duty
 * @param reviewDueAt null without duty, and below SEV1
 */
public record Requirement(
        RequirementAnswer answer,
        List<RequirementRule> rules,
        int policyVersion,
        boolean duty,
        String dutyBecause,
        @Nullable Instant draftDueAt,
        @Nullable Instant reviewDueAt) {

    public Requirement {
        rules = List.copyOf(rules);
    }

    RequirementDecided decidedFor(UUID incidentId) {
        return new RequirementDecided(
                incidentId, answer, rules, policyVersion, duty, dutyBecause, draftDueAt, reviewDueAt);
    }

    static Requirement of(RequirementDecided event) {
        return new Requirement(
                event.answer(),
                event.rules(),
                event.policyVersion(),
                event.duty(),
                event.dutyBecause(),
                event.draftDueAt(),
                event.reviewDueAt());
    }
}
