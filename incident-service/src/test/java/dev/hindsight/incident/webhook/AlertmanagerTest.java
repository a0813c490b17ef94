package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.SECRET;
import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class AlertmanagerTest {

    private static final String ONGOING = "0001-01-01T00:00:00Z";

    private final String service = "payments-" + UUID.randomUUID();

    private String alert(String status, String fingerprint, String startsAt, String endsAt) {
        return """
                {"status":"%s","labels":{"alertname":"HighErrorRate","service":"%s","severity":"critical"},
                 "annotations":{"summary":"More than 5 %% of the payments fail"},
                 "startsAt":"%s","endsAt":"%s","generatorURL":"http://prometheus.example/graph","fingerprint":"%s"}""".formatted(status, service, startsAt, endsAt, fingerprint);
    }

    private static String group(String externalUrl, int truncated, String... alerts) {
        return """
                {"version":"4","groupKey":"{}:{alertname=\\"HighErrorRate\\"}","receiver":"hindsight","status":"firing",
                 "externalURL":"%s","truncatedAlerts":%d,"groupLabels":{"alertname":"HighErrorRate"},"alerts":[%s]}""".formatted(externalUrl, truncated, String.join(",", alerts));
    }

    private JsonPath incidents() {
        return as("viewer")
                .queryParam("service", service)
                .get("/api/v1/incidents")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void anAlertDeclaresAnIncidentAndItsEndResolvesIt() {
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(
                        integration,
                        SECRET,
                        group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING)))
                .statusCode(202)
                .body("outcome", equalTo("APPLIED"))
                .body("incidents", hasSize(1));
        JsonPath open = incidents();
        assertThat(open.getString("items[0].title")).isEqualTo("More than 5 % of the payments fail");
        assertThat(open.getString("items[0].severity")).isEqualTo("SEV2");
        assertThat(open.getString("items[0].milestones.detected")).isEqualTo("2026-11-20T10:00:00Z");
        Api.alertmanager(
                        integration,
                        SECRET,
                        group(
                                "http://am-2",
                                0,
                                alert("resolved", "aa", "2026-11-20T10:00:00Z", "2026-11-20T10:21:00Z")))
                .statusCode(202)
                .body("outcome", equalTo("APPLIED"));
        assertThat(incidents().getString("items[0].status")).isEqualTo("RESOLVED");
        assertThat(incidents().getString("items[0].milestones.resolved")).isEqualTo("2026-11-20T10:21:00Z");
    }

    @Test
    void replicasAndRepeatsBringNoNews() {
        UUID integration = Api.integration("alertmanager", SECRET);
        String firing = alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING);
        Api.alertmanager(integration, SECRET, group("http://am-1", 0, firing)).body("outcome", equalTo("APPLIED"));
        Api.alertmanager(integration, SECRET, group("http://am-2", 0, firing)).body("outcome", equalTo("DUPLICATE"));
        Api.alertmanager(integration, SECRET, group("http://am-1", 0, firing)).body("outcome", equalTo("DUPLICATE"));
        assertThat(incidents().getList("items")).hasSize(1);
        as("admin")
                .queryParam("integration", integration)
                .get("/api/v1/deliveries")
                .then()
                .body("items", hasSize(2))
                .body("items.attempts.sum()", equalTo(3));
    }

    @Test
    void theEndMayComeBeforeTheFiring() {
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(
                        integration,
                        SECRET,
                        group(
                                "http://am-1",
                                0,
                                alert("resolved", "aa", "2026-11-20T10:00:00Z", "2026-11-20T10:21:00Z")))
                .statusCode(202);
        Api.alertmanager(
                        integration,
                        SECRET,
                        group("http://am-2", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING)))
                .statusCode(202)
                .body("outcome", equalTo("APPLIED"));
        JsonPath found = incidents();
        assertThat(found.getList("items")).hasSize(1);
        assertThat(found.getString("items[0].status")).isEqualTo("RESOLVED");
        assertThat(found.getString("items[0].milestones.declared")).isEqualTo("2026-11-20T10:00:00Z");
    }

    @Test
    void anAlertThatIsMissingFromATruncatedGroupIsNotOver() {
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(
                        integration,
                        SECRET,
                        group(
                                "http://am-1",
                                0,
                                alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING),
                                alert("firing", "bb", "2026-11-20T10:01:00Z", ONGOING)))
                .body("incidents", hasSize(1));
        Api.alertmanager(
                integration,
                SECRET,
                group("http://am-1", 1, alert("resolved", "aa", "2026-11-20T10:00:00Z", "2026-11-20T10:09:00Z")));
        assertThat(incidents().getString("items[0].status")).isEqualTo("OPEN");
    }

    @Test
    void aLaterFiringOfTheSameLabelsIsAnotherOccurrence() {
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(
                integration, SECRET, group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING)));
        Api.alertmanager(
                integration,
                SECRET,
                group("http://am-1", 0, alert("resolved", "aa", "2026-11-20T10:00:00Z", "2026-11-20T10:09:00Z")));
        Api.alertmanager(
                        integration,
                        SECRET,
                        group("http://am-1", 0, alert("firing", "aa", "2026-11-20T11:00:00Z", ONGOING)))
                .body("outcome", equalTo("APPLIED"));
        assertThat(incidents().getList("items")).hasSize(2);
    }

    @Test
    void anAlertAttachesToTheOpenIncidentOfItsService() {
        String incident = Api.declare(Map.of(
                        "title",
                        "Payments are down",
                        "severity",
                        "SEV1",
                        "services",
                        List.of(service),
                        "occurredAt",
                        "2026-11-20T09:50:00Z"))
                .getString("id");
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(
                        integration,
                        SECRET,
                        group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING)))
                .body("outcome", equalTo("ATTACHED"))
                .body("incidents[0]", equalTo(incident));
        Api.alertmanager(
                integration,
                SECRET,
                group("http://am-1", 0, alert("resolved", "aa", "2026-11-20T10:00:00Z", "2026-11-20T10:09:00Z")));
        Api.incident(incident);
        assertThat(Api.incident(incident).getString("status")).isEqualTo("OPEN");
        assertThat(Api.incident(incident).getString("title")).isEqualTo("Payments are down");
    }

    @Test
    void anIntegrationThatDeclaresNothingIgnoresWhatBelongsNowhere() {
        UUID integration = Api.integration("alertmanager", SECRET, Map.of("autoDeclare", false));
        Api.alertmanager(
                        integration,
                        SECRET,
                        group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING)))
                .statusCode(202)
                .body("outcome", equalTo("IGNORED"));
        assertThat(incidents().getList("items")).isEmpty();
    }

    @Test
    void whatWasIgnoredIsJudgedAgainWhenItComesAgain() {
        UUID integration = Api.integration("alertmanager", SECRET, Map.of("autoDeclare", false));
        String body = group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING));
        String delivery = Api.alertmanager(integration, SECRET, body)
                .body("outcome", equalTo("IGNORED"))
                .extract()
                .jsonPath()
                .getString("deliveryId");
        String incident = Api.declare(Map.of(
                        "title", "Payments are down",
                        "severity", "SEV1",
                        "services", List.of(service),
                        "occurredAt", "2026-11-20T10:05:00Z"))
                .getString("id");
        Api.alertmanager(integration, SECRET, body)
                .body("outcome", equalTo("ATTACHED"))
                .body("incidents[0]", equalTo(incident));
        as("admin")
                .get("/api/v1/deliveries/" + delivery)
                .then()
                .body("outcome", equalTo("ATTACHED"))
                .body("attempts", equalTo(2));
    }

    @Test
    void aDrillTakesNoRealAlerts() {
        Api.declare(Map.of(
                "title",
                "Fire drill",
                "severity",
                "SEV1",
                "services",
                List.of(service),
                "kind",
                "DRILL",
                "occurredAt",
                "2026-11-20T09:59:00Z"));
        UUID integration = Api.integration("alertmanager", SECRET);
        Api.alertmanager(
                        integration,
                        SECRET,
                        group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING)))
                .body("outcome", equalTo("APPLIED"));
    }

    @Test
    void manyAlertsAtOnceBecomeOneIncident() throws Exception {
        UUID integration = Api.integration("alertmanager", SECRET);
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String body = group("http://am-1", 0, alert("firing", "f" + i, "2026-11-20T10:00:00Z", ONGOING));
                answers.add(pool.submit(() ->
                        Api.alertmanager(integration, SECRET, body).extract().statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(202);
            }
        }
        assertThat(incidents().getList("items")).hasSize(1);
        as("viewer")
                .get("/api/v1/incidents/" + incidents().getString("items[0].id") + "/events?limit=250")
                .then()
                .body("items.findAll { it.type == 'hindsight.incident.alert-fired.v1' }", hasSize(60));
    }

    @Test
    void theSecretMayComeAsBearerBasicOrLastPathSegmentAndAWrongOneIsRefused() {
        UUID integration = Api.integration("alertmanager", SECRET);
        String body = group("http://am-1", 0, alert("firing", "aa", "2026-11-20T10:00:00Z", ONGOING));
        String url = "/webhooks/alertmanager/" + integration;
        given().contentType("application/json").body(body).post(url).then().statusCode(401);
        given().contentType("application/json")
                .header("Authorization", "Bearer wrong-secret")
                .body(body)
                .post(url)
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
        given().contentType("application/json")
                .body(body)
                .post(url + "/wrong-secret")
                .then()
                .statusCode(401);
        given().contentType("application/json")
                .body(body)
                .post(url + "/" + SECRET)
                .then()
                .statusCode(202);
        given().contentType("application/json")
                .auth()
                .preemptive()
                .basic("hindsight", SECRET)
                .body(body)
                .post(url)
                .then()
                .statusCode(202);
    }

    @Test
    void whatIsAuthenticButNotReadableIsParkedAndKept() {
        UUID integration = Api.integration("alertmanager", SECRET);
        String delivery = Api.alertmanager(integration, SECRET, "{ not json")
                .statusCode(202)
                .body("outcome", equalTo("PARKED"))
                .extract()
                .jsonPath()
                .getString("deliveryId");
        as("admin").get("/api/v1/deliveries/" + delivery).then().statusCode(200).body("body", equalTo("{ not json"));
        Api.alertmanager(integration, SECRET, "{\"something\":\"else\"}")
                .statusCode(202)
                .body("outcome", equalTo("PARKED"));
    }

    @Test
    void anUnknownIntegrationOrProviderIsNotFound() {
        Api.alertmanager(UUID.randomUUID(), SECRET, "{}").statusCode(404);
        given().body("{}")
                .post("/webhooks/carrierpigeon/" + UUID.randomUUID())
                .then()
                .statusCode(404);
    }
}
