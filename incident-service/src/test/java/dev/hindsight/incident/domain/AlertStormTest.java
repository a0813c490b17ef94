package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.SOMEBODY;
import static dev.hindsight.incident.domain.IncidentSpec.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.incident.domain.Incident.NewFact;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AlertStormTest {

    private static final int ALERTS = 30_000;

    private static final Observed SEEN = new Observed("High", Severity.SEV2, List.of("checkout"), null, null);

    private final List<Recorded<IncidentEvent>> history = new ArrayList<>();
    private Incident incident = Incident.UNKNOWN;

    /** It takes less than a second; a fold that copied for each fact what it knows took a minute and more. */
    @Test
    @Timeout(20)
    void thirtyThousandAlertsOfOneIncidentAreDecidedAndFoldedOneByOne() {
        for (int i = 0; i < ALERTS; i++) {
            Alert alert = alert(i);
            tell(i, new Signal.AlertFired(alert, SEEN), alert);
        }
        assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.OPEN);
        for (int i = 0; i < ALERTS; i++) {
            Alert alert = alert(i);
            tell(ALERTS + i, new Signal.AlertResolved(alert, SEEN), alert);
        }

        assertThat(incident.version()).isEqualTo(2 * ALERTS + 1);
        assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
        assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(T0.plusSeconds(2 * ALERTS - 1));
        Incident again = Incident.UNKNOWN;
        for (Recorded<IncidentEvent> fact : history) {
            again = Incident.evolve(again, fact);
        }
        assertThat(again.standing()).isEqualTo(incident.standing());
    }

    private static Alert alert(int i) {
        return new Alert(Alerts.PREFIX + i, "f" + i, "High", null, null);
    }

    private void tell(int second, Signal signal, Alert alert) {
        IncidentCommand.Observe told = new IncidentCommand.Observe(
                new UUID(3, second),
                signal,
                T0.plusSeconds(second),
                0,
                new IncidentCommand.Opening("INC-1", "High", Severity.SEV3, T0, alert.key()));
        for (NewFact fact : Incident.decide(incident, told, null)) {
            long version = incident.version() + 1;
            Recorded<IncidentEvent> recorded = new Recorded<>(
                    new EventHeader(
                            fact.factId() == null ? new UUID(4, version) : fact.factId(),
                            Vocabulary.wireNameOf(fact.event()),
                            new UUID(0, 1),
                            version,
                            fact.occurredAt(),
                            fact.sourceOrder(),
                            T0,
                            SOMEBODY.toString(),
                            EventHeader.FROM_API,
                            null,
                            null),
                    fact.event());
            history.add(recorded);
            incident = Incident.evolve(incident, recorded);
        }
    }
}
