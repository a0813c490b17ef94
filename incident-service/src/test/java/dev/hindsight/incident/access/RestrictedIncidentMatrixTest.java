package dev.hindsight.incident.access;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RestrictedMatrix;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class RestrictedIncidentMatrixTest extends RestrictedMatrix {

    @Override
    protected Case restricted() {
        Restricted incident = Restricted.incident();
        incident.command(
                        Restricted.DECLARER,
                        "roles",
                        Map.of("role", "INCIDENT_COMMANDER", "person", Restricted.COMMANDER))
                .statusCode(200);
        incident.command(Restricted.DECLARER, "pages", Map.of("person", Restricted.PAGED))
                .statusCode(200);
        incident.command(Restricted.DECLARER, "participants", Map.of("person", Restricted.ADDED))
                .statusCode(200);
        incident.item(Restricted.ITEM_OWNER);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> incident.seenBy(Restricted.ITEM_OWNER) == 200);
        return new Case() {
            @Override
            public String value(String path, String parameter) {
                if (!path.startsWith("/api/v1/incidents/") && !path.startsWith("/api/v1/streams/")) {
                    return null;
                }
                return parameter.equals("person")
                        ? StreamIds.person("oidc", Restricted.ADDED).toString()
                        : incident.id;
            }

            @Override
            public List<String> secrets() {
                return List.of(incident.id, incident.word, "\"" + incident.reference + "\"");
            }

            @Override
            public Map<String, String> admitted() {
                return Map.of(
                        "an admin", Tokens.bearer("admin", "some-admin"),
                        "who declared it", Tokens.bearer("viewer", Restricted.DECLARER),
                        "who holds a role", Tokens.bearer("viewer", Restricted.COMMANDER),
                        "who was paged", Tokens.bearer("viewer", Restricted.PAGED),
                        "who was added", Tokens.bearer("viewer", Restricted.ADDED),
                        "who owns an action item", Tokens.bearer("viewer", Restricted.ITEM_OWNER));
            }

            @Override
            public Map<String, String> bodies() {
                Map<String, String> bodies = new HashMap<>();
                String of = "POST /api/v1/incidents/{id}/";
                bodies.put(of + "roles", "{\"role\":\"SCRIBE\",\"person\":\"outsider\"}");
                bodies.put(of + "pages", "{\"person\":\"outsider\"}");
                bodies.put(of + "participants", "{\"person\":\"outsider\"}");
                bodies.put(of + "visibility", "{\"visibility\":\"INTERNAL\"}");
                bodies.put(of + "classification", "{\"security\":false,\"title\":\"seen\"}");
                bodies.put(of + "severity", "{\"severity\":\"SEV4\"}");
                bodies.put(of + "messages", "{\"text\":\"hello\"}");
                bodies.put(of + "decisions", "{\"text\":\"hello\"}");
                bodies.put(of + "status-updates", "{\"text\":\"hello\"}");
                bodies.put(of + "links", "{\"url\":\"https://example.org/x\"}");
                bodies.put(of + "services", "{\"add\":[\"payments\"]}");
                bodies.put(of + "corrections", "{\"milestone\":\"DETECTED\",\"at\":\"2026-01-01T00:00:00Z\"}");
                bodies.put(of + "impact", "{\"impact\":{\"tickets\":1}}");
                return bodies;
            }
        };
    }
}
