package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Signal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SplunkOnCallTest {

    private static Translation variables(String phase, String more) {
        return Delivered.by(Provider.VICTOROPS, """
                {"INCIDENT.INCIDENT_ID":"14","INCIDENT.CURRENT_PHASE":"%s","INCIDENT.INCIDENT_TIMESTAMP":1791156454582,
                 "INCIDENT.ENTITY_DISPLAY_NAME":"Slow"%s}""".formatted(phase, more));
    }

    private static final String ACKED_BY_ROBIN =
            ",\"INCIDENT.POLICIES_PAGED.0.ACKED_BY\":\"robin\",\"INCIDENT.POLICIES_PAGED.0.ACKED_AT\":1791156654582";

    private static Translation form(String body) {
        return Delivered.by(Provider.VICTOROPS, body, Map.of("content-type", "application/x-www-form-urlencoded"));
    }

    @Test
    void flatFieldsAndObjectsSayTheSame() {
        Translation flat =
                variables("UNACKED", ",\"ALERT.entity_state\":\"CRITICAL\",\"INCIDENT.ENTITY_STATE\":\"CRITICAL\"");
        Translation nested = Delivered.by(Provider.VICTOROPS, """
                {"incident":{"incident_id":"14","current_phase":"UNACKED","incident_timestamp":1791156454582,
                 "entity_display_name":"Slow","entity_state":"CRITICAL"}}""");
        assertThat(nested.facts()).isEqualTo(flat.facts());
        assertThat(Delivered.signal(flat).observed().severity()).isEqualTo(Severity.SEV2);
        assertThat(flat.facts().getFirst().occurredAt()).isEqualTo("2026-10-04T23:27:34.582Z");
    }

    @Test
    void aResolutionThatTheStateDoesNotKnowOfHappenedWhenItWasHeardOf() {
        Translation stale = variables(
                "RESOLVED",
                ",\"STATE.CURRENT_ALERT_PHASE\":\"UNACKED\",\"STATE.RESOLVED_AT\":null,\"STATE.LAST_TIMESTAMP\":1791156454582");
        assertThat(Delivered.signal(stale)).isInstanceOf(Signal.Resolved.class);
        assertThat(stale.facts().getFirst().occurredAt()).isEqualTo(Delivered.NOW);
        assertThat(variables("RESOLVED", ",\"STATE.RESOLVED_AT\":\"1791157454582\"")
                        .facts()
                        .getFirst()
                        .occurredAt())
                .isEqualTo("2026-10-04T23:44:14.582Z");
    }

    @Test
    void aResolutionTellsWhoAcknowledgedAndDoesNotTakeWhoResolvedForThem() {
        Translation bySam = variables("RESOLVED", ACKED_BY_ROBIN + ",\"STATE.RESOLVED_BY\":\"sam\"");
        assertThat(bySam.facts()).anySatisfy(fact -> {
            assertThat(fact.signal()).isInstanceOf(Signal.Acknowledged.class);
            assertThat(fact.occurredAt()).isEqualTo("2026-10-04T23:30:54.582Z");
        });
        assertThat(doers(bySam)).containsExactly(who("sam"), who("robin"));
        assertThat(doers(variables("RESOLVED", ACKED_BY_ROBIN))).containsExactly(null, who("robin"));
    }

    private static List<UUID> doers(Translation translation) {
        return translation.facts().stream()
                .map(fact -> fact.doneBy(translation.actor()))
                .toList();
    }

    private static UUID who(String user) {
        return StreamIds.person("victorops", user);
    }

    @Test
    void thePersonWhoResolvedIsNotNamedInTheText() {
        Translation resolved =
                variables("RESOLVED", ",\"STATE.RESOLVED_BY\":\"sam\",\"ALERT.state_message\":\"Resolved by sam\"");
        assertThat(((Signal.Resolved) Delivered.signal(resolved)).text()).isNull();
        Translation recovered = variables("RESOLVED", ",\"ALERT.state_message\":\"p99 is back\"");
        assertThat(((Signal.Resolved) Delivered.signal(recovered)).text()).isEqualTo("p99 is back");
    }

    @Test
    void theSystemIsNobody() {
        assertThat(variables("ACKED", ",\"STATE.ACK_USER\":\"SYSTEM\",\"STATE.ACK_TIMESTAMP\":0")
                        .actor())
                .isNull();
        assertThat(variables("ACKED", ACKED_BY_ROBIN).actor()).isEqualTo(StreamIds.person("victorops", "robin"));
        assertThat(variables("ACKED", ACKED_BY_ROBIN).facts().getFirst().occurredAt())
                .isEqualTo("2026-10-04T23:30:54.582Z");
    }

    @Test
    void openAgainAfterAnAcknowledgementTakesItBack() {
        assertThat(Delivered.signal(variables("UNACKED", ACKED_BY_ROBIN))).isInstanceOf(Signal.Unacknowledged.class);
    }

    @Test
    void moreAlertsOfAnOpenIncidentAreNoSecondTrigger() {
        String alerts = ",\"INCIDENT.FIRST_ALERT_UUID\":\"a\",\"INCIDENT.LATEST_ALERT_UUID\":\"%s\"";
        assertThat(Delivered.signal(variables("UNACKED", alerts.formatted("a"))))
                .isInstanceOf(Signal.Triggered.class);
        assertThat(Delivered.signal(variables("UNACKED", alerts.formatted("b"))))
                .isInstanceOf(Signal.Noted.class);
    }

    @Test
    void whoIsPagedWithTheTriggerIsRecordedAsPaged() {
        assertThat(variables("UNACKED", ",\"STATE.USERS_PAGED.0\":\"robin\",\"STATE.USERS_PAGED.1\":\"sam\"")
                        .facts())
                .extracting(fact -> fact.signal().getClass().getSimpleName())
                .containsExactly("Triggered", "Paged", "Paged");
    }

    @Test
    void anIncidentThatAPersonCreatedNamesNoService() {
        assertThat(Delivered.signal(variables(
                                "UNACKED", ",\"INCIDENT.MONITOR_TYPE\":\"manual\",\"INCIDENT.SERVICE\":\"Slow\""))
                        .observed()
                        .services())
                .isEmpty();
        assertThat(Delivered.signal(variables(
                                "UNACKED", ",\"INCIDENT.MONITOR_TYPE\":\"API\",\"INCIDENT.SERVICE\":\"checkout\""))
                        .observed()
                        .services())
                .containsExactly("checkout");
    }

    @Test
    void aVariableThatWasNotFilledInIsNotSaid() {
        assertThat(variables("ACKED", ",\"STATE.ACKED_BY\":\"${{STATE.ACKED_BY}}\"")
                        .actor())
                .isNull();
    }

    @Test
    void aPhaseThatIsUnknownIsNoted() {
        assertThat(Delivered.signal(variables("TRIAGED", ""))).isInstanceOf(Signal.Noted.class);
    }

    @Test
    void theFieldsOfAnEscalationLoseTheirQuotes() {
        Translation escalation = form(
                "incident=31&entity_display_name=%22Slow+%22again%22%22&message_type=%22CRITICAL%22&vo_alert_rcv_time=%221791156454582%22&state_message=%22%22");
        ToolFact.OfIncident fact = (ToolFact.OfIncident) escalation.facts().getFirst();
        assertThat(fact.externalId()).isEqualTo("31");
        assertThat(fact.signal().observed().title()).isEqualTo("Slow \"again\"");
        assertThat(fact.signal()).isInstanceOfSatisfying(Signal.Escalated.class, said -> assertThat(said.text())
                .isEqualTo("Escalated"));
        assertThat(fact.beganAt()).isEqualTo("2026-10-04T23:27:34.582Z");
    }

    @Test
    void whatIsNotSplunkOnCallsIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.VICTOROPS, "{\"text\":\"a template of somebody's own\"}"))
                .isInstanceOf(Untranslatable.class);
        assertThatThrownBy(() -> form("text=hello")).isInstanceOf(Untranslatable.class);
    }
}
