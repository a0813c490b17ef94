package dev.hindsight.faults;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.local.Ports;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack.Instance;
import io.restassured.path.json.JsonPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two Alertmanagers that know each other, configured by {@code deploy/prometheus/alertmanager.yml}, as Prometheus has them: an
 * alert is handed to both, and both deliver it. They are made to gossip so slowly that neither hears of the other's delivery in
 * time, which in the real world happens now and then.
 */
@Order(4)
class RealAlertmanagerTest {

    private static final Path CONFIGURATION = Path.of("../prometheus/alertmanager.yml");
    private static final String SECRET = "a-secret-of-two-alertmanagers";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern NOTIFICATIONS =
            Pattern.compile("^alertmanager_notifications_total\\{integration=\"webhook\"} (\\d+)$", Pattern.MULTILINE);

    @TempDir
    Path scratch;

    private final List<Peer> peers = new ArrayList<>();
    private final String service = "queue-" + UUID.randomUUID();
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(300);
    private WholeSystem system;
    private UUID integration;

    private record Peer(int port, Process process, Path log) {

        String url() {
            return "http://127.0.0.1:" + port;
        }

        /** As Prometheus tells it; without an end the alert goes on. */
        void tell(Map<String, ?> alert) {
            given().baseUri(url())
                    .contentType("application/json")
                    .body(List.of(alert))
                    .post("/api/v2/alerts")
                    .then()
                    .statusCode(200);
        }

        int delivered() {
            Matcher count = NOTIFICATIONS.matcher(
                    given().baseUri(url()).get("/metrics").then().extract().asString());
            return count.find() ? Integer.parseInt(count.group(1)) : 0;
        }

        boolean isReady(int peers) {
            if (!process.isAlive()) {
                throw new AssertionError("Alertmanager ended with " + process.exitValue() + "; see " + log);
            }
            try {
                JsonPath status = given().baseUri(url()).get("/api/v2/status").jsonPath();
                return status.getList("cluster.peers").size() == peers;
            } catch (Exception notYet) {
                // REST Assured throws the connection's own exception, undeclared.
                return false;
            }
        }
    }

    private static Optional<Path> binary() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory ->
                        Stream.of("prometheus-alertmanager", "alertmanager").map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @BeforeEach
    void startTwoThatKnowEachOther() throws IOException {
        Optional<Path> binary = binary();
        assumeTrue(
                binary.isPresent(),
                "no Alertmanager: install it (Debian: apt-get install prometheus-alertmanager; deploy/test does so as root)");
        system = WholeSystem.running().healthy();
        integration = system.connect("alertmanager", SECRET);
        Path file = configured();
        int ports = Ports.freeRange(4);
        for (int number = 0; number < 2; number++) {
            Path log = scratch.resolve("alertmanager-" + number + ".log");
            Process process = new ProcessBuilder(
                            binary.get().toString(),
                            "--config.file=" + file,
                            "--storage.path=" + scratch.resolve("data-" + number),
                            "--web.listen-address=127.0.0.1:" + (ports + number),
                            "--cluster.listen-address=127.0.0.1:" + (ports + 2 + number),
                            "--cluster.peer=127.0.0.1:" + (ports + 3 - number),
                            // The second one waits no longer than that for the first one's delivery, and hears late of
                            // it.
                            "--cluster.peer-timeout=1ms",
                            "--cluster.gossip-interval=30s",
                            "--cluster.settle-timeout=2s")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            peers.add(new Peer(ports + number, process, log));
        }
        await().atMost(PATIENCE).until(() -> peers.stream().allMatch(peer -> peer.isReady(2)));
    }

    /** The file as it is, but for the address, and with less patience. */
    private Path configured() throws IOException {
        String text = Files.readString(CONFIGURATION);
        String address = system.url(new Instance(Service.INCIDENT, 1)) + "/webhooks/alertmanager/" + integration;
        for (Map.Entry<String, String> line : Map.of(
                        "- url: ", address,
                        "group_wait: ", "1s",
                        "group_interval: ", "1s",
                        "repeat_interval: ", "2s")
                .entrySet()) {
            assertThat(text).containsOnlyOnce("\n" + indentOf(text, line.getKey()) + line.getKey());
            text = text.replaceFirst(
                    "(?m)^( *)" + Pattern.quote(line.getKey()) + ".*$",
                    "$1" + Matcher.quoteReplacement(line.getKey() + line.getValue()));
        }
        Files.writeString(scratch.resolve("hindsight.secret"), SECRET + "\n");
        return Files.writeString(scratch.resolve("alertmanager.yml"), text);
    }

    private static String indentOf(String text, String key) {
        Matcher line = Pattern.compile("(?m)^( *)" + Pattern.quote(key)).matcher(text);
        assertThat(line.find()).as(key).isTrue();
        return line.group(1);
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Peer peer : peers) {
            peer.process().destroy();
            if (!peer.process().waitFor(15, java.util.concurrent.TimeUnit.SECONDS)) {
                peer.process().destroyForcibly().waitFor();
            }
        }
    }

    private Map<String, Object> alert(String instance) {
        return Map.of(
                "labels",
                Map.of("alertname", "QueueIsFull", "service", service, "instance", instance, "severity", "critical"),
                "annotations",
                Map.of("summary", "The queue of " + instance + " is full"),
                "startsAt",
                began.toString(),
                "generatorURL",
                "http://prometheus.example:9090/graph?g0.expr=queue");
    }

    private void over(String instance) {
        Map<String, Object> ended = new java.util.HashMap<>(alert(instance));
        ended.put("endsAt", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        peers.forEach(peer -> peer.tell(ended));
    }

    private List<Map<String, Object>> deliveries() {
        return system.as("admin", Service.INCIDENT)
                .queryParam("integration", integration)
                .queryParam("limit", 200)
                .get("/api/v1/deliveries")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items");
    }

    private static int attempts(List<Map<String, Object>> deliveries) {
        return deliveries.stream()
                .mapToInt(delivery -> (Integer) delivery.get("attempts"))
                .sum();
    }

    private JsonPath incidents() {
        return system.as("viewer", Service.INCIDENT)
                .queryParam("service", service)
                .get("/api/v1/incidents")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void whatTwoPeersTellRepeatAndEndIsOneIncidentAndEveryDeliveryIsOnRecord() {
        peers.forEach(peer -> peer.tell(alert("node-1")));
        peers.forEach(peer -> peer.tell(alert("node-2")));

        await().atMost(PATIENCE).until(() -> peers.stream().allMatch(peer -> peer.delivered() >= 2));
        JsonPath firing = incidents();
        assertThat(firing.getList("items")).hasSize(1);
        assertThat(firing.getString("items[0].status")).isEqualTo("OPEN");
        assertThat(firing.getString("items[0].severity")).isEqualTo("SEV2");
        String incident = firing.getString("items[0].id");

        over("node-1");
        over("node-2");
        await().atMost(PATIENCE)
                .until(() -> incidents().getString("items[0].status").equals("RESOLVED"));
        // Whatever is still on its way arrives; what has ended is not repeated.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(attempts(deliveries()))
                .as("deliveries on record, as many as both peers made")
                .isEqualTo(peers.stream().mapToInt(Peer::delivered).sum()));

        JsonPath resolved = incidents();
        assertThat(resolved.getList("items")).hasSize(1);
        assertThat(resolved.getString("items[0].id")).isEqualTo(incident);
        assertThat(resolved.getInt("items[0].version"))
                .as("declared; two alerts fired and ended, once each")
                .isEqualTo(5);
        List<Map<String, Object>> deliveries = deliveries();
        assertThat(deliveries).allSatisfy(delivery -> {
            assertThat((String) delivery.get("outcome")).isIn("APPLIED", "ATTACHED", "DUPLICATE");
            assertThat(delivery.get("incidents")).isEqualTo(List.of(incident));
        });
        assertThat(deliveries)
                .filteredOn(delivery -> delivery.get("outcome").equals("DUPLICATE"))
                .as("what the second peer says again")
                .isNotEmpty();
        assertThat(senders(deliveries)).as("both peers delivered").hasSize(2);
        await().atMost(PATIENCE)
                .until(() -> system.timelineKinds(incident).contains("RESOLVED")
                        || system.timelineKinds(incident).contains("ALERT_RESOLVED"));
    }

    private Set<String> senders(List<Map<String, Object>> deliveries) {
        Set<String> senders = new HashSet<>();
        deliveries.forEach(delivery -> senders.add(JsonPath.from(system.as("admin", Service.INCIDENT)
                        .get("/api/v1/deliveries/" + delivery.get("id"))
                        .jsonPath()
                        .getString("body"))
                .getString("externalURL")));
        return senders;
    }

    /** Nothing of it is kept but that it came; Alertmanager tells its operator. */
    @Test
    void withAnotherSecretInTheFileNothingComesIn() throws IOException {
        // Read again for each delivery.
        Files.writeString(scratch.resolve("hindsight.secret"), "not-the-secret\n");
        peers.getFirst().tell(alert("node-1"));

        await().atMost(PATIENCE).until(() -> deliveries().stream()
                .anyMatch(delivery -> delivery.get("outcome").equals("REJECTED")));
        assertThat(incidents().getList("items")).isEmpty();

        Files.writeString(scratch.resolve("hindsight.secret"), SECRET + "\n");
        await().atMost(PATIENCE).until(() -> incidents().getList("items").size() == 1);
    }
}
