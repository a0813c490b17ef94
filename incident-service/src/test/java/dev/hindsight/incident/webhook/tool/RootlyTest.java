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

class RootlyTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Rootly ROOTLY = new Rootly();

    @Test
    void eventsOfDifferentTypesWithOneIdAreDifferentDeliveries() {
        String created = read("incident.created", "").deliveryKey();
        assertThat(read("incident.mitigated", "").deliveryKey()).isNotEqualTo(created);
        assertThat(read("incident.created", ",\"summary\":\"sent again\"").deliveryKey())
                .isEqualTo(created);
    }

    @Test
    void aMilestoneIsTheSameFactWhicheverDeliveryTellsIt() {
        String times = ",\"started_at\":\"2026-11-20T10:00:00-08:00\",\"mitigated_at\":\"2026-11-20T10:30:00-08:00\"";
        List<ToolFact> mitigated = milestones(read("incident.mitigated", times));
        assertThat(milestones(read("incident.resolved", times))).isEqualTo(mitigated);
        assertThat(mitigated)
                .extracting(ToolFact::occurredAt)
                .containsExactly(Instant.parse("2026-11-20T18:00:00Z"), Instant.parse("2026-11-20T18:30:00Z"));
    }

    @Test
    void anOffsetThatChangesWithTheSeasonIsTheSameMoment() {
        assertThat(milestones(read("incident.updated", ",\"resolved_at\":\"2026-11-20T10:30:00-08:00\"")))
                .isEqualTo(milestones(read("incident.updated", ",\"resolved_at\":\"2026-11-20T13:30:00-05:00\"")));
    }

    @Test
    void startedLeavesAnAcknowledgementInPlace() {
        Signal said = read("incident.updated", ",\"status\":\"started\"")
                .facts()
                .getFirst()
                .signal();
        assertThat(said.observed().status()).isNull();
    }

    @Test
    void aSeverityIsReadByItsNameBeforeItsLevel() {
        assertThat(severity("{\"name\":\"SEV0\",\"slug\":\"sev0\",\"severity\":\"critical\"}"))
                .isEqualTo(Severity.SEV0);
        assertThat(severity("{\"name\":\"Red\",\"slug\":\"red\",\"severity\":\"critical\"}"))
                .isEqualTo(Severity.SEV1);
        assertThat(severity("\"sev2\"")).isEqualTo(Severity.SEV2);
        assertThat(severity("null")).isNull();
    }

    @Test
    void ofAPrivateIncidentNeitherNameNorTextNorLinkIsTaken() {
        Translation said = read(
                "incident.mitigated",
                ",\"private\":true,\"title\":\"Secret name\",\"mitigation_message\":\"Secret text\",\"url\":\"https://secret.example\""
                        + ",\"mitigated_at\":\"2026-11-20T10:30:00Z\"");
        assertThat(said.facts()).hasSize(2);
        assertThat(said.facts().toString()).doesNotContainIgnoringCase("secret");
    }

    @Test
    void anEntryOfTheTimelineIsItsPlainText() {
        Translation said =
                translate("{\"event\":{\"id\":\"E\",\"type\":\"incident_event.created\"},\"data\":{\"id\":\"e1\","
                        + "\"incident_id\":\"I1\",\"event\":\"<b>Bold</b>\",\"event_raw\":\"Bold\"}}");
        assertThat(said.facts().getFirst().signal())
                .isInstanceOfSatisfying(
                        Signal.Noted.class, noted -> assertThat(noted.text()).isEqualTo("Bold"));
    }

    @Test
    void whatIsNotRootlysIsSaidToBeSo() {
        for (String body : List.of(
                "{}",
                "{\"event\":{\"type\":\"incident.created\"}}",
                "{\"event\":{\"type\":\"incident.created\"},\"data\":{}}")) {
            assertThatThrownBy(() -> translate(body)).isInstanceOf(Untranslatable.class);
        }
    }

    private static List<ToolFact> milestones(Translation said) {
        return said.facts().stream().filter(fact -> fact.key().contains("_at|")).toList();
    }

    private static Severity severity(String json) {
        return read("incident.updated", ",\"severity\":" + json)
                .facts()
                .getFirst()
                .signal()
                .observed()
                .severity();
    }

    private static Translation read(String type, String more) {
        return translate("{\"event\":{\"id\":\"E1\",\"type\":\"" + type
                + "\",\"issued_at\":\"2026-11-20T12:00:00Z\"},\"data\":{\"id\":\"I1\",\"updated_at\":\"2026-11-20T12:00:00Z\""
                + more
                + "}}");
    }

    private static Translation translate(String body) {
        Integration integration = new Integration(
                UUID.nameUUIDFromBytes(new byte[] {1}),
                Provider.ROOTLY,
                List.of("secret"),
                null,
                Severity.SEV3,
                Map.of(),
                true,
                Duration.ofHours(4));
        return ROOTLY.translate(
                integration,
                new WebhookRequest("https://here.example", Map.of(), null, body.getBytes(StandardCharsets.UTF_8), NOW));
    }
}
