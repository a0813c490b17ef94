package dev.hindsight.incident;

import static org.hamcrest.Matchers.equalTo;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RebuiltViews;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

@QuarkusTest
@TestProfile(RebuiltViews.Alone.class)
@WithTestResource(HindsightBackends.class)
class IncidentRebuildTest extends RebuiltViews {

    private static void alert(String status, UUID service) {
        Api.alertmanager(Api.integration("alertmanager", Api.SECRET), Api.SECRET, """
                {"version":"4","groupKey":"{}","receiver":"hindsight","status":"%s","externalURL":"http://am-1",
                 "truncatedAlerts":0,"groupLabels":{},"alerts":[{"status":"%s","labels":{"alertname":"HighErrorRate",
                 "service":"%s","severity":"critical"},"annotations":{},"startsAt":"2026-11-20T10:00:00Z",
                 "endsAt":"2026-11-20T10:21:00Z","fingerprint":"%s"}]}""".formatted(
                                status, status, service, service))
                .statusCode(202);
    }

    @Override
    protected void act() {
        UUID service = UUID.randomUUID();
        alert("firing", service);
        alert("resolved", service);
        for (int i = 0; i < 5; i++) {
            UUID incident = Api.declared();
            command(incident, "acknowledgement", Map.of("occurredAt", "2026-11-21T10:00:00Z"));
            command(incident, "roles", Map.of("role", "INCIDENT_COMMANDER", "person", "maria"));
            command(incident, "impact", Map.of("impact", Map.of("usersAffected", 1200, "errorRatePercent", 31.5)));
            command(incident, "links", Map.of("url", "https://example.org/x", "kind", "LOGS"));
            command(incident, "services", Map.of("add", List.of("payments")));
            command(incident, "corrections", Map.of("milestone", "DETECTED", "at", "2026-11-21T09:00:00Z"));
            command(incident, "messages", Map.of("text", "Tab\there, \"quotes\" and \\ there,\nand ümlauts"));
            if (i % 2 == 0) {
                command(incident, "resolution", Map.of());
            }
        }
        whoMaySeeWhat();
        machines();
        catalogAndCalendars();
        deploysAndChannels();
    }

    private static void catalogAndCalendars() {
        String team = "team-" + UUID.randomUUID();
        Api.as("admin")
                .body(Map.of(
                        "team",
                        team,
                        "timeZone",
                        "Europe/Berlin",
                        "workingHours",
                        List.of(Map.of("day", "MONDAY", "from", "09:00", "to", "17:00"))))
                .put("/api/v1/calendars")
                .then()
                .statusCode(200);
        Api.as("admin")
                .body(Map.of("lead", "maria"))
                .put("/api/v1/catalog/teams/" + StreamIds.team(team))
                .then()
                .statusCode(200);
        Api.as("admin")
                .body(Map.of(
                        "name",
                        "service-" + UUID.randomUUID(),
                        "team",
                        team,
                        "aliases",
                        List.of(
                                Map.of("tool", "goalert", "key", "alias-" + UUID.randomUUID()),
                                Map.of("tool", "datadog", "key", "alias-" + UUID.randomUUID()))))
                .post("/api/v1/catalog/services")
                .then()
                .statusCode(201);
        String whole = person(team);
        String duplicate = person(team);
        admin("people/" + duplicate + "/merge", Map.of("into", whole));
        admin("people/" + whole + "/name-removal", Map.of("reason", "asked for"));
    }

    private static String person(String team) {
        return Api.as("admin")
                .body(Map.of("name", "Somebody", "timeZone", "Europe/Berlin", "team", team))
                .post("/api/v1/catalog/people")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void admin(String path, Map<String, ?> body) {
        Api.as("admin").body(body).post("/api/v1/catalog/" + path).then().statusCode(200);
    }

    private static void deploysAndChannels() {
        String service = "shop-" + UUID.randomUUID();
        UUID gitHub = Api.integration("github", Api.SECRET, Map.of("defaultService", service));
        String suspected = deployed(gitHub, 1);
        String confirmed = deployed(gitHub, 2);
        String incident = Api.declare(Map.of(
                        "title",
                        "Shop is down",
                        "severity",
                        "SEV2",
                        "services",
                        List.of(service),
                        "occurredAt",
                        "2026-11-20T10:10:00Z"))
                .getString("id");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Api.as("viewer")
                                .get("/api/v1/deploys?verdict=SUSPECT&incident=" + incident)
                                .jsonPath()
                                .getList("items")
                                .size()
                        == 2);
        command(UUID.fromString(incident), "deploys/" + confirmed + "/confirmation", Map.of());
        command(UUID.fromString(incident), "deploys/" + suspected + "/dismissal", Map.of("reason", "a text"));
        command(UUID.fromString(incident), "deploys/" + suspected + "/confirmation", Map.of());
        UUID slack = Api.integration("slack", Api.SECRET);
        slash(slack, "C1", "declare Cart is empty");
        slash(slack, "C2", "declare Cart is full");
        slash(slack, "C1", "link " + Api.incident(incident).getString("reference"));
    }

    private static String deployed(UUID gitHub, int id) {
        byte[] body = """
                {"action":"created","deployment":{"id":%1$d,"ref":"v%1$d","environment":"production","created_at":"2026-11-20T10:0%1$d:00Z"},
                 "deployment_status":{"id":%1$d,"state":"success","created_at":"2026-11-20T10:0%1$d:30Z"},
                 "repository":{"id":1,"name":"shop"}}""".formatted(id).getBytes(StandardCharsets.UTF_8);
        return RestAssured.given()
                .contentType("application/json")
                .header("X-GitHub-Event", "deployment_status")
                .header("X-Hub-Signature-256", Api.sign(Api.SECRET, body).replace("v1=", "sha256="))
                .body(body)
                .post("/webhooks/github/" + gitHub)
                .then()
                .statusCode(202)
                .extract()
                .path("deploys[0]");
    }

    private static void slash(UUID slack, String channel, String text) {
        long now = Instant.now().getEpochSecond();
        byte[] body = ("channel_id=" + channel
                        + "&channel_name=inc&user_id=U1&user_name=maria&command=%2Finc&trigger_id=" + UUID.randomUUID()
                        + "&text=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        byte[] signed = ("v0:" + now + ":" + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        RestAssured.given()
                .config(RestAssuredConfig.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.BINARY)))
                .contentType("application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", "" + now)
                .header("X-Slack-Signature", Api.sign(Api.SECRET, signed).replace("v1=", "v0="))
                .body(body)
                .post("/webhooks/slack/" + slack)
                .then()
                .statusCode(200)
                .body("response_type", equalTo("in_channel"));
    }

    private static void whoMaySeeWhat() {
        String person = "seer-" + UUID.randomUUID();
        UUID hidden = Api.declared();
        command(hidden, "classification", Map.of("security", true, "kind", "DRILL", "title", "Leak"));
        command(hidden, "roles", Map.of("role", "SCRIBE", "person", person, "occurredAt", "2026-11-21T10:00:00Z"));
        command(hidden, "roles", Map.of("role", "OPERATIONS", "person", person));
        Api.as("responder")
                .body("{\"role\":\"OPERATIONS\"}")
                .post("/api/v1/incidents/" + hidden + "/roles")
                .then()
                .statusCode(200);
        command(hidden, "pages", Map.of("person", person));
        command(hidden, "participants", Map.of("person", person));
        Api.as("responder")
                .delete("/api/v1/incidents/" + hidden + "/participants/" + person)
                .then()
                .statusCode(200);
        command(hidden, "participants", Map.of("person", "another-" + person));
        UUID opened = Api.declared();
        command(opened, "visibility", Map.of("visibility", "RESTRICTED"));
        command(opened, "visibility", Map.of("visibility", "INTERNAL"));
        link(StreamIds.person("oidc", person));
        UUID unlinked = StreamIds.person("oidc", "another-" + person);
        link(unlinked);
        Api.as("admin")
                .delete("/api/v1/catalog/people/" + unlinked + "/subject")
                .then()
                .statusCode(200);
    }

    private static void link(UUID person) {
        Api.as("admin")
                .body(Map.of("subject", "somebody-" + UUID.randomUUID()))
                .post("/api/v1/catalog/people/" + person + "/subject")
                .then()
                .statusCode(200);
    }

    private static void machines() {
        for (int i = 0; i < 2; i++) {
            String token = Api.as("admin")
                    .body(Map.of("name", "grafana", "role", "viewer", "expiresInDays", 90))
                    .post("/api/v1/api-tokens")
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id");
            if (i == 0) {
                Api.as("admin").delete("/api/v1/api-tokens/" + token).then().statusCode(204);
            }
        }
    }

    private static void command(UUID incident, String command, Map<String, ?> body) {
        Api.as("responder")
                .body(body)
                .post("/api/v1/incidents/" + incident + "/" + command)
                .then()
                .statusCode(200);
    }
}
