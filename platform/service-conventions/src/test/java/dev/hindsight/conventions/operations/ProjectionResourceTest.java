package dev.hindsight.conventions.operations;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The door to the projections, over real HTTP. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ProjectionResourceTest {

    private static final String PROJECTIONS = "/api/v1/projections";
    private static final String REBUILD = PROJECTIONS + "/sample-lines/rebuild";
    private static final Duration SOON = Duration.ofSeconds(60);

    @Inject
    AgroalDataSource database;

    private static RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role));
    }

    private static String endOfTheRebuild() throws InterruptedException {
        Instant deadline = Instant.now().plus(SOON);
        while (Instant.now().isBefore(deadline)) {
            String state =
                    as("viewer").get(REBUILD).then().statusCode(200).extract().path("state");
            if (java.util.Set.of("DONE", "FAILED", "CANCELED", "ABANDONED").contains(state)) {
                return state;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the rebuild does not end");
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/" + type));
    }

    @Test
    void everyProjectionIsListedWithItsTablesAndWhereItGrowsFrom() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into projection_note (consumer, rebuild_needed, unknown_type)"
                    + " values ('sample-lines', true, 'hindsight.future.v9') on conflict do nothing");
        }
        as("viewer")
                .get(PROJECTIONS)
                .then()
                .statusCode(200)
                .body("next", nullValue())
                .body("items.name", hasItem("sample-lines"))
                .body("items.find { it.name == 'sample-lines' }.topics", contains("action-item-events"))
                .body("items.find { it.name == 'sample-lines' }.ownEvents", equalTo(false))
                .body("items.find { it.name == 'sample-lines' }.tables.name", contains("sample_line"))
                .body("items.find { it.name == 'sample-lines' }.tables[0].nonDeterministic", contains("text"))
                .body("items.find { it.name == 'sample-lines' }.rebuildNeeded", equalTo(true))
                .body("items.find { it.name == 'sample-lines' }.unknownType", equalTo("hindsight.future.v9"));
        as("admin").post(REBUILD).then().statusCode(202);
        assertThat(endOfTheRebuild()).isEqualTo("DONE");
        as("viewer")
                .get(PROJECTIONS + "?limit=250")
                .then()
                .body("items.find { it.name == 'sample-lines' }.rebuildNeeded", equalTo(false))
                .body("items.find { it.name == 'sample-lines' }.rebuild.state", equalTo("DONE"));
    }

    @Test
    void aRebuildIsAcceptedAndToldAbout() throws Exception {
        as("admin")
                .post(REBUILD)
                .then()
                .statusCode(202)
                .header("Location", endsWith(REBUILD))
                .body("projection", equalTo("sample-lines"))
                .body("state", equalTo("PREPARING"))
                .body("by", equalTo(Tokens.SUBJECT))
                .body("startedAt", notNullValue())
                .body("finishedAt", nullValue());
        assertThat(endOfTheRebuild()).isEqualTo("DONE");
        as("viewer")
                .get(REBUILD)
                .then()
                .statusCode(200)
                .body("eventsDone", notNullValue())
                .body("eventsTotal", notNullValue())
                .body("streams", notNullValue())
                .body("eventsPerSecond", notNullValue())
                .body("finishedAt", notNullValue())
                .body("by", equalTo(Tokens.SUBJECT))
                .body("failure", nullValue());
        String numbers = as("viewer").get("/q/metrics").asString();
        assertThat(numbers)
                .contains(
                        "hindsight_rebuild_running{", "hindsight_rebuild_events_total{", "hindsight_rebuild_duration");
    }

    @Test
    void theSecondOneIsRefusedWhileTheFirstIsUnderWayWhichCanBeCanceled() throws Exception {
        String key = UUID.randomUUID().toString();
        try (Connection reader = database.getConnection()) {
            reader.setAutoCommit(false);
            read(reader);
            String begun = as("admin")
                    .header("Idempotency-Key", key)
                    .post(REBUILD)
                    .then()
                    .statusCode(202)
                    .extract()
                    .asString();
            problem(as("admin").post(REBUILD).then(), 409, "refused")
                    .body("reasons[0].code", equalTo("REBUILD_RUNNING"));
            assertThat(as("admin")
                            .header("Idempotency-Key", key)
                            .post(REBUILD)
                            .then()
                            .statusCode(202)
                            .extract()
                            .asString())
                    .isEqualTo(begun);
            as("admin").delete(REBUILD).then().statusCode(202).body("projection", equalTo("sample-lines"));
            assertThat(endOfTheRebuild()).isEqualTo("CANCELED");
            reader.rollback();
            reader.setAutoCommit(true);
        }
        problem(as("admin").delete(REBUILD).then(), 409, "refused").body("reasons[0].code", equalTo("NOT_RUNNING"));
    }

    @Test
    void theSameRequestSentAgainBeforeItsAnswerIsTheSameRebuild() throws Exception {
        String key = UUID.randomUUID().toString();
        try (Connection reader = database.getConnection();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            reader.setAutoCommit(false);
            read(reader);
            Callable<String> send = () -> as("admin")
                    .header("Idempotency-Key", key)
                    .post(REBUILD)
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("startedAt");
            Set<String> begun = new HashSet<>();
            for (Future<String> answer : clients.invokeAll(Collections.nCopies(4, send))) {
                begun.add(answer.get());
            }
            assertThat(begun).hasSize(1);
            as("admin").delete(REBUILD).then().statusCode(202);
            assertThat(endOfTheRebuild()).isEqualTo("CANCELED");
            reader.rollback();
            reader.setAutoCommit(true);
        }
    }

    private static void read(Connection reader) throws SQLException {
        try (Statement statement = reader.createStatement()) {
            statement.executeQuery("select count(*) from sample_line").close();
        }
    }

    @Test
    void aProjectionThatThereIsNotIsNotFound() {
        for (String address : new String[] {PROJECTIONS + "/nothing/rebuild"}) {
            problem(as("viewer").get(address).then(), 404, "not-found");
            problem(as("admin").post(address).then(), 404, "not-found");
            problem(as("admin").delete(address).then(), 404, "not-found");
        }
    }

    @Test
    void onlyAdminsMayRebuild() {
        for (String role : new String[] {"viewer", "responder", "editor"}) {
            problem(as(role).post(REBUILD).then(), 403, "forbidden");
            problem(as(role).delete(REBUILD).then(), 403, "forbidden");
        }
        problem(given().post(REBUILD).then(), 401, "unauthenticated");
        problem(given().get(PROJECTIONS).then(), 401, "unauthenticated");
    }

    @Test
    void whatTheListDoesNotKnowIsRefused() {
        problem(as("viewer").get(PROJECTIONS + "?sort=name").then(), 400, "invalid-request");
        problem(as("viewer").get(PROJECTIONS + "?cursor=garbage").then(), 400, "invalid-request");
    }
}
