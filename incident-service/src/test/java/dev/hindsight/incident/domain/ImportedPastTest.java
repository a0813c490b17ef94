package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.domain.IncidentCommand.Import;
import dev.hindsight.incident.domain.IncidentCommand.PastFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImportedPastTest {

    private static final Observed NOTHING = new Observed(null, null, List.of(), null, null);
    private static final UUID ANN = new UUID(0, 31);
    private static final UUID BO = new UUID(0, 32);

    private static Import past(boolean security, PastFact... history) {
        return new Import(
                "INC-1",
                Imports.externalId("servicenow", "INC0000060"),
                "Mail is slow",
                Severity.SEV1,
                List.of("mail"),
                "since the update",
                true,
                security,
                IncidentKind.REAL,
                List.of(history));
    }

    private static Import past(PastFact... history) {
        return past(false, history);
    }

    private static PastFact fact(int index, Instant at, UUID by, Signal signal) {
        return new PastFact(new UUID(9, index), signal, at, index, by);
    }

    private static PastFact[] whole() {
        return new PastFact[] {
            fact(0, minute(0), ANN, new Signal.Triggered(NOTHING)),
            fact(1, minute(5), BO, new Signal.Acknowledged(NOTHING)),
            fact(2, minute(5), ANN, new Signal.RoleAssigned("INCIDENT_COMMANDER", BO, NOTHING)),
            fact(3, minute(6), BO, new Signal.StatusUpdated("Looking", NOTHING)),
            fact(4, minute(6), BO, new Signal.StatusUpdated("Looking", NOTHING)),
            fact(5, minute(20), BO, new Signal.Resolved("Rolled back", NOTHING)),
            fact(6, minute(60), null, new Signal.Closed(null, NOTHING))
        };
    }

    @Test
    void theWholePastBecomesFactsInItsOwnOrder() {
        given().when(past(whole()))
                .then(
                        IncidentEvent.Declared.class,
                        IncidentEvent.Acknowledged.class,
                        IncidentEvent.RoleAssigned.class,
                        IncidentEvent.StatusUpdated.class,
                        IncidentEvent.StatusUpdated.class,
                        IncidentEvent.Resolved.class,
                        IncidentEvent.Closed.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.CLOSED);
                    assertThat(incident.lifecycle().milestones().declared()).isEqualTo(minute(0));
                    assertThat(incident.lifecycle().milestones().acknowledged()).isEqualTo(minute(5));
                    assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(minute(20));
                    assertThat(incident.lifecycle().milestones().closed()).isEqualTo(minute(60));
                    assertThat(incident.currentTitle()).isEqualTo("Mail is slow");
                    assertThat(incident.currentSummary()).isEqualTo("since the update");
                    assertThat(incident.severity()).isEqualTo(Severity.SEV1);
                    assertThat(incident.currentServices()).containsExactly("mail");
                    assertThat(incident.customerFacing()).isTrue();
                    assertThat(incident.roles()).containsEntry("INCIDENT_COMMANDER", BO);
                    assertThat(incident.standing().acknowledger()).isEqualTo(BO);
                    assertThat(incident.visibility()).isEqualTo(Visibility.INTERNAL);
                    assertThat(Imports.areAmong(incident.sources())).isTrue();
                });
    }

    @Test
    void nothingOfItIsOwedBeforeItIsClosed() {
        Incident resolved = given(past(Arrays.copyOf(whole(), 6))).incident();
        assertThat(ClosurePolicy.INITIAL.unmet(resolved, ClosureFacts.NONE)).isEmpty();
    }

    @Test
    void eachFactIsOfWhoeverDidIt() {
        assertThat(Incident.decide(Incident.UNKNOWN, past(whole()), null))
                .extracting(Incident.NewFact::person)
                .containsExactly(ANN, BO, ANN, BO, BO, BO, null);
    }

    @Test
    void theSameAgainChangesNothing() {
        given(past(whole())).when(past(whole())).thenNothing();
    }

    @Test
    void aLongerPastAddsWhatIsNew() {
        PastFact[] whole = whole();
        List<PastFact> longer = new ArrayList<>(List.of(whole));
        longer.add(fact(7, minute(70), ANN, new Signal.Reopened("It is back", NOTHING)));
        longer.add(fact(8, minute(80), ANN, new Signal.Resolved(null, NOTHING)));
        given(past(whole))
                .when(past(longer.toArray(PastFact[]::new)))
                .then(IncidentEvent.Reopened.class, IncidentEvent.Resolved.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().reopenings()).isEqualTo(1);
                    assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(minute(80));
                });
    }

    @Test
    void theDeclarationGoesFirstWhereverItStands() {
        given().when(past(
                        fact(0, minute(-10), null, new Signal.ImpactStarted(NOTHING)),
                        fact(1, minute(-5), null, new Signal.Detected(NOTHING)),
                        fact(2, minute(0), ANN, new Signal.Triggered(NOTHING))))
                .then(IncidentEvent.Declared.class, IncidentEvent.ImpactStarted.class, IncidentEvent.Detected.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().milestones().impactStarted())
                            .isEqualTo(minute(-10));
                    assertThat(incident.lifecycle().milestones().detected()).isEqualTo(minute(-5));
                });
    }

    @Test
    void entriesOfOneMomentKeepTheOrderOfTheHistory() {
        given().when(past(
                        fact(0, minute(0), ANN, new Signal.Triggered(NOTHING)),
                        fact(1, minute(9), ANN, new Signal.Resolved(null, NOTHING)),
                        fact(2, minute(9), ANN, new Signal.Reopened(null, NOTHING)),
                        fact(3, minute(9), ANN, new Signal.Resolved(null, NOTHING))))
                .and(incident -> {
                    assertThat(incident.lifecycle().reopenings()).isEqualTo(1);
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
                });
    }

    @Test
    void aSecurityIncidentIsRestrictedFromItsFirstEventOn() {
        given().when(past(true, whole()))
                .saying(event -> assertThat(event.standing().visibility()).isEqualTo(Visibility.RESTRICTED))
                .and(incident -> assertThat(incident.security()).isTrue());
    }

    @Test
    void whatAPersonSaidMeanwhileStays() {
        given(past(whole()), new IncidentCommand.Reopen(null, minute(100)))
                .when(past(whole()))
                .thenNothing()
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.ACKNOWLEDGED));
    }
}
