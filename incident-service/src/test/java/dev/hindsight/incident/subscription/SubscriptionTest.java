package dev.hindsight.incident.subscription;

import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.hindsight.conventions.testing.HindsightBackends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What admins do with subscriptions, on an installation that allows nothing but the public internet. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class SubscriptionTest {

    private static final String URL = "https://hooks.example.org/hindsight?token=t0p-secret";

    private static ValidatableResponse create(Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(Map.of("name", "Portal", "url", URL));
        body.putAll(more);
        return as("admin").body(body).post("/api/v1/subscriptions").then();
    }

    private static String created(Map<String, ?> more) {
        return create(more).statusCode(201).extract().path("id");
    }

    @Test
    void theSecretIsShownOnceAndTheAddressWithoutItsQuery() {
        ValidatableResponse created = create(Map.of("types", List.of("hindsight.incident.*")))
                .statusCode(201)
                .header("ETag", "\"1\"")
                .body("secret", startsWith("whsec_"))
                .body("url", equalTo("https://hooks.example.org/hindsight?…"))
                .body("state", equalTo("ACTIVE"))
                .body("types", contains("hindsight.incident.*"))
                .body("includeRestricted", equalTo(false));
        String id = created.extract().path("id");
        created.header("Location", org.hamcrest.Matchers.endsWith("/api/v1/subscriptions/" + id));
        String read = as("admin")
                .get("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("secret", nullValue())
                .extract()
                .asString();
        assertThat(read).doesNotContain("t0p-secret").doesNotContain("whsec_");
        as("admin")
                .get("/api/v1/subscriptions?limit=250")
                .then()
                .statusCode(200)
                .body("items.id", hasItem(id));
        as("admin")
                .get("/api/v1/subscriptions/" + id + "/attempts")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(0));
    }

    @Test
    void theSameIdempotencyKeyCreatesOneAndDoesNotRepeatTheSecret() {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = Map.of("name", "Twice", "url", URL);
        String first = as("admin")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/subscriptions")
                .then()
                .statusCode(201)
                .body("secret", startsWith("whsec_"))
                .extract()
                .path("id");
        as("admin")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/subscriptions")
                .then()
                .statusCode(201)
                .body("id", equalTo(first))
                .body("secret", nullValue());
        as("admin")
                .header("Idempotency-Key", key)
                .body(Map.of("name", "Other", "url", URL))
                .post("/api/v1/subscriptions")
                .then()
                .statusCode(422);
    }

    @ParameterizedTest
    @CsvSource({
        "http://hooks.example.org/, HTTPS_REQUIRED",
        "https://127.0.0.1/, ADDRESS_NOT_ALLOWED",
        "https://[::1]/, ADDRESS_NOT_ALLOWED",
        "https://[::ffff:10.0.0.1]/, ADDRESS_NOT_ALLOWED",
        "https://169.254.169.254/latest, ADDRESS_NOT_ALLOWED",
        "hooks.example.org, INVALID_URL",
        "https://user@hooks.example.org/, INVALID_URL",
    })
    void anAddressThatMustNotBeSentToIsRefused(String url, String code) {
        create(Map.of("url", url))
                .statusCode(400)
                .body("violations[0].field", equalTo("url"))
                .body("violations[0].code", equalTo(code));
        String id = created(Map.of());
        as("admin")
                .body(Map.of("url", url))
                .patch("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(400)
                .body("violations[0].code", equalTo(code));
    }

    @Test
    void whatIsNotUnderstoodIsRefusedAndNamed() {
        create(Map.of("types", List.of("hindsight.incident.declared.v1", "hindsight.nothing.*")))
                .statusCode(400)
                .body("violations[0].field", equalTo("types[1]"))
                .body("violations[0].code", equalTo("UNKNOWN_TYPE"));
        create(Map.of("secret", "short")).statusCode(400).body("violations[0].code", equalTo("INVALID_SECRET"));
        create(Map.of("format", "SLACK", "secret", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDc2FVsBQIhrs="))
                .statusCode(400)
                .body("violations[0].code", equalTo("NOT_SIGNED"));
        create(Map.of("severities", List.of("P1"))).statusCode(400);
        create(Map.of("name", " ")).statusCode(400);
        create(Map.of("nonsense", true)).statusCode(400);
        as("admin").get("/api/v1/subscriptions?nonsense=1").then().statusCode(400);
        as("admin").get("/api/v1/subscriptions?cursor=garbage").then().statusCode(400);
        as("admin")
                .contentType(ContentType.TEXT)
                .body("x")
                .post("/api/v1/subscriptions")
                .then()
                .statusCode(415);
        create(Map.of("name", "x".repeat(2_000_000))).statusCode(413);
        as("admin")
                .body(Map.of())
                .post("/api/v1/subscriptions/" + UUID.randomUUID() + "/redelivery")
                .then()
                .statusCode(400);
    }

    @Test
    void ofSlacksAddressOnlyTheHostIsShownAndNothingIsSigned() {
        create(Map.of("format", "SLACK", "url", "https://hooks.slack.com/services/T0/B0/abc"))
                .statusCode(201)
                .body("url", equalTo("https://hooks.slack.com/…"))
                .body("secret", nullValue());
    }

    @Test
    void settingsChangeOneByOneAndAStaleVersionIsRefused() {
        String id = created(Map.of("services", List.of("checkout")));
        as("admin")
                .header("If-Match", "\"1\"")
                .body(Map.of("name", "New", "severities", List.of("SEV0")))
                .patch("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("name", equalTo("New"))
                .body("severities", contains("SEV0"))
                .body("services", contains("checkout"));
        as("admin")
                .header("If-Match", "\"1\"")
                .body(Map.of("name", "late"))
                .patch("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(412);
        as("admin")
                .body(Map.of("includeRestricted", true))
                .patch("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(400);
        as("admin")
                .header("If-Match", "\"1\"")
                .delete("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(412);
        as("admin")
                .header("If-Match", "\"2\"")
                .delete("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(204);
        as("admin").get("/api/v1/subscriptions?limit=250").then().body("items.id", not(hasItem(id)));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        String gone = created(Map.of());
        as("admin").delete("/api/v1/subscriptions/" + gone).then().statusCode(204);
        for (String id : List.of(gone, UUID.randomUUID().toString())) {
            String path = "/api/v1/subscriptions/" + id;
            as("admin").get(path).then().statusCode(404);
            as("admin").body(Map.of("name", "x")).patch(path).then().statusCode(404);
            as("admin").delete(path).then().statusCode(404);
            as("admin").get(path + "/attempts").then().statusCode(404);
            as("admin").post(path + "/activation").then().statusCode(404);
            as("admin")
                    .body(Map.of("fromSequence", 1))
                    .post(path + "/redelivery")
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void nothingThatWasNeverSentIsSentAgain() {
        as("admin")
                .body(Map.of("fromSequence", 1))
                .post("/api/v1/subscriptions/" + created(Map.of()) + "/redelivery")
                .then()
                .statusCode(409)
                .body("reasons[0].code", equalTo("NOTHING_KEPT"));
    }

    @Test
    void activatingOneThatIsActiveChangesNothing() {
        String id = created(Map.of());
        String key = UUID.randomUUID().toString();
        for (int i = 0; i < 2; i++) {
            as("admin")
                    .header("Idempotency-Key", key)
                    .post("/api/v1/subscriptions/" + id + "/activation")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("ACTIVE"))
                    .body("version", equalTo(2));
        }
    }

    @Test
    void onlyAdminsSubscribe() {
        for (String role : List.of("viewer", "responder", "editor")) {
            as(role).body(Map.of("name", "x", "url", URL))
                    .post("/api/v1/subscriptions")
                    .then()
                    .statusCode(403);
        }
    }
}
