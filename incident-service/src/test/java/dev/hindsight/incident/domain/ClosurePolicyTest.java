package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.checkoutFails;
import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.ClosureRule;
import dev.hindsight.contract.ClosureRule.ItemNeed;
import dev.hindsight.contract.ClosureRule.ItemState;
import dev.hindsight.contract.ClosureRule.PostmortemNeed;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.PolicyEvent;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.contract.refusal.Refused.Reason;
import dev.hindsight.incident.domain.ClosureFacts.Item;
import dev.hindsight.incident.domain.ClosureFacts.PostmortemStanding;
import dev.hindsight.incident.domain.IncidentCommand.Cancel;
import dev.hindsight.incident.domain.IncidentCommand.Classify;
import dev.hindsight.incident.domain.IncidentCommand.Close;
import dev.hindsight.incident.domain.IncidentCommand.Declare;
import dev.hindsight.incident.domain.IncidentCommand.Resolve;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClosurePolicyTest {

    private static final PostmortemStanding PUBLISHED = new PostmortemStanding(true, false, true, true);
    private static final PostmortemStanding DRAFT = new PostmortemStanding(false, false, true, true);

    private static Incident resolved(Severity severity) {
        return story(severity).incident();
    }

    private static IncidentSpec story(Severity severity) {
        Declare declare = checkoutFails(severity);
        return given(declare, new Resolve(null, minute(9)));
    }

    private static Item item(int number, Priority priority, ActionItemStatus status) {
        return new Item("ACT-" + number, "Rehearse", priority, status);
    }

    private static ClosureFacts facts(PostmortemStanding postmortem, Item... items) {
        return new ClosureFacts(postmortem, List.of(items));
    }

    private static List<String> codes(Severity severity, ClosureFacts facts) {
        return codes(ClosurePolicy.INITIAL, severity, facts);
    }

    private static List<String> codes(ClosurePolicy policy, Severity severity, ClosureFacts facts) {
        return policy.unmet(resolved(severity), facts).stream()
                .map(Reason::code)
                .toList();
    }

    private static ClosurePolicy asking(ClosureRule... rules) {
        return ClosurePolicy.evolve(ClosurePolicy.INITIAL, new PolicyEvent.ClosureChanged(List.of(rules)), 1);
    }

    @Test
    void aSevereIncidentOwesItsPostmortemAndItsItemsOfHighPriority() {
        for (Severity severity : List.of(Severity.SEV0, Severity.SEV1)) {
            assertThat(codes(
                            severity,
                            facts(
                                    DRAFT,
                                    item(12, Priority.HIGH, ActionItemStatus.PROPOSED),
                                    item(9, Priority.HIGH, ActionItemStatus.IN_PROGRESS),
                                    item(3, Priority.MEDIUM, ActionItemStatus.IN_PROGRESS),
                                    item(4, null, ActionItemStatus.PROPOSED))))
                    .containsExactly("POSTMORTEM_UNPUBLISHED", "ITEM_OPEN", "ITEM_OPEN");
        }
    }

    @Test
    void everyReasonSaysWhatWouldClearItTheItemsInTheirOrder() {
        assertThat(ClosurePolicy.INITIAL
                        .unmet(
                                resolved(Severity.SEV1),
                                facts(
                                        DRAFT,
                                        item(12, Priority.HIGH, ActionItemStatus.PROPOSED),
                                        item(9, Priority.HIGH, ActionItemStatus.IN_PROGRESS)))
                        .stream()
                        .map(Reason::message))
                .containsExactly(
                        "The postmortem of a SEV1 has to be published first, or waived with a reason.",
                        "ACT-9 (Rehearse, HIGH) is IN_PROGRESS; it has to be done first, or canceled.",
                        "ACT-12 (Rehearse, HIGH) is PROPOSED; it has to be done first, or canceled.");
    }

    @Test
    void whatIsPublishedOrWaivedAndWhatIsDoneVerifiedOrCanceledIsOwedNoMore() {
        PostmortemStanding waived = new PostmortemStanding(false, true, true, true);
        for (PostmortemStanding postmortem : List.of(PUBLISHED, waived)) {
            assertThat(codes(
                            Severity.SEV1,
                            facts(
                                    postmortem,
                                    item(1, Priority.HIGH, ActionItemStatus.DONE),
                                    item(2, Priority.HIGH, ActionItemStatus.VERIFIED),
                                    item(3, Priority.HIGH, ActionItemStatus.CANCELED))))
                    .isEmpty();
        }
    }

    @Test
    void aSevereIncidentWhosePostmortemNobodyHasHeardOfOwesIt() {
        assertThat(codes(Severity.SEV1, ClosureFacts.NONE)).containsExactly("POSTMORTEM_UNPUBLISHED");
    }

    @Test
    void whatWasToldTooLateOwesNothing() {
        assertThat(codes(Severity.SEV1, facts(new PostmortemStanding(false, false, true, false))))
                .isEmpty();
    }

    @Test
    void ofALesserOneAPostmortemIsOwedWhereItIsADuty() {
        assertThat(codes(Severity.SEV3, facts(DRAFT))).containsExactly("POSTMORTEM_UNPUBLISHED");
        assertThat(codes(Severity.SEV3, facts(new PostmortemStanding(false, false, false, false))))
                .isEmpty();
        assertThat(codes(Severity.SEV3, facts(PUBLISHED, item(1, Priority.HIGH, ActionItemStatus.ACCEPTED))))
                .isEmpty();
    }

    @Test
    void aPolicyMayAskForVerificationAndOfEveryPriority() {
        ClosurePolicy strict = asking(new ClosureRule(
                Severity.SEV3,
                PostmortemNeed.NOBODYS,
                List.of(new ItemNeed(Priority.HIGH, ItemState.VERIFIED), new ItemNeed(Priority.LOW, ItemState.DONE))));
        ClosureFacts facts = facts(
                DRAFT,
                item(1, Priority.HIGH, ActionItemStatus.DONE),
                item(2, Priority.LOW, ActionItemStatus.DONE),
                item(3, Priority.LOW, ActionItemStatus.ACCEPTED));

        assertThat(codes(strict, Severity.SEV3, facts)).containsExactly("ITEM_UNVERIFIED", "ITEM_OPEN");
        assertThat(codes(strict, Severity.SEV1, facts)).as("nobody asks of it").isEmpty();
    }

    @Test
    void aDrillOwesNothing() {
        Incident drill = story(Severity.SEV1)
                .when(new Classify(null, null, null, null, IncidentKind.DRILL, Set.of(), minute(10)))
                .incident();

        assertThat(ClosurePolicy.INITIAL.unmet(drill, facts(DRAFT))).isEmpty();
    }

    private static Close close(ClosureFacts owing, String override) {
        return new Close("done", ClosurePolicy.INITIAL, owing, override, minute(30));
    }

    @Test
    void theRefusalSaysEverythingAtOnce() {
        IncidentSpec spec = story(Severity.SEV1);

        assertThatThrownBy(() -> Incident.decide(
                        spec.incident(),
                        close(facts(DRAFT, item(1, Priority.HIGH, ActionItemStatus.ACCEPTED)), null),
                        null))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reasons())
                        .extracting(Reason::code)
                        .containsExactly("POSTMORTEM_UNPUBLISHED", "ITEM_OPEN"));
    }

    @Test
    void whatIsOwedCanBeOverriddenAndStaysOnRecord() {
        story(Severity.SEV1)
                .when(close(facts(DRAFT), "The team is gone."))
                .then(IncidentEvent.Closed.class)
                .saying(event -> {
                    var override = ((IncidentEvent.Closed) event).override();
                    assertThat(override.reason()).isEqualTo("The team is gone.");
                    assertThat(override.unmet())
                            .containsExactly(
                                    "The postmortem of a SEV1 has to be published first, or waived with a reason.");
                    assertThat(override.policyVersion()).isZero();
                });
    }

    @Test
    void whereNothingIsOwedThereIsNothingToOverride() {
        story(Severity.SEV1)
                .when(close(facts(PUBLISHED), "just in case"))
                .then(IncidentEvent.Closed.class)
                .saying(event ->
                        assertThat(((IncidentEvent.Closed) event).override()).isNull());
    }

    @Test
    void thatItIsNotOverCannotBeOverridden() {
        Incident open = given(checkoutFails(Severity.SEV1)).incident();

        assertThatThrownBy(() -> Incident.decide(open, close(facts(DRAFT), "now"), null))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reasons())
                        .extracting(Reason::code)
                        .containsExactly("NOT_RESOLVED", "POSTMORTEM_UNPUBLISHED"));
    }

    @Test
    void aFalseAlarmIsOnlyToldThatItIsNone() {
        Incident canceled =
                given(checkoutFails(Severity.SEV1), new Cancel(null, minute(1))).incident();

        assertThatThrownBy(() -> Incident.decide(canceled, close(facts(DRAFT), null), null))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reasons())
                        .extracting(Reason::code)
                        .containsExactly("NOT_RESOLVED"));
    }

    @Test
    void theSameRulesAreNoChange() {
        assertThat(ClosurePolicy.decide(ClosurePolicy.INITIAL, ClosurePolicy.INITIAL.everyRule()))
                .isEmpty();
        ClosurePolicy nothing = asking();
        assertThat(ClosurePolicy.decide(
                        nothing, List.of(new ClosureRule(Severity.SEV1, PostmortemNeed.NOBODYS, List.of()))))
                .isEmpty();
        assertThat(ClosurePolicy.decide(ClosurePolicy.INITIAL, List.of())).hasSize(1);
    }

    @Test
    void aSeverityOrPriorityIsNamedOnce() {
        ClosureRule twice = new ClosureRule(
                Severity.SEV1,
                PostmortemNeed.EVERYBODYS,
                List.of(new ItemNeed(Priority.HIGH, ItemState.DONE), new ItemNeed(Priority.HIGH, ItemState.VERIFIED)));
        assertThatThrownBy(() -> ClosurePolicy.decide(ClosurePolicy.INITIAL, List.of(twice, twice)))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Invalid.Violation::field)
                        .containsExactly(
                                "rules[0].items[1].priority", "rules[1].severity", "rules[1].items[1].priority"));
    }
}
