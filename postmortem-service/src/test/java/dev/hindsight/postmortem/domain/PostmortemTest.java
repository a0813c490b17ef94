package dev.hindsight.postmortem.domain;

import static dev.hindsight.postmortem.domain.PostmortemSpec.AT;
import static dev.hindsight.postmortem.domain.PostmortemSpec.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Type;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.FactorCategory;
import dev.hindsight.contract.Impact;
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
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.contract.RequirementAnswer;
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
import dev.hindsight.postmortem.domain.Surroundings.FollowUp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PostmortemTest {

    private static final UUID INCIDENT = new UUID(0, 42);
    private static final UUID MIRA = new UUID(0, 7);
    private static final UUID TOMASZ = new UUID(0, 8);
    private static final UUID FACTOR = new UUID(0, 100);
    private static final Instant RESOLVED = AT.minusSeconds(3600);
    private static final Requirement DUE = requirement(true);
    private static final Requirement OPTIONAL = requirement(false);

    private static final Drafted DRAFTED = new Drafted(INCIDENT, MIRA, RESOLVED);
    private static final RequirementDecided DECIDED = DUE.decidedFor(INCIDENT);
    private static final SectionWritten SUMMARY =
            new SectionWritten(INCIDENT, PostmortemSection.SUMMARY, 1, "It broke, and we mended it.");
    private static final FactorAdded LOAD_TEST =
            new FactorAdded(INCIDENT, FACTOR, FactorCategory.PROCESS, "load-test-too-small", "Too small a load test.");
    private static final ReviewStarted IN_REVIEW = new ReviewStarted(INCIDENT, List.of(), null);
    private static final Approved APPROVED = new Approved(INCIDENT, TOMASZ);
    private static final Published PUBLISHED = new Published(INCIDENT, 1, List.of("load-test-too-small"), 1.0);
    private static final Impact NUMBERS = new Impact(1840L, null, null, null, null, null, null, null);
    private static final Surroundings ALL_WELL = new Surroundings(NUMBERS, RESOLVED, List.of());

    @Test
    void aResolvedIncidentGetsADraftWithItsRequirement() {
        given().when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE)).then(DRAFTED, DECIDED);
    }

    @Test
    void theSameResolutionAgainChangesNothing() {
        given(DRAFTED, DECIDED)
                .when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE))
                .thenNothing();
    }

    @Test
    void factsThatArriveLaterDecideTheRequirementAnew() {
        given(DRAFTED, OPTIONAL.decidedFor(INCIDENT))
                .when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE))
                .then(DECIDED);
    }

    @Test
    void anAcknowledgementThatArrivesLaterGivesTheDraftAnOwner() {
        given(new Drafted(INCIDENT, null, RESOLVED), DECIDED)
                .when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE))
                .then(new OwnerAssigned(INCIDENT, MIRA));
    }

    @Test
    void anOwnerThatAPersonChoseStays() {
        given(DRAFTED, DECIDED)
                .byAPerson(new OwnerAssigned(INCIDENT, TOMASZ))
                .when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE))
                .thenNothing();
    }

    @Test
    void thatNobodyShallOwnItIsAChoiceToo() {
        given(DRAFTED, DECIDED)
                .byAPerson(new OwnerAssigned(INCIDENT, null))
                .when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE))
                .thenNothing();
    }

    @Test
    void aSectionCountsItsRevisions() {
        given(DRAFTED, DECIDED, SUMMARY)
                .when(new WriteSection(PostmortemSection.SUMMARY, "Better."))
                .then(new SectionWritten(INCIDENT, PostmortemSection.SUMMARY, 2, "Better."));
    }

    @Test
    void theSameTextAgainIsNoNewRevision() {
        given(DRAFTED, DECIDED, SUMMARY)
                .when(new WriteSection(PostmortemSection.SUMMARY, SUMMARY.text()))
                .thenNothing();
    }

    @Test
    void nothingIsWrittenBeforeThereIsADraft() {
        given().when(new WriteSection(PostmortemSection.SUMMARY, "Too early.")).thenRefused("NO_DRAFT");
    }

    @Test
    void aPublishedRevisionNeverChanges() {
        PostmortemEvent[] published = {DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED, PUBLISHED};
        List.of(
                        new WriteSection(PostmortemSection.RISKS, "More."),
                        new AssignOwner(TOMASZ),
                        new AddWhy(FACTOR, "More."),
                        new RemoveFactor(FACTOR),
                        new StartReview(List.of(), null),
                        new Approve(MIRA),
                        new Publish(AT, ALL_WELL),
                        new Waive("Late."))
                .forEach(command -> given(published).when(command).thenRefused("ALREADY_PUBLISHED"));
    }

    @Test
    void aFactorIsNamedOnce() {
        given(DRAFTED, DECIDED, LOAD_TEST)
                .when(new AddFactor(new UUID(0, 101), FactorCategory.PROCESS, "load-test-too-small", "Again."))
                .thenRefused("FACTOR_NAMED_ALREADY");
    }

    @Test
    void anUnknownFactorHasNoKey() {
        given(DRAFTED, DECIDED)
                .when(new AddFactor(FACTOR, FactorCategory.UNKNOWN, "dns", "Unknown."))
                .thenInvalid("key", "UNKNOWN_HAS_NO_KEY");
    }

    @Test
    void whysFormAChain() {
        given(DRAFTED, DECIDED, LOAD_TEST, new WhyAdded(INCIDENT, FACTOR, 1, "Nobody sized it."))
                .when(new AddWhy(FACTOR, "There is no standard."))
                .then(new WhyAdded(INCIDENT, FACTOR, 2, "There is no standard."));
    }

    @Test
    void aRemovedFactorIsGone() {
        given(DRAFTED, DECIDED, LOAD_TEST, new FactorRemoved(INCIDENT, FACTOR))
                .when(new RemoveFactor(FACTOR))
                .thenRefused("FACTOR_UNKNOWN");
    }

    @Test
    void theReviewStartsOnce() {
        given(DRAFTED, DECIDED, IN_REVIEW)
                .when(new StartReview(List.of(TOMASZ), null))
                .thenRefused("ALREADY_IN_REVIEW");
    }

    @Test
    void aDraftCannotBeApproved() {
        given(DRAFTED, DECIDED).when(new Approve(TOMASZ)).thenRefused("NOT_IN_REVIEW");
    }

    @Test
    void theSameReviewerApprovesOnce() {
        given(DRAFTED, DECIDED, IN_REVIEW, APPROVED).when(new Approve(TOMASZ)).thenNothing();
    }

    @Test
    void aCompleteAndApprovedDocumentIsPublished() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .when(new Publish(AT, ALL_WELL))
                .then(PUBLISHED);
    }

    @Test
    void everyReasonAgainstPublicationIsNamedAtOnce() {
        FollowUp vague = item(ActionItemStatus.PROPOSED, false, null, finding());
        given(
                        new Drafted(INCIDENT, null, RESOLVED),
                        DECIDED,
                        new FactorAdded(INCIDENT, FACTOR, FactorCategory.UNKNOWN, null, "Unknown."))
                .when(new Publish(AT, new Surroundings(Impact.NONE, RESOLVED, List.of(vague))))
                .thenRefused(
                        "NOT_IN_REVIEW",
                        "OWNER_MISSING",
                        "SUMMARY_MISSING",
                        "IMPACT_MISSING",
                        "INVESTIGATION_MISSING",
                        "ITEM_BELOW_BAR");
    }

    @Test
    void aReviewWithoutApprovalAndADocumentWithoutFactorsAreReasonsToo() {
        given(DRAFTED, DECIDED, SUMMARY, IN_REVIEW)
                .when(new Publish(AT, ALL_WELL))
                .thenRefused("NOT_APPROVED", "FACTOR_MISSING");
    }

    @Test
    void impactInWordsIsEnough() {
        given(
                        DRAFTED,
                        DECIDED,
                        SUMMARY,
                        LOAD_TEST,
                        new SectionWritten(INCIDENT, PostmortemSection.CUSTOMER_IMPACT, 1, "Nobody could pay."),
                        IN_REVIEW,
                        APPROVED)
                .when(new Publish(AT, new Surroundings(Impact.NONE, RESOLVED, List.of())))
                .then(PUBLISHED);
    }

    @Test
    void anUnknownFactorIsPublishedWithAnInvestigationThatHasADate() {
        FollowUp investigation = item(ActionItemStatus.ACCEPTED, true, LocalDate.of(2026, 6, 1));
        given(
                        DRAFTED,
                        DECIDED,
                        SUMMARY,
                        new FactorAdded(INCIDENT, FACTOR, FactorCategory.UNKNOWN, null, "Unknown."),
                        IN_REVIEW,
                        APPROVED)
                .when(new Publish(AT, new Surroundings(NUMBERS, RESOLVED, List.of(investigation))))
                .then(new Published(INCIDENT, 1, List.of(), 1.0));
    }

    @Test
    void aCanceledItemNeitherInvestigatesNorHoldsUp() {
        FollowUp canceled = item(ActionItemStatus.CANCELED, true, LocalDate.of(2026, 6, 1), finding());
        given(
                        DRAFTED,
                        DECIDED,
                        SUMMARY,
                        new FactorAdded(INCIDENT, FACTOR, FactorCategory.UNKNOWN, null, "Unknown."),
                        IN_REVIEW,
                        APPROVED)
                .when(new Publish(AT, new Surroundings(NUMBERS, RESOLVED, List.of(canceled))))
                .thenRefused("INVESTIGATION_MISSING");
    }

    @Test
    void hoursToPublicationRunFromTheLastResolution() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .when(new Publish(AT, new Surroundings(NUMBERS, AT.minusSeconds(1800), List.of())))
                .then(new Published(INCIDENT, 1, List.of("load-test-too-small"), 0.5));
    }

    @Test
    void aReopenedOneIsADraftAndItsNextPublicationANewRevision() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED, PUBLISHED)
                .when(new Reopen("New facts."))
                .then(new Reopened(INCIDENT, "New facts."));
        given(
                        DRAFTED,
                        DECIDED,
                        SUMMARY,
                        LOAD_TEST,
                        IN_REVIEW,
                        APPROVED,
                        PUBLISHED,
                        new Reopened(INCIDENT, "New facts."),
                        IN_REVIEW,
                        APPROVED)
                .when(new Publish(AT, ALL_WELL))
                .then(new Published(INCIDENT, 2, List.of("load-test-too-small"), 1.0));
    }

    @Test
    void onlyAPublishedOneIsReopened() {
        given(DRAFTED, DECIDED).when(new Reopen("Why not.")).thenRefused("NOT_PUBLISHED");
    }

    @Test
    void aDutyIsWaivedOnceAndWithAReason() {
        given(DRAFTED, DECIDED).when(new Waive("Known cause.")).then(new Waived(INCIDENT, "Known cause."));
        given(DRAFTED, DECIDED, new Waived(INCIDENT, "Known cause."))
                .when(new Waive("Again."))
                .thenRefused("ALREADY_WAIVED");
    }

    @Test
    void aPublicationCannotBeDatedBeforeTheLastChangeOrTheReview() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .when(new Publish(AT.minusMillis(1), ALL_WELL))
                .thenRefused("OUT_OF_ORDER");
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST)
                .at(AT.plusSeconds(60), IN_REVIEW)
                .at(AT.plusSeconds(30), APPROVED)
                .when(new Publish(AT.plusSeconds(59), ALL_WELL))
                .thenRefused("OUT_OF_ORDER");
        given(DRAFTED, DECIDED, SUMMARY)
                .at(AT.plusSeconds(60), LOAD_TEST)
                .byAPerson(IN_REVIEW, APPROVED)
                .when(new Publish(AT.plusSeconds(59), ALL_WELL))
                .thenRefused("OUT_OF_ORDER");
    }

    @Test
    void aPublicationCannotBeDatedBeforeTheResolutionSoItsHoursAreNeverNegative() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .when(new Publish(AT, new Surroundings(NUMBERS, AT.plusSeconds(1), List.of())))
                .thenRefused("OUT_OF_ORDER");
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .when(new Publish(AT, new Surroundings(NUMBERS, AT, List.of())))
                .then(new Published(INCIDENT, 1, List.of("load-test-too-small"), 0));
    }

    @Test
    void aReopenedOneIsNotPublishedAgainBeforeItWasReopened() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED, PUBLISHED)
                .at(AT.plusSeconds(60), new Reopened(INCIDENT, "New facts."))
                .byAPerson(IN_REVIEW, APPROVED)
                .when(new Publish(AT.plusSeconds(1), ALL_WELL))
                .thenRefused("OUT_OF_ORDER");
    }

    @Test
    void whatIsChangedInReviewMustBeApprovedAgain() {
        List.of(
                        new SectionWritten(INCIDENT, PostmortemSection.SUMMARY, 2, "Another story."),
                        new FactorAdded(INCIDENT, new UUID(0, 101), FactorCategory.TOOLING, null, "One more."),
                        new WhyAdded(INCIDENT, FACTOR, 1, "Nobody sized it."))
                .forEach(change -> {
                    given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                            .byAPerson(change)
                            .when(new Publish(AT, ALL_WELL))
                            .thenRefusedSaying("NOT_APPROVED", "changed since it was approved");
                    given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                            .byAPerson(change)
                            .when(new Approve(TOMASZ))
                            .then(APPROVED);
                    given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                            .byAPerson(change, APPROVED)
                            .when(new Publish(AT, ALL_WELL))
                            .then(PUBLISHED);
                });
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .byAPerson(new FactorRemoved(INCIDENT, FACTOR))
                .when(new Publish(AT, ALL_WELL))
                .thenRefused("NOT_APPROVED", "FACTOR_MISSING");
    }

    @Test
    void whatNobodyHasReadIsNoReasonToApproveAgain() {
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW, APPROVED)
                .byAPerson(new OwnerAssigned(INCIDENT, TOMASZ), OPTIONAL.decidedFor(INCIDENT))
                .when(new Publish(AT, ALL_WELL))
                .then(PUBLISHED);
        given(DRAFTED, DECIDED, SUMMARY, LOAD_TEST, IN_REVIEW)
                .byAPerson(new WhyAdded(INCIDENT, FACTOR, 1, "Nobody sized it."))
                .when(new Publish(AT, ALL_WELL))
                .thenRefusedSaying("NOT_APPROVED", "No reviewer");
    }

    @Test
    void aDutyIsWithdrawnAndComesBack() {
        given(DRAFTED, DECIDED).when(new DecideRequirement(OPTIONAL)).then(OPTIONAL.decidedFor(INCIDENT));
        given(DRAFTED, OPTIONAL.decidedFor(INCIDENT))
                .when(new DecideRequirement(OPTIONAL))
                .thenNothing();
        given().when(new DecideRequirement(OPTIONAL)).thenNothing();
        given(DRAFTED, OPTIONAL.decidedFor(INCIDENT))
                .when(new OpenDraft(INCIDENT, MIRA, RESOLVED, DUE))
                .then(DECIDED);
    }

    @Test
    void adviceAsksWhatWentWellAndForBothKindsOfItems() {
        Document silent =
                Postmortem.documentOf(given(DRAFTED, DECIDED, LOAD_TEST).state());
        Document praising = Postmortem.documentOf(given(
                        DRAFTED,
                        DECIDED,
                        LOAD_TEST,
                        new SectionWritten(INCIDENT, PostmortemSection.WENT_WELL, 1, "The alert came at once."))
                .state());
        FollowUp mitigative = typed(Type.MITIGATIVE);
        FollowUp preventative = typed(Type.PREVENTATIVE);
        assertThat(codes(silent, mitigative, preventative)).containsExactly("WENT_WELL_EMPTY", "FACTOR_COUNT");
        assertThat(codes(praising, mitigative, preventative)).containsExactly("FACTOR_COUNT");
        assertThat(codes(praising, mitigative, mitigative)).containsExactly("FACTOR_COUNT", "ONLY_MITIGATIVE");
        assertThat(codes(praising, preventative)).containsExactly("FACTOR_COUNT", "ONLY_PREVENTATIVE");
        assertThat(codes(praising, mitigative, typed(Type.INVESTIGATIVE))).containsExactly("FACTOR_COUNT");
    }

    private static List<String> codes(Document document, FollowUp... items) {
        return AdvicePolicy.warnings(document, new Surroundings(NUMBERS, RESOLVED, List.of(items))).stream()
                .map(AdvicePolicy.Warning::code)
                .toList();
    }

    private static FollowUp typed(Type type) {
        return new FollowUp("ACT-1", "Title", ActionItemStatus.ACCEPTED, type, Category.DETECTION, null, List.of());
    }

    @Test
    void whereNobodyIsObligedThereIsNothingToWaive() {
        given(DRAFTED, OPTIONAL.decidedFor(INCIDENT)).when(new Waive("Why.")).thenRefused("NO_DUTY");
    }

    @Test
    void adviceNamesTooManyItemsAndMissingBalance() {
        Document document =
                Postmortem.documentOf(given(DRAFTED, DECIDED, LOAD_TEST).state());
        FollowUp guardrail = item(ActionItemStatus.ACCEPTED, false, null);
        assertThat(AdvicePolicy.warnings(
                        document,
                        new Surroundings(NUMBERS, RESOLVED, List.of(guardrail, guardrail, guardrail, guardrail))))
                .extracting(AdvicePolicy.Warning::code)
                .containsExactly("WENT_WELL_EMPTY", "FACTOR_COUNT", "MANY_ACTION_ITEMS", "ONLY_GUARDRAILS");
        assertThat(AdvicePolicy.warnings(document, ALL_WELL))
                .extracting(AdvicePolicy.Warning::code)
                .containsExactly("WENT_WELL_EMPTY", "FACTOR_COUNT", "NO_ACTION_ITEM");
    }

    private static FollowUp item(
            ActionItemStatus status, boolean investigative, LocalDate dueDate, QualityFinding... findings) {
        return new FollowUp(
                "ACT-1",
                "Title",
                status,
                investigative ? Type.INVESTIGATIVE : null,
                Category.GUARDRAIL,
                dueDate,
                List.of(findings));
    }

    private static QualityFinding finding() {
        return new QualityFinding("OWNER_MISSING", "owner", "It has no owner.", "Name one person.");
    }

    private static Requirement requirement(boolean duty) {
        return new Requirement(
                duty ? RequirementAnswer.REQUIRED : RequirementAnswer.OPTIONAL,
                List.of(),
                1,
                duty,
                duty ? "It is required." : "It is optional.",
                duty ? RESOLVED.plusSeconds(48 * 3600) : null,
                null);
    }
}
