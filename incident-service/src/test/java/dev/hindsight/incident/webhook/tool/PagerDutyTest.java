package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PagerDutyTest {

    private static final String REFERENCE = "{\"id\":\"Q1\",\"type\":\"incident_reference\",\"summary\":\"Checkout"
            + " fails\",\"html_url\":\"https://acme.example/Q1\"}";

    private static Translation event(String type, String data) {
        return Delivered.by(Provider.PAGERDUTY, """
                {"event":{"id":"E1","event_type":"%s","occurred_at":"2026-11-20T10:00:00.250Z","agent":null,"client":null,
                 "data":%s}}""".formatted(type, data));
    }

    private static String incident(String status, String more) {
        return """
                {"id":"Q1","type":"incident","status":"%s","title":"Checkout fails","created_at":"2026-11-20T09:58:00Z",
                 "service":{"id":"S1","summary":"checkout"},"assignees":[],"priority":{"summary":"P1"}%s}""".formatted(status, more);
    }

    @Test
    void theStatusFieldIsSeenWhateverTheEventIsCalled() {
        Signal signal = Delivered.signal(event("incident.reassigned", incident("triggered", "")));
        assertThat(signal).isInstanceOf(Signal.Escalated.class);
        assertThat(signal.observed().status()).isEqualTo(IncidentStatus.OPEN);
        assertThat(Delivered.signal(event("incident.service_updated", incident("acknowledged", "")))
                        .observed()
                        .status())
                .isEqualTo(IncidentStatus.ACKNOWLEDGED);
    }

    @Test
    void aResolutionByMergeNamesTheIncidentThatGoesOn() {
        Signal.Merged merged = (Signal.Merged) Delivered.signal(event("incident.resolved", incident("resolved", """
                ,"resolve_reason":{"type":"merge_resolve_reason","incident":{"id":"Q2"}}""")));
        assertThat(merged.externalInto()).isEqualTo("Q2");
        assertThat(merged.into())
                .isEqualTo(StreamIds.incident(
                        Delivered.integration(Provider.PAGERDUTY, Map.of()).id(), "Q2"));
    }

    @Test
    void whereTheDataOnlyRefersToTheIncidentThereIsNoStatus() {
        Translation note = event(
                "incident.annotated",
                "{\"type\":\"incident_note\",\"id\":\"N1\",\"content\":\"Pool doubled\",\"incident\":" + REFERENCE
                        + "}");
        ToolFact.OfIncident fact = (ToolFact.OfIncident) note.facts().getFirst();
        assertThat(fact.externalId()).isEqualTo("Q1");
        assertThat(fact.signal().observed().status()).isNull();
        assertThat(fact.signal().observed().services()).isEmpty();
        assertThat(fact.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00.250Z"));
    }

    @Test
    void eachKindOfDataFindsItsIncident() {
        assertThat(Delivered.signal(event(
                        "incident.responder.added",
                        "{\"type\":\"incident_responder\",\"incident\":" + REFERENCE
                                + ",\"user\":{\"id\":\"U1\",\"type\":\"user_reference\",\"summary\":\"Anna\"}}")))
                .isInstanceOf(Signal.Paged.class);
        assertThat(
                        Delivered.signal(
                                event(
                                        "incident.conference_bridge.updated",
                                        "{\"type\":\"incident_conference_bridge\",\"incident\":" + REFERENCE
                                                + ",\"conference_numbers\":[{\"number\":7}],\"conference_url\":\"https://meet.example/1\"}")))
                .isEqualTo(new Signal.Noted(
                        "incident.conference_bridge.updated",
                        "Conference bridge updated",
                        "https://meet.example/1",
                        Delivered.signal(
                                        event("incident.conference_bridge.updated", "{\"incident\":" + REFERENCE + "}"))
                                .observed()));
        assertThat(Delivered.signal(event(
                        "incident.status_update_published",
                        "{\"type\":\"incident_status_update\",\"incident\":" + REFERENCE
                                + ",\"message\":\"Rolling back\"}")))
                .isInstanceOfSatisfying(Signal.StatusUpdated.class, said -> assertThat(said.text())
                        .isEqualTo("Rolling back"));
        assertThat(Delivered.signal(event(
                        "incident.role.assigned",
                        "{\"type\":\"incident_role_assignment\",\"incident_role_assignments\":[{\"status\":\"active\",\"role\":{\"summary\":\"Incident"
                                + " Commander\"},\"assignee\":{\"id\":\"U1\",\"type\":\"user_reference\"},\"incident\":"
                                + REFERENCE + "}]}")))
                .isInstanceOfSatisfying(Signal.RoleAssigned.class, said -> assertThat(said.role())
                        .isEqualTo("INCIDENT_COMMANDER"));
        for (String type : new String[] {
            "incident.workflow.started",
            "incident.task.created",
            "incident.action_invocation.created",
            "incident.custom_field_values.updated",
            "incident.type.changed"
        }) {
            assertThat(Delivered.signal(
                            event(type, "{\"id\":\"X\",\"summary\":\"Restart\",\"incident\":" + REFERENCE + "}")))
                    .as(type)
                    .isInstanceOf(Signal.Noted.class);
        }
    }

    @Test
    void aPriorityThatNobodyMappedIsNoted() {
        assertThat(Delivered.signal(event("incident.priority_updated", incident("triggered", ""))))
                .isInstanceOfSatisfying(Signal.SeverityChanged.class, said -> assertThat(said.severity())
                        .isEqualTo(Severity.SEV1));
        assertThat(Delivered.signal(event(
                        "incident.priority_updated", incident("triggered", "").replace("P1", "Urgent"))))
                .isInstanceOf(Signal.Noted.class);
        String body = "{\"event\":{\"id\":\"E1\",\"event_type\":\"incident.priority_updated\",\"data\":"
                + incident("triggered", "").replace("P1", "Urgent") + "}}";
        assertThat(Delivered.signal(Delivered.by(
                        Delivered.integration(Provider.PAGERDUTY, Map.of("urgent", Severity.SEV0)), body, Map.of())))
                .isInstanceOf(Signal.SeverityChanged.class);
    }

    @Test
    void severalMessagesOfTheOldVersionAreSeveralFacts() {
        Translation batch = Delivered.by(Provider.PAGERDUTY, """
                {"messages":[
                 {"id":"m1","type":"incident.trigger","created_on":"2016-01-01T10:00:00Z","data":{"incident":{"id":"P1","status":"triggered",
                  "created_on":"2016-01-01T10:00:00Z","service":{"name":"search"},"trigger_summary_data":{"subject":"Search is slow"}}}},
                 {"id":"m2","type":"incident.unacknowledge","created_on":"2016-01-01T10:30:00Z","data":{"incident":{"id":"P2","status":"triggered"}}}]}""");
        assertThat(batch.facts()).hasSize(2);
        assertThat(batch.facts().get(0).fallbackTitle()).isEqualTo("Search is slow");
        assertThat(batch.facts().get(0).signal().observed().services()).containsExactly("search");
        assertThat(batch.facts().get(1).signal()).isInstanceOf(Signal.Unacknowledged.class);
    }

    @Test
    void whatIsNotPagerDutysIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.PAGERDUTY, "{\"alerts\":[]}"))
                .isInstanceOf(Untranslatable.class);
        assertThatThrownBy(() -> Delivered.by(Provider.PAGERDUTY, "[1]")).isInstanceOf(Untranslatable.class);
        assertThatThrownBy(() -> Delivered.by(Provider.PAGERDUTY, "")).isInstanceOf(Untranslatable.class);
        assertThatThrownBy(() -> Delivered.by(Provider.PAGERDUTY, "{")).isInstanceOf(Untranslatable.class);
    }
}
