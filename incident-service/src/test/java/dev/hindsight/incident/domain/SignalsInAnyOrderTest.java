package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
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
                new Opening("INC-1", "fallback", Severity.SEV3, minute(Math.min(minute, 0)), externalId),
                true,
                IncidentSpec.SOMEBODY);
    }

    private static Alert alert(String key) {
        return new Alert(Alerts.PREFIX + key, key, "HighErrorRate", null, null);
    }

    private static Standing sameInEveryOrder(List<? extends IncidentCommand> story) {
        return sameInEveryOrder(List.of(), story);
    }

    /**
     * Nothing that an incident says of itself may depend on the order of arrival.
     *
     * @param first what must be known before an alert is attached: these, in any order
     */
    private static Standing sameInEveryOrder(
            List<? extends IncidentCommand> first, List<? extends IncidentCommand> story) {
        List<IncidentCommand> all = new ArrayList<>(first);
        all.addAll(story);
        Standing inOrder = given(all.toArray(IncidentCommand[]::new)).incident().standing();
        Random random = new Random(42);
        for (int round = 0; round < 300; round++) {
            List<IncidentCommand> shuffled = new ArrayList<>(first);
            Collections.shuffle(shuffled, random);
            List<IncidentCommand> rest = new ArrayList<>(story);
            for (IncidentCommand told : all) {
                if (random.nextInt(3) == 0) {
                    rest.add(told);
                }
            }
            Collections.shuffle(rest, random);
            shuffled.addAll(rest);
            Incident incident = given(shuffled.toArray(IncidentCommand[]::new)).incident();
            assertThat(incident.standing()).as("round %s: %s", round, shuffled).isEqualTo(inOrder);
        }
        return inOrder;
    }

    private static List<List<IncidentCommand>> everyOrderOf(List<? extends IncidentCommand> story) {
        if (story.isEmpty()) {
            return List.of(List.of());
        }
        List<List<IncidentCommand>> all = new ArrayList<>();
        for (IncidentCommand first : story) {
            List<IncidentCommand> rest = new ArrayList<>(story);
            rest.remove(first);
            everyOrderOf(rest).forEach(tail -> {
                List<IncidentCommand> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            });
        }
        return all;
    }

    private static Observed says(String title, Severity severity, String... services) {
        return new Observed(title, severity, List.of(services), null, null);
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

    /** A tool's signals in all 24 orders; whichever comes before the declaration declares provisionally. */
    @Test
    void anExplicitChangeOfSeverityStandsAboveWhatOthersMentionInEveryOrder() {
        List<Observe> story = List.of(
                tell(0, new Signal.Triggered(says("Pool exhausted", Severity.SEV3, "checkout"))),
                tell(5, new Signal.Acknowledged(says(null, Severity.SEV2, "checkout", "cart"))),
                tell(10, new Signal.SeverityChanged(Severity.SEV1, null, says(null, Severity.SEV1))),
                tell(60, new Signal.Resolved(null, says("Pools exhausted", Severity.SEV4, "cart"))));

        assertThat(everyOrderOf(story)).hasSize(24).allSatisfy(order -> {
            Standing standing =
                    given(order.toArray(IncidentCommand[]::new)).incident().standing();
            assertThat(standing.severity()).isEqualTo(Severity.SEV1);
            assertThat(standing.title()).isEqualTo("Pools exhausted");
            assertThat(standing.services()).containsExactly("cart");
            assertThat(standing.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
            assertThat(standing.acknowledger()).isEqualTo(IncidentSpec.SOMEBODY);
        });
    }

    @Test
    void anAnnotationThatArrivesBeforeTheTriggerDecidesNeitherSeverityNorTitleNorServices() {
        Standing standing = sameInEveryOrder(List.of(
                tell(0, new Signal.Triggered(says("Pool exhausted", Severity.SEV1, "checkout"))),
                tell(1, new Signal.Acknowledged(says(null, null))),
                tell(5, new Signal.Noted("annotated", "note", null, says("Pool exhausted", null))),
                tell(20, new Signal.Resolved(null, says(null, null)))));

        assertThat(standing.title()).isEqualTo("Pool exhausted");
        assertThat(standing.severity()).isEqualTo(Severity.SEV1);
        assertThat(standing.services()).containsExactly("checkout");
    }

    @Test
    void aFallbackGivesWayToWhatIsSaidWheneverItIsSaid() {
        Standing standing = sameInEveryOrder(List.of(
                tell(-1, new Signal.Acknowledged(says("Pool exhausted", Severity.SEV1, "checkout"))),
                tell(0, new Signal.Triggered(says(null, null))),
                tell(5, new Signal.Noted("annotated", "note", null, says(null, null))),
                tell(20, new Signal.Resolved(null, says(null, null)))));

        assertThat(standing.title()).isEqualTo("Pool exhausted");
        assertThat(standing.severity()).isEqualTo(Severity.SEV1);
        assertThat(standing.services()).containsExactly("checkout");
    }

    @Test
    void whereNobodySaysAnythingTheFallbackStands() {
        Standing standing = sameInEveryOrder(List.of(
                tell(0, new Signal.Triggered(says(null, null, "checkout"))),
                tell(1, new Signal.Acknowledged(says(null, null))),
                tell(20, new Signal.Resolved(null, says(null, null)))));

        assertThat(standing.title()).isEqualTo("fallback");
        assertThat(standing.severity()).isEqualTo(Severity.SEV3);
    }

    @Test
    void pagesAlertsAndTheFirstAcknowledgementAreTheSameInEveryOrder() {
        Standing standing = sameInEveryOrder(
                List.of(tell(0, new Signal.Triggered(SEEN))),
                List.of(
                        tell(1, new Signal.Paged(new UUID(1, 1), "PUSH", SEEN)),
                        tell(2, new Signal.Paged(new UUID(1, 2), "PHONE", SEEN)),
                        tell(3, new Signal.Acknowledged(SEEN)),
                        tell(4, Alerts.PREFIX + "b", new Signal.AlertFired(alert("b"), SEEN)),
                        tell(-3, Alerts.PREFIX + "a", new Signal.AlertFired(alert("a"), SEEN)),
                        tell(8, Alerts.PREFIX + "a", new Signal.AlertResolved(alert("a"), SEEN)),
                        tell(9, new Signal.Resolved(null, SEEN))));

        assertThat(standing.pages()).isEqualTo(new Standing.Pages(2, 0, 0, minute(1)));
        assertThat(standing.firstAlert()).isEqualTo(minute(-3));
    }

    @Test
    void anIncidentThatManyAlertsDeclaredIsTheSameInEveryOrder() {
        String declaring = Alerts.PREFIX + "a";
        String attached = Alerts.PREFIX + "b";
        Standing standing = sameInEveryOrder(
                List.of(
                        tell(0, declaring, new Signal.AlertFired(alert("a"), SEEN)),
                        tell(5, declaring, new Signal.AlertResolved(alert("a"), SEEN))),
                List.of(
                        tell(2, attached, new Signal.AlertFired(alert("b"), SEEN)),
                        tell(7, attached, new Signal.AlertResolved(alert("b"), SEEN)),
                        tell(3, declaring, new Signal.Acknowledged(SEEN)),
                        tell(9, declaring, new Signal.Reopened(null, SEEN)),
                        tell(11, declaring, new Signal.Resolved(null, SEEN))));

        assertThat(standing.lifecycle().reopenings()).isEqualTo(1);
        assertThat(standing.lifecycle().milestones().resolved()).isEqualTo(minute(11));
    }
}
