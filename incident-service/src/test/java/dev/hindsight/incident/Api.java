package dev.hindsight.incident;

import static io.restassured.RestAssured.given;

import dev.hindsight.conventions.testing.Tokens;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The public door, as tests use it. */
public final class Api {

    public static final String SECRET = "a-secret-of-the-tests";

    private Api() {}

    public static RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role)).contentType(ContentType.JSON);
    }

    public static JsonPath declare(Map<String, ?> body) {
        return as("responder")
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    public static UUID declared() {
        return UUID.fromString(declare(Map.of(
                        "title",
                        "Checkout fails",
                        "severity",
                        "SEV2",
                        "services",
                        java.util.List.of("checkout-" + UUID.randomUUID())))
                .getString("id"));
    }

    public static UUID integration(String provider, String secret) {
        return integration(provider, secret, Map.of());
    }

    public static UUID integration(String provider, String secret, Map<String, ?> more) {
        Map<String, Object> body = new java.util.HashMap<>(more);
        body.put("name", provider + " of a test");
        body.put("provider", provider);
        body.put("secret", secret);
        return UUID.fromString(as("admin")
                .body(body)
                .post("/api/v1/integrations")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("id"));
    }

    public static ValidatableResponse pagerDuty(UUID integration, String signature, byte[] body) {
        return given().contentType("application/json; charset=utf-8")
                .header("X-PagerDuty-Signature", signature)
                .body(body)
                .post("/webhooks/pagerduty/" + integration)
                .then();
    }

    public static ValidatableResponse alertmanager(UUID integration, String secret, String body) {
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + secret)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/alertmanager/" + integration)
                .then();
    }

    public static JsonPath incident(String id) {
        return as("viewer")
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    public static String sign(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
