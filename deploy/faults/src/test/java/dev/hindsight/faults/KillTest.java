package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.local.Service;
import io.restassured.path.json.JsonPath;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What was accepted is there at the far end, once, whatever was killed in between. */
@Order(3)
class KillTest {

    private static final String SECRET = "a-secret-of-the-tests";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** The relay's advisory lock: whoever holds it publishes. */
    private static final long RELAY_LOCK = 0x48494E4453494748L;

    private final WholeSystem system = WholeSystem.running().healthy();
    private final String service = "search-" + UUID.randomUUID();

    @Test
    void aServiceKilledBetweenAcceptingAndPublishingLosesNothingAndDoublesNothing() throws Exception {
        UUID integration = system.connectPagerDuty(SECRET);
        String incident;
        try (Connection database = system.database(Service.INCIDENT)) {
            // Nobody publishes while the test holds the relay's lock: what is accepted now cannot have left.
            takeRelayLock(database);
            incident = deliver(integration, "triggered", "PKILL1", 0);
            deliver(integration, "acknowledged", "PKILL1", 3);
            deliver(integration, "resolved", "PKILL1", 20);
            assertThat(waiting(database, incident)).as("events in the outbox").isEqualTo(3);

            system.kill(Service.INCIDENT);

            await().atMost(PATIENCE).until(() -> system.isHealthy(Service.INCIDENT));
            assertThat(system.get(Service.INCIDENT, "/api/v1/incidents/" + incident)
                            .getString("status"))
                    .isEqualTo("RESOLVED");
            assertThat(waiting(database, incident)).as("events in the outbox").isEqualTo(3);
            assertThat(system.timelineKinds(incident))
                    .as("nothing was published yet")
                    .isEmpty();
        }
        // The tool did not hear of the answers and sends everything again.
        deliver(integration, "resolved", "PKILL1", 20);
        deliver(integration, "triggered", "PKILL1", 0);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(system.timelineKinds(incident)).containsExactly("DECLARED", "ACKNOWLEDGED", "RESOLVED");
            assertThat(frequency()).isEqualTo(1);
            assertThat(statusOfDraft(incident)).isEqualTo("DRAFT");
        });
        assertThat(restored()).isEqualTo(20 * 60.0);
    }

    @Test
    void killsUnderLoadLoseNothingAndDoubleNothing() throws Exception {
        UUID integration = system.connectPagerDuty(SECRET);
        int incidents = 60;
        Map<Integer, Service> kills = new LinkedHashMap<>();
        kills.put(10, Service.INCIDENT);
        kills.put(25, Service.METRICS);
        kills.put(35, Service.POSTMORTEM);
        kills.put(45, Service.INCIDENT);
        List<String> accepted = new ArrayList<>();
        List<CompletableFuture<Void>> killed = new ArrayList<>();
        for (int i = 0; i < incidents; i++) {
            Service victim = kills.get(i);
            if (victim != null) {
                killed.add(CompletableFuture.runAsync(() -> system.kill(victim)));
            }
            for (String type : List.of("triggered", "acknowledged", "resolved")) {
                int minute = Map.of("triggered", 0, "acknowledged", 2, "resolved", 10)
                        .get(type);
                accepted.add(deliver(integration, type, "PLOAD" + i, minute));
            }
        }
        CompletableFuture.allOf(killed.toArray(CompletableFuture[]::new)).get();
        List<String> distinct = accepted.stream().distinct().toList();
        assertThat(distinct).hasSize(incidents);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(frequency()).isEqualTo(incidents);
            for (String incident : distinct) {
                assertThat(system.timelineKinds(incident)).containsExactly("DECLARED", "ACKNOWLEDGED", "RESOLVED");
            }
        });
        assertThat(restored()).isEqualTo(10 * 60.0);
        for (String incident : distinct) {
            JsonPath events = system.get(Service.INCIDENT, "/api/v1/incidents/" + incident + "/events");
            assertThat(events.getList("items.sequence", Integer.class)).containsExactly(1, 2, 3);
            assertThat(statusOfDraft(incident)).isEqualTo("DRAFT");
        }
    }

    /** Sends like the tool does: again, until it is accepted. */
    private String deliver(UUID integration, String type, String externalId, int minute) {
        String id = externalId + "-" + service;
        Instant at = Instant.now()
                .truncatedTo(ChronoUnit.DAYS)
                .minus(2, ChronoUnit.HOURS)
                .plusSeconds(60L * minute);
        byte[] body = WholeSystem.event(type, id, service, at.toString());
        String[] incident = new String[1];
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            try {
                var answer = system.pagerDuty(integration, WholeSystem.sign(SECRET, body), body);
                if (answer.statusCode() == 202) {
                    incident[0] = answer.jsonPath().getString("incidents[0]");
                    return true;
                }
                return false;
            } catch (Exception noAnswer) {
                // REST Assured throws the connection's own exception, undeclared.
                return false;
            }
        });
        return incident[0];
    }

    private int frequency() {
        return metric("incident_frequency").getInt("groups[0].n");
    }

    private double restored() {
        return metric("time_to_restore").getDouble("groups[0].statistics.mean");
    }

    private JsonPath metric(String id) {
        return system.as("viewer", Service.METRICS)
                .queryParam("service", service)
                .get("/api/v1/metrics/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private String statusOfDraft(String incident) {
        return system.get(Service.POSTMORTEM, "/api/v1/postmortems/" + incident).getString("status");
    }

    /** Ends the leader's connection, and is there before it comes back. */
    private static void takeRelayLock(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                statement.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
                        + " and granted and pid <> pg_backend_pid()"
                        + " and database = (select oid from pg_database where datname = current_database())");
                try (ResultSet got = statement.executeQuery("select pg_try_advisory_lock(" + RELAY_LOCK + ")")) {
                    return got.next() && got.getBoolean(1);
                }
            });
        }
    }

    private static int waiting(Connection database, String incident) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows =
                        statement.executeQuery("select count(*) from outbox where stream_id = '" + incident + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
