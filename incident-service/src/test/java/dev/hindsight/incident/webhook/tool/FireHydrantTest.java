package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FireHydrantTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final FireHydrant FIREHYDRANT = new FireHydrant();

    @Test
    void timesThatEndInUtcAreRead() {
        assertThat(incident(
                                "UPDATED",
                                "\"milestones\":[" + milestone("resolved", "2023-07-25 13:38:17 UTC") + "]",
                                Map.of())
                        .facts())
                .extracting(ToolFact::occurredAt)
                .contains(Instant.parse("2023-07-25T13:38:17Z"));
    }

    @Test
    void aMilestoneIsTheSameFactWhicheverDeliveryTellsIt() {
        String started = milestone("started", "2023-07-25 13:34:49 UTC");
        String resolved = milestone("resolved", "2023-07-25 13:38:17 UTC");
        ToolFact first = incident("UPDATED", "\"milestones\":[" + started + "]", Map.of())
                .facts()
                .getLast();
        assertThat(incident("UPDATED", "\"name\":\"Other\",\"milestones\":[" + started + "," + resolved + "]", Map.of())
                        .facts())
                .anySatisfy(fact -> {
                    assertThat(fact.key()).isEqualTo(first.key());
                    assertThat(fact.signal()).isEqualTo(first.signal());
                    assertThat(fact.occurredAt()).isEqualTo(first.occurredAt());
                });
    }

    @Test
    void aMilestoneOfTheUsersOwnIsNoted() {
        assertThat(incident(
                                "UPDATED",
                                "\"milestones\":[" + milestone("vendor_called", "2023-07-25 13:38:17 UTC") + "]",
                                Map.of())
                        .facts()
                        .getLast()
                        .signal())
                .isInstanceOfSatisfying(
                        Signal.Noted.class, noted -> assertThat(noted.text()).isEqualTo("Milestone: vendor called"));
    }

    @Test
    void operationsAreReadInCapitalsAndInLowerCase() {
        assertThat(incident("created", "\"name\":\"x\"", Map.of())
                        .facts()
                        .getFirst()
                        .signal())
                .isInstanceOf(Signal.Triggered.class);
    }

    @Test
    void aGameDayIsAnIncidentOnlyWhereItIsMappedToOne() {
        String gameDay = "\"severity\":{\"slug\":\"GAMEDAY\"}";
        assertThat(incident("CREATED", gameDay, Map.of()).facts()).isEmpty();
        assertThat(incident("CREATED", gameDay, Map.of("gameday", Severity.SEV4))
                        .facts()
                        .getFirst()
                        .signal()
                        .observed()
                        .severity())
                .isEqualTo(Severity.SEV4);
    }

    @Test
    void ofARestrictedIncidentNeitherNameNorLinkIsTaken() {
        Translation said = incident(
                "UPDATED",
                "\"restricted\":true,\"name\":\"Secret name\",\"private_status_page_url\":\"https://secret.example\"",
                Map.of());
        assertThat(said.facts().toString()).doesNotContainIgnoringCase("secret");
    }

    @Test
    void servicesOfAChangeAreLearnedThoughItIsNoIncident() {
        Translation said = translate(
                "{\"event\":{\"operation\":\"updated\",\"resource_type\":\"change_event\"},\"data\":{\"services\":[{\"id\":\"s\",\"name\":\"firehouse\"}]}}",
                Map.of());
        assertThat(said.facts()).isEmpty();
        assertThat(said.because()).contains("says nothing about an incident");
    }

    @Test
    void aDecisionThatIsNewIsNotedAndNotRefused() {
        assertThat(translate(
                                "{\"event\":{\"operation\":\"UPDATED\",\"resource_type\":\"signals_alerts\"},\"data\":{\"alert\":{\"id\":\"a\",\"decision\":\"SNOOZE\"}}}",
                                Map.of())
                        .facts()
                        .getFirst()
                        .signal())
                .isInstanceOf(Signal.Noted.class);
    }

    @Test
    void whatIsNotFireHydrantsIsSaidToBeSo() {
        for (String body : List.of(
                "{}",
                "{\"event\":{\"resource_type\":\"incident\"}}",
                "{\"event\":{\"resource_type\":\"incident\"},\"data\":{\"incident\":{}}}")) {
            assertThatThrownBy(() -> translate(body, Map.of())).isInstanceOf(Untranslatable.class);
        }
    }

    private static String milestone(String type, String at) {
        return "{\"type\":\"" + type + "\",\"occurred_at\":\"" + at + "\"}";
    }

    private static Translation incident(String operation, String fields, Map<String, Severity> mapping) {
        return translate(
                "{\"event\":{\"operation\":\"" + operation
                        + "\",\"resource_type\":\"incident\"},\"data\":{\"incident\":{\"id\":\"I1\"," + fields + "}}}",
                mapping);
    }

    private static Translation translate(String body, Map<String, Severity> mapping) {
        Integration integration = new Integration(
                UUID.nameUUIDFromBytes(new byte[] {1}),
                Provider.FIREHYDRANT,
                List.of("secret"),
                null,
                Severity.SEV3,
                mapping,
                true,
                Duration.ofHours(4));
        return FIREHYDRANT.translate(
                integration,
                new WebhookRequest("https://here.example", Map.of(), null, body.getBytes(StandardCharsets.UTF_8), NOW));
    }
}
