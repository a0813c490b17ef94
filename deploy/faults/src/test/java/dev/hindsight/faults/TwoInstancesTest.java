package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack.Instance;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Two instances of each service under load, one of them killed every few seconds. How long is
 * {@code -Dhindsight.faults.minutes}, half a minute otherwise.
 */
@Order(1)
class TwoInstancesTest {

    private static final Duration HOW_LONG = Duration.ofMillis(
            (long) (Double.parseDouble(System.getProperty("hindsight.faults.minutes", "0.5")) * 60_000));
    private static final Duration A_KILL_EVERY = Duration.ofSeconds(5);
    private static final Duration AN_INCIDENT_EVERY = Duration.ofMillis(400);
    private static final Duration HAND_OVER = Duration.ofSeconds(10);

    private final WholeSystem system = WholeSystem.runningTwice().healthy();

    @Test
    void whatWasAcknowledgedIsInStoreTopicAndViewsOnceWhoeverIsKilled() throws InterruptedException {
        Doors doors = new Doors(system);
        Audit audit = new Audit(system);
        Ledger ledger = new Ledger();
        String service = "search-" + UUID.randomUUID();
        Load load = new Load(system, doors, ledger, service, AN_INCIDENT_EVERY);
        Kills kills = new Kills(system, doors, A_KILL_EVERY, System.nanoTime());
        try (kills) {
            load.runFor(HOW_LONG);
        }
        Duration quiet = audit.awaitQuiet();

        print(
                "kills",
                kills.victims().size() + " "
                        + kills.victims().stream().map(Instance::name).toList());
        print("hand-overs", kills.handOvers().stream().map(Duration::toMillis).toList() + " ms");
        print("incidents", load.incidents());
        print("acknowledged commands", ledger.commands().size());
        print("requests sent again", doors.repetitions());
        print("until everything was applied", quiet.toMillis() + " ms");

        assertThat(doors.failures()).as("answers of 500").isEmpty();
        for (Service owner : Audit.owners()) {
            List<Audit.Stored> events = audit.storeAndTopicAgree(owner);
            Audit.promisesAreKept(owner, ledger.commands(), events);
            chainsAreIntact(doors, owner, events);
        }
        audit.nothingIsParked();
        audit.viewsStandWhereTheStreamsStand();
        assertThat(ledger.resolvedIncidents()).hasSize(load.incidents()).doesNotHaveDuplicates();
        for (UUID incident : ledger.resolvedIncidents()) {
            timelineHoldsEveryEventOnce(doors, audit, incident);
        }
        assertThat(doors.get(Service.METRICS, "/api/v1/metrics/incident_frequency?service=" + service)
                        .at("/groups/0/n")
                        .asInt())
                .isEqualTo(load.incidents());
        assertThat(doors.get(Service.METRICS, "/api/v1/metrics/time_to_restore?service=" + service)
                        .at("/groups/0/n")
                        .asInt())
                .isEqualTo(load.incidents());
        assertThat(kills.handOvers()).allSatisfy(took -> assertThat(took).isLessThan(HAND_OVER));
    }

    @Test
    void alertsOfOneServiceThatComeToBothInstancesAtOnceDeclareOneIncident() throws Exception {
        String secret = "a-secret-of-alerts";
        UUID integration = system.connect("alertmanager", secret);
        Doors doors = new Doors(system);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                String service = "payments-" + UUID.randomUUID();
                List<Future<HttpResponse<String>>> deliveries = new ArrayList<>();
                for (int number = 1; number <= 2; number++) {
                    Instance instance = new Instance(Service.INCIDENT, number);
                    byte[] body = alert(service, "fingerprint-" + number);
                    deliveries.add(threads.submit(() -> doors.alertmanager(instance, integration, secret, body)));
                }
                for (Future<HttpResponse<String>> delivery : deliveries) {
                    assertThat(delivery.get().statusCode()).isEqualTo(202);
                }
                assertThat(doors.get(Service.INCIDENT, "/api/v1/incidents?service=" + service)
                                .path("items"))
                        .as("incidents of %s", service)
                        .hasSize(1);
            }
        }
    }

    private static void chainsAreIntact(Doors doors, Service owner, List<Audit.Stored> events) {
        events.stream().map(Audit.Stored::stream).distinct().forEach(stream -> assertThat(
                        doors.get(owner, "/api/v1/streams/" + stream + "/verification")
                                .path("intact")
                                .asBoolean())
                .as("chain of %s of %s", stream, owner)
                .isTrue());
    }

    private static byte[] alert(String service, String fingerprint) {
        return """
                {"version":"4","groupKey":"{}:{alertname=\\"HighErrorRate\\"}","receiver":"hindsight","status":"firing",
                 "externalURL":"http://am.example","truncatedAlerts":0,"groupLabels":{"alertname":"HighErrorRate"},
                 "alerts":[{"status":"firing","labels":{"alertname":"HighErrorRate","service":"%s"},
                   "annotations":{"summary":"More than 5 %% of the payments fail"},"startsAt":"%s",
                   "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus.example/graph",
                   "fingerprint":"%s"}]}""".formatted(service, Instant.now(), fingerprint).getBytes(StandardCharsets.UTF_8);
    }

    private static void timelineHoldsEveryEventOnce(Doors doors, Audit audit, UUID incident) {
        List<String> shown = new ArrayList<>();
        for (JsonNode entry :
                doors.get(Service.POSTMORTEM, "/api/v1/timelines/" + incident).path("entries")) {
            shown.add(entry.at("/source/eventId").asText());
        }
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(audit.texts(
                        Service.INCIDENT, "select id::text from event where stream_id = '" + incident + "'"));
    }

    private static void print(String what, Object figure) {
        System.out.println("faults: " + what + ": " + figure);
    }
}
