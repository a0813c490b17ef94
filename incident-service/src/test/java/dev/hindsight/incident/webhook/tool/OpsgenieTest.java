package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OpsgenieTest {

    private static Translation action(String action, String alert) {
        return Delivered.by(
                Provider.OPSGENIE,
                "{\"action\":\"" + action + "\",\"alert\":{\"alertId\":\"a1\",\"message\":\"Disk full\"" + alert
                        + "}}");
    }

    @Test
    void nanosecondsAndMillisecondsMayBeTextOrNumber() {
        for (String quote : new String[] {"", "\""}) {
            ToolFact fact = action(
                            "Acknowledge",
                            ",\"createdAt\":" + quote + "1502709956288" + quote + ",\"updatedAt\":" + quote
                                    + "1502709956288000110" + quote)
                    .facts()
                    .getFirst();
            assertThat(fact.occurredAt()).isEqualTo(Instant.parse("2017-08-14T11:25:56.288Z"));
            assertThat(fact.beganAt()).isEqualTo(Instant.parse("2017-08-14T11:25:56.288Z"));
        }
    }

    @Test
    void aPriorityIsAWordANumberOrATextOfOne() {
        for (String priority : new String[] {"2", "\"2\"", "\"P2\""}) {
            assertThat(Delivered.signal(action("Create", ",\"priority\":" + priority))
                            .observed()
                            .severity())
                    .as(priority)
                    .isEqualTo(Severity.SEV2);
        }
    }

    @Test
    void anEscalationMayCarryTheIdAlone() {
        Translation escalated = Delivered.by(
                Provider.OPSGENIE,
                "{\"action\":\"EscalateNext\",\"alert\":{\"alertId\":\"a1\"},\"escalationName\":\"Payments\"}");
        assertThat(Delivered.signal(escalated)).isInstanceOf(Signal.Escalated.class);
        assertThat(escalated.facts().getFirst().occurredAt()).isEqualTo(Delivered.NOW);
    }

    @Test
    void aCustomActionIsNotedUnderItsOwnName() {
        assertThat(Delivered.signal(action("RestartTheThing", "")))
                .isInstanceOfSatisfying(Signal.Noted.class, noted -> {
                    assertThat(noted.signal()).isEqualTo("RestartTheThing");
                    assertThat(noted.text()).isEqualTo("Restart the thing");
                });
    }

    @Test
    void twoActionsOfOneMomentAreTwoFacts() {
        String at = ",\"updatedAt\":1420452224764002246";
        assertThat(action("Acknowledge", at).facts().getFirst().key())
                .isNotEqualTo(action("UnAcknowledge", at).facts().getFirst().key());
    }

    @Test
    void aCreationThatIsSentAgainForATeamIsTheSameFact() {
        assertThat(action("Create", ",\"teams\":[\"t1\"],\"updatedAt\":1420452224764002246")
                        .facts()
                        .getFirst()
                        .key())
                .isEqualTo(action("Create", "").facts().getFirst().key());
    }

    @Test
    void whoHasNoAddressIsAProgramAndNoPerson() {
        assertThat(action("Acknowledge", ",\"username\":\"Alert API\"").actor()).isNull();
        assertThat(action("Acknowledge", ",\"username\":\"anna@example.com\"").actor())
                .isNotNull();
    }

    @Test
    void whatIsNotOpsgeniesIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(Provider.OPSGENIE, "{\"action\":\"Create\"}"))
                .isInstanceOf(Untranslatable.class);
    }
}
