package dev.hindsight.faults;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.incident.webhook.Sender;
import dev.hindsight.local.Service;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What GitHub tells of two deploys and PagerDuty of an incident of the same service, in any order and some of it twice: the
 * deploy that went before the incident is suspected, and the one that began after it is not, in incident-service, in the timeline and
 * in what metrics-service counts. That the incident began before the second deploy may be the last that anybody hears.
 */
@Order(5) // after those that measure a service
class SuspicionsInAnyOrderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DAY = "2026-11-04T";

    private final WholeSystem system = WholeSystem.running().healthy();
    private final String service = "shop-" + UUID.randomUUID();
    private final UUID gitHub = system.connect("github", Sender.SECRET, Map.of("defaultService", service));
    private final UUID pagerDuty = system.connect("pagerduty", Sender.SECRET);
    private final List<String> told = new ArrayList<>();

    private record Delivery(String provider, String event, String body) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3, 5, 8, 13, 21, 34, 55})
    void onlyTheDeployThatWentBeforeTheIncidentIsSuspected(int seed) {
        List<Delivery> story = new ArrayList<>(List.of(
                deploy(1, "v1", "success", "09:40:00"),
                deploy(2, "v2", "queued", "09:59:00"),
                deploy(2, "v2", "in_progress", "10:02:00"),
                deploy(2, "v2", "success", "10:06:00"),
                page("triggered", "10:00:00"),
                page("acknowledged", "10:03:00"),
                page("resolved", "10:30:00")));
        Random random = new Random(seed);
        if (seed > 0) {
            story.addAll(List.of(story.get(random.nextInt(7)), story.get(random.nextInt(7))));
            Collections.shuffle(story, random);
        }
        String incident = "";
        for (Delivery delivery : story) {
            JsonPath receipt = deliver(delivery);
            told.add(delivery.event() + ": " + receipt.getString("outcome"));
            if (delivery.provider().equals("pagerduty")
                    && !receipt.getList("incidents").isEmpty()) {
                incident = receipt.getString("incidents[0]");
            }
        }
        String of = incident;
        awaitThatAllOfItWasLookedAt();

        await("one suspect after " + told).atMost(PATIENCE).untilAsserted(() -> {
            JsonPath deploys = system.get(Service.INCIDENT, "/api/v1/deploys?incident=" + of);
            assertThat(deploys.<String>getList("items.ref")).containsExactly("v1");
            assertThat(timeline(of))
                    .containsExactly(DAY + "09:40:00Z Deployed " + service + " v1 to production (suspected)");
            assertThat(linkedInMetrics(of)).containsExactlyElementsOf(deploys.getList("items.id"));
        });
    }

    /** Hints are looked at one after the other: once the last one is, all before it are. */
    private void awaitThatAllOfItWasLookedAt() {
        String other = "marker-" + UUID.randomUUID();
        UUID hook = system.connect("github", Sender.SECRET, Map.of("defaultService", other));
        String deploy = deliver(hook, deploy(3, "v3", "success", "11:00:00")).getString("deploys[0]");
        system.as("responder", Service.INCIDENT)
                .body(Map.of(
                        "title",
                        "Marker",
                        "severity",
                        "SEV4",
                        "services",
                        List.of(other),
                        "occurredAt",
                        DAY + "11:05:00Z"))
                .post("/api/v1/incidents")
                .then()
                .statusCode(201);
        await("the marker's suspicion").atMost(PATIENCE).until(() -> !system.get(
                        Service.INCIDENT, "/api/v1/deploys/" + deploy)
                .getList("incidents")
                .isEmpty());
    }

    private List<String> timeline(String incident) {
        return system
                .get(Service.POSTMORTEM, "/api/v1/timelines/" + incident + "?kind=DEPLOY")
                .<Map<String, Object>>getList("entries")
                .stream()
                .map(entry -> entry.get("occurredAt") + " " + entry.get("text"))
                .toList();
    }

    private List<String> linkedInMetrics(String incident) throws SQLException {
        List<String> linked = new ArrayList<>();
        try (Connection database = system.database(Service.METRICS);
                PreparedStatement select =
                        database.prepareStatement("select unnest(linked)::text from deploy_links_fact"
                                + " where incident_id = ?::uuid and superseded_at = 'infinity'")) {
            select.setString(1, incident);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    linked.add(found.getString(1));
                }
            }
        }
        return linked;
    }

    // ------------------------------------------------------------------------------------------------------- telling

    private JsonPath deliver(Delivery delivery) {
        return deliver(delivery.provider().equals("github") ? gitHub : pagerDuty, delivery);
    }

    private JsonPath deliver(UUID integration, Delivery delivery) {
        byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
        return given().spec(system.at(Service.INCIDENT))
                .contentType("application/json")
                .headers(Sender.headers(delivery.provider(), Sender.SECRET, body, Instant.now()))
                .header("X-GitHub-Event", "deployment_status")
                .body(body)
                .post("/webhooks/" + delivery.provider() + "/" + integration)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath();
    }

    private static Delivery deploy(int id, String ref, String state, String at) {
        return new Delivery("github", ref + " " + state, """
                {"action":"created",
                 "deployment":{"id":%d,"ref":"%s","environment":"production","created_at":"%s","payload":{}},
                 "deployment_status":{"id":%d,"state":"%s","created_at":"%s"},
                 "repository":{"id":1,"name":"shop"}}""".formatted(
                id, ref, DAY + (id == 2 ? "09:59:00Z" : at + "Z"), id * 100 + state.length(), state, DAY + at + "Z"));
    }

    /** Without {@code created_at}: only the trigger says when it began. */
    private Delivery page(String status, String at) {
        return new Delivery("pagerduty", status, """
                {"event":{"id":"EV%1$s","event_type":"incident.%1$s","resource_type":"incident","occurred_at":"%2$s","agent":null,
                          "data":{"id":"QSUSPECT","type":"incident","status":"%1$s","title":"Checkout fails",
                                  "service":{"id":"P1","type":"service_reference","summary":"%3$s"},
                                  "urgency":"high"}}}""".formatted(status, DAY + at + "Z", service));
    }
}
