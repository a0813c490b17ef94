package dev.hindsight.incident.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.incident.subscription.SlackMessage.About;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    private static final UUID SUBSCRIPTION = new UUID(1, 1);
    private static final UUID INCIDENT = new UUID(2, 2);
    private static final URI POSTMORTEMS = URI.create("https://hindsight.example.org:8082/");
    private static final URI ITEMS = URI.create("https://hindsight.example.org:8083");
    private static final About ABOUT = new About(INCIDENT, "INC-42", "Checkout <fails> & *burns*", "SEV1");

    private final SecureRandom random = new SecureRandom();

    private static EventHeader header() {
        return new EventHeader(
                new UUID(3, 3),
                "hindsight.incident.message-posted.v1",
                INCIDENT,
                7,
                Instant.parse("2026-11-21T14:05:00Z"),
                1,
                Instant.parse("2026-11-21T14:05:00.123456Z"),
                EventHeader.HINDSIGHT,
                EventHeader.FROM_API,
                new UUID(4, 4),
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }

    private static JsonNode json(byte[] body) {
        return Payload.tree(new String(body, StandardCharsets.UTF_8));
    }

    private static HttpHeaders headers(String id, Instant at, String signatures) {
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(id),
                        "webhook-timestamp", List.of(Long.toString(at.getEpochSecond())),
                        "webhook-signature", List.of(signatures)),
                (name, value) -> true);
    }

    @Test
    void theSchemesOwnLibraryVerifiesWhatWeSign() {
        SigningSecret secret = SigningSecret.next(random);
        Instant now = Instant.now();
        byte[] body = "{\"type\":\"ümlaut\"}".getBytes(StandardCharsets.UTF_8);
        String signatures = SigningSecret.signatures(List.of(secret), "msg_1", now, body);
        String text = new String(body, StandardCharsets.UTF_8);
        assertThatCode(() -> new Webhook(secret.text()).verify(text, headers("msg_1", now, signatures)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new Webhook(secret.text()).verify(text + " ", headers("msg_1", now, signatures)))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> new Webhook(secret.text()).verify(text, headers("msg_2", now, signatures)))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() ->
                        new Webhook(SigningSecret.next(random).text()).verify(text, headers("msg_1", now, signatures)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void duringARotationEitherSecretVerifies() {
        SigningSecret fresh = SigningSecret.next(random);
        SigningSecret previous = SigningSecret.next(random);
        Instant now = Instant.now();
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String signatures = SigningSecret.signatures(List.of(fresh, previous), "msg_1", now, body);
        for (SigningSecret secret : List.of(fresh, previous)) {
            assertThatCode(() -> new Webhook(secret.text()).verify("{}", headers("msg_1", now, signatures)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aSecretIsKnownAgainAndNoTwoAreAlike() {
        SigningSecret secret = SigningSecret.next(random);
        assertThat(secret.text()).startsWith("whsec_");
        assertThat(SigningSecret.parse(secret.text()).key()).isEqualTo(secret.key());
        assertThat(SigningSecret.next(random).text()).isNotEqualTo(secret.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    void whatIsNoSecretIsRefused(String text) {
        assertThatThrownBy(() -> SigningSecret.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theEnvelopeIsThatOfStandardWebhooksAndHoldsTheEventAsCloudEventsHasIt() {
        JsonNode told = json(Payload.of(SUBSCRIPTION, 41, INCIDENT, header(), "{\"text\":\"hello\"}"));
        assertThat(told.path("type").asText()).isEqualTo("hindsight.incident.message-posted.v1");
        assertThat(told.path("timestamp").asText()).isEqualTo("2026-11-21T14:05:00Z");
        JsonNode data = told.path("data");
        assertThat(data.path("sequence").asLong()).isEqualTo(41);
        assertThat(data.path("subscription").asText()).isEqualTo(SUBSCRIPTION.toString());
        assertThat(data.path("key").asText()).isEqualTo(INCIDENT.toString());
        JsonNode event = data.path("event");
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("id").asText()).isEqualTo(new UUID(3, 3).toString());
        assertThat(event.path("source").asText()).isEqualTo("/api");
        assertThat(event.path("subject").asText()).isEqualTo(INCIDENT.toString());
        assertThat(event.path("sequence").asText()).isEqualTo("7");
        assertThat(event.path("recordedtime").asText()).isEqualTo("2026-11-21T14:05:00.123456Z");
        assertThat(event.path("actor").asText()).isEqualTo("hindsight");
        assertThat(event.path("deliveryid").asText()).isEqualTo(new UUID(4, 4).toString());
        assertThat(event.path("traceparent").asText()).startsWith("00-");
        assertThat(event.path("data").path("text").asText()).isEqualTo("hello");
    }

    @Test
    void whatIsWithheldSaysNothingButItsNumber() {
        JsonNode told = json(Payload.withheld(SUBSCRIPTION, 41, Instant.parse("2026-11-21T14:05:00Z")));
        assertThat(told.path("type").asText()).isEqualTo("hindsight.subscription.withheld");
        assertThat(told.path("data").properties().stream()
                        .map(Map.Entry::getKey)
                        .toList())
                .containsExactly("subscription", "sequence");
    }

    private static JsonNode slack(String type, String data) {
        return json(SlackMessage.of(type, Payload.tree(data), ABOUT, POSTMORTEMS, ITEMS));
    }

    @Test
    void slackReadsOfWhatIsPublished() {
        JsonNode told = slack(
                "hindsight.postmortem.published.v1",
                "{\"revision\":1,\"factorKeys\":[],\"hoursAfterResolution\":26.4}");
        assertThat(told.path("text").asText())
                .isEqualTo("Postmortem published: INC-42 Checkout &lt;fails&gt; &amp; \u200B*burns\u200B*");
        assertThat(told.at("/blocks/0/type").asText()).isEqualTo("section");
        assertThat(told.at("/blocks/0/text/type").asText()).isEqualTo("mrkdwn");
        assertThat(told.at("/blocks/0/text/text").asText()).contains("SEV1 · 26 hours after the resolution");
        assertThat(told.at("/blocks/1/text/text").asText())
                .isEqualTo("<https://hindsight.example.org:8082/api/v1/postmortems/" + INCIDENT + "|Read it>");
    }

    @Test
    void slackReadsOfWhatIsOverdue() {
        assertThat(slack(OverdueNotices.POSTMORTEM_OVERDUE, "{\"dueAt\":\"2026-11-21T10:00:00Z\"}")
                        .at("/blocks/0/text/text")
                        .asText())
                .startsWith("*Postmortem overdue: INC-42")
                .contains("the draft was due 2026-11-21T10:00:00Z");
        JsonNode item = slack(
                OverdueNotices.ITEM_OVERDUE,
                "{\"actionItem\":\"i\",\"reference\":\"ACT-7\",\"title\":\"Alert on errors\",\"dueDate\":\"2026-11-20\","
                        + "\"priority\":\"HIGH\"}");
        assertThat(item.path("text").asText()).isEqualTo("Action item overdue: ACT-7 Alert on errors");
        assertThat(item.at("/blocks/0/text/text").asText())
                .contains("due 2026-11-20, priority HIGH, follows from INC-42");
        assertThat(item.at("/blocks/1/text/text").asText())
                .isEqualTo("<https://hindsight.example.org:8083/api/v1/action-items/i|Open it>");
    }

    @Test
    void slackIsToldOfNothingElse() {
        assertThat(Vocabulary.all().keySet().stream()
                        .filter(SlackMessage::isFor)
                        .collect(Collectors.toSet()))
                .containsExactly("hindsight.postmortem.published.v1");
        assertThatThrownBy(() -> slack("hindsight.incident.declared.v1", "{}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAddressIsShownWithoutWhatMayBeSecretInIt() {
        assertThat(Arrays.stream(Format.values())
                        .map(format -> SubscriptionSettings.shown(format, "https://hooks.example.org/T1/B2?token=x")))
                .containsExactly("https://hooks.example.org/T1/B2?…", "https://hooks.example.org/…");
    }
}
