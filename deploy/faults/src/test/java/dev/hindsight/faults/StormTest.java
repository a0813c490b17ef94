package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack.Instance;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A thousand deliveries of one service as fast as they go, through both instances; how fast is for {@code deploy/bench}. */
@Order(4)
class StormTest {

    private static final int DELIVERIES = 1_000;
    private static final int AT_ONCE = 48;
    private static final String SECRET = "a-secret-of-the-storm";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final WholeSystem system = WholeSystem.runningTwice().healthy();
    private final Doors doors = new Doors(system);
    private final String service = "stormy-" + UUID.randomUUID();
    private final Instant began = Instant.now();
    private final AtomicInteger sentAgain = new AtomicInteger();

    @Test
    void aThousandDeliveriesAtOnceAreOneIncidentAndAllAreOnRecordWhileOthersWorkOn() throws Exception {
        UUID integration = system.connect("alertmanager", SECRET);
        Doors.Answer other = doors.command(
                Service.INCIDENT,
                "responder",
                "/api/v1/incidents",
                Map.of("title", "Another matter", "severity", "SEV3", "services", List.of("calm-" + service)));
        Semaphore room = new Semaphore(AT_ONCE);
        List<Future<Integer>> answers = new ArrayList<>();
        int updates = 20;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < DELIVERIES; i++) {
                // Every fifth is what a replica says again, through the other instance.
                int alert = i % 5 == 4 ? i - 1 : i;
                Instance instance = new Instance(Service.INCIDENT, 1 + i % 2);
                Callable<Integer> delivery = () -> deliver(instance, integration, alert, room);
                answers.add(threads.submit(delivery));
                if (i % (DELIVERIES / updates) == 0) {
                    threads.submit(() -> doors.command(
                            Service.INCIDENT,
                            "responder",
                            "/api/v1/incidents/" + other.id() + "/status-updates",
                            Map.of("text", "It goes on.")));
                }
            }
        }
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(202);
        }

        JsonNode found = doors.get(Service.INCIDENT, "/api/v1/incidents?service=" + service)
                .path("items");
        assertThat(found).hasSize(1);
        String incident = found.path(0).path("id").asText();
        int alerts = DELIVERIES - DELIVERIES / 5;
        assertThat(found.path(0).path("version").asInt())
                .as("declared, and all fired")
                .isEqualTo(alerts + 1);
        assertThat(doors.get(Service.INCIDENT, "/api/v1/incidents/" + other.id())
                        .path("version")
                        .asInt())
                .isEqualTo(updates + 1);
        assertThat(onRecord(integration)).isBetween(DELIVERIES, DELIVERIES + sentAgain.get());
        assertThat(doors.get(Service.INCIDENT, "/api/v1/streams/" + incident + "/verification")
                        .path("intact")
                        .asBoolean())
                .isTrue();
        assertThat(doors.failures()).as("answers of 500").isEmpty();
        for (Service reader : List.of(Service.POSTMORTEM, Service.ACTION_ITEM, Service.METRICS)) {
            await().atMost(PATIENCE)
                    .until(() -> system.as("admin", reader)
                                    .header("Hindsight-After", incident + "@" + (alerts + 1))
                                    .get("/api/v1/projections")
                                    .statusCode()
                            == 200);
        }
    }

    private int deliver(Instance instance, UUID integration, int alert, Semaphore room) throws Exception {
        room.acquire();
        try {
            // What is not answered, or cannot be settled in time, is sent again, as Alertmanager does.
            for (int again = 0; ; again++) {
                try {
                    int status = doors.alertmanager(instance, integration, SECRET, body(alert))
                            .statusCode();
                    if (status != 503 || again == 10) {
                        return status;
                    }
                } catch (HttpTimeoutException e) {
                    if (again == 10) {
                        throw e;
                    }
                }
                sentAgain.incrementAndGet();
            }
        } finally {
            room.release();
        }
    }

    private byte[] body(int alert) {
        return """
                {"version":"4","status":"firing","groupKey":"{}","truncatedAlerts":0,"externalURL":"http://am.example",
                 "alerts":[{"status":"firing","labels":{"alertname":"High","service":"%s","instance":"node-%d"},
                  "annotations":{"summary":"node-%d is overloaded"},"startsAt":"%s","endsAt":"0001-01-01T00:00:00Z",
                  "fingerprint":"%016x"}]}""".formatted(service, alert, alert, began, alert).getBytes(StandardCharsets.UTF_8);
    }

    /** How often deliveries are known to have come, with facts that came of them. */
    private int onRecord(UUID integration) {
        int attempts = 0;
        String cursor = "";
        do {
            JsonNode page = doors.get(
                    Service.INCIDENT, "/api/v1/deliveries?limit=200&integration=" + integration + cursor, "admin");
            for (JsonNode delivery : page.path("items")) {
                assertThat(delivery.path("outcome").asText()).isIn("APPLIED", "ATTACHED");
                attempts += delivery.path("attempts").asInt();
            }
            JsonNode next = page.path("next");
            cursor = next.isNull() || next.isMissingNode() ? "" : "&cursor=" + next.asText();
        } while (!cursor.isEmpty());
        return attempts;
    }
}
