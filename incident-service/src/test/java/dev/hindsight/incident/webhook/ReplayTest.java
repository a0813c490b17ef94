package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.SECRET;
import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class ReplayTest {

    private final String service = "search-" + UUID.randomUUID();

    private String firing() {
        return """
                {"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"Slow","service":"%s"},
                 "startsAt":"2026-11-20T10:00:00Z","fingerprint":"aa"}]}""".formatted(service);
    }

    private static String delivered(UUID integration, String body, String outcome) {
        return Api.alertmanager(integration, SECRET, body)
                .statusCode(202)
                .body("outcome", equalTo(outcome))
                .extract()
                .jsonPath()
                .getString("deliveryId");
    }

    private static ValidatableResponse replay(String delivery) {
        return as("admin").post("/api/v1/deliveries/" + delivery + "/replay").then();
    }

    private static JsonPath onRecord(String delivery) {
        return as("admin")
                .get("/api/v1/deliveries/" + delivery)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void whatBelongedNowhereIsAttachedOnceItsIncidentIsThere() {
        UUID integration = Api.integration("alertmanager", SECRET, Map.of("autoDeclare", false));
        String delivery = delivered(integration, firing(), "IGNORED");
        String incident = Api.declare(Map.of(
                        "title", "Search is slow",
                        "severity", "SEV2",
                        "services", List.of(service),
                        "occurredAt", "2026-11-20T10:05:00Z"))
                .getString("id");
        replay(delivery)
                .statusCode(200)
                .body("deliveryId", equalTo(delivery))
                .body("outcome", equalTo("ATTACHED"))
                .body("incidents[0]", equalTo(incident));
        assertThat(onRecord(delivery).getString("outcome")).isEqualTo("ATTACHED");
        assertThat(onRecord(delivery).getInt("attempts"))
                .as("the tool sent it once")
                .isEqualTo(1);
    }

    @Test
    void whatWasAppliedIsNotToldTwice() {
        UUID integration = Api.integration("alertmanager", SECRET);
        String delivery = delivered(integration, firing(), "APPLIED");
        replay(delivery).statusCode(200).body("outcome", equalTo("DUPLICATE"));
        assertThat(onRecord(delivery).getString("outcome")).isEqualTo("APPLIED");
    }

    @Test
    void whatIsStillNotUnderstoodStaysParked() {
        UUID integration = Api.integration("alertmanager", SECRET);
        String delivery = delivered(integration, "{\"hello\":\"" + service + "\"}", "PARKED");
        replay(delivery).statusCode(200).body("outcome", equalTo("PARKED")).body("deliveryId", equalTo(delivery));
    }

    @Test
    void ofWhatWasNotAuthenticThereIsNothingToReplay() {
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(integration, "wrong-secret", firing()).statusCode(401);
        String delivery = as("admin")
                .get("/api/v1/deliveries?integration=" + integration)
                .jsonPath()
                .getString("items[0].id");
        replay(delivery).statusCode(409).body("reasons[0].code", equalTo("NOT_KEPT"));
    }

    @Test
    void thereMustBeADeliveryOfAConnectedTool() {
        replay(UUID.randomUUID().toString()).statusCode(404);
        UUID integration = Api.integration("alertmanager", SECRET);
        String delivery = delivered(integration, firing(), "APPLIED");
        as("admin").delete("/api/v1/integrations/" + integration).then().statusCode(204);
        replay(delivery).statusCode(404);
    }

    @Test
    void theSameKeyHasTheSameAnswer() {
        UUID integration = Api.integration("alertmanager", SECRET, Map.of("autoDeclare", false));
        String delivery = delivered(integration, firing(), "IGNORED");
        String key = UUID.randomUUID().toString();
        String first = as("admin")
                .header("Idempotency-Key", key)
                .post("/api/v1/deliveries/" + delivery + "/replay")
                .asString();
        Api.declare(Map.of("title", "Search is slow", "severity", "SEV2", "services", List.of(service)));
        assertThat(as("admin")
                        .header("Idempotency-Key", key)
                        .post("/api/v1/deliveries/" + delivery + "/replay")
                        .asString())
                .isEqualTo(first);
    }
}
