package dev.hindsight.actionitem.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.actionitem.domain.BalancePolicy.Warning;
import dev.hindsight.actionitem.domain.BalancePolicy.Weighed;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is worth a second look. */
class BalancePolicySpecTest {

    @Test
    void oneToThreeItemsOfSeveralKindsAreFine() {
        assertThat(warnings(Category.GUARDRAIL, Category.DETECTION)).isEmpty();
        assertThat(warnings(Category.RECOVERY)).isEmpty();
    }

    @Test
    void noneAndMoreThanThreeAreNot() {
        assertThat(warnings()).containsExactly("NO_ITEMS");
        assertThat(warnings(Category.GUARDRAIL, Category.DETECTION, Category.RECOVERY, Category.MITIGATION))
                .containsExactly("TOO_MANY_ITEMS");
    }

    @Test
    void onlyCommunicationOrOnlyGuardrailsIsLopsided() {
        assertThat(warnings(Category.COMMUNICATION, Category.COMMUNICATION)).containsExactly("ONLY_COMMUNICATION");
        assertThat(warnings(Category.GUARDRAIL, null)).containsExactly("ONLY_GUARDRAIL");
    }

    @Test
    void itemsAreCountedByWhatTheyAre() {
        BalancePolicy.Balance balance = BalancePolicy.judge(
                List.of(new Weighed(Category.GUARDRAIL, ActionItemDetails.Type.PREVENTATIVE), new Weighed(null, null)));
        assertThat(balance.total()).isEqualTo(2);
        assertThat(balance.byCategory()).containsEntry(Category.GUARDRAIL, 1).containsEntry(Category.RECOVERY, 0);
        assertThat(balance.byType()).containsEntry(ActionItemDetails.Type.PREVENTATIVE, 1);
    }

    @Test
    void aHighItemIsDueWithinThirtyDays() {
        LocalDate due = Items.GOOD.dueDate();
        assertThat(Items.GOOD.priority()).isEqualTo(Priority.HIGH);
        assertThat(advice(due.minusDays(30), true, true)).isEmpty();
        assertThat(advice(due.minusDays(31), true, true)).containsExactly("HIGH_DUE_LATE");
    }

    @Test
    void whatIsDueAlreadyOrUnknownIsSaid() {
        LocalDate due = Items.GOOD.dueDate();
        assertThat(advice(due, true, true)).isEmpty();
        assertThat(advice(due.plusDays(1), false, false))
                .containsExactly("ALREADY_OVERDUE", "OWNER_UNKNOWN", "INCIDENT_UNKNOWN");
    }

    private static List<String> advice(LocalDate today, boolean ownerKnown, boolean incidentKnown) {
        return AdvicePolicy.judge(Items.GOOD, today, ownerKnown, incidentKnown).stream()
                .map(Warning::code)
                .toList();
    }

    private static List<String> warnings(Category... categories) {
        return BalancePolicy.judge(Arrays.stream(categories)
                        .map(category -> new Weighed(category, null))
                        .toList())
                .warnings()
                .stream()
                .map(Warning::code)
                .toList();
    }
}
