package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Type;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.QualityFinding;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What others own and the document depends on.
 *
 * @param impact the incident's numbers, as far as known
 * @param lastResolution of the incident; null while it is reopened
 * @param items the incident's action items
 */
public record Surroundings(Impact impact, @Nullable Instant lastResolution, List<FollowUp> items) {

    public Surroundings {
        items = List.copyOf(items);
    }

    /** Whether the impact is known in at least one number. */
    public boolean impactInNumbers() {
        return !impact.equals(Impact.NONE);
    }

    /** An action item as far as the gate looks at it. */
    public record FollowUp(
            String reference,
            String title,
            ActionItemStatus status,
            @Nullable Type type,
            @Nullable Category category,
            @Nullable LocalDate dueDate,
            List<QualityFinding> findings) {

        public FollowUp {
            findings = List.copyOf(findings);
        }

        /** It finds out what is unknown. */
        boolean investigative() {
            return type == Type.INVESTIGATIVE;
        }

        /** It still counts: canceled work does not. */
        public boolean counts() {
            return status != ActionItemStatus.CANCELED;
        }
    }
}
