package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.Signal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentIoTest {

    private static Translation statusUpdated(String from, String to, String name) {
        return Delivered.by(Provider.INCIDENT_IO, """
                {"event_type":"public_incident.incident_status_updated_v2","public_incident.incident_status_updated_v2":{
                 "incident":{"id":"01J9","name":"Slow","created_at":"2026-11-03T08:00:00Z","updated_at":"2026-11-03T08:10:00Z",
                  "severity":{"name":"Critical"}},
                 "previous_status":{"category":"%s","name":"x"},"new_status":{"category":"%s","name":"%s"},"message":null}}""".formatted(from, to, name));
    }

    @ParameterizedTest
    @CsvSource({
        "triage, live, Investigating, Acknowledged",
        "live, live, Fixing, StatusUpdated",
        "live, live, Monitoring, Mitigated",
        "live, learning, Documenting, Resolved",
        "live, closed, Closed, Resolved",
        "triage, closed, Closed, Resolved",
        "learning, closed, Closed, StatusUpdated",
        "closed, live, Investigating, Reopened",
        "learning, live, Investigating, Reopened",
        "triage, declined, Declined, Canceled",
        "live, canceled, Canceled, Canceled",
        "triage, merged, Merged, Merged",
        "live, paused, Paused, StatusUpdated",
        "live, novel, Novel, StatusUpdated",
    })
    void theCategoryCountsAndNotTheName(String from, String to, String name, String signal) {
        assertThat(Delivered.signal(statusUpdated(from, to, name)).getClass().getSimpleName())
                .isEqualTo(signal);
    }

    @Test
    void criticalIsWorseHereThanAnAlertsCritical() {
        assertThat(Delivered.signal(statusUpdated("triage", "live", "x"))
                        .observed()
                        .severity())
                .isEqualTo(Severity.SEV1);
    }

    @Test
    void theDeliverysIdIsTheSameInEveryAttemptUnderEitherName() {
        String body =
                "{\"event_type\":\"public_incident.incident_created_v2\",\"public_incident.incident_created_v2\":{\"id\":\"01J9\"}}";
        assertThat(Delivered.by(Provider.INCIDENT_IO, body, Map.of("webhook-id", "msg_1"))
                        .deliveryKey())
                .isEqualTo("msg_1");
        assertThat(Delivered.by(Provider.INCIDENT_IO, body, Map.of("svix-id", "msg_1"))
                        .deliveryKey())
                .isEqualTo("msg_1");
    }

    @Test
    void ofAPrivateIncidentNothingIsMade() {
        assertThat(Delivered.by(
                                Provider.INCIDENT_IO,
                                "{\"event_type\":\"private_incident.incident_updated_v2\",\"private_incident.incident_updated_v2\":{\"id\":\"01J9\"}}")
                        .facts())
                .isEmpty();
    }

    @Test
    void anUnknownTypeOfAnIncidentIsNoted() {
        assertThat(
                        Delivered.signal(
                                Delivered.by(
                                        Provider.INCIDENT_IO,
                                        "{\"event_type\":\"public_incident.incident_sang_v9\",\"public_incident.incident_sang_v9\":{\"id\":\"01J9\",\"name\":\"Slow\"}}")))
                .isInstanceOf(Signal.Noted.class);
    }

    @Test
    void whatIsNotIncidentIosIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.INCIDENT_IO, "{\"data\":[]}"))
                .isInstanceOf(Untranslatable.class);
    }
}
