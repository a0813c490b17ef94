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

    @Override
    protected void act() {
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
