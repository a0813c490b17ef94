package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands and messages of a Slack channel through the public door; answers as Slack shows them. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class SlackChannelTest {

    private static final RestAssuredConfig AS_IT_IS = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig()
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                    .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.BINARY));
    private static final Pattern REFERENCE = Pattern.compile("INC-[0-9]+");

    private final String channel = "C" + Long.toHexString(UUID.randomUUID().getMostSignificantBits());
    private final String user = "U" + Math.abs(UUID.randomUUID().hashCode());
    private UUID slack;

    @BeforeEach
    void connect() {
        slack = Api.integration("slack", Sender.SECRET);
    }

    @Test
    void anIncidentLivesInItsChannelFromDeclarationToResolution() {
        String incident = declared("declare sev2 service:cart Cart is empty");
        command("ack").body("text", containsString("is acknowledged"));
        command("assign").body("text", containsString("incident commander is assigned"));
        command("severity sev1 it spreads").body("text", containsString("is SEV1 now"));
        command("escalate <@" + user + "x|kim> needs a DBA").body("response_type", equalTo("in_channel"));
        command("note trying a restart").body("response_type", equalTo("ephemeral"));
        command("pin roll back").body("text", containsString("decided: roll back"));
        command("status we roll back").body("text", containsString("we roll back"));
        command("status").body("text", containsString("SEV1, acknowledged: Cart is empty"));
        message(Instant.now(), "I see 5xx").statusCode(202).body("outcome", equalTo("APPLIED"));
        pin(Instant.now(), "the old release runs").statusCode(202).body("outcome", equalTo("APPLIED"));
        command("mitigate").body("text", containsString("is mitigated"));
        command("resolve all is well").body("text", containsString("is resolved"));

        as("viewer")
                .get("/api/v1/incidents/" + incident)
                .then()
                .body("status", equalTo("RESOLVED"))
                .body("severity", equalTo("SEV1"))
                .body("services", equalTo(List.of("cart")))
                .body("roles.INCIDENT_COMMANDER", equalTo(maria().toString()));
        as("viewer")
                .get("/api/v1/incidents/" + incident + "/events?limit=100")
                .then()
                .body(
                        "items.type",
                        hasItems(
                                "hindsight.incident.channel-linked.v1",
                                "hindsight.incident.message-posted.v1",
                                "hindsight.incident.decision-recorded.v1",
                                "hindsight.incident.status-updated.v1",
                                "hindsight.incident.escalated.v1"))
                .body("items.findAll { it.actor != '" + maria() + "' }", equalTo(List.of()))
                .body("items.data.text", hasItems("I see 5xx", "the old release runs", "roll back"));
    }

    @Test
    void aRefusalIsSaidToWhoTypedIt() {
        declared("declare Cart is empty");
        command("resolve");

        command("ack")
                .body("response_type", equalTo("ephemeral"))
                .body("text", containsString("That is not possible:"))
                .body("text", containsString("RESOLVED"));
        command("explode").body("text", containsString("`/inc declare"));
    }

    @Test
    void aChannelBelongsToTheIncidentThatItWasLinkedToLast() {
        command("ack").body("text", containsString("belongs to no incident"));
        UUID other = Api.declared();
        String reference = Api.incident(other.toString()).getString("reference");

        command("link " + reference).body("text", containsString(reference));
        command("ack").body("text", containsString(reference + "* is acknowledged"));
        String mine = declared("declare Another one");
        command("ack").body("text", containsString("is acknowledged"));
        command("link INC-999999999").body("text", containsString("There is no incident INC-999999999"));

        assertThat(Api.incident(other.toString()).getString("status")).isEqualTo("ACKNOWLEDGED");
        assertThat(Api.incident(mine).getString("status")).isEqualTo("ACKNOWLEDGED");
    }

    @Test
    void whatIsSaidInAChannelOfNoIncidentIsNotKept() {
        String delivery = message(Instant.now(), "the cake is in the kitchen")
                .statusCode(202)
                .body("outcome", equalTo("IGNORED"))
                .extract()
                .path("deliveryId");

        as("admin")
                .get("/api/v1/deliveries/" + delivery)
                .then()
                .statusCode(200)
                .body("body", equalTo(""))
                .body("reason", containsString("not kept"));
    }

    @Test
    void neitherIsWhatIsNoMessageOfAPerson() {
        for (String event : List.of("""
                {"type":"message","subtype":"message_changed","channel":"C1","ts":"1.0",
                 "message":{"text":"the cake is gone"},"previous_message":{"text":"the cake is in the kitchen"}}""", """
                {"type":"message","bot_id":"B1","text":"the cake is gone","channel":"C1","ts":"1.0"}""")) {
            String delivery = event(event).statusCode(202).extract().path("deliveryId");
            as("admin")
                    .get("/api/v1/deliveries/" + delivery)
                    .then()
                    .statusCode(200)
                    .body("outcome", equalTo("IGNORED"))
                    .body("body", equalTo(""));
        }
    }

    @Test
    void aMessageThatComesAgainUnderAnotherIdIsTheSameMessage() {
        declared("declare Cart is empty");
        Instant at = Instant.now();

        message(at, "hello").body("outcome", equalTo("APPLIED"));
        message(at, "hello").body("outcome", equalTo("DUPLICATE"));
    }

    @Test
    void aCommandThatIsReplayedIsNotObeyedTwice() {
        String incident = declared("declare Cart is empty");
        command("note once");
        String delivery = as("admin")
                .get("/api/v1/deliveries?limit=1&integration=" + slack)
                .then()
                .extract()
                .path("items[0].id");

        as("admin")
                .post("/api/v1/deliveries/" + delivery + "/replay")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("DUPLICATE"));

        as("viewer")
                .get("/api/v1/incidents/" + incident + "/events?limit=100")
                .then()
                .body("items.findAll { it.type == 'hindsight.incident.message-posted.v1' }.size()", equalTo(1));
    }

    @Test
    void aRestrictedIncidentExistsForItsParticipantsOnly() {
        UUID hidden = Api.declared();
        String reference = Api.incident(hidden.toString()).getString("reference");
        as("admin")
                .body(Map.of("visibility", "RESTRICTED"))
                .post("/api/v1/incidents/" + hidden + "/visibility")
                .then()
                .statusCode(200);

        command("link " + reference).body("text", equalTo("There is no incident " + reference + "."));
        command("status " + reference);
        command("ack " + reference).body("text", equalTo("There is no incident " + reference + "."));

        as("admin")
                .body(Map.of("person", maria().toString()))
                .post("/api/v1/incidents/" + hidden + "/participants")
                .then()
                .statusCode(200);
        command("ack " + reference)
                .body("text", containsString("is acknowledged"))
                .body("response_type", equalTo("ephemeral"));
    }

    @Test
    void theHandshakeIsAnsweredAndWhatIsNotSignedIsNot() {
        byte[] body = "{\"type\":\"url_verification\",\"challenge\":\"abc\"}".getBytes(StandardCharsets.UTF_8);

        post(body, "application/json", Instant.now()).statusCode(200).body(equalTo("abc"));
        post(body, "application/json", Instant.now().minusSeconds(301)).statusCode(401);
        given().contentType("application/json")
                .body(body)
                .post("/webhooks/slack/" + slack)
                .then()
                .statusCode(401);
    }

    @Test
    void theDeclarationIsOnRecordAsADelivery() {
        String incident = declared("declare Cart is empty");

        as("admin")
                .get("/api/v1/deliveries?limit=1&integration=" + slack)
                .then()
                .body("items[0].outcome", equalTo("APPLIED"))
                .body("items[0].eventType", equalTo("/inc.declare"))
                .body("items[0].incidents", hasItem(incident))
                .body("items[0].headers", not(equalTo(Map.of())));
    }

    // ---------------------------------------------------------------------------------------------------- words

    private UUID maria() {
        return StreamIds.person("slack", user);
    }

    /** The id of the incident that the command declares. */
    private String declared(String text) {
        String answer = command(text)
                .body("response_type", equalTo("in_channel"))
                .extract()
                .path("text");
        Matcher reference = REFERENCE.matcher(answer);
        assertThat(reference.find()).as(answer).isTrue();
        return as("viewer")
                .get("/api/v1/incidents/" + reference.group())
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private ValidatableResponse command(String text) {
        String form =
                "team_id=T1&channel_id=%s&channel_name=inc-cart&user_id=%s&user_name=maria&command=%%2Finc&trigger_id=%s&text=%s"
                        .formatted(channel, user, UUID.randomUUID(), URLEncoder.encode(text, StandardCharsets.UTF_8));
        return post(form.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded", Instant.now())
                .statusCode(200);
    }

    private ValidatableResponse message(Instant at, String text) {
        return event("""
                {"type":"message","user":"%s","text":"%s","ts":"%s","channel":"%s"}""".formatted(user, text, ts(at), channel));
    }

    private ValidatableResponse pin(Instant at, String text) {
        return event("""
                {"type":"pin_added","user":"%s","channel_id":"%s","event_ts":"%s",
                 "item":{"type":"message","message":{"text":"%s","ts":"%s"}}}""".formatted(user, channel, ts(at), text, ts(at)));
    }

    private ValidatableResponse event(String event) {
        String body = "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"%s\",\"event\":%s}"
                .formatted(UUID.randomUUID(), event);
        return post(body.getBytes(StandardCharsets.UTF_8), "application/json", Instant.now());
    }

    private static String ts(Instant at) {
        return "%d.%06d".formatted(at.getEpochSecond(), at.getNano() / 1_000);
    }

    private ValidatableResponse post(byte[] body, String type, Instant signedAt) {
        var request = given().config(AS_IT_IS).contentType(type);
        Sender.headers("slack", Sender.SECRET, body, signedAt).forEach(request::header);
        return request.body(body).post("/webhooks/slack/" + slack).then();
    }
}
