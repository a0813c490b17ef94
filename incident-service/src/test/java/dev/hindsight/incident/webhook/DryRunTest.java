package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class DryRunTest {

    private static final Map<String, Object> MAPPING = Map.of(
            "externalId", "ticket.id",
            "signal", "ticket.state",
            "signals", Map.of("done", "RESOLVED"),
            "title", "ticket.name");

    @Test
    void aSampleShowsWhatItWouldSayAndNothingIsKept() {
        UUID id = Api.integration("generic", "first-secret", Map.of("mapping", MAPPING));
        as("admin")
                .body(Map.of(
                        "sample", Map.of("ticket", Map.of("id", "T-1", "state", "done", "name", "Checkout fails"))))
                .post("/api/v1/integrations/" + id + "/dry-run")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("TRANSLATED"))
                .body("facts", hasSize(1))
                .body("facts[0].externalId", equalTo("T-1"))
                .body("facts[0].signal", equalTo("RESOLVED"))
                .body("facts[0].title", equalTo("Checkout fails"));
        as("admin")
                .get("/api/v1/deliveries?integration=" + id)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
    }

    @Test
    void anotherMappingIsTriedWithoutChangingTheIntegration() {
        UUID id = Api.integration("generic", "first-secret", Map.of("mapping", MAPPING));
        as("admin")
                .body(Map.of("sample", "{\"no\":7}", "mapping", Map.of("externalId", "no")))
                .post("/api/v1/integrations/" + id + "/dry-run")
                .then()
                .statusCode(200)
                .body("facts[0].externalId", equalTo("7"))
                .body("facts[0].signal", equalTo("TRIGGERED"));
        as("admin")
                .get("/api/v1/integrations/" + id)
                .then()
                .body("mapping.externalId", equalTo("ticket.id"))
                .body("mapping.signals.done", equalTo("RESOLVED"));
    }

    @Test
    void whatCannotBeReadIsSaidToBeSo() {
        UUID id = Api.integration("generic", "first-secret");
        as("admin")
                .body(Map.of("sample", "no JSON"))
                .post("/api/v1/integrations/" + id + "/dry-run")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("PARKED"))
                .body("reason", containsString("mapping"));
    }

    @Test
    void aMappingThatIsNoneIsRefusedWhereverItIsWritten() {
        Map<String, Object> wrong = Map.of("externalId", "a ||");
        as("admin")
                .body(Map.of("name", "x", "provider", "generic", "secret", "first-secret", "mapping", wrong))
                .post("/api/v1/integrations")
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("mapping.externalId"));
        UUID id = Api.integration("generic", "first-secret");
        as("admin")
                .body(Map.of("mapping", wrong))
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("mapping.externalId"));
        as("admin")
                .body(Map.of("sample", "{}", "mapping", wrong))
                .post("/api/v1/integrations/" + id + "/dry-run")
                .then()
                .statusCode(400);
    }

    @Test
    void aMappingIsTakenOffByNullAndStaysWhereNothingIsSaidOfIt() {
        UUID id = Api.integration("generic", "first-secret", Map.of("mapping", MAPPING));
        as("admin")
                .body("{\"name\": \"Renamed\"}")
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(200)
                .body("mapping.externalId", notNullValue());
        as("admin")
                .body("{\"mapping\": null}")
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(200)
                .body("name", equalTo("Renamed"))
                .body("mapping", nullValue());
        as("admin")
                .body(Map.of("mapping", MAPPING))
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(200)
                .body("mapping.externalId", notNullValue());
    }

    @Test
    void aToolWithADoorOfItsOwnTakesNoMapping() {
        UUID id = Api.integration("pagerduty", "first-secret");
        as("admin")
                .body(Map.of("mapping", MAPPING))
                .patch("/api/v1/integrations/" + id)
                .then()
                .statusCode(400)
                .body("violations.code", hasItem("ONLY_GENERIC"));
    }

    @Test
    void anIntegrationThatIsNotThereIsNotFound() {
        as("admin")
                .body(Map.of("sample", "{}"))
                .post("/api/v1/integrations/" + UUID.randomUUID() + "/dry-run")
                .then()
                .statusCode(404);
    }
}
