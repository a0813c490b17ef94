package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Signal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZendutyTest {

    private static String body(String type, String more) {
        return """
                {"payload":{"event_type":"%s","incident":{"unique_id":"vuwt","incident_number":217,"title":"Slow",
                 "creation_date":"2026-11-20T10:00:00.372614Z","service":{"name":"checkout","unique_id":"s1"}%s}}}""".formatted(type, more);
    }

    private static Translation event(String type, String more) {
        return Delivered.by(Provider.ZENDUTY, body(type, more));
    }

    private static final String ACKNOWLEDGED = ",\"acknowledged_date\":\"2026-11-20T10:04:00.112452Z\"";
    private static final String RESOLVED = ",\"resolved_date\":\"2026-11-20T10:40:00.020227Z\"";

    @Test
    void aResolutionTellsTheAcknowledgementInTheWordsOfItsOwnDelivery() {
        assertThat(event("resolved", ",\"status\":3" + ACKNOWLEDGED + RESOLVED).facts())
                .hasSize(2)
                .containsAll(
                        event("acknowledged", ",\"status\":2" + ACKNOWLEDGED).facts());
    }

    @Test
    void anIncidentThatWasMergedNamesTheOther() {
        Signal.Merged merged = (Signal.Merged)
                Delivered.signal(event("resolved", ",\"status\":3,\"merged_with\":\"zX1c\"" + RESOLVED));
        assertThat(merged.into())
                .isEqualTo(StreamIds.incident(
                        Delivered.integration(Provider.ZENDUTY, Map.of()).id(), "zX1c"));
    }

    @Test
    void theStatusCountsWhereTheEventIsOfAnotherName() {
        Signal signal = Delivered.signal(event("assigned", ",\"status\":2"));
        assertThat(signal).isInstanceOf(Signal.Noted.class);
        assertThat(signal.observed().status()).isEqualTo(IncidentStatus.ACKNOWLEDGED);
    }

    @Test
    void theAssigneeIsNotTakenForWhoActed() {
        assertThat(event(
                                "acknowledged",
                                ",\"assigned_to\":{\"username\":\"fe07\",\"first_name\":\"Robin\"}" + ACKNOWLEDGED)
                        .actor())
                .isNull();
    }

    @Test
    void urgencyIsASeverityOnlyWhereItIsMapped() {
        assertThat(Delivered.signal(event("triggered", ",\"urgency\":1"))
                        .observed()
                        .severity())
                .isNull();
        assertThat(Delivered.signal(Delivered.by(
                                Delivered.integration(Provider.ZENDUTY, Map.of("1", Severity.SEV1)),
                                body("triggered", ",\"urgency\":1"),
                                Map.of()))
                        .observed()
                        .severity())
                .isEqualTo(Severity.SEV1);
    }

    @Test
    void theStartIsReadToTheMicrosecond() {
        assertThat(event("triggered", "").facts().getFirst().occurredAt()).isEqualTo("2026-11-20T10:00:00.372614Z");
    }

    @Test
    void whatIsNotZendutysIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.ZENDUTY, "{\"event_type\":\"resolved\"}"))
                .isInstanceOf(Untranslatable.class);
    }
}
