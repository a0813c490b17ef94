package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.tool.ChatOrder.Wish;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackTest {

    private static final UUID MARIA = StreamIds.person("slack", "U7");
    private static final UUID JON = StreamIds.person("slack", "U8");

    @Test
    void aDeclarationHasSeverityAndServicesBeforeItsTitle() {
        assertThat(wish("declare SEV1 service:checkout-api service:cart Checkout fails, p99 is 9 s"))
                .isEqualTo(
                        new Wish.Declare("Checkout fails, p99 is 9 s", Severity.SEV1, List.of("checkout-api", "cart")));
        assertThat(wish("declare p1 on:cart Cart is slow"))
                .isEqualTo(new Wish.Declare("Cart is slow", Severity.SEV1, List.of("cart")));
        assertThat(wish("declare Everything is slow"))
                .isEqualTo(new Wish.Declare("Everything is slow", Severity.SEV3, List.of()));
    }

    @Test
    void aRoleIsAssignedToWhomeverIsNamedElseToWhoSpeaks() {
        assertThat(wish("assign")).isEqualTo(new Wish.Assign("INCIDENT_COMMANDER", MARIA));
        assertThat(wish("assign me")).isEqualTo(new Wish.Assign("INCIDENT_COMMANDER", MARIA));
        assertThat(wish("assign <@U8|jon>")).isEqualTo(new Wish.Assign("INCIDENT_COMMANDER", JON));
        assertThat(wish("assign communications lead <@U8>")).isEqualTo(new Wish.Assign("COMMUNICATIONS", JON));
        assertThat(wish("assign <@U8> scribe")).isEqualTo(new Wish.Assign("SCRIBE", JON));
        assertThat(wish("assign database wizard <@U8|jon>")).isEqualTo(new Wish.Assign("database wizard", JON));
        assertThat(wish("assign operations")).isEqualTo(new Wish.Assign("OPERATIONS", MARIA));
        assertThat(wish("assign bob")).isInstanceOf(Wish.Help.class);
    }

    @Test
    void everyVerbIsUnderstood() {
        assertThat(wish("ack")).isEqualTo(new Wish.Acknowledge());
        assertThat(wish("severity sev0 it spreads")).isEqualTo(new Wish.ChangeSeverity(Severity.SEV0, "it spreads"));
        assertThat(wish("escalate <@U8> needs a DBA")).isEqualTo(new Wish.Escalate(JON, "needs a DBA"));
        assertThat(wish("escalate")).isEqualTo(new Wish.Escalate(null, null));
        assertThat(wish("mitigate rolled back")).isEqualTo(new Wish.Mitigate("rolled back"));
        assertThat(wish("resolve")).isEqualTo(new Wish.Resolve(null));
        assertThat(wish("note we look at <#C1|deploys>")).isEqualTo(new Wish.Note("we look at #deploys"));
        assertThat(wish("pin roll back")).isEqualTo(new Wish.Pin("roll back"));
        assertThat(wish("status")).isEqualTo(new Wish.Ask());
        assertThat(wish("status we roll back")).isEqualTo(new Wish.UpdateStatus("we roll back"));
        assertThat(wish("")).isEqualTo(new Wish.Help(null));
    }

    @Test
    void anotherIncidentIsMeantByItsReference() {
        ChatOrder order = order("ack inc-42");

        assertThat(order.reference()).isEqualTo("INC-42");
        assertThat(order.wish()).isEqualTo(new Wish.Acknowledge());
        assertThat(order("link INC-7").wish()).isEqualTo(new Wish.Link());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"declare", "declare sev1", "link", "severity", "severity awful", "note", "pin  ", "restart it"})
    void whatIsNotUnderstoodIsAnsweredWithHelp(String text) {
        assertThat(wish(text)).isInstanceOf(Wish.Help.class);
        assertThat(((Wish.Help) wish(text)).because()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "<@U1|maria> look => @maria look",
                "<@U1> look => @U1 look",
                "<https://x.example|the board> => the board (https://x.example)",
                "<https://x.example> => https://x.example",
                "<!here> all => @here all",
                "a &lt;b&gt; &amp; c => a <b> & c",
                "1 < 2 => 1 < 2",
            })
    void markupIsReadAsPeopleReadIt(String text, String plain) {
        assertThat(SlackText.plain(text)).isEqualTo(plain);
    }

    @Test
    void aMentionOfTheAppIsTheMessageThatMentionsIt() {
        assertThat(key("app_mention")).isEqualTo(key("message"));
    }

    private static String key(String type) {
        return event("{\"type\":\"%s\",\"user\":\"U7\",\"text\":\"hi\",\"ts\":\"1.2\",\"channel\":\"C1\"}"
                        .formatted(type)
                        .replace("1.2", "1595926230.009600"))
                .facts()
                .getFirst()
                .key();
    }

    @Test
    void whatIsPinnedIsADecision() {
        Translation pin = event("""
                {"type":"pin_added","user":"U7","channel_id":"C1","event_ts":"1595926290.0",
                 "item":{"type":"message","message":{"text":"Roll <https://x.example|back>","ts":"1595926230.009600"}}}""");

        assertThat(Delivered.signal(pin))
                .isInstanceOfSatisfying(Signal.Decided.class, decided -> assertThat(decided.text())
                        .isEqualTo("Roll back (https://x.example)"));
        assertThat(pin.actor()).isEqualTo(MARIA);
    }

    @Test
    void theChallengeIsEchoed() {
        Translation handshake =
                Delivered.by(Provider.SLACK, "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1aB\"}");

        assertThat(handshake.reply()).isEqualTo(new ToolReply(200, "text/plain", "3eZbrw1aB"));
    }

    @Test
    void anAnswerMentionsNobodyAndLinksNowhereByAForeignText() {
        assertThat(ChatAnswer.stands("INC-1", "<!channel> & more", Severity.SEV1, IncidentStatus.OPEN)
                        .reply()
                        .body())
                .isEqualTo(
                        "{\"response_type\":\"ephemeral\",\"text\":\"*INC-1* SEV1, open: &lt;!channel&gt; &amp; more\"}");
    }

    private static Translation event(String event) {
        return Delivered.by(
                Provider.SLACK,
                "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"Ev1\",\"event\":" + event + "}");
    }

    private static Wish wish(String text) {
        return order(text).wish();
    }

    private static ChatOrder order(String text) {
        String form =
                "team_id=T1&channel_id=C1&channel_name=inc-1&user_id=U7&user_name=maria&command=%2Finc&trigger_id=1.2&text="
                        + URLEncoder.encode(text, StandardCharsets.UTF_8);
        return Objects.requireNonNull(
                Delivered.by(Provider.SLACK, form, Map.of("content-type", "application/x-www-form-urlencoded"))
                        .order());
    }
}
