package dev.hindsight.incident;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RebuiltViews;
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
    }

    private static void command(UUID incident, String command, Map<String, ?> body) {
        Api.as("responder")
                .body(body)
                .post("/api/v1/incidents/" + incident + "/" + command)
                .then()
                .statusCode(200);
    }
}
