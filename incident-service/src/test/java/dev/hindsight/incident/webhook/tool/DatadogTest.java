package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatadogTest {

    private static ToolFact.OfAlert alert(String fields) {
        return (ToolFact.OfAlert)
                Delivered.by(Provider.DATADOG, "{" + fields + "}").facts().getFirst();
    }

    private static String transition(String transition, String cycle) {
        return "\"id\":\"1\",\"aggreg_key\":\"9bd4\",\"alert_cycle_key\":\"%s\",\"transition\":\"%s\",\"title\":\"Errors\",\"date\":\"1759343824000\""
                .formatted(cycle, transition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Triggered", "Re-Triggered", "No Data", "Re-No Data", "Warn", "Re-Warn", "Renotify"})
    void whatFiresAndItsRepetitionsAreOneOccurrence(String word) {
        ToolFact.OfAlert fact = alert(transition(word, "c1"));
        assertThat(fact.signal()).isInstanceOf(Signal.AlertFired.class);
        assertThat(fact.key()).isEqualTo(alert(transition("Triggered", "c1")).key());
        assertThat(fact.startSaid()).isTrue();
    }

    @Test
    void eachCycleIsAnOccurrenceAndARecoveryEndsItsOwn() {
        ToolFact.OfAlert recovered = alert(transition("Recovered", "c1"));
        assertThat(recovered.signal()).isInstanceOf(Signal.AlertResolved.class);
        assertThat(recovered.alert().key())
                .isEqualTo(alert(transition("Triggered", "c1")).alert().key());
        assertThat(recovered.alert().key())
                .isNotEqualTo(alert(transition("Triggered", "c2")).alert().key());
    }

    @Test
    void withoutACycleAnOccurrenceIsTheOneThatGoesOn() {
        ToolFact.OfAlert fact = alert(transition("Triggered", "$ALERT_CYCLE_KEY"));
        assertThat(fact.startSaid()).isFalse();
        assertThat(fact.watched())
                .isEqualTo(alert(transition("Recovered", "$ALERT_CYCLE_KEY")).watched());
        assertThat(fact.occurredAt()).isEqualTo("2025-10-01T18:37:04Z");
    }

    @ParameterizedTest
    @CsvSource({
        "[Triggered] Disk is full, Disk is full",
        "[P2] [Re-Triggered on {host:web-1}] Disk is full, Disk is full",
        "[No Data on {host:web-1}] [disk] is full, [disk] is full",
    })
    void aTransitionMayStandInTheTitleAlone(String title, String name) {
        ToolFact.OfAlert fact = alert("\"title\":\"" + title + "\",\"scope\":\"host:web-1\"");
        assertThat(fact.alert().name()).isEqualTo(name);
        assertThat(fact.alert().fingerprint()).isEqualTo(name + "-host:web-1");
        assertThat(alert("\"title\":\"[Recovered] " + name + "\",\"scope\":\"host:web-1\"")
                        .watched())
                .isEqualTo(fact.watched());
    }

    @Test
    void longScopesThatBeginAlikeAreToldApart() {
        String scope = "host:web-1,".repeat(60);
        String fields = "\"monitor_id\":\"42\",\"transition\":\"Triggered\",\"title\":\"Errors\",\"scopes\":\"%s\"";
        assertThat(alert(fields.formatted(scope + "a")).watched())
                .isNotEqualTo(alert(fields.formatted(scope + "b")).watched());
        assertThat(alert(fields.formatted(scope + "a")).alert().key()).hasSizeLessThan(500);
    }

    @Test
    void twoEventsOfATemplateWithoutIdAndDateAreTwoDeliveries() {
        String body = "{\"title\":\"[Triggered] Disk is full\"}";
        assertThat(Delivered.by(Provider.DATADOG, body).deliveryKey()).endsWith("|" + Delivered.NOW);
        assertThat(Delivered.by(Provider.DATADOG, "{" + transition("Triggered", "c1") + "}")
                        .deliveryKey())
                .isEqualTo("1");
    }

    @Test
    void theServiceIsATagAndThePriorityTheSeverity() {
        ToolFact.OfAlert fact = alert(
                transition("Triggered", "c1")
                        + ",\"tags\":\"env:prod, service:checkout,team:shop\",\"alert_priority\":\"P1\",\"alert_type\":\"error\"");
        assertThat(fact.service()).isEqualTo("checkout");
        assertThat(fact.severity()).isEqualTo(Severity.SEV1);
        assertThat(alert(transition("Triggered", "c1") + ",\"severity\":\"$ALERT_PRIORITY\",\"alert_type\":\"warning\"")
                        .severity())
                .isEqualTo(Severity.SEV3);
    }

    @Test
    void theTextIsReadWithoutFencesPicturesAndMentions() {
        ToolFact.OfAlert fact = alert(
                transition("Triggered", "c1")
                        + ",\"body\":\"%%%\\nErrors above 5 %.\\nNotify: @robin@example.com @webhook-x\\n\\n[![Graph](https://p.example/1.png)]"
                        + "(https://app.datadoghq.com/monitors/42?from_ts=1)\\n\\n- - -\\n\\n[[Edit](https://app.datadoghq.com/monitors/42/edit)]\\n%%%\"");
        assertThat(fact.alert().summary()).isEqualTo("Errors above 5 %.\nNotify:");
        assertThat(fact.alert().url()).isEqualTo("https://app.datadoghq.com/monitors/42");
    }

    @Test
    void anEventOfNoMonitorSaysNothing() {
        assertThat(Delivered.by(
                                Provider.DATADOG,
                                "{\"id\":\"7\",\"title\":\"Deployed\",\"alert_transition\":\"$ALERT_TRANSITION\"}")
                        .facts())
                .isEmpty();
        assertThat(Delivered.by(Provider.DATADOG, "{" + transition("Null", "c1") + "}")
                        .facts())
                .isEmpty();
    }

    @Test
    void whatIsNotDatadogsIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.DATADOG, "{\"text\":\"a template of somebody's own\"}"))
                .isInstanceOf(Untranslatable.class);
        assertThatThrownBy(() -> Delivered.by(Provider.DATADOG, "{\"id\":\"$ID\",\"title\":\"$EVENT_TITLE\"}"))
                .isInstanceOf(Untranslatable.class);
    }
}
