package dev.hindsight.metrics.domain;

import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.RequirementAnswer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What metrics need to know of a postmortem.
 *
 * @param required whether the decision table asked for it
 * @param duty whether deadlines and coverage apply
 * @param waived whether an editor waived the duty
 * @param resolvedAt the resolution that the draft began from
 * @param publishedAt the first publication; a later revision changes nothing
 */
public record PostmortemFact(
        UUID incidentId,
        boolean required,
        boolean duty,
        boolean waived,
        @Nullable Instant resolvedAt,
        @Nullable Instant publishedAt) {

    /** The fact after one more event; {@code known} is null before the first. */
    public static PostmortemFact evolve(@Nullable PostmortemFact known, Recorded<PostmortemEvent> recorded) {
        PostmortemFact fact = known != null
                ? known
                : new PostmortemFact(recorded.event().incidentId(), false, false, false, null, null);
        return switch (recorded.event()) {
            case PostmortemEvent.Drafted e ->
                new PostmortemFact(
                        fact.incidentId,
                        fact.required,
                        fact.duty,
                        fact.waived,
                        IncidentFact.inMicroseconds(e.resolvedAt()),
                        fact.publishedAt);
            case PostmortemEvent.RequirementDecided e ->
                new PostmortemFact(
                        fact.incidentId,
                        e.answer() == RequirementAnswer.REQUIRED,
                        e.duty(),
                        fact.waived,
                        fact.resolvedAt,
                        fact.publishedAt);
            case PostmortemEvent.Waived e ->
                new PostmortemFact(fact.incidentId, fact.required, fact.duty, true, fact.resolvedAt, fact.publishedAt);
            case PostmortemEvent.Published e -> {
                Instant at = recorded.header().occurredAt();
                yield new PostmortemFact(
                        fact.incidentId,
                        fact.required,
                        fact.duty,
                        fact.waived,
                        fact.resolvedAt,
                        fact.publishedAt == null || at.isBefore(fact.publishedAt) ? at : fact.publishedAt);
            }
            case PostmortemEvent.OwnerAssigned e -> fact;
            case PostmortemEvent.SectionWritten e -> fact;
            case PostmortemEvent.FactorAdded e -> fact;
            case PostmortemEvent.WhyAdded e -> fact;
            case PostmortemEvent.FactorRemoved e -> fact;
            case PostmortemEvent.ReviewStarted e -> fact;
            case PostmortemEvent.Approved e -> fact;
            case PostmortemEvent.Reopened e -> fact;
        };
    }
}
