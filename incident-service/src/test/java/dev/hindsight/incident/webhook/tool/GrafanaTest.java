package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.incident.domain.Signal;
import org.junit.jupiter.api.Test;

class GrafanaTest {

    private static ToolFact.OfAlert alert(String json) {
        return (ToolFact.OfAlert) Delivered.by(
                        Provider.GRAFANA,
                        "{\"status\":\"firing\",\"title\":\"[FIRING:1] x\",\"alerts\":[" + json + "]}")
                .facts()
                .getFirst();
    }

    @Test
    void theAlertsOwnStatusCountsAndNotTheGroups() {
        assertThat(alert(
                                "{\"status\":\"resolved\",\"fingerprint\":\"f\",\"startsAt\":\"2026-11-20T10:00:00Z\",\"endsAt\":\"2026-11-20T10:05:00Z\"}")
                        .signal())
                .isInstanceOf(Signal.AlertResolved.class);
    }

    @Test
    void anAlertWithoutANameIsCalledByTheGroupsTitle() {
        assertThat(alert(
                                "{\"status\":\"firing\",\"fingerprint\":\"f\",\"startsAt\":\"2026-11-20T10:00:00Z\",\"labels\":{\"team\":\"a\"}}")
                        .alert()
                        .name())
                .isEqualTo("[FIRING:1] x");
    }

    @Test
    void noDataNamesTheRuleThatFoundNone() {
        assertThat(alert(
                                "{\"status\":\"firing\",\"fingerprint\":\"f\",\"startsAt\":\"2026-11-20T10:00:00Z\",\"labels\":{\"alertname\":\"DatasourceNoData\",\"rulename\":\"Queue"
                                        + " length\"}}")
                        .alert()
                        .name())
                .isEqualTo("DatasourceNoData: Queue length");
    }

    @Test
    void aRuleOfTheOldAlertingSaysNotWhenItBegan() {
        ToolFact.OfAlert fact = (ToolFact.OfAlert) Delivered.by(
                        Provider.GRAFANA,
                        "{\"state\":\"no_data\",\"ruleId\":7,\"ruleName\":\"Queue\",\"tags\":{\"service\":\"mailer\"}}")
                .facts()
                .getFirst();
        assertThat(fact.startSaid()).isFalse();
        assertThat(fact.service()).isEqualTo("mailer");
        assertThat(Delivered.by(Provider.GRAFANA, "{\"state\":\"paused\",\"ruleId\":7,\"ruleName\":\"Queue\"}")
                        .facts())
                .isEmpty();
    }

    @Test
    void whatIsNotGrafanasIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.GRAFANA, "{\"text\":\"a template of somebody's own\"}"))
                .isInstanceOf(Untranslatable.class);
    }
}
