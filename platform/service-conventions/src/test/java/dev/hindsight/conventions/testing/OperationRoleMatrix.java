package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.conventions.security.Roles;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation of the running service's OpenAPI document, with no token, a garbage one, one without a role, and each of
 * the four roles: 401 without a valid one, 403 below {@code x-required-role}, anything else from there on.
 */
public abstract class OperationRoleMatrix {

    private static final List<String> VERBS = List.of("get", "post", "put", "patch", "delete");

    /** Operations that need no role, such as {@code POST /webhooks/{provider}/{integrationId}}. */
    protected List<String> open() {
        return List.of();
    }

    @TestFactory
    List<DynamicContainer> everyOperationAsksForItsRole() {
        JsonPath document = RestAssured.given()
                .queryParam("format", "JSON")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = document.getMap("paths");
        List<DynamicContainer> operations = new ArrayList<>();
        new TreeMap<>(paths).forEach((path, item) -> new TreeMap<>(item).forEach((verb, operation) -> {
            if (VERBS.contains(verb)) {
                String name = verb.toUpperCase(Locale.ROOT) + " " + path;
                if (!open().contains(name)) {
                    operations.add(DynamicContainer.dynamicContainer(name, rows(verb, path, operation)));
                }
            }
        }));
        assertThat(operations).as("operations of the document").isNotEmpty();
        return operations;
    }

    /** What every service must refuse at its door, shown at an operation that each of them has. */
    @TestFactory
    List<DynamicTest> nobodyComesInWithWhatIsForgedExpiredOrRevoked() {
        Map<String, String> refused = new TreeMap<>();
        refused.put("an expired JWT", Tokens.expired());
        refused.put("a JWT of another issuer", Tokens.ofAnotherIssuer());
        refused.put("a JWT for another audience", Tokens.forAnotherAudience());
        refused.put("a JWT signed by another key", Tokens.ofAnotherKey());
        refused.put("an unsigned JWT (alg: none)", Tokens.unsigned());
        refused.put("a JWT with the public key for an HMAC's secret", Tokens.hmacWithPublicKey());
        refused.put("a JWT with a role added", Tokens.tampered());
        refused.put("an expired API token", ApiTokensInDatabase.expired());
        refused.put("a revoked API token", ApiTokensInDatabase.revoked());
        refused.put("an API token that nobody issued", ApiTokensInDatabase.unknown());
        refused.put("an API token with a typing error", ApiTokensInDatabase.mistyped());
        List<DynamicTest> rows = new ArrayList<>();
        refused.forEach((what, authorization) -> rows.add(DynamicTest.dynamicTest(what, () -> RestAssured.given()
                .header("Authorization", authorization)
                .get("/q/metrics")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", org.hamcrest.Matchers.startsWith("Bearer")))));
        rows.add(DynamicTest.dynamicTest("but a valid API token comes in", () -> RestAssured.given()
                .header("Authorization", ApiTokensInDatabase.valid("viewer"))
                .get("/q/metrics")
                .then()
                .statusCode(200)));
        return rows;
    }

    private static List<DynamicTest> rows(String verb, String path, Map<String, Object> operation) {
        List<DynamicTest> rows = new ArrayList<>();
        Object required = operation.get("x-required-role");
        rows.add(DynamicTest.dynamicTest(
                "names the role it needs", () -> assertThat(Roles.ALL).contains(String.valueOf(required))));
        rows.add(row("no token", verb, path, operation, null, 401));
        rows.add(row("a garbage token", verb, path, operation, "Bearer garbage", 401));
        rows.add(row("an expired token", verb, path, operation, Tokens.expired(), 401));
        rows.add(row("a token without a role", verb, path, operation, Tokens.withoutRole(), 403));
        if (!Roles.VIEWER.equals(required)) {
            rows.add(row("a viewer's API token", verb, path, operation, ApiTokensInDatabase.valid("viewer"), 403));
        }
        for (String role : Roles.ALL) {
            boolean enough = Roles.including(role).contains(String.valueOf(required));
            rows.add(row(role, verb, path, operation, Tokens.bearer(role), enough ? null : 403));
        }
        return rows;
    }

    private static DynamicTest row(
            String who,
            String verb,
            String path,
            Map<String, Object> operation,
            @Nullable String authorization,
            @Nullable Integer expected) {
        return DynamicTest.dynamicTest(who + (expected == null ? " comes in" : " is answered " + expected), () -> {
            RequestSpecification request = RestAssured.given().urlEncodingEnabled(false);
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            String type = bodyType(operation);
            if (type != null) {
                request.header("Content-Type", type).body("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            int status = request.request(
                            verb.toUpperCase(Locale.ROOT),
                            path.replaceAll("\\{[^}]*}", UUID.randomUUID().toString()))
                    .statusCode();
            if (expected == null) {
                assertThat(status).isNotIn(401, 403);
            } else {
                assertThat(status).isEqualTo(expected);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static @Nullable String bodyType(Map<String, Object> operation) {
        return operation.get("requestBody") instanceof Map<?, ?> body
                        && body.get("content") instanceof Map<?, ?> content
                        && !content.isEmpty()
                ? ((Map<String, ?>) content).keySet().iterator().next()
                : null;
    }
}
