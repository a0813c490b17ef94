package dev.hindsight.incident.webhook;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
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
                                .body("items", hasSize(valid ? 1 : 0));
                    }));
        }
        return tests.stream();
    }

    @Test
    void oneChangedByteIsRefusedAndNothingOfItIsKept() throws IOException {
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
                .body("items", hasSize(0));
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
