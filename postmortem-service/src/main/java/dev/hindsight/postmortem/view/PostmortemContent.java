package dev.hindsight.postmortem.view;

import dev.hindsight.eventstore.Loaded;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Postmortem;
import dev.hindsight.postmortem.domain.Postmortem.Draft;
import dev.hindsight.postmortem.domain.Postmortem.InReview;
import dev.hindsight.postmortem.domain.Postmortem.None;
import dev.hindsight.postmortem.domain.Postmortem.Public;
import dev.hindsight.postmortem.domain.Postmortem.Review;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a postmortem's own stream says, as it stands in the view's row and in every answer.
 *
 * @param review null while it is a draft
 * @param publishedAt null unless it is published now
 */
public record PostmortemContent(
        UUID id,
        long version,
        PostmortemStatus status,
        Document document,
        @Nullable Review review,
        @Nullable Instant publishedAt) {

    /** Of a stream that has a draft. */
    public static PostmortemContent of(Loaded<Postmortem> loaded) {
        return switch (loaded.state()) {
            case None none -> throw new IllegalStateException("there is no draft in " + loaded.streamId());
            case Draft(Document document) ->
                new PostmortemContent(
                        loaded.streamId(), loaded.version(), PostmortemStatus.DRAFT, document, null, null);
            case InReview(Document document, Review review) ->
                new PostmortemContent(
                        loaded.streamId(), loaded.version(), PostmortemStatus.IN_REVIEW, document, review, null);
            case Public(Document document, Review review, Instant publishedAt) ->
                new PostmortemContent(
                        loaded.streamId(), loaded.version(), PostmortemStatus.PUBLISHED, document, review, publishedAt);
        };
    }

    /** Ids of the people that it names. */
    public Set<UUID> people() {
        Set<UUID> people = new HashSet<>();
        if (document.owner() != null) {
            people.add(document.owner());
        }
        document.sections().forEach(section -> PeopleQuery.addPerson(people, section.writtenBy()));
        if (document.waiver() != null) {
            PeopleQuery.addPerson(people, document.waiver().by());
        }
        if (review != null) {
            people.addAll(review.reviewers());
            review.approvals().forEach(approval -> people.add(approval.reviewer()));
        }
        return people;
    }
}
