package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.local.Service;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Real deliveries of PagerDuty with its own signatures, in every order and twice, judged at the far end. */
@Order(4)
class SignedLifecycleTest {

    private static final Path FIXTURES =
            Path.of(System.getProperty("hindsight.fixtures", "../../../shared/fixtures"), "webhooks", "pagerduty");
    private static final List<String> LIFECYCLE =
            List.of("2-incident.triggered", "3-incident.acknowledged", "4-incident.resolved", "5-incident.annotated");
    private static final String SERVICE = "Webhook Tester";

    private static JsonPath vectors;

    private final WholeSystem system = WholeSystem.running().healthy();

    @BeforeAll
    static void findVectors() {
        Path file = FIXTURES.resolve("signed-lifecycle.vectors.json");
        assumeTrue(Files.exists(file), "the fixtures are not beside the project");
        vectors = JsonPath.from(file.toFile());
    }

    @Test
    void timelineDraftAndMetricsAreTheSameInAll24OrdersWithEveryEventSentTwice() throws IOException {
        String secret = vectors.getString("vectors[0].secret");
        Map<String, Object> expected = null;
        Map<String, Object> expectedMetrics = null;
        List<List<String>> orders = permutations(LIFECYCLE);
        assertThat(orders).hasSize(24);
        int count = 0;
        for (List<String> order : orders) {
            UUID integration = system.connectPagerDuty(secret);
            Map<String, String> deliveries = new HashMap<>();
            String incident = "";
            for (String name : order) {
                byte[] body = Files.readAllBytes(FIXTURES.resolve("signed-lifecycle/" + name + ".json"));
                Response first = system.pagerDuty(integration, signature(name), body);
                Response second = system.pagerDuty(integration, signature(name), body);
                assertThat(first.statusCode()).isEqualTo(202);
                assertThat(second.statusCode()).isEqualTo(202);
                deliveries.put(first.jsonPath().getString("deliveryId"), name);
                incident = first.jsonPath().getString("incidents[0]");
            }
            count++;
            String known = incident;
            int so = count;
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(system.timelineKinds(known)).containsExactly("DECLARED", "ACKNOWLEDGED", "RESOLVED", "NOTE");
                assertThat(metrics().get("n")).isEqualTo(so);
                assertThat(system.as("viewer", Service.POSTMORTEM)
                                .get("/api/v1/postmortems/" + known)
                                .statusCode())
                        .isEqualTo(200);
            });
            Map<String, Object> result = result(incident, deliveries);
            Map<String, Object> numbers = new LinkedHashMap<>(metrics());
            numbers.remove("n");
            if (expected == null) {
                expected = result;
                expectedMetrics = numbers;
                System.out.println("every order must give: " + result + " and " + numbers);
            }
            assertThat(result).as("order %s", order).isEqualTo(expected);
            assertThat(numbers).as("metrics after order %s", order).isEqualTo(expectedMetrics);
        }
    }

    private static String signature(String name) {
        return vectors.getString("vectors.find { it.file == 'signed-lifecycle/" + name
                + ".json' && it.valid }.headers.'X-PagerDuty-Signature'");
    }

    private Map<String, Object> result(String incident, Map<String, String> deliveries) {
        Map<String, Object> result = new LinkedHashMap<>();
        JsonPath state = system.get(Service.INCIDENT, "/api/v1/incidents/" + incident);
        for (String field : List.of("status", "severity", "services", "roles", "milestones", "reopenings")) {
            result.put(field, state.get(field));
        }
        JsonPath timeline = system.get(Service.POSTMORTEM, "/api/v1/timelines/" + incident);
        List<String> entries = new ArrayList<>();
        for (Map<String, Object> entry : timeline.<Map<String, Object>>getList("entries")) {
            Map<?, ?> source = (Map<?, ?>) entry.get("source");
            entries.add(entry.get("kind") + " | " + entry.get("occurredAt") + " | " + entry.get("actor") + " | "
                    + entry.get("text") + " | " + deliveries.get(String.valueOf(source.get("deliveryId"))));
        }
        result.put("timeline", entries);
        result.put("timelineMilestones", timeline.get("milestones"));
        return result;
    }

    /** Of all incidents of the service: each order adds one with the same times, so only n may change. */
    private Map<String, Object> metrics() {
        Map<String, Object> numbers = new LinkedHashMap<>();
        for (String metric : List.of("time_to_acknowledge", "time_to_restore")) {
            JsonPath answer = system.as("viewer", Service.METRICS)
                    .queryParam("service", SERVICE)
                    .get("/api/v1/metrics/" + metric)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            numbers.put(metric, answer.get("groups[0].statistics"));
            numbers.put("n", answer.getInt("groups[0].n"));
        }
        return numbers;
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
