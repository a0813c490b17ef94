package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.checkoutFails;
import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.IncidentCommand.Acknowledge;
import dev.hindsight.incident.domain.IncidentCommand.Close;
import dev.hindsight.incident.domain.IncidentCommand.CorrectMilestone;
import dev.hindsight.incident.domain.IncidentCommand.Declare;
import dev.hindsight.incident.domain.IncidentCommand.Mitigate;
import dev.hindsight.incident.domain.IncidentCommand.Reopen;
import dev.hindsight.incident.domain.IncidentCommand.Resolve;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MilestoneCorrectionsTest {

    private static Declare declared() {
        return checkoutFails(Severity.SEV1, minute(-9), minute(-5));
    }

    private static CorrectMilestone correct(Milestone milestone, Instant at, int saidAt) {
        return new CorrectMilestone(milestone, at, "the clock was wrong", minute(saidAt));
    }

    private static IncidentSpec closed() {
        return given(
                declared(),
                new Acknowledge(minute(3)),
                new Mitigate(null, minute(6)),
                new Resolve(null, minute(9)),
                new Close(null, ClosurePolicy.NOTHING_OWED, ClosureFacts.NONE, null, minute(30)));
    }

    @ParameterizedTest
    @EnumSource
    void aCorrectedMilestoneCountsAndNothingElseChanges(Milestone milestone) {
        IncidentSpec spec = closed();
        Lifecycle before = spec.incident().lifecycle();
        Instant right = milestone == Milestone.DECLARED ? minute(-1) : minute(4);

        spec.when(correct(milestone, right, 60))
                .then(IncidentEvent.MilestoneCorrected.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().milestones().at(milestone)).isEqualTo(right);
                    for (Milestone other : Milestone.values()) {
                        if (other != milestone) {
                            assertThat(incident.lifecycle().milestones().at(other))
                                    .as(other.name())
                                    .isEqualTo(before.milestones().at(other));
                        }
                    }
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.CLOSED);
                    assertThat(incident.lifecycle().reopenings()).isZero();
                })
                .when(correct(milestone, right, 61))
                .thenNothing();
    }

    @Test
    void theLastCorrectionInTimeCounts() {
        closed().when(correct(Milestone.RESOLVED, minute(12), 60))
                .then(IncidentEvent.MilestoneCorrected.class)
                .when(correct(Milestone.RESOLVED, minute(11), 61))
                .then(IncidentEvent.MilestoneCorrected.class)
                .and(incident ->
                        assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(minute(11)));
    }

    @Test
    void whenItBeganMayBeFilledIn() {
        Declare plain = checkoutFails(Severity.SEV1);
        given(plain)
                .when(correct(Milestone.IMPACT_STARTED, minute(-20), 5))
                .then(IncidentEvent.MilestoneCorrected.class)
                .when(correct(Milestone.DETECTED, minute(-10), 6))
                .then(IncidentEvent.MilestoneCorrected.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().milestones().impactStarted())
                            .isEqualTo(minute(-20));
                    assertThat(incident.lifecycle().milestones().detected()).isEqualTo(minute(-10));
                });
    }

    @Test
    void whatHasNoTimeHasNoWrongOne() {
        for (Milestone milestone :
                List.of(Milestone.ACKNOWLEDGED, Milestone.MITIGATED, Milestone.RESOLVED, Milestone.CLOSED)) {
            given(declared()).when(correct(milestone, minute(1), 5)).thenRefused("NOT_REACHED");
        }
    }

    @Test
    void aCorrectionThatIsSaidToBeOlderThanItsMilestoneIsRefusedAsItWouldChangeNothing() {
        given(declared(), new Resolve(null, minute(9)))
                .when(correct(Milestone.RESOLVED, minute(5), 8))
                .thenRefused("BEFORE_THE_FACT");
    }

    @Test
    void aResolutionAfterAReopeningHasItsOwnTime() {
        given(declared(), new Resolve(null, minute(9)), correct(Milestone.RESOLVED, minute(7), 10))
                .when(new Reopen(null, minute(8)))
                .thenRefused("BEFORE_RESOLUTION")
                .when(new Reopen(null, minute(20)))
                .then(IncidentEvent.Reopened.class)
                .and(incident ->
                        assertThat(incident.lifecycle().milestones().resolved()).isNull())
                .when(new Resolve(null, minute(40)))
                .then(IncidentEvent.Resolved.class)
                .and(incident ->
                        assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(minute(40)));
    }

    @Test
    void aFactThatArrivesLateDoesNotUndoACorrection() {
        UUID fact = new UUID(5, 5);
        IncidentCommand.Observe late = new IncidentCommand.Observe(
                fact,
                new Signal.Acknowledged(new dev.hindsight.contract.Observed(null, null, List.of(), null, null)),
                minute(2),
                0,
                new IncidentCommand.Opening("INC-1", "x", Severity.SEV1, minute(0), "TOOL-1"));
        given(declared(), new Acknowledge(minute(3)), correct(Milestone.ACKNOWLEDGED, minute(4), 10))
                .when(late)
                .then(IncidentEvent.Acknowledged.class)
                .and(incident -> assertThat(incident.lifecycle().milestones().acknowledged())
                        .isEqualTo(minute(4)));
    }
}
