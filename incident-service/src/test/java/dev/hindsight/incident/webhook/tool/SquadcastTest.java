package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SquadcastTest {

    private static final String TRIGGERED =
            "{\"action\":\"triggered\",\"assigned_to\":\"escalationpolicy\",\"name\":\"Shop\",\"time\":\"2026-11-20T10:00:00.2Z\"}";
    private static final String ACKNOWLEDGED =
            "{\"action\":\"acknowledged\",\"assigned_to\":\"user\",\"name\":\"Robin\",\"time\":\"2026-11-20T10:04:00.5Z\"}";

    private static String incident(String status, String assignee, String timeline) {
        return """
                {"id":"6f10","message":"Slow","status":"%s","created_at":"2026-11-20T10:00:00.4Z","tags":null,
                 "service":{"id":"5e","name":"checkout"},"owner":{"id":"t1","name":"Shop","type":"team"},
                 "assigned_to":%s,"timeline":[%s]}""".formatted(status, assignee, timeline);
    }

    private static String user(String id, String name) {
        return "{\"id\":\"%s\",\"name\":\"%s\",\"type\":\"user\",\"assigned_at\":\"0001-01-01T00:00:00Z\"}"
                .formatted(id, name);
    }

    private static Translation event(String type, String data) {
        return Delivered.by(Provider.SQUADCAST, """
                {"version":"v2","event":{"id":"ev1","type":"%s","timestamp":"2026-11-20T10:40:01.345695898Z"},
                 "data":{%s}}""".formatted(type, data));
    }

    private static Translation resolved(String by) {
        return event(
                "incident.resolved",
                "\"resource_data\":"
                        + incident(
                                "resolved", user("u1", "Robin"), TRIGGERED + "," + ACKNOWLEDGED + """
                ,{"action":"resolved","assigned_to":"user","name":"%s","time":"2026-11-20T10:40:00.1Z"}""".formatted(by)));
    }

    @Test
    void aChangeOfStatusHappenedWhenTheTimelineSaysAndNotWhenItWasSent() {
        assertThat(resolved("Robin").facts().getFirst().occurredAt()).isEqualTo("2026-11-20T10:40:00.100Z");
        assertThat(resolved("Robin").deliveryKey()).isEqualTo("ev1");
    }

    @Test
    void aResolutionTellsOfAnAcknowledgementWhoseOwnDeliveryNeverCame() {
        assertThat(resolved("Robin").facts()).hasSize(2).anySatisfy(fact -> {
            assertThat(fact.signal()).isInstanceOf(Signal.Acknowledged.class);
            assertThat(fact.occurredAt()).isEqualTo("2026-11-20T10:04:00.500Z");
        });
    }

    @Test
    void whoResolvedIsNotTakenForWhoAcknowledged() {
        UUID robin = StreamIds.person("squadcast", "u1");
        assertThat(doers(resolved("Robin"))).containsExactly(robin, robin);
        // Sam is nobody that comes with an id.
        assertThat(doers(resolved("Sam"))).containsExactly(null, robin);
    }

    @Test
    void anAssignmentToThePolicyIsAnEscalationAndOneToAUserNamesThem() {
        Signal.Escalated policy = (Signal.Escalated) Delivered.signal(event(
                "incident.reassigned",
                "\"resource_data\":"
                        + incident(
                                "triggered",
                                "{\"id\":\"p1\",\"name\":\"Night\",\"type\":\"escalationpolicy\"}",
                                TRIGGERED)));
        assertThat(policy.text()).isEqualTo("Escalated to the policy Night");
        assertThat(policy.to()).isNull();
        assertThat(policy.observed().status()).isEqualTo(IncidentStatus.OPEN);
        Signal.Escalated person = (Signal.Escalated) Delivered.signal(event(
                "incident.reassigned", "\"resource_data\":" + incident("triggered", user("u2", "Sam"), TRIGGERED)));
        assertThat(person.to()).isEqualTo(StreamIds.person("squadcast", "u2"));
    }

    @Test
    void whatIsAboutAnIncidentFindsItBesideItself() {
        Translation note = event(
                "incident.incident_notes_created",
                "\"resource_data\":{\"id\":\"n1\",\"created_by\":{\"id\":\"u1\",\"name\":\"Robin\"},\"message\":{\"message\":\"Pool doubled\"}},"
                        + "\"incident\":"
                        + incident("acknowledged", user("u1", "Robin"), TRIGGERED + "," + ACKNOWLEDGED));
        ToolFact.OfIncident fact = (ToolFact.OfIncident) note.facts().getFirst();
        assertThat(fact.externalId()).isEqualTo("6f10");
        assertThat(fact.signal()).isInstanceOfSatisfying(Signal.Noted.class, noted -> assertThat(noted.text())
                .isEqualTo("Note created: Pool doubled"));
        assertThat(fact.occurredAt()).isEqualTo("2026-11-20T10:40:01.345695Z");
        assertThat(note.actor()).isEqualTo(StreamIds.person("squadcast", "u1"));
    }

    @Test
    void aTagWithoutANameIsNoneAndATagMayNameTheSeverity() {
        Translation tags = event(
                "incident.tags_updated",
                "\"resource_data\":"
                        + incident("triggered", user("u1", "Robin"), TRIGGERED)
                                .replace(
                                        "\"tags\":null",
                                        "\"tags\":{\"\":{\"color\":\"#0\",\"value\":\"\"},\"severity\":{\"value\":\"critical\"}}"));
        assertThat(Delivered.signal(tags)).isInstanceOfSatisfying(Signal.Noted.class, noted -> {
            assertThat(noted.text()).isEqualTo("Tags updated: severity=critical");
            assertThat(noted.observed().severity()).isEqualTo(Severity.SEV2);
        });
    }

    @Test
    void anEventOfTheFirstVersionIsKnownAgainWithoutAnId() {
        String body = incident("acknowledged", user("u1", "Robin"), TRIGGERED + "," + ACKNOWLEDGED)
                .replaceFirst("\\{", "{\"event_type\":\"incident_acknowledged\",");
        Translation first = Delivered.by(Provider.SQUADCAST, body);
        assertThat(first.deliveryKey()).isEqualTo("6f10|acknowledged|2026-11-20T10:04:00.500Z");
        assertThat(Delivered.signal(first)).isInstanceOf(Signal.Acknowledged.class);
        assertThat(first.facts().getFirst().beganAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00.200Z"));
    }

    @Test
    void anUnknownEventOfAnIncidentIsNoted() {
        assertThat(Delivered.signal(event(
                        "incident.sang", "\"resource_data\":" + incident("triggered", user("u1", "Robin"), TRIGGERED))))
                .isInstanceOf(Signal.Noted.class);
    }

    @Test
    void whatIsNotSquadcastsIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.SQUADCAST, "{\"event\":\"incident.triggered\"}"))
                .isInstanceOf(Untranslatable.class);
    }

    private static List<UUID> doers(Translation translation) {
        return translation.facts().stream()
                .map(fact -> fact.doneBy(translation.actor()))
                .toList();
    }
}
