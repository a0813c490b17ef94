package dev.hindsight.conventions.operations;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.relay.Relay;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class RepublicationResourceTest {

    private static final String PATH = "/api/v1/topic/republication";
    private static final Duration SOON = Duration.ofSeconds(30);

    @Inject
    StoredStreams streams;

    @Inject
    Relay relay;

    private static RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role));
    }

    @BeforeEach
    void nothingRuns() {
        await().atMost(SOON).until(relay::isLeading);
        awaitTheEnd();
    }

    private static JsonPath awaitTheEnd() {
        return await().atMost(SOON)
                .until(
                        () -> as("admin")
                                .get(PATH)
                                .then()
                                .statusCode(200)
                                .extract()
                                .jsonPath(),
                        progress -> !progress.getBoolean("running"));
    }

    @Test
    void whatIsAskedForIsDoneAndItsProgressIsTold() {
        streams.of("a", "b");
        as("admin")
                .contentType("application/json")
                .body("{\"reason\":\"The disks were lost.\"}")
                .post(PATH)
                .then()
                .statusCode(202)
                .header("Location", PATH)
                .body("topic", equalTo("incident-events"))
                .body("running", equalTo(true))
                .body("startedAt", notNullValue());
        JsonPath end = awaitTheEnd();
        assertThat(end.getLong("sent")).isEqualTo(end.getLong("total"));
        assertThat(end.getString("reason")).startsWith("Asked for by ").endsWith(": The disks were lost.");
        assertThat(end.getString("endedAt")).isNotNull();
    }

    @Test
    void oneIsEnoughAtATime() throws SQLException {
        // The leader cannot go on while nobody can read what was published.
        try (Connection held = streams.holding("lock table published in access exclusive mode")) {
            streams.change("update relay_topic set republished_to = 0, republish_until = 1, republish_started = now(),"
                    + " republish_ended = null");
            as("admin").get(PATH).then().statusCode(200).body("running", equalTo(true));
            as("admin")
                    .contentType("application/json")
                    .body("{}")
                    .post(PATH)
                    .then()
                    .statusCode(409)
                    .body("type", equalTo("/problems/refused"))
                    .body("reasons[0].code", equalTo("REPUBLICATION_RUNNING"));
            held.rollback();
        }
    }

    @Test
    void theSameKeyIsAnsweredTheSameAndBeginsNothingAnew() {
        String key = UUID.randomUUID().toString();
        String first = as("admin")
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body("{}")
                .post(PATH)
                .then()
                .statusCode(202)
                .extract()
                .asString();
        awaitTheEnd();
        String started = as("admin").get(PATH).then().extract().path("startedAt");
        as("admin")
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body("{}")
                .post(PATH)
                .then()
                .statusCode(202)
                .header("Location", PATH)
                .body(equalTo(first));
        as("admin").get(PATH).then().body("startedAt", equalTo(started));
        as("admin")
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body("{\"reason\":\"another\"}")
                .post(PATH)
                .then()
                .statusCode(422)
                .body("type", startsWith("/problems/"));
    }

    @Test
    void onlyAdminsMayAskAndLookAndOnlySensibly() {
        given().contentType("application/json").body("{}").post(PATH).then().statusCode(401);
        given().get(PATH).then().statusCode(401);
        for (String role : new String[] {"viewer", "responder", "editor"}) {
            as(role).contentType("application/json")
                    .body("{}")
                    .post(PATH)
                    .then()
                    .statusCode(403);
            as(role).get(PATH).then().statusCode(403);
        }
        as("admin").get(PATH + "?colour=red").then().statusCode(400);
        as("admin")
                .contentType("application/json")
                .body("{\"reason\":\"" + "x".repeat(2_001) + "\"}")
                .post(PATH)
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("reason"));
        as("admin").contentType("text/plain").body("x").post(PATH).then().statusCode(415);
        as("admin")
                .contentType("application/json")
                .body("{\"reason\":\"" + "x".repeat(1_100_000) + "\"}")
                .post(PATH)
                .then()
                .statusCode(413);
    }
}
