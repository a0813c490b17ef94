package dev.hindsight.actionitem;

import static io.restassured.RestAssured.given;

import dev.hindsight.conventions.testing.Tokens;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Talks to the service as its clients do. */
public final class Api {

    public static final String ITEMS = "/api/v1/action-items";

    private Api() {}

    public static RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role))
                .config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)));
    }

    public static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    /** A body that meets the quality bar, for an incident that nobody else has. */
    public static Map<String, @Nullable Object> good() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("incidentId", UUID.randomUUID().toString());
        body.put("title", "Add rate limiting to the /search API endpoint at 100 req/s");
        body.put(
                "change",
                Map.of(
                        "kind",
                        "CONFIGURATION",
                        "description",
                        "Token bucket of 100 req/s per client in the gateway's route for /search"));
        body.put("owner", "maria@example.com");
        body.put("dueDate", today().plusDays(14).toString());
        body.put("priority", "HIGH");
        body.put("type", "PREVENTATIVE");
        body.put("category", "MITIGATION");
        body.put("risk", "BLAST_RADIUS");
        body.put("verification", Map.of("kind", "TEST", "description", "The load test at 200 req/s gets 429s"));
        return body;
    }

    public static Map<String, @Nullable Object> good(String key, @Nullable Object value) {
        Map<String, @Nullable Object> body = good();
        body.put(key, value);
        return body;
    }

    public static Response send(String role, String verb, String path, Object body) {
        return as(role).contentType("application/json").body(body).request(verb, path);
    }

    /** Proposes, and gives the id. */
    public static String propose(Map<String, ?> body) {
        return send("responder", "POST", ITEMS, body)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static ValidatableResponse step(String id, String step) {
        return step(id, step, Map.of());
    }

    public static ValidatableResponse step(String id, String step, Map<String, ?> body) {
        return send("editor", "POST", ITEMS + "/" + id + "/" + step, body).then();
    }

    public static ValidatableResponse patch(String id, Map<String, ?> patch) {
        return as("responder")
                .contentType("application/merge-patch+json")
                .body(patch)
                .patch(ITEMS + "/" + id)
                .then();
    }

    public static ValidatableResponse read(String path) {
        return as("viewer").get(path).then();
    }

    /** An item that is accepted. */
    public static String accepted(Map<String, ?> body) {
        String id = propose(body);
        step(id, "acceptance").statusCode(200);
        return id;
    }
}
