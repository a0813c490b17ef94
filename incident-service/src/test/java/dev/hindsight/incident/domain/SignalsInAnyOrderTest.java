package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.IncidentCommand.Observe;
import dev.hindsight.incident.domain.IncidentCommand.Opening;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SignalsInAnyOrderTest {

    private static final Observed SEEN = seen(null, null);

    private static Observed seen(Severity severity, IncidentStatus status) {
        return new Observed("Checkout fails", severity, List.of("checkout"), status, null);
    }

    private static Observe tell(int minute, Signal signal) {
        return tell(minute, "TOOL-1", signal);
    }

    private static Observe tell(int minute, String externalId, Signal signal) {
        String name = minute + signal.toString();
        return new Observe(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                signal,
                minute(minute),
                0,
                new Opening("INC-1", "fallback", Severity.SEV3, minute(Math.min(minute, 0)), externalId));
    }

    private static Alert alert(String key) {
        return new Alert(Alerts.PREFIX + key, key, "HighErrorRate", null, null);
    }

    /** What must not depend on the order of arrival. */
    private record Result(Lifecycle lifecycle, String title, Severity severity, List<String> services, Object roles) {
        static Result of(Incident incident) {
            return new Result(
                    incident.lifecycle(),
                    incident.currentTitle(),
                    incident.severity(),
                    incident.currentServices(),
                    incident.roles());
        }
    }

    private static void sameInEveryOrder(List<? extends IncidentCommand> story) {
        Result inOrder = Result.of(given(story.toArray(IncidentCommand[]::new)).incident());
        Random random = new Random(42);
        for (int round = 0; round < 300; round++) {
            List<IncidentCommand> shuffled = new ArrayList<>(story);
            for (IncidentCommand told : story) {
                if (random.nextInt(3) == 0) {
                    shuffled.add(told);
                }
            }
            Collections.shuffle(shuffled, random);
            Incident incident = given(shuffled.toArray(IncidentCommand[]::new)).incident();
            assertThat(Result.of(incident)).as("round %s: %s", round, shuffled).isEqualTo(inOrder);
        }
    }

    @Test
    void aTriggerDeclaresAnIncident() {
        given().when(tell(0, new Signal.Triggered(SEEN)))
                .then(IncidentEvent.Declared.class)
                .and(incident ->
                        assertThat(incident.declaration().provisional()).isFalse());
    }

    @Test
    void anotherSignalDeclaresProvisionallyAndTheTriggerFillsInWhatIsMissing() {
        given().when(tell(3, new Signal.Acknowledged(SEEN)))
                .then(IncidentEvent.Declared.class, IncidentEvent.Acknowledged.class)
                .and(incident ->
                        assertThat(incident.declaration().provisional()).isTrue())
                .when(tell(0, new Signal.Triggered(SEEN)))
                .then(IncidentEvent.Declared.class)
                .and(incident -> {
                    assertThat(incident.declaration().provisional()).isFalse();
                    assertThat(incident.lifecycle().milestones().declared()).isEqualTo(minute(0));
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.ACKNOWLEDGED);
                });
    }

    @Test
    void theSameFactToldAgainIsNoNews() {
        Observe acknowledged = tell(3, new Signal.Acknowledged(SEEN));
        given(tell(0, new Signal.Triggered(SEEN)), acknowledged)
                .when(acknowledged)
                .thenNothing();
    }

    @Test
    void aToolIsNeverRefused() {
        given(tell(0, new Signal.Triggered(SEEN)), tell(5, new Signal.Resolved(null, SEEN)))
                .when(tell(6, new Signal.Acknowledged(SEEN)))
                .then(IncidentEvent.Acknowledged.class)
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED));
    }

    @Test
    void aFactOlderThanTheResolutionReopensNothing() {
        given(tell(0, new Signal.Triggered(SEEN)), tell(9, new Signal.Resolved(null, SEEN)))
                .when(tell(5, new Signal.Reopened(null, SEEN)))
                .then(IncidentEvent.Reopened.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
                    assertThat(incident.lifecycle().reopenings()).isZero();
                });
    }

    @Test
    void theStatusFieldCountsAndNotTheNameOfTheEvent() {
        given(tell(0, new Signal.Triggered(SEEN)), tell(1, new Signal.Acknowledged(SEEN)))
                .when(tell(2, new Signal.Escalated(null, "Reassigned", seen(null, IncidentStatus.OPEN))))
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.OPEN));
    }

    @Test
    void aLifecycleWithAReopeningIsTheSameInEveryOrder() {
        sameInEveryOrder(List.of(
                tell(0, new Signal.Triggered(seen(null, IncidentStatus.OPEN))),
                tell(
                        1,
                        new Signal.Noted(
                                "note", "looking", null, new Observed("Checkout fails", null, List.of(), null, null))),
                tell(2, new Signal.Acknowledged(seen(Severity.SEV2, IncidentStatus.ACKNOWLEDGED))),
                tell(3, new Signal.Escalated(null, null, seen(Severity.SEV2, IncidentStatus.OPEN))),
                tell(4, new Signal.Acknowledged(seen(Severity.SEV1, IncidentStatus.ACKNOWLEDGED))),
                tell(5, new Signal.RoleAssigned("SCRIBE", new UUID(1, 2), SEEN)),
                tell(9, new Signal.Resolved(null, seen(Severity.SEV1, IncidentStatus.RESOLVED))),
                tell(12, new Signal.Reopened(null, seen(Severity.SEV1, IncidentStatus.OPEN))),
                tell(20, new Signal.Resolved(null, seen(Severity.SEV1, IncidentStatus.RESOLVED)))));
    }

    @Test
    void aDefaultSeverityGivesWayToWhatTheToolSaysWheneverItSaidIt() {
        sameInEveryOrder(List.of(
                tell(0, new Signal.Triggered(seen(Severity.SEV1, IncidentStatus.OPEN))),
                tell(9, new Signal.Noted("note", "late", null, new Observed(null, null, List.of(), null, null)))));
    }

    @Test
    void anIncidentThatAlertsDeclaredIsOverWhenAllOfThemAre() {
        String declaring = Alerts.PREFIX + "a";
        given(
                        tell(0, declaring, new Signal.AlertFired(alert("a"), SEEN)),
                        tell(2, "x", new Signal.AlertFired(alert("b"), SEEN)))
                .when(tell(5, declaring, new Signal.AlertResolved(alert("a"), SEEN)))
                .then(IncidentEvent.AlertResolved.class)
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.OPEN))
                .when(tell(7, "x", new Signal.AlertResolved(alert("b"), SEEN)))
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
                    assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(minute(7));
                });
    }

    @Test
    void anAttachedAlertNeitherResolvesNorRenamesTheIncident() {
        given(
                        tell(0, new Signal.Triggered(SEEN)),
                        tell(
                                1,
                                "x",
                                new Signal.AlertFired(
                                        alert("a"),
                                        new Observed("An alert", Severity.SEV0, List.of("other"), null, null))))
                .when(tell(2, "x", new Signal.AlertResolved(alert("a"), SEEN)))
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.OPEN);
                    assertThat(incident.currentTitle()).isEqualTo("Checkout fails");
                    assertThat(incident.currentServices()).containsExactly("checkout");
                });
    }

    @Test
    void aReplicaThatTellsOfTheSameOccurrenceBringsNoNews() {
        String declaring = Alerts.PREFIX + "a";
        given(tell(0, declaring, new Signal.AlertFired(alert("a"), SEEN)))
                .when(tell(0, declaring, new Signal.AlertFired(alert("a"), seen(Severity.SEV4, null))))
                .thenNothing();
    }

    @Test
    void firingAndResolvedOfAnAlertMayComeInAnyOrder() {
        String declaring = Alerts.PREFIX + "a";
        sameInEveryOrder(List.of(
                tell(0, declaring, new Signal.AlertFired(alert("a"), SEEN)),
                tell(6, declaring, new Signal.AlertResolved(alert("a"), SEEN))));
    }

    @Test
    void anIncidentThatAlertsResolvedCanBeReopened() {
        String declaring = Alerts.PREFIX + "a";
        given(
                        tell(0, declaring, new Signal.AlertFired(alert("a"), SEEN)),
                        tell(30, declaring, new Signal.AlertResolved(alert("a"), SEEN)))
                .when(new IncidentCommand.Reopen("the graphs say otherwise", minute(60)))
                .then(IncidentEvent.Reopened.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.ACKNOWLEDGED);
                    assertThat(incident.lifecycle().reopenings()).isEqualTo(1);
                    assertThat(incident.lifecycle().milestones().resolved()).isNull();
                });
    }

    @Test
    void ofTwoTriggersTheFirstInTimeDeclaredIt() {
        sameInEveryOrder(List.of(
                tell(0, new Signal.Triggered(seen(null, IncidentStatus.OPEN))),
                tell(4, new Signal.Triggered(seen(Severity.SEV1, IncidentStatus.OPEN))),
                tell(9, new Signal.Resolved(null, SEEN))));
    }

    @Test
    void aMergedIncidentIsNotResolvedByWhatComesLater() {
        given(
                        tell(0, new Signal.Triggered(SEEN)),
                        tell(5, new Signal.Merged(null, "OTHER", SEEN)),
                        tell(6, new Signal.Resolved(null, SEEN)))
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.MERGED);
                    assertThat(incident.lifecycle().milestones().resolved()).isNull();
                });
    }

    @Test
    void aSignalThatOnlyRefersToTheIncidentNamesItUntilItsDeclarationComes() {
        Observed reference = new Observed("Old name of it", null, List.of(), null, null);
        sameInEveryOrder(List.of(
                tell(0, new Signal.Triggered(seen(Severity.SEV2, IncidentStatus.OPEN))),
                tell(5, new Signal.RoleAssigned("SCRIBE", new UUID(1, 2), reference)),
                tell(6, new Signal.Paged(new UUID(1, 3), null, reference))));
    }
}
