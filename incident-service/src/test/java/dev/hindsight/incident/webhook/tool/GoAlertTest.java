package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoAlertTest {

    private static Translation entry(String text) {
        return Delivered.by(Provider.GOALERT, "{\"Type\":\"AlertStatus\",\"AlertID\":7,\"LogEntry\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "Acknowledged by Robin Example (Web), Acknowledged",
        "Closed due to inactivity, Resolved",
        "Closed via test integration (Generic API), Resolved",
        "Closed, Resolved",
        "Escalated to step #2 due to manual escalation by Robin Example, Escalated",
        "Notification sent to Robin Example (SMS), Noted",
        "Closely watched, Noted",
    })
    void theFirstWordOfAnEntrySaysWhatHappened(String text, String signal) {
        assertThat(Delivered.signal(entry(text)).getClass().getSimpleName()).isEqualTo(signal);
    }

    @Test
    void whoDidItIsAPersonAndNoPartOfTheText() {
        Translation closed = entry("Closed by Robin Example (Web)");
        assertThat(closed.actor()).isEqualTo(StreamIds.person("goalert", "Robin Example"));
        assertThat(((Signal.Resolved) Delivered.signal(closed)).text()).isEqualTo("Closed");
        assertThat(entry("Closed via test integration (Generic API)").actor()).isNull();
        assertThat(entry("Acknowledged by [unknown]").actor()).isNull();
    }

    @Test
    void whoWasNotifiedIsNoPartOfTheTextEither() {
        assertThat(((Signal.Noted) Delivered.signal(entry("Notification sent to Robin Example (SMS)"))).text())
                .doesNotContain("Robin");
    }

    @Test
    void anAlertThatIsSentAgainToTheNextIsTheSameFact() {
        String alert = "{\"Type\":\"Alert\",\"AlertID\":7,\"Summary\":\"Slow\",\"Details\":\"%s\"}";
        assertThat(Delivered.by(Provider.GOALERT, alert.formatted("a")).facts())
                .isEqualTo(Delivered.by(Provider.GOALERT, alert.formatted("b")).facts());
    }

    @Test
    void aBundleOfEntriesIsReadByTheAlertThatItNames() {
        assertThat(Delivered.signal(Delivered.by(
                        Provider.GOALERT,
                        "{\"Type\":\"AlertStatusBundle\",\"AlertID\":7,\"LogEntry\":\"Closed\",\"Count\":4}")))
                .isInstanceOf(Signal.Resolved.class);
        assertThat(Delivered.by(Provider.GOALERT, "{\"Type\":\"AlertBundle\",\"ServiceName\":\"checkout\",\"Count\":4}")
                        .facts())
                .isEmpty();
    }

    @Test
    void theCodeOfAVerificationIsToldToWhoeverLooksAtTheDelivery() {
        assertThat(Delivered.by(Provider.GOALERT, "{\"Type\":\"Verification\",\"Code\":\"283917\"}")
                        .because())
                .contains("283917");
    }

    @Test
    void whatIsNotGoAlertsIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.GOALERT, "{\"type\":\"Alert\"}"))
                .isInstanceOf(Untranslatable.class);
    }
}
