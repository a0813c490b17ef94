package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static dev.hindsight.incident.Api.declare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class AsOfTest {

    private String id;

    @BeforeEach
    void anIncident() {
        id = declare(Map.of(
                        "title",
                        "Checkout fails",
                        "severity",
                        "SEV2",
                        "services",
                        List.of("checkout-" + UUID.randomUUID())))
                .getString("id");
    }

    private Response command(String command, Map<String, ?> body) {
        return as("responder").body(body).post("/api/v1/incidents/" + id + "/" + command);
    }

    private Response asOf(String moment) {
        return as("viewer").queryParam("asOf", moment).get("/api/v1/incidents/" + id);
    }

    @Test
    void atTheMomentOfEveryEventTheIncidentIsWhatItsCommandAnswered() {
        Random chance = new Random(20261122);
        List<Map<String, Object>> answers = new ArrayList<>();
        answers.add(as("viewer").get("/api/v1/incidents/" + id).jsonPath().getMap(""));
        // Each of these is one event, also where it tells of earlier.
        List<Map.Entry<String, Map<String, ?>>> told = new ArrayList<>(List.of(
                Map.entry("acknowledgement", Map.of("occurredAt", "2026-11-20T10:00:00Z")),
                Map.entry("severity", Map.of("severity", "SEV1")),
                Map.entry("severity", Map.of("severity", "SEV4", "occurredAt", "2026-11-20T09:00:00Z")),
                Map.entry("roles", Map.of("role", "SCRIBE", "person", "maria")),
                Map.entry("impact", Map.of("impact", Map.of("tickets", 3))),
                Map.entry("links", Map.of("url", "https://example.org/x")),
                Map.entry("services", Map.of("add", List.of("payments"))),
                Map.entry("corrections", Map.of("milestone", "DETECTED", "at", "2026-11-20T08:00:00Z")),
                Map.entry("classification", Map.of("title", "Payments fail")),
                Map.entry("participants", Map.of("person", "omar")),
                Map.entry("pages", Map.of("person", "maria"))));
        Collections.shuffle(told, chance);
        told.forEach(tell -> answers.add(command(tell.getKey(), tell.getValue())
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getMap("")));
        JsonPath events = as("viewer")
                .get("/api/v1/incidents/" + id + "/events?limit=250")
                .jsonPath();
        List<String> moments = events.getList("items.recordedAt");
        assertThat(moments).hasSameSizeAs(answers);
        for (int i = 0; i < moments.size(); i++) {
            asOf(moments.get(i)).then().statusCode(200).header("ETag", equalTo("\"" + (i + 1) + '"'));
            assertThat(asOf(moments.get(i)).jsonPath().getMap(""))
                    .as("event %s", i + 1)
                    .isEqualTo(answers.get(i));
        }
        String before = Instant.parse(moments.getFirst()).minusNanos(1000).toString();
        asOf(before).then().statusCode(404);
        String between = Instant.parse(moments.get(3)).minusNanos(1000).toString();
        asOf(between).then().statusCode(200).body("version", equalTo(3));
        asOf("2100-01-01").then().statusCode(200).body("version", equalTo(moments.size()));
    }

    @Test
    void whatIsRestrictedNowIsHiddenOfThePastToo() {
        String open = as("viewer")
                .get("/api/v1/incidents/" + id + "/events")
                .jsonPath()
                .getString("items[0].recordedAt");
        asOf(open).then().statusCode(200);
        command("visibility", Map.of("visibility", "RESTRICTED")).then().statusCode(200);
        RestAssured.given()
                .header("Authorization", Tokens.bearer("editor", "an-outsider"))
                .queryParam("asOf", open)
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(404);
        as("admin")
                .queryParam("asOf", open)
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(200)
                .body("visibility", equalTo("INTERNAL"));
    }

    @Test
    void whatIsNoTimeIsRefused() {
        asOf("yesterday").then().statusCode(400).body("violations[0].field", equalTo("asOf"));
    }
}
