package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.SubscriptionFilter.Facts;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubscriptionFilterTest {

    private static final String RESOLVED = "hindsight.incident.resolved.v1";

    private static SubscriptionFilter filter(List<String> types, List<String> services, Set<Severity> severities) {
        return new SubscriptionFilter(types, services, severities, false, minute(0));
    }

    private static Facts resolved() {
        return new Facts(RESOLVED, List.of("checkout", "cart"), Severity.SEV1, false, minute(1));
    }

    private static Facts policyChanged() {
        return new Facts("hindsight.policy.closure-changed.v1", List.of(), null, false, minute(1));
    }

    @Test
    void withoutAConditionEverythingIsTold() {
        SubscriptionFilter all = filter(List.of(), List.of(), Set.of());
        assertThat(all.matches(resolved())).isTrue();
        assertThat(all.matches(policyChanged())).isTrue();
    }

    @Test
    void aTypeIsNamedWholeOrByItsBeginning() {
        assertThat(filter(List.of(RESOLVED), List.of(), Set.of()).matches(resolved()))
                .isTrue();
        assertThat(filter(List.of("hindsight.incident.*"), List.of(), Set.of()).matches(resolved()))
                .isTrue();
        assertThat(filter(List.of("hindsight.postmortem.*", RESOLVED), List.of(), Set.of())
                        .matches(resolved()))
                .isTrue();
        assertThat(filter(List.of("hindsight.postmortem.*"), List.of(), Set.of())
                        .matches(resolved()))
                .isFalse();
        assertThat(filter(List.of("hindsight.incident"), List.of(), Set.of()).matches(resolved()))
                .isFalse();
        assertThat(filter(List.of("hindsight.inc.*"), List.of(), Set.of()).matches(resolved()))
                .isFalse();
    }

    @Test
    void aServiceIsOneOfThoseAffectedHoweverItIsWritten() {
        assertThat(filter(List.of(), List.of(" Cart"), Set.of()).matches(resolved()))
                .isTrue();
        assertThat(filter(List.of(), List.of("search"), Set.of()).matches(resolved()))
                .isFalse();
    }

    @Test
    void aSeverityIsTheOneOfTheIncident() {
        assertThat(filter(List.of(), List.of(), Set.of(Severity.SEV0, Severity.SEV1))
                        .matches(resolved()))
                .isTrue();
        assertThat(filter(List.of(), List.of(), Set.of(Severity.SEV2)).matches(resolved()))
                .isFalse();
    }

    @Test
    void allConditionsHaveToBeMet() {
        assertThat(filter(List.of(RESOLVED), List.of("cart"), Set.of(Severity.SEV1))
                        .matches(resolved()))
                .isTrue();
        assertThat(filter(List.of(RESOLVED), List.of("cart"), Set.of(Severity.SEV2))
                        .matches(resolved()))
                .isFalse();
    }

    @Test
    void whatBelongsToNoIncidentHasNeitherServiceNorSeverity() {
        assertThat(filter(List.of(), List.of("cart"), Set.of()).matches(policyChanged()))
                .isFalse();
        assertThat(filter(List.of(), List.of(), Set.of(Severity.SEV3)).matches(policyChanged()))
                .isFalse();
    }

    @Test
    void whatWasRecordedBeforeIsNotTold() {
        Facts early =
                new Facts(RESOLVED, List.of(), Severity.SEV1, false, minute(0).minusMillis(1));
        Facts atOnce = new Facts(RESOLVED, List.of(), Severity.SEV1, false, minute(0));
        assertThat(filter(List.of(), List.of(), Set.of()).matches(early)).isFalse();
        assertThat(filter(List.of(), List.of(), Set.of()).matches(atOnce)).isTrue();
    }

    @Test
    void anImportedPastIsToldToThoseWhoAskForIt() {
        Facts imported = new Facts(RESOLVED, List.of(), Severity.SEV1, true, minute(1));
        assertThat(filter(List.of(), List.of(), Set.of()).matches(imported)).isFalse();
        assertThat(new SubscriptionFilter(List.of(), List.of(), Set.of(), true, minute(0)).matches(imported))
                .isTrue();
    }
}
