package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.FactorCategory;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.PostmortemEvent.Approved;
import dev.hindsight.contract.PostmortemEvent.Drafted;
import dev.hindsight.contract.PostmortemEvent.FactorAdded;
import dev.hindsight.contract.PostmortemEvent.FactorRemoved;
import dev.hindsight.contract.PostmortemEvent.OwnerAssigned;
import dev.hindsight.contract.PostmortemEvent.Published;
import dev.hindsight.contract.PostmortemEvent.Reopened;
import dev.hindsight.contract.PostmortemEvent.RequirementDecided;
import dev.hindsight.contract.PostmortemEvent.ReviewStarted;
import dev.hindsight.contract.PostmortemEvent.SectionWritten;
import dev.hindsight.contract.PostmortemEvent.Waived;
import dev.hindsight.contract.PostmortemEvent.WhyAdded;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.contract.refusal.Refused.Reason;
import dev.hindsight.postmortem.domain.Document.Factor;
import dev.hindsight.postmortem.domain.Document.Section;
import dev.hindsight.postmortem.domain.Document.Waiver;
import dev.hindsight.postmortem.domain.PostmortemCommand.AddFactor;
import dev.hindsight.postmortem.domain.PostmortemCommand.AddWhy;
import dev.hindsight.postmortem.domain.PostmortemCommand.Approve;
import dev.hindsight.postmortem.domain.PostmortemCommand.AssignOwner;
import dev.hindsight.postmortem.domain.PostmortemCommand.DecideRequirement;
import dev.hindsight.postmortem.domain.PostmortemCommand.OpenDraft;
import dev.hindsight.postmortem.domain.PostmortemCommand.Publish;
import dev.hindsight.postmortem.domain.PostmortemCommand.RemoveFactor;
import dev.hindsight.postmortem.domain.PostmortemCommand.Reopen;
import dev.hindsight.postmortem.domain.PostmortemCommand.StartReview;
import dev.hindsight.postmortem.domain.PostmortemCommand.Waive;
import dev.hindsight.postmortem.domain.PostmortemCommand.WriteSection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A postmortem: {@code DRAFT → IN_REVIEW → PUBLISHED}, and back to work by reopening. {@link #decide} answers a command
 * with the events that follow from it, or throws {@link Refused} (a rule forbids it now) or {@link Invalid} (it could
 * never be right).
 */
public sealed interface Postmortem {

    /** There is none yet. */
    record None() implements Postmortem {}

    /** It is being written. */
    record Draft(Document document) implements Postmortem {}

    /** Others read it and agree, or not. */
    record InReview(Document document, Review review) implements Postmortem {}

    /** Everybody may read it, and nothing of it changes. */
    record Public(Document document, Review review, Instant publishedAt) implements Postmortem {}

    /**
     * The review, in a meeting or in writing.
     *
     * @param meetingAt null for a review in writing
     * @param approvals of the document as it stands: a later change of it takes them away
     * @param changedSinceApproved somebody had approved what has been changed since
     */
    record Review(
            Instant startedAt,
            List<UUID> reviewers,
            @Nullable Instant meetingAt,
            List<Approval> approvals,
            boolean changedSinceApproved) {

        public Review {
            reviewers = List.copyOf(reviewers);
            approvals = List.copyOf(approvals);
        }

        boolean approvedBy(UUID reviewer) {
            return approvals.stream().anyMatch(approval -> approval.reviewer().equals(reviewer));
        }

        Review approvedBy(UUID reviewer, Instant at) {
            List<Approval> more = new ArrayList<>(approvals);
            more.add(new Approval(reviewer, at));
            return new Review(startedAt, reviewers, meetingAt, more, false);
        }

        /** Nobody has approved what has just been changed. */
        Review changed() {
            return new Review(startedAt, reviewers, meetingAt, List.of(), changedSinceApproved || !approvals.isEmpty());
        }
    }

    /** One reviewer's consent. */
    record Approval(UUID reviewer, Instant at) {}

    /** What follows from a command. */
    static List<PostmortemEvent> decide(Postmortem state, PostmortemCommand command) {
        return switch (command) {
            case OpenDraft open -> open(state, open);
            case DecideRequirement(Requirement requirement) -> decideRequirement(documentOf(state), requirement);
            case AssignOwner(UUID owner) -> {
                Document document = inWork(state);
                yield document.ownerChosen() && Objects.equals(document.owner(), owner)
                        ? List.of()
                        : List.of(new OwnerAssigned(document.incidentId(), owner));
            }
            case WriteSection(var section, String text) -> {
                Document document = inWork(state);
                int revision = document.revisionOf(section);
                yield document.section(section)
                                .filter(now -> now.text().equals(text))
                                .isPresent()
                        ? List.of()
                        : List.of(new SectionWritten(document.incidentId(), section, revision + 1, text));
            }
            case AddFactor add -> addFactor(inWork(state), add);
            case AddWhy(UUID factorId, String text) -> {
                Document document = inWork(state);
                Factor factor = factor(document, factorId);
                yield List.of(new WhyAdded(
                        document.incidentId(), factorId, factor.whys().size() + 1, text));
            }
            case RemoveFactor(UUID factorId) -> {
                Document document = inWork(state);
                yield List.of(new FactorRemoved(
                        document.incidentId(), factor(document, factorId).id()));
            }
            case StartReview(List<UUID> reviewers, Instant meetingAt) ->
                switch (state) {
                    case Draft(Document document) ->
                        List.of(new ReviewStarted(document.incidentId(), reviewers, meetingAt));
                    case InReview ignored -> throw Refused.because("ALREADY_IN_REVIEW", "It is in review already.");
                    case None none -> throw noDraft();
                    case Public published -> throw published();
                };
            case Approve(UUID reviewer) ->
                switch (state) {
                    case InReview(Document document, Review review) ->
                        review.approvedBy(reviewer)
                                ? List.of()
                                : List.of(new Approved(document.incidentId(), reviewer));
                    case Draft draft ->
                        throw Refused.because("NOT_IN_REVIEW", "It is a draft; start the review first.");
                    case None none -> throw noDraft();
                    case Public published -> throw published();
                };
            case Publish publish -> publish(state, publish);
            case Reopen(String reason) ->
                switch (state) {
                    case Public(Document document, Review review, Instant at) ->
                        List.of(new Reopened(document.incidentId(), reason));
                    case Draft draft -> throw notPublished();
                    case InReview review -> throw notPublished();
                    case None none -> throw noDraft();
                };
            case Waive(String reason) -> waive(state, reason);
        };
    }

    /** The state after one more fact. */
    static Postmortem evolve(Postmortem state, Recorded<PostmortemEvent> fact) {
        EventHeader header = fact.header();
        return switch (fact.event()) {
            case Drafted drafted ->
                new Draft(new Document(
                        drafted.incidentId(),
                        drafted.owner(),
                        false,
                        header.occurredAt(),
                        drafted.resolvedAt(),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        0,
                        header.occurredAt()));
            case RequirementDecided decided -> with(state, document -> document.requiredAs(Requirement.of(decided)));
            case Waived waived ->
                with(
                        state,
                        document ->
                                document.waivedBy(new Waiver(waived.reason(), header.occurredAt(), header.actor())));
            case OwnerAssigned assigned ->
                with(
                        state,
                        document -> document.ownedBy(
                                assigned.owner(), !header.actor().equals(EventHeader.HINDSIGHT)));
            case SectionWritten written ->
                changed(
                        state,
                        header.occurredAt(),
                        document -> document.with(new Section(
                                written.section(),
                                written.revision(),
                                written.text(),
                                header.occurredAt(),
                                header.actor())));
            case FactorAdded added ->
                changed(
                        state,
                        header.occurredAt(),
                        document -> document.withFactors(factors -> {
                            factors.add(new Factor(
                                    added.factorId(), added.category(), added.key(), added.text(), List.of()));
                            return factors;
                        }));
            case WhyAdded why ->
                changed(
                        state,
                        header.occurredAt(),
                        document -> document.withFactors(factors -> {
                            factors.replaceAll(
                                    factor -> factor.id().equals(why.factorId()) ? factor.because(why.text()) : factor);
                            return factors;
                        }));
            case FactorRemoved removed ->
                changed(
                        state,
                        header.occurredAt(),
                        document -> document.withFactors(factors -> {
                            factors.removeIf(factor -> factor.id().equals(removed.factorId()));
                            return factors;
                        }));
            case ReviewStarted started ->
                documentOf(state) instanceof Document document
                        ? new InReview(
                                document.touched(header.occurredAt()),
                                new Review(
                                        header.occurredAt(),
                                        started.reviewers(),
                                        started.meetingAt(),
                                        List.of(),
                                        false))
                        : state;
            case Approved approved ->
                state instanceof InReview(Document document, Review review)
                        ? new InReview(
                                document.touched(header.occurredAt()),
                                review.approvedBy(approved.reviewer(), header.occurredAt()))
                        : state;
            case Published published ->
                state instanceof InReview(Document document, Review review)
                        ? new Public(document.publishedAs(published.revision()), review, header.occurredAt())
                        : state;
            case Reopened reopened ->
                state instanceof Public(Document document, Review review, Instant at)
                        ? new Draft(document.touched(header.occurredAt()))
                        : state;
        };
    }

    /** What is written, in whatever status; null where there is no postmortem. */
    static @Nullable Document documentOf(Postmortem state) {
        return switch (state) {
            case None none -> null;
            case Draft(Document document) -> document;
            case InReview(Document document, Review review) -> document;
            case Public(Document document, Review review, Instant at) -> document;
        };
    }

    private static List<PostmortemEvent> open(Postmortem state, OpenDraft open) {
        Document document = documentOf(state);
        if (document == null) {
            return List.of(
                    new Drafted(open.incidentId(), open.owner(), open.resolvedAt()),
                    open.requirement().decidedFor(open.incidentId()));
        }
        List<PostmortemEvent> news = new ArrayList<>();
        if (state instanceof Draft
                && !document.ownerChosen()
                && open.owner() != null
                && !open.owner().equals(document.owner())) {
            news.add(new OwnerAssigned(open.incidentId(), open.owner()));
        }
        news.addAll(decideRequirement(document, open.requirement()));
        return news;
    }

    private static List<PostmortemEvent> decideRequirement(@Nullable Document document, Requirement requirement) {
        return document == null || requirement.equals(document.requirement())
                ? List.of()
                : List.of(requirement.decidedFor(document.incidentId()));
    }

    private static List<PostmortemEvent> addFactor(Document document, AddFactor add) {
        String key = add.key();
        if (add.category() == FactorCategory.UNKNOWN && key != null) {
            throw Invalid.field("key", "UNKNOWN_HAS_NO_KEY", "A factor that is unknown has no key; leave it out.");
        }
        if (key != null && document.factors().stream().anyMatch(factor -> key.equals(factor.key()))) {
            throw Refused.because("FACTOR_NAMED_ALREADY", "The factor " + key + " is in the document already.");
        }
        return List.of(new FactorAdded(document.incidentId(), add.factorId(), add.category(), key, add.text()));
    }

    private static List<PostmortemEvent> publish(Postmortem state, Publish publish) {
        if (state instanceof Public) {
            throw published();
        }
        List<Reason> reasons = PublicationPolicy.reasonsAgainst(state, publish.at(), publish.surroundings());
        if (!reasons.isEmpty()) {
            throw new Refused(reasons);
        }
        Document document = inWork(state);
        Instant resolution = PublicationPolicy.resolutionBefore(document, publish.surroundings());
        return List.of(new Published(
                document.incidentId(),
                document.publishedRevisions() + 1,
                document.factors().stream()
                        .filter(factor -> factor.category() != FactorCategory.UNKNOWN)
                        .<String>mapMulti((factor, keys) -> {
                            if (factor.key() != null) {
                                keys.accept(factor.key());
                            }
                        })
                        .toList(),
                Duration.between(resolution, publish.at()).toMillis() / 3_600_000.0));
    }

    private static List<PostmortemEvent> waive(Postmortem state, String reason) {
        Document document = inWork(state);
        if (document.requirement() == null || !document.requirement().duty()) {
            throw Refused.because(
                    "NO_DUTY", "Nobody is obliged to write this postmortem, so there is nothing to waive.");
        }
        if (document.waiver() != null) {
            throw Refused.because("ALREADY_WAIVED", "The duty has been waived already.");
        }
        return List.of(new Waived(document.incidentId(), reason));
    }

    private static Document inWork(Postmortem state) {
        return switch (state) {
            case Draft(Document document) -> document;
            case InReview(Document document, Review review) -> document;
            case Public published -> throw published();
            case None none -> throw noDraft();
        };
    }

    private static Factor factor(Document document, UUID factorId) {
        return document.factor(factorId)
                .orElseThrow(() -> Refused.because("FACTOR_UNKNOWN", "The document has no factor " + factorId + "."));
    }

    /** What the reviewers have read is another text now, so their approval no longer counts. */
    private static Postmortem changed(Postmortem state, Instant at, UnaryOperator<Document> change) {
        Postmortem changed = with(state, document -> change.apply(document).touched(at));
        return changed instanceof InReview(Document document, Review review)
                ? new InReview(document, review.changed())
                : changed;
    }

    private static Postmortem with(Postmortem state, UnaryOperator<Document> change) {
        return switch (state) {
            case None none -> none;
            case Draft(Document document) -> new Draft(change.apply(document));
            case InReview(Document document, Review review) -> new InReview(change.apply(document), review);
            case Public(Document document, Review review, Instant at) -> new Public(change.apply(document), review, at);
        };
    }

    private static Refused noDraft() {
        return Refused.because("NO_DRAFT", "There is no draft; it opens when the incident is resolved.");
    }

    private static Refused published() {
        return Refused.because(
                "ALREADY_PUBLISHED", "It is published, and a published revision never changes; reopen it first.");
    }

    private static Refused notPublished() {
        return Refused.because("NOT_PUBLISHED", "It is not published, so it can be worked on as it is.");
    }
}
