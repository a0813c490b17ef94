package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.FactorCategory;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.contract.refusal.Refused.Reason;
import dev.hindsight.postmortem.domain.Postmortem.InReview;
import dev.hindsight.postmortem.domain.Surroundings.FollowUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What stands between a document and its publication ("Before you publish, confirm every section is present", seed 004;
 * the quality bar and "What if the root cause is unknown?", seed 000). Everything is listed at once.
 */
public final class PublicationPolicy {

    private PublicationPolicy() {}

    /**
     * Every unmet condition; empty where it may be published.
     *
     * @param at when it shall be published
     */
    public static List<Reason> reasonsAgainst(Postmortem state, Instant at, Surroundings surroundings) {
        List<Reason> reasons = new ArrayList<>();
        Document document = Postmortem.documentOf(state);
        if (document == null) {
            return List.of(new Reason("NO_DRAFT", "There is no draft; it opens when the incident is resolved."));
        }
        if (!(state instanceof InReview(Document ignored, Postmortem.Review review))) {
            reasons.add(new Reason("NOT_IN_REVIEW", "Nobody has reviewed it; start the review first."));
        } else if (review.approvals().isEmpty()) {
            reasons.add(new Reason(
                    "NOT_APPROVED",
                    review.changedSinceApproved()
                            ? "It was changed since it was approved; somebody must approve it as it is now."
                            : "No reviewer has approved it yet."));
        }
        Instant earliest = earliest(document, surroundings);
        if (at.isBefore(earliest)) {
            reasons.add(new Reason(
                    "OUT_OF_ORDER",
                    "It cannot have been published at " + at + ": the resolution, the review and the last change of the"
                            + " document lie before its publication, and the last of them was at " + earliest + "."));
        }
        if (document.owner() == null) {
            reasons.add(new Reason("OWNER_MISSING", "Nobody owns it; assign one person."));
        }
        if (!document.says(PostmortemSection.SUMMARY)) {
            reasons.add(new Reason("SUMMARY_MISSING", "The summary is empty; two or three sentences are enough."));
        }
        if (!surroundings.impactInNumbers() && !document.says(PostmortemSection.CUSTOMER_IMPACT)) {
            reasons.add(new Reason(
                    "IMPACT_MISSING",
                    "The impact on customers is known neither in numbers (record them at the incident) nor in words"
                            + " (section customer-impact)."));
        }
        if (document.factors().isEmpty()) {
            reasons.add(
                    new Reason("FACTOR_MISSING", "No contributing factor is named; where none is known, add UNKNOWN."));
        }
        if (hasUnknownFactor(document) && surroundings.items().stream().noneMatch(PublicationPolicy::investigates)) {
            reasons.add(new Reason(
                    "INVESTIGATION_MISSING",
                    "A contributing factor is UNKNOWN; that needs an INVESTIGATIVE action item with a due date."));
        }
        surroundings.items().stream()
                .filter(item -> item.counts() && !item.findings().isEmpty())
                .map(PublicationPolicy::belowTheBar)
                .forEach(reasons::add);
        return reasons;
    }

    /** From when on the hours to publication run. */
    static Instant resolutionBefore(Document document, Surroundings surroundings) {
        return Objects.requireNonNullElse(surroundings.lastResolution(), document.resolvedAt());
    }

    private static Instant earliest(Document document, Surroundings surroundings) {
        Instant resolution = resolutionBefore(document, surroundings);
        return resolution.isAfter(document.touchedAt()) ? resolution : document.touchedAt();
    }

    private static boolean hasUnknownFactor(Document document) {
        return document.factors().stream().anyMatch(factor -> factor.category() == FactorCategory.UNKNOWN);
    }

    private static boolean investigates(FollowUp item) {
        return item.counts() && item.investigative() && item.dueDate() != null;
    }

    private static Reason belowTheBar(FollowUp item) {
        return new Reason(
                "ITEM_BELOW_BAR",
                "Action item " + item.reference() + " (" + item.title() + ") misses the quality bar: "
                        + item.findings().stream().map(QualityFinding::message).collect(Collectors.joining(" ")));
    }
}
