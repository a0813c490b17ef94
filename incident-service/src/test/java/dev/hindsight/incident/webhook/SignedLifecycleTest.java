package dev.hindsight.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real deliveries of PagerDuty with PagerDuty's own signatures. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class SignedLifecycleTest {

    private static final Path FIXTURES =
            Path.of(System.getProperty("hindsight.fixtures", "../../shared/fixtures"), "webhooks", "pagerduty");
    private static final List<String> LIFECYCLE =
            List.of("2-incident.triggered", "3-incident.acknowledged", "4-incident.resolved", "5-incident.annotated");

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

    @Test
    void theResultIsTheSameInAll24OrdersWithEveryEventSentTwice() throws IOException {
        Map<String, Object> expected = null;
        List<List<String>> orders = permutations(LIFECYCLE);
        assertThat(orders).hasSize(24);
        for (List<String> order : orders) {
            UUID integration = Api.integration(
                    "pagerduty", vector(order.getFirst()).path("secret").asText());
            Map<String, String> deliveries = new HashMap<>();
            String incident = null;
            for (String name : order) {
                JsonNode vector = vector(name);
                JsonPath first = Api.pagerDuty(integration, signature(vector), body(vector))
                        .statusCode(202)
                        .body("outcome", equalTo("APPLIED"))
                        .extract()
                        .jsonPath();
                Api.pagerDuty(integration, signature(vector), body(vector))
                        .statusCode(202)
                        .body("outcome", equalTo("DUPLICATE"))
                        .body("deliveryId", equalTo(first.getString("deliveryId")));
                deliveries.put(first.getString("deliveryId"), name);
                incident = first.getString("incidents[0]");
            }
            Map<String, Object> result = result(incident, deliveries);
            if (expected == null) {
                expected = result;
                assertThat(result)
                        .containsEntry("status", "RESOLVED")
                        .containsEntry("services", List.of("Webhook Tester"));
            }
            assertThat(result).as("order %s", order).isEqualTo(expected);
        }
    }

    /** What must not depend on the order: the incident's state, and its facts but for provisional declarations. */
    private static Map<String, Object> result(String incident, Map<String, String> deliveries) {
        JsonPath read = Api.incident(incident);
        Map<String, Object> result = new LinkedHashMap<>();
        for (String field : List.of("status", "severity", "services", "roles", "milestones", "reopenings", "title")) {
            result.put(field, read.get(field));
        }
        JsonPath events = Api.as("viewer")
                .get("/api/v1/incidents/" + incident + "/events")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        List<String> facts = new ArrayList<>();
        for (Map<String, Object> event : events.<Map<String, Object>>getList("items")) {
            Map<?, ?> data = (Map<?, ?>) event.get("data");
            if (!Boolean.TRUE.equals(data.get("provisional"))) {
                facts.add(event.get("occurredAt") + " " + event.get("type") + " " + event.get("actor") + " "
                        + deliveries.get(String.valueOf(event.get("deliveryId"))));
            }
        }
        result.put("facts", facts.stream().sorted().toList());
        return result;
    }

    private static <T> List<List<T>> permutations(List<T> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<T> rest = new ArrayList<>(items);
            T head = rest.remove(i);
            for (List<T> tail : permutations(rest)) {
                List<T> one = new ArrayList<>(List.of(head));
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }
}
