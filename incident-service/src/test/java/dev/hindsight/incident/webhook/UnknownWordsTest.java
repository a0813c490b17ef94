package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.SECRET;
import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CloudEvents of an integration without a mapping: what of them are incidents. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class UnknownWordsTest {

    private final String subject = "orders/" + UUID.randomUUID();
    private UUID integration;

    @BeforeEach
    void connect() {
        integration = Api.integration("generic", SECRET);
    }

    private ValidatableResponse sent(String type) {
        return given().contentType("application/cloudevents+json")
                .header("Authorization", "Bearer " + SECRET)
                .body("""
                        {"specversion":"1.0","id":"%s","source":"https://shop.example","type":"%s","subject":"%s",
                         "time":"2026-11-20T10:00:00Z"}""".formatted(UUID.randomUUID(), type, subject))
                .post("/webhooks/generic/" + integration)
                .then()
                .statusCode(202);
    }

    @Test
    void anEventOfAnythingIsNoIncident() {
        String delivery = sent("com.example.order.shipped")
                .body("outcome", equalTo("IGNORED"))
                .body("reason", containsString("signals"))
                .body("incidents", empty())
                .extract()
                .jsonPath()
                .getString("deliveryId");
        as("admin")
                .get("/api/v1/deliveries/" + delivery)
                .then()
                .body("outcome", equalTo("IGNORED"))
                .body("incidents", empty());
    }

    @Test
    void itBelongsToAnIncidentThatIsThereAlsoWhenItIsReplayed() {
        String before = sent("com.example.order.shipped")
                .body("outcome", equalTo("IGNORED"))
                .extract()
                .jsonPath()
                .getString("deliveryId");
        String incident = sent("com.example.incident.opened")
                .body("outcome", equalTo("APPLIED"))
                .extract()
                .jsonPath()
                .getString("incidents[0]");
        sent("com.example.order.returned").body("outcome", equalTo("APPLIED")).body("incidents[0]", equalTo(incident));
        as("admin")
                .post("/api/v1/deliveries/" + before + "/replay")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("APPLIED"))
                .body("incidents[0]", equalTo(incident));
        assertThat(as("viewer")
                        .get("/api/v1/incidents/" + incident + "/events")
                        .jsonPath()
                        .getList("items.data.signal"))
                .contains("com.example.order.shipped", "com.example.order.returned");
    }
}
