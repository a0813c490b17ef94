package dev.hindsight.postmortem.api;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.postmortem.domain.AdvicePolicy;
import dev.hindsight.postmortem.domain.AdvicePolicy.Warning;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Document.Waiver;
import dev.hindsight.postmortem.domain.Durations;
import dev.hindsight.postmortem.domain.Postmortem.Approval;
import dev.hindsight.postmortem.domain.Postmortem.Review;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import dev.hindsight.postmortem.domain.Requirement;
import dev.hindsight.postmortem.view.People;
import dev.hindsight.postmortem.view.PostmortemContent;
import dev.hindsight.postmortem.view.PostmortemReading;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A postmortem with everything that is shown around it. */
@Schema(name = "Postmortem")
record PostmortemDocument(
        UUID id,
        UUID incidentId,
        @Schema(description = "Of the stream; its ETag.") long version,
        PostmortemStatus status,

        @Schema(description = "How many revisions have been published.")
        int revision,

        @Schema(description = "Null: nobody drives it.") @Nullable
        PersonBody owner,

        Instant draftedAt,

        @Schema(description = "Null unless it is published now.") @Nullable
        Instant publishedAt,

        @Nullable RequirementBody requirement,
        @Nullable WaiverBody waiver,
        List<FlowStep> steps,
        IncidentFactsBody incident,
        @Schema(description = "The incident's numbers.") Impact impact,

        @Schema(description = "Seconds; null where a time is missing or lies before the earlier one.")
        Durations durations,

        @Schema(description = "All six, by name.") Map<String, SectionBody> sections,
        List<FactorBody> factors,

        @Schema(description = "Null while it is a draft.") @Nullable
        ReviewBody review,

        List<ActionItemBody> actionItems,
        @Schema(description = "Advice; forbids nothing.") List<Warning> warnings) {

    /** Who released the people from the duty, and why. */
    @Schema(name = "Waiver")
    record WaiverBody(
            String reason,
            Instant at,

            @Schema(description = "Name of the person; `unknown person` where the catalog knows none.")
            String by,

            @Schema(description = "Opaque id of the person.")
            String byId) {

        static @Nullable WaiverBody of(@Nullable Waiver waiver, People people) {
            return waiver == null
                    ? null
                    : new WaiverBody(waiver.reason(), waiver.at(), people.nameOfActor(waiver.by()), waiver.by());
        }
    }

    /** The review, in a meeting or in writing. */
    @Schema(name = "Review")
    record ReviewBody(
            Instant startedAt,
            List<PersonBody> reviewers,

            @Schema(description = "Null for a review in writing.") @Nullable
            Instant meetingAt,

            @Schema(description = "Of the document as it stands: a change of it takes them away.")
            List<ApprovalBody> approvals,

            @Schema(description = "It was approved, and has been changed since.")
            boolean changedSinceApproved) {

        static @Nullable ReviewBody of(@Nullable Review review, People people) {
            return review == null
                    ? null
                    : new ReviewBody(
                            review.startedAt(),
                            review.reviewers().stream()
                                    .map(reviewer -> PersonBody.of(reviewer, people))
                                    .toList(),
                            review.meetingAt(),
                            review.approvals().stream()
                                    .map(approval -> ApprovalBody.of(approval, people))
                                    .toList(),
                            review.changedSinceApproved());
        }
    }

    /** One reviewer's consent. */
    @Schema(name = "Approval")
    record ApprovalBody(PersonBody reviewer, Instant at) {

        static ApprovalBody of(Approval approval, People people) {
            return new ApprovalBody(PersonBody.of(approval.reviewer(), people), approval.at());
        }
    }

    /** As it stands at a moment. */
    static PostmortemDocument of(PostmortemReading reading, Instant now) {
        PostmortemContent content = reading.content();
        Document document = content.document();
        Requirement requirement = document.requirement();
        People people = reading.people();
        Map<String, SectionBody> sections = new LinkedHashMap<>();
        for (PostmortemSection name : PostmortemSection.values()) {
            sections.put(name.wireName(), SectionBody.of(document, name, people));
        }
        return new PostmortemDocument(
                content.id(),
                document.incidentId(),
                content.version(),
                content.status(),
                document.publishedRevisions(),
                PersonBody.orNull(document.owner(), people),
                document.draftedAt(),
                content.publishedAt(),
                requirement == null
                        ? null
                        : RequirementBody.of(
                                document.incidentId(), requirement, true, document.waiver() != null, reading.hidden()),
                WaiverBody.of(document.waiver(), people),
                FlowStep.of(reading, now),
                IncidentFactsBody.of(reading.incident(), people),
                reading.incident().impact(),
                reading.incident().durations(),
                sections,
                document.factors().stream().map(FactorBody::of).toList(),
                ReviewBody.of(content.review(), people),
                reading.items().stream()
                        .map(item -> ActionItemBody.of(item, people))
                        .toList(),
                AdvicePolicy.warnings(document, reading.surroundings()));
    }
}
