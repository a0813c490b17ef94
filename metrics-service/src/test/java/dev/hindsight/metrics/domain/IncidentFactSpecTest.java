package dev.hindsight.metrics.domain;

import static dev.hindsight.metrics.domain.Facts.declaration;
import static dev.hindsight.metrics.domain.Facts.declared;
import static dev.hindsight.metrics.domain.Facts.lifecycle;
import static dev.hindsight.metrics.domain.Facts.recorded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Standing.Pages;
import dev.hindsight.conventions.testing.Told;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IncidentFactSpecTest {

    private static final UUID INCIDENT = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Lifecycle OPEN = lifecycle(IncidentStatus.OPEN, declared(at("10:00")));
    private static final Alert ALERT = new Alert("k", "f", "HighErrorRate", null, null);

    private IncidentFact fact;
    private long version;

    @Test
    void anIncidentIsAsItsNewestEventSays() {
        given(
                "10:00",
                declaration(told().severity(Severity.SEV1)
                        .services("checkout", "cart", "checkout")
                        .standing()));
        assertThat(fact.severity()).isEqualTo(Severity.SEV1);
        assertThat(fact.services()).containsExactly("cart", "checkout");
        assertThat(fact.counts()).isTrue();
        assertThat(fact.at(Moment.DECLARED)).isEqualTo(at("10:00"));
    }

    @Test
    void whatASignalMentionsAndWhenItHappenedIsWeighedByTheOwnerOfTheIncidentAlone() {
        given(
                "10:30",
                declaration(told().severity(Severity.SEV3).services("checkout").standing()));
        given(
                "10:10",
                new IncidentEvent.SeverityChanged(
                        Severity.SEV4,
                        null,
                        new Observed(null, Severity.SEV4, List.of("search"), null, null),
                        told().severity(Severity.SEV1).services("cart").standing()));
        assertThat(fact.severity()).isEqualTo(Severity.SEV1);
        assertThat(fact.services()).containsExactly("cart");
    }

    @Test
    void testsAndDrillsDoNotCount() {
        given("10:00", declaration(told().kind(IncidentKind.DRILL).standing()));
        assertThat(fact.counts()).isFalse();
    }

    @Test
    void whatTurnsOutToHaveBeenADrillNoLongerCounts() {
        given("10:00", declaration(told().standing()));
        given(
                "10:05",
                new IncidentEvent.Classified(
                        null,
                        null,
                        null,
                        null,
                        IncidentKind.DRILL,
                        told().kind(IncidentKind.DRILL).standing()));
        assertThat(fact.counts()).isFalse();
        given("10:06", new IncidentEvent.Classified(null, null, null, null, IncidentKind.REAL, told().standing()));
        assertThat(fact.counts()).isTrue();
    }

    @Test
    void aFalseAlarmDoesNotCount() {
        given("10:00", declaration(told().standing()));
        given("10:05", new IncidentEvent.Canceled(null, at(IncidentStatus.CANCELED)));
        assertThat(fact.counts()).isFalse();
    }

    @Test
    void anIncidentThatIsPartOfAnotherDoesNotCount() {
        given("10:00", declaration(told().standing()));
        given("10:05", new IncidentEvent.Merged(null, "X", null, at(IncidentStatus.MERGED)));
        assertThat(fact.counts()).isFalse();
    }

    @Test
    void theFirstAlertAndTheFirstPageAreSignals() {
        given(
                "10:20",
                new IncidentEvent.AlertFired(
                        ALERT,
                        null,
                        told().firstAlert(at("09:55"))
                                .pages(new Pages(2, 0, 0, at("10:02")))
                                .standing()));
        assertThat(fact.firstAlert()).isEqualTo(at("09:55"));
        assertThat(fact.firstPage()).isEqualTo(at("10:02"));
    }

    @Test
    void aMessageChangesNothing() {
        given("10:00", declaration(told().standing()));
        IncidentFact before = fact;
        given("10:10", new IncidentEvent.MessagePosted("looking", null, told().standing()));
        assertThat(fact).isEqualTo(before);
    }

    @Test
    void theFirstEventPlacesAnIncidentThatNobodyDeclaredUntilSomebodyDoes() {
        given("10:10", new IncidentEvent.Detected(Standing.NONE));
        given("10:12", new IncidentEvent.Noted("x", "x", null, null, Standing.NONE));
        assertThat(fact.placedAt()).isEqualTo(at("10:10"));
        given("10:15", declaration(told().standing()));
        assertThat(fact.placedAt()).isEqualTo(at("10:00"));
    }

    @Test
    void timesAreOfMicrosecondsHoweverFinelyTheyAreWritten() {
        Instant fine = at("10:00").plusNanos(123_456_789);
        Instant stored = at("10:00").plusNanos(123_456_000);
        given("10:00", declaration(allAt(fine)));
        IncidentFact before = fact;
        given("10:10", new IncidentEvent.MessagePosted("x", null, allAt(stored)));
        assertThat(fact).isEqualTo(before);
        assertThat(fact.firstAlert()).isEqualTo(stored);
        assertThat(fact.milestones()).isEqualTo(allAt(stored).lifecycle().milestones());
    }

    private static Standing allAt(Instant at) {
        return Told.of(lifecycle(IncidentStatus.OPEN, new Milestones(at, at, at, at, at, at, at)))
                .firstAlert(at)
                .pages(new Pages(1, 0, 0, at))
                .standing();
    }

    private static Told told() {
        return Told.of(OPEN);
    }

    private static Standing at(IncidentStatus status) {
        return Told.of(lifecycle(status, declared(Facts.at("10:00")))).standing();
    }

    private static Instant at(String time) {
        return Facts.at(time);
    }

    private void given(String occurredAt, IncidentEvent event) {
        fact = IncidentFact.of(fact, recorded(INCIDENT, ++version, at(occurredAt), event));
    }
}
