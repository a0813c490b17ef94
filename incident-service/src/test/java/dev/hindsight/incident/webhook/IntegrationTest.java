package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IntegrationTest {

    private static final byte[] PING =
            "{\"event\":{\"id\":\"E1\",\"event_type\":\"pagey.ping\",\"data\":{\"type\":\"ping\"}}}"
                    .getBytes(StandardCharsets.UTF_8);

    @Test
    void creatingOneAnswersWithTheUrlAndTheToolsOwnSteps() {
        Response created = as("admin")
                .body(Map.of("name", "PagerDuty production", "provider", "pagerduty", "secret", "first-secret"))
                .post("/api/v1/integrations");
        created.then()
                .statusCode(201)
                .body("setup.size()", equalTo(5))
                .body(
                        "url",
                        containsString(
                                "/webhooks/pagerduty/" + created.jsonPath().getString("id")));
        assertThat(created.asString()).doesNotContain("first-secret");
        as("viewer").get("/api/v1/integrations").then().statusCode(403);
        as("admin")
                .get("/api/v1/integrations")
                .then()
                .body("items.id", hasItem(created.jsonPath().getString("id")));
    }

    @Test
    void theSameIdempotencyKeyCreatesOne() {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = Map.of("name", "Twice " + key, "provider", "pagerduty", "secret", "first-secret");
        String first = as("admin")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/integrations")
                .then()
                .statusCode(201)
                .extract()
                .asString();
        String second = as("admin")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/integrations")
                .then()
                .statusCode(201)
                .extract()
                .asString();
        assertThat(second).isEqualTo(first);
    }

    @Test
    void duringARotationTwoSecretsAreValid() {
        UUID id = Api.integration("pagerduty", "first-secret");
        as("admin")
                .body(Map.of("secret", "second-secret"))
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(200)
                .body("previousSecretUntil", notNullValue());
        Api.pagerDuty(id, Api.sign("first-secret", PING), PING).statusCode(202);
        Api.pagerDuty(id, Api.sign("second-secret", PING), PING).statusCode(202);
        Api.pagerDuty(id, Api.sign("third-secret", PING), PING).statusCode(401);
        Api.pagerDuty(id, "v2=00," + Api.sign("wrong", PING) + "," + Api.sign("second-secret", PING), PING)
                .statusCode(202);
    }

    @Test
    void settingsChangeOneByOneAndAStaleVersionIsRefused() {
        UUID id = Api.integration("alertmanager", "first-secret");
        as("admin")
                .header("If-Match", "\"1\"")
                .body(Map.of("defaultService", "checkout", "severityMapping", Map.of("critical", "SEV1")))
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("severityMapping.critical", equalTo("SEV1"));
        as("admin")
                .header("If-Match", "\"1\"")
                .body(Map.of("name", "late"))
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(412);
        as("admin")
                .body(Map.of("name", "late"))
                .patch("/api/v1/integrations/" + UUID.randomUUID())
                .then()
                .statusCode(404);
    }

    @Test
    void aDisconnectedToolIsNotFound() {
        UUID id = Api.integration("pagerduty", "first-secret");
        as("admin").delete("/api/v1/integrations/" + id).then().statusCode(204);
        Api.pagerDuty(id, Api.sign("first-secret", PING), PING).statusCode(404);
        as("admin").get("/api/v1/integrations").then().body("items.id", not(hasItem(id.toString())));
        as("admin").delete("/api/v1/integrations/" + id).then().statusCode(404);
    }

    @Test
    void anUnknownProviderIsNamedWithTheKnownOnes() {
        as("admin")
                .body(Map.of("name", "x", "provider", "pigeon", "secret", "first-secret"))
                .post("/api/v1/integrations")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("provider"));
    }

    @Test
    void anUnknownEventTypeIsAcceptedAndRecorded() {
        UUID id = Api.integration("pagerduty", "first-secret");
        byte[] body = """
                {"event":{"id":"E-new","event_type":"incident.teleported","occurred_at":"2026-11-20T10:00:00Z",
                 "agent":null,"data":{"type":"incident_teleport","incident":{"id":"PX1","summary":"Checkout fails"}}}}""".getBytes(StandardCharsets.UTF_8);
        String incident = Api.pagerDuty(id, Api.sign("first-secret", body), body)
                .statusCode(202)
                .body("outcome", equalTo("APPLIED"))
                .extract()
                .jsonPath()
                .getString("incidents[0]");
        as("viewer")
                .get("/api/v1/incidents/" + incident + "/events")
                .then()
                .body("items.data.signal", hasItem("incident.teleported"));
    }

    @Test
    void whatNoDatabaseHoldsAndNobodyReadsIsCutAndTheDeliveryKeepsItWhole() {
        UUID id = Api.integration("pagerduty", "first-secret");
        byte[] body = ("{\"event\":{\"id\":\"E-long\",\"event_type\":\"incident.triggered\",\"occurred_at\":"
                        + "\"2026-11-20T10:00:00Z\",\"data\":{\"type\":\"incident\",\"id\":\"PLONG\",\"status\":\"triggered\","
                        + "\"title\":\"nul \\u0000 and " + "long ".repeat(5_000)
                        + "\",\"service\":{\"summary\":\"search\"}}}}")
                .getBytes(StandardCharsets.UTF_8);
        var delivered = Api.pagerDuty(id, Api.sign("first-secret", body), body)
                .statusCode(202)
                .body("outcome", equalTo("APPLIED"))
                .extract()
                .jsonPath();
        assertThat(Api.incident(delivered.getString("incidents[0]")).getString("title"))
                .startsWith("nul  and long")
                .hasSize(300);
        assertThat(as("admin")
                        .get("/api/v1/deliveries/" + delivered.getString("deliveryId"))
                        .jsonPath()
                        .getString("body"))
                .hasSizeGreaterThan(25_000);
    }
}
