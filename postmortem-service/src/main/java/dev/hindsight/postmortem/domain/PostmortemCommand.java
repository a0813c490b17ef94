package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.FactorCategory;
import dev.hindsight.contract.PostmortemSection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of a postmortem. */
public sealed interface PostmortemCommand {

    /**
     * Open the draft, or bring what was opened up to date with facts that arrived later. Safe to repeat: without news it
     * changes nothing.
     *
     * @param owner the incident commander, else the acknowledger, else nobody; never replaces an owner that a person chose
     * @param resolvedAt the incident's resolution
     */
    record OpenDraft(UUID incidentId, @Nullable UUID owner, Instant resolvedAt, Requirement requirement)
            implements PostmortemCommand {}

    /**
     * Say anew whether a draft is due, as its incident is no longer over: the duty is withdrawn. Safe to repeat; without a
     * draft it changes nothing.
     */
    record DecideRequirement(Requirement requirement) implements PostmortemCommand {}

    /** Make this person drive the document; null: nobody. */
    record AssignOwner(@Nullable UUID owner) implements PostmortemCommand {}

    /** Give a section this text (CommonMark). Whether the writer saw the newest revision is judged by the handler. */
    record WriteSection(PostmortemSection section, String text) implements PostmortemCommand {}

    /**
     * Name a condition that made the incident possible.
     *
     * @param key of the taxonomy; null for free text alone, and for {@link FactorCategory#UNKNOWN}
     */
    record AddFactor(
            UUID factorId,
            FactorCategory category,
            @Nullable String key,
            String text) implements PostmortemCommand {}

    /** Say why the factor was there: one more "because" below the last one. */
    record AddWhy(UUID factorId, String text) implements PostmortemCommand {}

    /** The condition turned out to be none. */
    record RemoveFactor(UUID factorId) implements PostmortemCommand {}

    /**
     * Give the draft to others to read.
     *
     * @param meetingAt null for a review in writing
     */
    record StartReview(List<UUID> reviewers, @Nullable Instant meetingAt) implements PostmortemCommand {
        public StartReview {
            reviewers = List.copyOf(reviewers);
        }
    }

    /** Agree with publication. */
    record Approve(UUID reviewer) implements PostmortemCommand {}

    /**
     * Let everybody read it.
     *
     * @param at when it is published
     * @param surroundings what stands outside the document and is part of the gate
     */
    record Publish(Instant at, Surroundings surroundings) implements PostmortemCommand {}

    /** Work on a published document again. */
    record Reopen(String reason) implements PostmortemCommand {}

    /** Release the incident's people from the duty to write one. */
    record Waive(String reason) implements PostmortemCommand {}
}
