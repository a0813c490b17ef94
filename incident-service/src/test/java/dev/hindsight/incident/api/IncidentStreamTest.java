package dev.hindsight.incident.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The raw events of an incident, their verification, and that they are the same behind each door. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class IncidentStreamTest {

    @Inject
    Pool pool;

    private static RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role)).contentType("application/json");
    }

    private static JsonPath acknowledged() {
        JsonPath declared = as("responder")
                .body(Map.of("title", "Checkout fails", "severity", "SEV2", "services", List.of("checkout")))
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        as("responder")
                .post("/api/v1/incidents/" + declared.getString("id") + "/acknowledgement")
                .then()
                .statusCode(200);
        return declared;
    }

    @Test
    void theEventsOfAnIncidentAreReadByItsReferenceAndAreThoseOfItsStream() {
        JsonPath incident = acknowledged();
        JsonPath byReference = as("viewer")
                .get("/api/v1/incidents/" + incident.getString("reference") + "/events")
                .then()
                .statusCode(200)
                .body("items.sequence", contains(1, 2))
                .body("items.type", contains("hindsight.incident.declared.v1", "hindsight.incident.acknowledged.v1"))
                .body("items[0].key", equalTo(incident.getString("id")))
                .extract()
                .jsonPath();
        JsonPath byStream = as("viewer")
                .get("/api/v1/streams/" + incident.getString("id") + "/events")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(byStream.getMap("")).isEqualTo(byReference.getMap(""));
    }

    @Test
    void anIncidentWhoseHistoryWasChangedSaysSo() {
        JsonPath incident = acknowledged();
        String path = "/api/v1/incidents/" + incident.getString("reference") + "/verification";
        as("viewer")
                .get(path)
                .then()
                .statusCode(200)
                .body("streamId", equalTo(incident.getString("id")))
                .body("events", equalTo(2))
                .body("intact", equalTo(true))
                .body("firstBroken", nullValue());

        pool.preparedQuery(
                        "update event set recorded_at = recorded_at - interval '1 hour' where stream_id = $1 and version = 2")
                .execute(Tuple.of(UUID.fromString(incident.getString("id"))))
                .await()
                .indefinitely();
        for (String door : List.of(path, "/api/v1/streams/" + incident.getString("id") + "/verification")) {
            as("viewer")
                    .get(door)
                    .then()
                    .statusCode(200)
                    .body("intact", equalTo(false))
                    .body("firstBroken.version", equalTo(2))
                    .body("firstBroken.fault", equalTo("CHANGED"));
        }
    }

    @Test
    void whatIsNoIncidentHasNothingToVerify() {
        for (String what : List.of("events", "verification")) {
            as("viewer")
                    .get("/api/v1/incidents/" + UUID.randomUUID() + "/" + what)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json");
            as("viewer").get("/api/v1/incidents/INC-999999999/" + what).then().statusCode(404);
            given().get("/api/v1/incidents/INC-1/" + what).then().statusCode(401);
        }
    }
}
