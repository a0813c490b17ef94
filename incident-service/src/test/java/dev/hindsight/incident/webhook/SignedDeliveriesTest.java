package dev.hindsight.incident.webhook;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real deliveries of PagerDuty with PagerDuty's own signatures; the orders they may come in are deploy/faults' business. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class SignedDeliveriesTest {

    private static final Path FIXTURES =
            Path.of(System.getProperty("hindsight.fixtures", "../../shared/fixtures"), "webhooks", "pagerduty");
    private JsonNode vectors;

    @BeforeEach
    void findVectors() throws IOException {
        Path file = FIXTURES.resolve("signed-lifecycle.vectors.json");
        assumeTrue(Files.exists(file), "the fixtures are not beside the project");
        vectors = new JsonMapper().readTree(file.toFile()).path("vectors");
    }

    private JsonNode vector(String name) {
        for (JsonNode vector : vectors) {
            if (vector.path("file").asText().equals("signed-lifecycle/" + name + ".json")
                    && vector.path("valid").asBoolean()) {
                return vector;
            }
        }
        throw new AssertionError("no vector for " + name);
    }

    private static byte[] body(JsonNode vector) throws IOException {
        return Files.readAllBytes(FIXTURES.resolve(vector.path("file").asText()));
    }

    private static String outcome(JsonNode vector) {
        return vector.path("file").asText().contains("ping") ? "IGNORED" : "APPLIED";
    }

    private static String signature(JsonNode vector) {
        return vector.path("headers").path("X-PagerDuty-Signature").asText();
    }

    @TestFactory
    Stream<DynamicTest> everyVectorIsJudgedAsItSays() throws IOException {
        findVectors();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors) {
            boolean valid = vector.path("valid").asBoolean();
            tests.add(DynamicTest.dynamicTest(
                    vector.path("file").asText() + (valid ? " is authentic" : " is refused"), () -> {
                        UUID integration = Api.integration(
                                "pagerduty", vector.path("secret").asText());
                        Api.pagerDuty(integration, signature(vector), body(vector))
                                .statusCode(valid ? 202 : 401);
                        Api.as("admin")
                                .get("/api/v1/deliveries?integration=" + integration)
                                .then()
                                .body("items", hasSize(1))
                                .body("items[0].outcome", equalTo(valid ? outcome(vector) : "REJECTED"));
                    }));
        }
        return tests.stream();
    }

    @Test
    void oneChangedByteIsRefusedAndOnlyThatItCameIsKept() throws IOException {
        JsonNode vector = vector("2-incident.triggered");
        UUID integration = Api.integration("pagerduty", vector.path("secret").asText());
        byte[] body = body(vector);
        body[body.length / 2] ^= 1;
        Api.pagerDuty(integration, signature(vector), body)
                .statusCode(401)
                .contentType("application/problem+json")
                .body("status", equalTo(401));
        Api.as("admin")
                .get("/api/v1/deliveries?integration=" + integration)
                .then()
                .body("items", hasSize(1))
                .body("items[0].outcome", equalTo("REJECTED"))
                .body("items[0].reason", containsString("does not match"))
                .body("items[0].attempts", equalTo(1))
                .body("items[0].headers.size()", equalTo(0));
        String delivery = Api.as("admin")
                .get("/api/v1/deliveries?outcome=REJECTED&integration=" + integration)
                .jsonPath()
                .getString("items[0].id");
        Api.as("admin").get("/api/v1/deliveries/" + delivery).then().body("body", equalTo(""));
    }

    @Test
    void aFloodOfForgedDeliveriesIsCountedAndNotWrittenOneByOne() throws IOException {
        JsonNode vector = vector("2-incident.triggered");
        UUID integration = Api.integration("pagerduty", vector.path("secret").asText());
        for (int i = 0; i < 20; i++) {
            Api.pagerDuty(integration, "v1=00", body(vector)).statusCode(401);
        }
        Api.as("admin")
                .get("/api/v1/deliveries?integration=" + integration)
                .then()
                .body("items", hasSize(1))
                .body("items[0].attempts", lessThan(20));
        Api.pagerDuty(integration, signature(vector), body(vector)).statusCode(202);
    }

    @Test
    void aPingIsAcceptedAndIgnored() throws IOException {
        JsonNode vector = vector("1-pagey.ping");
        UUID integration = Api.integration("pagerduty", vector.path("secret").asText());
        Api.pagerDuty(integration, signature(vector), body(vector))
                .statusCode(202)
                .body("outcome", equalTo("IGNORED"))
                .body("incidents", hasSize(0));
    }
}
