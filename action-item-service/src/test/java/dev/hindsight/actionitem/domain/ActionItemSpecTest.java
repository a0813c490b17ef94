package dev.hindsight.actionitem.domain;

import static dev.hindsight.actionitem.domain.Items.BARE;
import static dev.hindsight.actionitem.domain.Items.FRIDAY;
import static dev.hindsight.actionitem.domain.Items.GOOD;
import static dev.hindsight.actionitem.domain.Items.INCIDENT;
import static dev.hindsight.actionitem.domain.Items.MONDAY;
import static dev.hindsight.actionitem.domain.Items.POSTMORTEM;
import static dev.hindsight.actionitem.domain.Items.THURSDAY;
import static dev.hindsight.actionitem.domain.Items.TUESDAY;
import static dev.hindsight.actionitem.domain.Items.WEDNESDAY;
import static dev.hindsight.actionitem.domain.Items.ownedBySarah;
import static dev.hindsight.actionitem.domain.Items.proposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hindsight.actionitem.domain.ActionItemCommand.AcceptActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.CancelActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.CompleteActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.ProposeActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.ReviseActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.StartActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.VerifyActionItem;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemEvent.Accepted;
import dev.hindsight.contract.ActionItemEvent.Canceled;
import dev.hindsight.contract.ActionItemEvent.Completed;
import dev.hindsight.contract.ActionItemEvent.Proposed;
import dev.hindsight.contract.ActionItemEvent.Revised;
import dev.hindsight.contract.ActionItemEvent.Started;
import dev.hindsight.contract.ActionItemEvent.Verified;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may be done with an action item, and what follows. */
class ActionItemSpecTest {

    private static final ActionItemEvent ACCEPTED = new Accepted(INCIDENT);
    private static final ActionItemEvent STARTED = new Started(INCIDENT);
    private static final ActionItemEvent COMPLETED = new Completed(INCIDENT, "merged");
    private static final ActionItemEvent VERIFIED = new Verified(INCIDENT, "load test 4711");
    private static final ActionItemEvent CANCELED = new Canceled(INCIDENT, "endpoint retired");

    // --- the way through

    @Test
    void aProposalMayMissTheQualityBarAndSaysWhere() {
        given().when(new ProposeActionItem(INCIDENT, POSTMORTEM, "ACT-7", BARE, MONDAY))
                .then(new Proposed(INCIDENT, POSTMORTEM, "ACT-7", BARE, QualityBar.judge(BARE)));
        assertThat(QualityBar.judge(BARE)).isNotEmpty();
    }

    @Test
    void aProposalThatMeetsTheBarIsAccepted() {
        given(proposed(GOOD)).when(new AcceptActionItem(TUESDAY)).then(ACCEPTED);
    }

    @Test
    void anIncompleteProposalIsNotAcceptedAndEveryFindingIsAReason() {
        given(proposed(BARE))
                .when(new AcceptActionItem(TUESDAY))
                .refused(
                        "CHANGE_MISSING",
                        "OWNER_MISSING",
                        "DUE_DATE_MISSING",
                        "RISK_MISSING",
                        "VERIFICATION_MISSING",
                        "PRIORITY_MISSING",
                        "TYPE_MISSING",
                        "CATEGORY_MISSING");
    }

    @Test
    void anAcceptedItemIsStarted() {
        given(proposed(GOOD), ACCEPTED).when(new StartActionItem(WEDNESDAY)).then(STARTED);
    }

    @Test
    void anAcceptedItemMayBeCompletedWithoutAStart() {
        given(proposed(GOOD), ACCEPTED)
                .when(new CompleteActionItem("merged", WEDNESDAY))
                .then(COMPLETED)
                .leadsTo(ActionItemStatus.DONE);
    }

    @Test
    void aStartedItemIsCompleted() {
        given(proposed(GOOD), ACCEPTED, STARTED)
                .when(new CompleteActionItem(null, THURSDAY))
                .then(new Completed(INCIDENT, null));
    }

    @Test
    void aDoneItemIsVerifiedWithEvidence() {
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new VerifyActionItem("load test 4711", FRIDAY))
                .then(VERIFIED)
                .leadsTo(ActionItemStatus.VERIFIED);
    }

    @Test
    void anOpenItemIsCanceledWithAReason() {
        given(proposed(GOOD))
                .when(new CancelActionItem("endpoint retired", FRIDAY))
                .then(CANCELED);
        given(proposed(GOOD), ACCEPTED)
                .when(new CancelActionItem("endpoint retired", FRIDAY))
                .then(CANCELED);
        given(proposed(GOOD), ACCEPTED, STARTED)
                .when(new CancelActionItem("endpoint retired", FRIDAY))
                .then(CANCELED)
                .leadsTo(ActionItemStatus.CANCELED);
    }

    // --- revising

    @Test
    void aProposalIsRevisedToAnythingWithItsFindings() {
        given(proposed(GOOD))
                .when(new ReviseActionItem(BARE, TUESDAY))
                .then(new Revised(INCIDENT, BARE, QualityBar.judge(BARE)));
    }

    @Test
    void anAcceptedItemGetsAnotherOwner() {
        given(proposed(GOOD), ACCEPTED)
                .when(new ReviseActionItem(ownedBySarah(), WEDNESDAY))
                .then(new Revised(INCIDENT, ownedBySarah(), List.of()))
                .leadsTo(ActionItemStatus.ACCEPTED);
    }

    @Test
    void anAcceptedItemMustKeepToTheBar() {
        ActionItemDetails vague = Items.details("Improve rate limiting");
        given(proposed(GOOD), ACCEPTED)
                .when(new ReviseActionItem(vague, WEDNESDAY))
                .refused("TITLE_VAGUE");
        given(proposed(GOOD), ACCEPTED, STARTED)
                .when(new ReviseActionItem(vague, THURSDAY))
                .refused("TITLE_VAGUE");
    }

    @Test
    void aRevisionToTheSameDetailsIsNothing() {
        given(proposed(GOOD), ACCEPTED)
                .when(new ReviseActionItem(GOOD, WEDNESDAY))
                .then();
    }

    // --- what is refused

    @Test
    void workBeginsOnlyOnAnAcceptedItem() {
        given(proposed(GOOD)).when(new StartActionItem(TUESDAY)).refused("NOT_ACCEPTED");
        given(proposed(GOOD)).when(new CompleteActionItem(null, TUESDAY)).refused("NOT_ACCEPTED");
    }

    @Test
    void onlyADoneItemIsVerified() {
        given(proposed(GOOD)).when(new VerifyActionItem("seen", TUESDAY)).refused("NOT_DONE");
        given(proposed(GOOD), ACCEPTED)
                .when(new VerifyActionItem("seen", WEDNESDAY))
                .refused("NOT_DONE");
        given(proposed(GOOD), ACCEPTED, STARTED)
                .when(new VerifyActionItem("seen", THURSDAY))
                .refused("NOT_DONE");
    }

    @Test
    void nothingHappensTwice() {
        given(proposed(GOOD))
                .when(new ProposeActionItem(INCIDENT, POSTMORTEM, "ACT-8", GOOD, TUESDAY))
                .refused("ALREADY_PROPOSED");
        given(proposed(GOOD), ACCEPTED).when(new AcceptActionItem(WEDNESDAY)).refused("ALREADY_ACCEPTED");
        given(proposed(GOOD), ACCEPTED, STARTED)
                .when(new StartActionItem(THURSDAY))
                .refused("ALREADY_IN_PROGRESS");
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new CompleteActionItem(null, THURSDAY))
                .refused("ALREADY_DONE");
    }

    @Test
    void aDoneItemIsOnlyVerified() {
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new AcceptActionItem(FRIDAY))
                .refused("ALREADY_DONE");
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new StartActionItem(FRIDAY))
                .refused("ALREADY_DONE");
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new CancelActionItem("no", FRIDAY))
                .refused("ALREADY_DONE");
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new ReviseActionItem(ownedBySarah(), FRIDAY))
                .refused("ALREADY_DONE");
    }

    @Test
    void aVerifiedItemIsFinal() {
        for (ActionItemCommand command : everyStep(FRIDAY)) {
            given(proposed(GOOD), ACCEPTED, STARTED, COMPLETED, VERIFIED)
                    .when(command)
                    .refused("ALREADY_VERIFIED");
        }
    }

    @Test
    void aCanceledItemIsFinal() {
        for (ActionItemCommand command : everyStep(FRIDAY)) {
            given(proposed(GOOD), CANCELED).when(command).refused("ALREADY_CANCELED");
        }
    }

    @Test
    void whatWasNeverProposedCannotChange() {
        for (ActionItemCommand command : everyStep(FRIDAY)) {
            given().when(command).refused("NOT_PROPOSED");
        }
    }

    @Test
    void nothingHappensBeforeTheItemsLastChange() {
        given(proposed(GOOD), ACCEPTED)
                .when(new CompleteActionItem(null, MONDAY.minusSeconds(1)))
                .refused("OUT_OF_ORDER");
    }

    // --- what could not be right in any state

    @Test
    void evidenceAndReasonCannotBeBlank() {
        given(proposed(GOOD), ACCEPTED, COMPLETED)
                .when(new VerifyActionItem(" ", FRIDAY))
                .invalid("evidence", "NOT_BLANK");
        given(proposed(GOOD)).when(new CancelActionItem("", FRIDAY)).invalid("reason", "NOT_BLANK");
    }

    @Test
    void everyMalformedFieldIsBlamed() {
        ActionItemDetails malformed = new ActionItemDetails(
                " ",
                new ActionItemDetails.Change(null, "x\0", "ftp://example.com/x"),
                null,
                LocalDate.of(9999, 1, 1),
                null,
                null,
                null,
                null,
                new ActionItemDetails.Verification(null, "x".repeat(Wellformed.TEXT + 1)));
        Invalid invalid = catchThrowableOfType(
                Invalid.class,
                () -> ActionItem.decide(
                        ActionItem.NONE, new ProposeActionItem(INCIDENT, POSTMORTEM, "ACT-7", malformed, MONDAY)));
        assertThat(invalid.violations())
                .extracting(violation -> violation.field() + " " + violation.code())
                .containsExactly(
                        "title NOT_BLANK",
                        "change.kind REQUIRED",
                        "change.description INVALID_CHARACTER",
                        "change.url INVALID_URL",
                        "verification.kind REQUIRED",
                        "verification.description TOO_LONG",
                        "dueDate DATE_OUT_OF_RANGE");
    }

    @Test
    void aTitleHasAnEnd() {
        ActionItemDetails longest = Items.details("x".repeat(Wellformed.TITLE));
        given().when(new ProposeActionItem(INCIDENT, POSTMORTEM, "ACT-7", longest, MONDAY))
                .then(new Proposed(INCIDENT, POSTMORTEM, "ACT-7", longest, QualityBar.judge(longest)));
        given().when(new ProposeActionItem(
                        INCIDENT, POSTMORTEM, "ACT-7", Items.details("x".repeat(Wellformed.TITLE + 1)), MONDAY))
                .invalid("title", "TOO_LONG");
    }

    // --- the state

    @Test
    void eachStateHoldsWhenItBegan() {
        ActionItem done = fold(proposed(GOOD), ACCEPTED, STARTED, COMPLETED);
        assertThat(done).isInstanceOfSatisfying(ActionItem.Done.class, state -> {
            assertThat(state.core().createdAt()).isEqualTo(day(0));
            assertThat(state.acceptedAt()).isEqualTo(day(1));
            assertThat(state.startedAt()).isEqualTo(day(2));
            assertThat(state.completedAt()).isEqualTo(day(3));
            assertThat(state.note()).isEqualTo("merged");
        });
    }

    @Test
    void evolveTrustsHistoryWhateverItHolds() {
        List<ActionItemEvent> all = List.of(
                proposed(GOOD),
                ACCEPTED,
                STARTED,
                COMPLETED,
                VERIFIED,
                CANCELED,
                new Revised(INCIDENT, BARE, List.of()));
        for (ActionItemEvent first : all) {
            for (ActionItemEvent second : all) {
                for (ActionItemEvent third : all) {
                    assertThat(fold(first, second, third)).isNotNull();
                }
            }
        }
    }

    private static List<ActionItemCommand> everyStep(Instant at) {
        return List.of(
                new ReviseActionItem(ownedBySarah(), at),
                new AcceptActionItem(at),
                new StartActionItem(at),
                new CompleteActionItem(null, at),
                new VerifyActionItem("seen", at),
                new CancelActionItem("no", at));
    }

    // --- given, when, then

    private static Instant day(int day) {
        return MONDAY.plusSeconds(3_600L * day);
    }

    private static ActionItem fold(ActionItemEvent... events) {
        ActionItem state = ActionItem.NONE;
        for (int i = 0; i < events.length; i++) {
            state = ActionItem.evolve(state, events[i], day(i));
        }
        return state;
    }

    private static Given given(ActionItemEvent... events) {
        return new Given(fold(events));
    }

    private record Given(ActionItem state) {
        When when(ActionItemCommand command) {
            return new When(state, command);
        }
    }

    private record When(ActionItem state, ActionItemCommand command) {

        When then(ActionItemEvent... events) {
            assertThat(ActionItem.decide(state, command)).containsExactly(events);
            return this;
        }

        void leadsTo(ActionItemStatus status) {
            ActionItem after = state;
            for (ActionItemEvent event : ActionItem.decide(state, command)) {
                after = ActionItem.evolve(after, event, command.at());
            }
            assertThat(((ActionItem.Existing) after).status()).isEqualTo(status);
        }

        void refused(String... codes) {
            Refused refused = catchThrowableOfType(Refused.class, () -> ActionItem.decide(state, command));
            assertThat(refused).as("%s on %s".formatted(command, state)).isNotNull();
            assertThat(refused.reasons()).extracting(Refused.Reason::code).containsExactly(codes);
        }

        void invalid(String field, String code) {
            Invalid invalid = catchThrowableOfType(Invalid.class, () -> ActionItem.decide(state, command));
            assertThat(invalid).isNotNull();
            assertThat(invalid.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.field()).isEqualTo(field);
                assertThat(violation.code()).isEqualTo(code);
            });
        }
    }
}
