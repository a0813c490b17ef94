package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack.Instance;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Who gives a command to one service and then reads from another sees what it did, or is told to come again. Rounds:
 * {@code -Dhindsight.faults.rounds}, 200 otherwise.
 */
@Order(2)
class ReadYourWritesTest {

    private static final int ROUNDS = Integer.getInteger("hindsight.faults.rounds", 200);
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WholeSystem system = WholeSystem.runningTwice().healthy();
    private final Doors doors = new Doors(system);
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger notYet = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void whatACommandAnsweredIsKnownToEveryServiceThatIsAskedForIt() throws Exception {
        long begin = System.nanoTime();
        rounds(ROUNDS);

        System.out.printf(
                "faults: reads after a command: %d saw it, %d were told to come again, in %d ms%n",
                seen.get(), notYet.get(), (System.nanoTime() - begin) / 1_000_000);
        assertThat(wrong).isEmpty();
        assertThat(seen.get() + notYet.get()).isEqualTo(4 * ROUNDS);
        assertThat(seen.get()).isGreaterThan(notYet.get());
    }

    @Test
    void whereAConsumerIsGoneReadersAreToldToComeAgainRatherThanShownWhatWas() throws Exception {
        for (Service service : List.of(Service.POSTMORTEM, Service.ACTION_ITEM, Service.METRICS)) {
            // Its partitions stand still until the group misses it; the doors of the other instance stay open
            // meanwhile.
            system.kill(new Instance(service, 2));
        }
        rounds(40);

        assertThat(wrong).isEmpty();
        assertThat(notYet.get()).as("reads that were told to come again").isPositive();
    }

    private void rounds(int count) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> rounds = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rounds.add(threads.submit(this::round));
            }
            for (Future<?> round : rounds) {
                round.get();
            }
        }
    }

    private void round() {
        String service = "orders-" + UUID.randomUUID();
        String id = doors.command(
                        Service.INCIDENT,
                        "responder",
                        "/api/v1/incidents",
                        Map.of("title", "Orders are late", "severity", "SEV2", "services", List.of(service)))
                .id();
        String item = doors.command(
                        Service.ACTION_ITEM,
                        "responder",
                        "/api/v1/action-items",
                        Map.of("incidentId", id, "title", "Add a second worker to the queue of orders"))
                .id();
        String version = doors.command(
                        Service.INCIDENT, "responder", "/api/v1/incidents/" + id + "/resolution", Map.of())
                .version();
        assertThat(version).isEqualTo(id + "@2");

        read(Service.POSTMORTEM, "/api/v1/postmortems/" + id, version, body -> body.path("status")
                .asText()
                .equals("DRAFT"));
        read(Service.POSTMORTEM, "/api/v1/timelines/" + id, version, body -> body.at("/entries/1/kind")
                .asText()
                .equals("RESOLVED"));
        read(Service.ACTION_ITEM, "/api/v1/action-items/" + item, version, body -> body.at("/incident/status")
                .asText()
                .equals("RESOLVED"));
        read(
                Service.METRICS,
                "/api/v1/metrics/time_to_restore?service=" + service,
                version,
                body -> body.at("/groups/0/n").asInt() == 1);
    }

    /** One answer counts, of whichever instance; only one that was killed just now gives none. */
    private void read(Service service, String path, String version, Predicate<JsonNode> isNew) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            Instance instance =
                    new Instance(service, ThreadLocalRandom.current().nextInt(1, 3));
            HttpResponse<String> answer;
            try {
                answer = doors.once(instance, "viewer", path, "Hindsight-After", version);
            } catch (IOException noAnswer) {
                return false;
            }
            if (answer.statusCode() == 503
                    && answer.headers().firstValue("Retry-After").isPresent()) {
                notYet.incrementAndGet();
            } else if (answer.statusCode() == 200 && isNew.test(JSON.readTree(answer.body()))) {
                seen.incrementAndGet();
            } else {
                wrong.add(instance.name() + " answered " + answer.statusCode() + " to " + path + " after " + version
                        + ": " + answer.body());
            }
            return true;
        });
    }
}
