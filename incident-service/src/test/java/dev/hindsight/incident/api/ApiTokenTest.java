package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.local.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines come in. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class ApiTokenTest {

    private static final String TOKENS = "/api/v1/api-tokens";

    private static JsonPath issue(String name, String role) {
        return as("admin")
                .body(Map.of("name", name, "role", role, "expiresInDays", 30))
                .post(TOKENS)
                .then()
                .statusCode(201)
                .header("Cache-Control", containsString("no-store"))
                .header("ETag", "\"1\"")
                .extract()
                .jsonPath();
    }

    private static RequestSpecification with(String secret) {
        return given().header("Authorization", "Bearer " + secret).contentType("application/json");
    }

    @Test
    void aTokenIsShownOnceAndComesInAtOnce() {
        JsonPath issued = issue("Grafana", "viewer");
        String secret = issued.getString("secret");

        assertThat(secret).matches("hst_[0-9A-Za-z]{49}");
        with(secret).get("/api/v1/incidents").then().statusCode(200);
        as("admin")
                .get(TOKENS + "/" + issued.getString("id"))
                .then()
                .statusCode(200)
                .body("name", equalTo("Grafana"))
                .body("role", equalTo("viewer"))
                .body("createdBy", matchesPattern("[0-9a-f-]{36}"))
                .body("expiresAt", notNullValue())
                .body("revokedAt", nullValue())
                .body("secret", nullValue());
        assertThat(as("admin").get(TOKENS + "?limit=250").asString())
                .contains(issued.getString("id"))
                .doesNotContain(secret);
    }

    @Test
    void theSecretStandsNowhereInTheDatabase() throws SQLException {
        String key = UUID.randomUUID().toString();
        String secret = as("admin")
                .header("Idempotency-Key", key)
                .body(Map.of("name", "Nowhere", "role", "viewer", "expiresInDays", 1))
                .post(TOKENS)
                .then()
                .statusCode(201)
                .extract()
                .path("secret");

        try (var connection = Backends.forTests().postgres().connect(System.getProperty(HindsightBackends.DATABASE));
                var statement = connection.prepareStatement("""
                        select t::text from api_token t
                        union all select convert_from(data, 'UTF8') || e::text from event e
                        union all select convert_from(body, 'UTF8') || i::text from idempotency i""");
                ResultSet rows = statement.executeQuery()) {
            int seen = 0;
            while (rows.next()) {
                assertThat(rows.getString(1)).doesNotContain(secret);
                seen++;
            }
            assertThat(seen).isGreaterThan(2);
        }
    }

    @Test
    void anIdempotencyKeyRepeatsTheAnswerWithoutTheSecret() {
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = Map.of("name", "Once", "role", "viewer", "expiresInDays", 1);
        Response first = as("admin").header("Idempotency-Key", key).body(body).post(TOKENS);
        Response again = as("admin").header("Idempotency-Key", key).body(body).post(TOKENS);

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.jsonPath().getString("id")).isEqualTo(first.jsonPath().getString("id"));
        assertThat(first.jsonPath().getString("secret")).isNotNull();
        assertThat(again.jsonPath().getString("secret")).isNull();
    }

    @Test
    void aRevokedTokenIsRefusedAtOnceAndForEver() {
        JsonPath issued = issue("Leaked", "admin");
        String secret = issued.getString("secret");
        String one = TOKENS + "/" + issued.getString("id");
        with(secret).get("/api/v1/incidents").then().statusCode(200);

        as("admin").delete(one).then().statusCode(204).header("Hindsight-Version", issued.getString("id") + "@2");

        with(secret)
                .get("/api/v1/incidents")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("invalid_token"));
        as("admin").delete(one).then().statusCode(204).header("Hindsight-Version", issued.getString("id") + "@2");
        as("admin").get(one).then().statusCode(200).body("revokedAt", notNullValue());
    }

    @Test
    void anExpiredTokenIsRefused() throws SQLException {
        JsonPath issued = issue("Short", "viewer");
        String secret = issued.getString("secret");
        with(secret).get("/api/v1/incidents").then().statusCode(200);
        try (var connection = Backends.forTests().postgres().connect(System.getProperty(HindsightBackends.DATABASE));
                var expire = connection.prepareStatement("update api_token set expires_at = now() where id = ?")) {
            expire.setObject(1, UUID.fromString(issued.getString("id")));
            assertThat(expire.executeUpdate()).isEqualTo(1);
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> with(secret).get("/api/v1/incidents").statusCode() == 401);
    }

    @ParameterizedTest
    @CsvSource({"viewer,403", "responder,201", "editor,201", "admin,201"})
    void aTokenMayWhatItsRoleMay(String role, int declaring) {
        String secret = issue("As " + role, role).getString("secret");

        with(secret)
                .body(Map.of("title", "By a machine", "severity", "SEV3", "services", List.of("machines")))
                .post("/api/v1/incidents")
                .then()
                .statusCode(declaring);
        with(secret)
                .body(Map.of("name", "Another", "role", "viewer", "expiresInDays", 1))
                .post(TOKENS)
                .then()
                .statusCode(role.equals("admin") ? 201 : 403);
    }

    @Test
    void prometheusScrapesWithAViewersToken() {
        with(issue("Prometheus", "viewer").getString("secret"))
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("jvm_memory_used_bytes"));
    }

    @Test
    void whatAMachineDidIsOnRecordUnderItsName() {
        JsonPath issued = issue("Deploy bot " + UUID.randomUUID(), "responder");
        JsonPath declared = with(issued.getString("secret"))
                .body(Map.of("title", "Declared by a bot", "severity", "SEV3", "services", List.of("bots")))
                .post("/api/v1/incidents")
                .jsonPath();
        String actor = as("viewer")
                .get("/api/v1/incidents/" + declared.getString("id") + "/events")
                .jsonPath()
                .getString("items[0].actor");

        assertThat(as("viewer")
                        .get("/api/v1/catalog/people?limit=250")
                        .jsonPath()
                        .getMap("items.collectEntries{[it.id,it.name]}"))
                .containsEntry(actor, issued.getString("name") + " (API token)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'x','role':'viewer'} | expiresAt | EXACTLY_ONE",
                "{'name':'x','role':'viewer','expiresInDays':1,'expiresAt':'2099-01-01T00:00:00Z'} | expiresAt | EXACTLY_ONE",
                "{'name':'x','role':'viewer','expiresAt':'2020-01-01T00:00:00Z'} | expiresAt | IN_THE_PAST",
                "{'name':'x','role':'viewer','expiresAt':'2099-01-01T00:00:00Z'} | expiresAt | TOO_FAR_AHEAD",
                "{'name':'x','role':'viewer','expiresInDays':0} | expiresInDays | MIN",
                "{'name':'x','role':'root','expiresInDays':1} | role | PATTERN",
                "{'name':' ','role':'viewer','expiresInDays':1} | name | NOT_BLANK"
            })
    void whatIsNotValidIsNamed(String body, String field, String code) {
        as("admin")
                .body(body.replace('\'', '"'))
                .post(TOKENS)
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo(field))
                .body("violations[0].code", equalTo(code));
    }

    @Test
    void whatIsNotThereIsNotFoundAndAStaleVersionIsRefused() {
        as("admin").get(TOKENS + "/" + UUID.randomUUID()).then().statusCode(404);
        as("admin").delete(TOKENS + "/" + UUID.randomUUID()).then().statusCode(404);
        String id = issue("Stale", "viewer").getString("id");
        as("admin").header("If-Match", "\"7\"").delete(TOKENS + "/" + id).then().statusCode(412);
    }
}
