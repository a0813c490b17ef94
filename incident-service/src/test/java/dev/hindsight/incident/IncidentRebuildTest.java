package dev.hindsight.incident;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RebuiltViews;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
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
            command(incident, "messages", Map.of("text", "Tab\there, \"quotes\" and \\ there,\nand ümlauts"));
            if (i % 2 == 0) {
                command(incident, "resolution", Map.of());
            }
        }
        whoMaySeeWhat();
        machines();
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
