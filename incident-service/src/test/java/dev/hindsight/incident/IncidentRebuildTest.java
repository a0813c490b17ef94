package dev.hindsight.incident;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RebuiltViews;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
                .body(Map.of("name", "service-" + UUID.randomUUID(), "team", team))
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
