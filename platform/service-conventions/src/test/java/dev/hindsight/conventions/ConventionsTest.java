package dev.hindsight.conventions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conventions over real HTTP. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ConventionsTest {

    private static final String SAMPLES = "/api/v1/samples";
    private static final String ID = "00000000-0000-7000-8000-000000000001";

    private static RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role))
                .config(RestAssured.config()
                        .encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)));
    }

    private static ValidatableResponse declare(String body) {
        return as("responder")
                .contentType("application/json")
                .body(body)
                .post(SAMPLES)
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/" + type))
                .body("status", equalTo(status))
                .body("title", notNullValue())
                .body("instance", startsWith("/"));
    }

    // --- what is accepted

    @Test
    void aCommandIsAnsweredWithVersionAndPlace() {
        declare("{\"title\":\"t\",\"severity\":\"SEV1\",\"occurredAt\":\"2026-01-02T03:04:05.123456789+01:00\"}")
                .statusCode(201)
                .header("ETag", "\"1\"")
                .header("Location", "/api/v1/samples/" + ID)
                .header("Hindsight-Version", ID + "@1")
                .header("Content-Type", startsWith("application/json"))
                .header("X-Actor", StreamIds.person("oidc", Tokens.SUBJECT).toString())
                .header("traceresponse", matchesPattern("00-[0-9a-f]{32}-[0-9a-f]{16}-01"))
                .body("nothing", nullValue())
                .body("occurredAt", equalTo("2026-01-02T02:04:05.123456Z"));
    }

    @Test
    void absentValuesAreWrittenAsNullAndTimesAsText() {
        String body = as("viewer")
                .get(SAMPLES + "/note")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(body).isEqualTo("{\"text\":null,\"at\":\"2026-11-21T14:05:00Z\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"context", "blocking-context", "raw"})
    void theFingerprintIsOfTheBytesThatWereSent(String operation) throws Exception {
        byte[] body = "{ \"text\" :\"ümlaut\"}\n".getBytes(StandardCharsets.UTF_8);
        as("responder")
                .header("Idempotency-Key", "key-1")
                .header("If-Match", "\"7\"")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .contentType("application/json")
                .body(body)
                .post(SAMPLES + "/" + ID + "/" + operation)
                .then()
                .statusCode(200)
                .body("fingerprint", equalTo(sha256(body)))
                .body("key", equalTo("key-1"))
                .body("subject", equalTo(Tokens.SUBJECT))
                .body("path", equalTo(SAMPLES + "/" + ID + "/" + operation))
                .body("expectedVersion", equalTo(7))
                .body("source", equalTo("/api"))
                .body("displayName", equalTo(Tokens.SUBJECT))
                .body(
                        "traceparent",
                        matchesPattern("00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01"));
    }

    @Test
    void aLargerBodyIsFingerprintedToo() throws Exception {
        byte[] body = ("{\"text\":\"" + "x".repeat(90_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        as("responder")
                .header("Idempotency-Key", "key-2")
                .contentType("application/json")
                .body(body)
                .post(SAMPLES + "/" + ID + "/context")
                .then()
                .statusCode(200)
                .body("fingerprint", equalTo(sha256(body)));
    }

    @Test
    void aCommandWithoutRequiredFieldsNeedsNoBody() throws Exception {
        as("responder")
                .header("Idempotency-Key", "key-3")
                .noContentType()
                .post(SAMPLES + "/" + ID + "/context")
                .then()
                .statusCode(200)
                .body("fingerprint", equalTo(sha256(new byte[0])))
                .body("expectedVersion", nullValue());
    }

    @ParameterizedTest
    @CsvSource({"'\"7\"', 7", "'W/\"12\"', 12"})
    void ifMatchIsAVersion(String header, int version) {
        as("responder")
                .header("If-Match", header)
                .noContentType()
                .post(SAMPLES + "/" + ID + "/context")
                .then()
                .statusCode(200)
                .body("expectedVersion", equalTo(version));
    }

    @Test
    void ifMatchOfAnythingIsNoCondition() {
        as("responder")
                .header("If-Match", "*")
                .noContentType()
                .post(SAMPLES + "/" + ID + "/context")
                .then()
                .statusCode(200)
                .body("expectedVersion", nullValue());
    }

    @Test
    void aBodyMayNameTheActor() {
        declare("{\"title\":\"t\",\"severity\":\"SEV1\",\"actor\":\"" + ID + "\"}")
                .header("X-Actor", ID);
        problem(declare("{\"title\":\"t\",\"severity\":\"SEV1\",\"actor\":\"bob\"}"), 400, "invalid-request")
                .body("violations.field", contains("actor"));
    }

    @Test
    void aListIsReadPageByPage() {
        String next = as("viewer")
                .get(SAMPLES)
                .then()
                .statusCode(200)
                .body("items", hasSize(50))
                .body("items[0]", equalTo(0))
                .extract()
                .path("next");
        as("viewer")
                .queryParam("limit", 250)
                .queryParam("cursor", next)
                .get(SAMPLES)
                .then()
                .body("items", hasSize(70))
                .body("items[0]", equalTo(50))
                .body("next", nullValue());
    }

    // --- 400

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"title\":                                          | ''            | MALFORMED_JSON",
                "{\"title\":\"t\",,}                                  | ''            | MALFORMED_JSON",
                "{\"title\":\"t\",\"severity\":\"SEV1\"}{}            | ''            | MALFORMED_JSON",
                "null                                                 | ''            | BODY_MISSING",
                "[]                                                   | ''            | WRONG_TYPE",
                "{\"title\":\"t\",\"severity\":\"SEV9\"}              | severity      | INVALID_VALUE",
                "{\"title\":\"t\",\"severity\":1}                     | severity      | INVALID_VALUE",
                "{\"title\":[],\"severity\":\"SEV1\"}                 | title         | WRONG_TYPE",
                "{\"title\":\"t\",\"colour\":1}                       | colour        | UNKNOWN_PROPERTY",
                "{\"title\":\"t\",\"parts\":[{\"nam\":1,\"count\":1}]} | parts[0].nam  | UNKNOWN_PROPERTY",
                "{\"title\":\"t\",\"parts\":[{\"name\":\"a\",\"count\":\"x\"}]} | parts[0].count | INVALID_VALUE",
                "{\"title\":\"t\",\"parts\":[{\"name\":\"a\",\"count\":1.5}]} | parts[0].count | INVALID_VALUE",
                "{\"title\":\"t\",\"parts\":[{\"name\":\"impossible\",\"count\":1}]} | parts[0].name | IMPOSSIBLE",
                "{\"title\":\"t\",\"occurredAt\":\"yesterday\"}       | occurredAt    | INVALID_VALUE",
                "{\"title\":\"t\",\"occurredAt\":\"2999-01-01T00:00:00Z\"} | occurredAt | IN_THE_FUTURE",
                "{\"title\":\" \"}                                    | title         | NOT_BLANK",
                "{}                                                   | title         | NOT_BLANK",
                "''                                                   | title         | NOT_BLANK",
                "{\"title\":\"t\",\"parts\":[{\"name\":\"\",\"count\":1}]} | parts[0].name | NOT_BLANK",
                "{\"title\":\"0123456789012345678901\"}               | title         | SIZE"
            })
    void theFieldToBlameIsNamed(String body, String field, String code) {
        problem(declare(body), 400, "invalid-request")
                .body("violations.field", contains(field))
                .body("violations.code", contains(code))
                .body("violations[0].message", not(containsString("com.fasterxml")));
    }

    @Test
    void whatWouldBeAcceptedIsSaid() {
        declare("{\"title\":\"t\",\"severity\":\"SEV9\"}")
                .body("violations[0].message", equalTo("severity must be one of SEV0, SEV1, SEV2, SEV3, SEV4."));
        declare("{\"titel\":\"t\"}")
                .body(
                        "violations[0].message",
                        equalTo("titel is not known here; known are actor, occurredAt, parts, severity, title."));
    }

    @Test
    void tooDeepAndTooLongAreRefused() {
        problem(declare("{\"title\":" + "[".repeat(100) + "]".repeat(100) + "}"), 400, "invalid-request");
        problem(declare("{\"parts\":" + "[".repeat(100) + "}"), 400, "invalid-request");
        problem(declare("{\"colour\":" + "[".repeat(1_000) + "}"), 400, "invalid-request");
        problem(declare("{\"title\":\"" + "x".repeat(200_000) + "\"}"), 400, "invalid-request")
                .body("violations.code", contains("LIMIT_EXCEEDED"));
    }

    @Test
    void unknownQueryParametersAreNamed() {
        problem(as("viewer").get(SAMPLES + "?sevrity=SEV1&zzz=1&limit=3").then(), 400, "invalid-request")
                .body("violations.field", contains("sevrity", "zzz"))
                .body(
                        "violations[0].message",
                        equalTo("The query parameter sevrity is not known here; known are cursor, from, limit, overdue,"
                                + " severity."));
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit, INVALID_NUMBER",
        "limit=251, limit, INVALID_NUMBER",
        "limit=x, limit, INVALID_NUMBER",
        "cursor=garbage, cursor, INVALID_CURSOR",
        "cursor=WyJ4Il0, cursor, INVALID_CURSOR",
        "from=2026-13-01, from, INVALID_TIME",
        "from=today, from, INVALID_TIME",
        "severity=SEV9, severity, INVALID_VALUE",
        "overdue=maybe, overdue, INVALID_VALUE"
    })
    void aWrongParameterIsNamed(String query, String field, String code) {
        problem(as("viewer").get(SAMPLES + "?" + query).then(), 400, "invalid-request")
                .body("violations.field", contains(field))
                .body("violations.code", contains(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"seven\"", "\"1\", \"2\"", "\"99999999999999999999\"", "\"-1\""})
    void aWrongIfMatchIsRefused(String header) {
        problem(
                        as("responder")
                                .header("If-Match", header)
                                .noContentType()
                                .post(SAMPLES + "/" + ID + "/context")
                                .then(),
                        400,
                        "invalid-request")
                .body("violations.field", contains("If-Match"));
    }

    @Test
    void aWrongIdempotencyKeyIsRefused() {
        for (String key : new String[] {"with space", "x".repeat(256)}) {
            problem(
                            as("responder")
                                    .header("Idempotency-Key", key)
                                    .noContentType()
                                    .post(SAMPLES + "/" + ID + "/context")
                                    .then(),
                            400,
                            "invalid-request")
                    .body("violations.field", contains("Idempotency-Key"));
        }
    }

    // --- 401, 403

    @Test
    void withoutATokenNobodyComesIn() {
        problem(given().get(SAMPLES).then(), 401, "unauthenticated").header("WWW-Authenticate", "Bearer");
        problem(given().get(SAMPLES + "?unknown=1").then(), 401, "unauthenticated");
    }

    @Test
    void everyKindOfBadTokenIsRefused() {
        for (String token : new String[] {
            "Bearer garbage",
            Tokens.expired(),
            Tokens.ofAnotherIssuer(),
            Tokens.forAnotherAudience(),
            Tokens.ofAnotherKey(),
            Tokens.unsigned(),
            Tokens.hmacWithPublicKey(),
            Tokens.tampered()
        }) {
            problem(given().header("Authorization", token).get(SAMPLES).then(), 401, "unauthenticated")
                    .header("WWW-Authenticate", containsString("invalid_token"));
        }
        problem(given().header("Authorization", "Basic YTpi").get(SAMPLES).then(), 401, "unauthenticated");
    }

    @Test
    void aLowerRoleIsForbiddenAndAHigherOneIncluded() {
        problem(
                as("viewer")
                        .noContentType()
                        .post(SAMPLES + "/" + ID + "/context")
                        .then(),
                403,
                "forbidden");
        problem(as("editor").delete(SAMPLES + "/" + ID).then(), 403, "forbidden");
        as("admin").delete(SAMPLES + "/" + ID).then().statusCode(204);
        as("admin").get(SAMPLES).then().statusCode(200);
        problem(
                given().header("Authorization", Tokens.withoutRole())
                        .get(SAMPLES)
                        .then(),
                403,
                "forbidden");
    }

    @Test
    void whatNobodyIsAllowedIsDeniedToAll() {
        problem(given().get(SAMPLES + "/unannotated").then(), 401, "unauthenticated");
        problem(as("admin").get(SAMPLES + "/unannotated").then(), 403, "forbidden");
    }

    // --- 404, 405, 406, 413, 415

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/api/v1/nowhere", "/q/nowhere", "/api/v1/samples/x/y/z"})
    void anUnknownAddressIsAProblem(String path) {
        problem(as("viewer").get(path).then(), 404, "not-found")
                .body("detail", equalTo("There is nothing at this address."));
    }

    @Test
    void whatIsMissingIsNamed() {
        problem(as("viewer").get(SAMPLES + "/failures/missing").then(), 404, "not-found")
                .body("detail", equalTo("There is no sample INC-7."));
        problem(as("admin").delete(SAMPLES + "/not-a-uuid").then(), 404, "not-found");
    }

    @Test
    void aWrongMethodIsRefused() {
        problem(as("admin").patch(SAMPLES).then(), 405, "method-not-allowed");
    }

    @Test
    void anUnacceptableRepresentationIsRefused() {
        problem(as("viewer").accept("image/png").get(SAMPLES + "/note").then(), 406, "not-acceptable");
    }

    @Test
    void aTooLargeBodyIsRefusedUnread() {
        problem(declare("{\"title\":\"" + "x".repeat(1_100_000) + "\"}"), 413, "too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/samples/" + ID + "/context", "/api/v1/samples/" + ID + "/raw"})
    void aTooLargeBodyOfUnknownLengthIsRefusedToo(String path) throws IOException {
        assertThat(chunked(path, 1_100_000)).startsWith("HTTP/1.1 413").contains("application/problem+json");
    }

    @Test
    void aWrongMediaTypeIsRefused() {
        problem(
                as("responder")
                        .contentType("text/plain")
                        .body("hello")
                        .post(SAMPLES)
                        .then(),
                415,
                "unsupported-media-type");
    }

    // --- 409, 412, 422, 428, 429, 500, 503

    @Test
    void everyReasonOfARefusalIsGiven() {
        problem(as("viewer").get(SAMPLES + "/failures/refused").then(), 409, "refused")
                .body("detail", equalTo("First. Second."))
                .body("reasons.code", contains("ONE", "TWO"));
    }

    @Test
    void staleAndReusedAreTold() {
        problem(as("viewer").get(SAMPLES + "/failures/stale").then(), 412, "stale-version")
                .body("detail", containsString("version 5"));
        problem(as("viewer").get(SAMPLES + "/failures/reused").then(), 422, "idempotency-key-reused");
    }

    @Test
    void aConditionIsAskedFor() {
        problem(
                as("editor")
                        .noContentType()
                        .put(SAMPLES + "/" + ID + "/section")
                        .then(),
                428,
                "precondition-required");
        as("editor")
                .header("If-Match", "\"3\"")
                .contentType("application/json")
                .body("{\"text\":\"x\"}")
                .put(SAMPLES + "/" + ID + "/section")
                .then()
                .statusCode(200)
                .header("ETag", "\"4\"");
    }

    @Test
    void tooManyIsToldWhenToComeBack() {
        problem(as("viewer").get(SAMPLES + "/failures/too-many").then(), 429, "too-many-requests")
                .header("Retry-After", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"failures/contended", "failures/away", "failures/postgres", "failures/pool", "absent-database"})
    void troubleThatPassesIsNotAnError(String path) {
        problem(as("viewer").get(SAMPLES + "/" + path).then(), 503, "unavailable")
                .header("Retry-After", "2")
                .body("traceId", matchesPattern("[0-9a-f]{32}"))
                .body("detail", not(containsString("secret")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "defect-in-sql"})
    void anUnexpectedFailureTellsOnlyItsTrace(String kind) {
        String body = problem(
                        as("viewer")
                                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                                .get(SAMPLES + "/failures/" + kind)
                                .then(),
                        500,
                        "internal")
                .body("traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"))
                .extract()
                .asString();
        assertThat(body).doesNotContain("secret", "Exception", "stack");
    }

    // --- the doors beside the API

    @Test
    void theNumbersAreForViewers() {
        problem(given().get("/q/metrics").then(), 401, "unauthenticated");
        problem(
                given().header("Authorization", Tokens.withoutRole())
                        .get("/q/metrics")
                        .then(),
                403,
                "forbidden");
        as("viewer")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith("text/plain"))
                .body(containsString("jvm_memory_used_bytes"));
        as("viewer")
                .accept("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith("application/openmetrics-text"))
                .body(containsString("# EOF"));
    }

    @Test
    void healthAndDocumentsAreOpen() {
        given().get("/q/health").then().statusCode(200).body("status", equalTo("UP"));
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
    }

    @Test
    void nobodyFromElsewhereIsLetInByTheBrowser() {
        given().header("Origin", "https://evil.example.org")
                .header("Access-Control-Request-Method", "POST")
                .options(SAMPLES)
                .then()
                .header("Access-Control-Allow-Origin", nullValue());
    }

    @Test
    void theDocumentSaysWhatEveryOperationHas() {
        given().queryParam("format", "JSON")
                .get("/q/openapi")
                .then()
                .body("paths.'/api/v1/samples'.post.x-required-role", equalTo("responder"))
                .body("paths.'/api/v1/samples'.post.security[0]", equalTo(Map.of("bearer", java.util.List.of())))
                .body("paths.'/api/v1/samples'.post.parameters.name", hasItems("Idempotency-Key", "If-Match"))
                .body(
                        "paths.'/api/v1/samples'.post.responses.keySet()",
                        hasItems("400", "401", "403", "409", "412", "413", "415", "422", "500", "503"))
                .body("paths.'/api/v1/samples/{id}/section'.put.responses.keySet()", hasItems("404", "428"))
                .body("paths.'/api/v1/samples/check'.post.parameters", nullValue())
                .body("paths.'/api/v1/samples'.get.responses.keySet()", not(hasItems("409")))
                .body("components.securitySchemes.keySet()", contains("bearer"))
                .body("components.responses.Refused.content.'application/problem+json'.example.status", equalTo(409))
                .body("servers", nullValue());
    }

    private static String chunked(String path, int size) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
            var out = socket.getOutputStream();
            out.write(("POST " + path
                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: "
                            + Tokens.bearer("admin") + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = " ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            try {
                for (int sent = 0; sent < size; sent += chunk.length) {
                    out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.write(chunk);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } catch (IOException refusedWhileSending) {
                // The answer counts.
            }
            socket.setSoTimeout(10_000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
