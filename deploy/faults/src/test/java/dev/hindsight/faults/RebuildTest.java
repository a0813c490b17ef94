package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.Service;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Views can be made anew from events at any time, and come out as they were. */
@Order(5)
class RebuildTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration UNDER_LOAD = Duration.ofSeconds(8);
    private static final Duration AN_INCIDENT_EVERY = Duration.ofMillis(300);

    private final WholeSystem system = WholeSystem.runningTwice().healthy();
    private final Doors doors = new Doors(system);
    private final Audit audit = new Audit(system);

    @Test
    void viewsThatAreRebuiltWhileEventsArriveAreEqualToThoseOfARebuildAtRest() throws InterruptedException {
        Load load = new Load(system, doors, new Ledger(), "store-" + UUID.randomUUID(), AN_INCIDENT_EVERY);
        Thread work = Thread.ofVirtual().start(() -> load.runFor(UNDER_LOAD));
        rebuildEverything();
        work.join();
        audit.awaitQuiet();
        audit.viewsStandWhereTheStreamsStand();
        Map<String, String> live = hashes();

        rebuildEverything();

        assertThat(hashes()).isEqualTo(live);
        audit.nothingIsParked();
    }

    @Test
    void aTopicThatIsDeletedIsFilledAgainAndTheViewsAreAsBefore() {
        audit.awaitQuiet();
        Map<String, String> before = hashes();
        long events = audit.number(Service.INCIDENT, "select count(*) from event");
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", system.bootstrap()))) {
            admin.deleteTopics(List.of("incident-events")).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        String incident = doors.command(
                        Service.INCIDENT,
                        "responder",
                        "/api/v1/incidents",
                        Map.of("title", "The topic is gone", "severity", "SEV3", "services", List.of("topics")))
                .id();

        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(
                        distinct(audit.records("incident-events")))
                .hasSizeGreaterThan((int) events));
        audit.awaitQuiet();
        audit.storeAndTopicAgree(Service.INCIDENT);
        assertThat(system.timelineKinds(incident)).containsExactly("DECLARED");
        Map<String, String> after = hashes();
        rebuildEverything();
        assertThat(hashes()).isEqualTo(after);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        audit.viewsStandWhereTheStreamsStand();
        audit.nothingIsParked();
    }

    private static Set<String> distinct(
            List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> records) {
        Set<String> ids = new HashSet<>();
        records.forEach(
                each -> ids.add(new String(each.headers().lastHeader("ce_id").value())));
        return ids;
    }

    private void rebuildEverything() {
        for (Service service : Service.values()) {
            for (JsonNode projection : projections(service)) {
                doors.command(service, "admin", rebuild(projection), Map.of());
            }
        }
        for (Service service : Service.values()) {
            for (JsonNode projection : projections(service)) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertThat(
                                doors.get(service, rebuild(projection))
                                        .path("state")
                                        .asText())
                        .as("%s of %s", projection.path("name").asText(), service)
                        .isEqualTo("DONE"));
            }
        }
    }

    private static String rebuild(JsonNode projection) {
        return "/api/v1/projections/" + projection.path("name").asText() + "/rebuild";
    }

    /** Those with tables: one that only follows a topic has nothing to rebuild. */
    private List<JsonNode> projections(Service service) {
        List<JsonNode> projections = new java.util.ArrayList<>();
        doors.get(service, "/api/v1/projections").path("items").forEach(projection -> {
            if (!projection.path("tables").isEmpty()) {
                projections.add(projection);
            }
        });
        assertThat(projections).as("projections of %s", service).isNotEmpty();
        return projections;
    }

    /** Each table of each projection, without the columns that may differ: how many rows, and a sum of their hashes. */
    private Map<String, String> hashes() {
        Map<String, String> hashes = new TreeMap<>();
        for (Service service : Service.values()) {
            for (JsonNode projection : projections(service)) {
                for (JsonNode table : projection.path("tables")) {
                    String name = table.path("name").asText();
                    Set<String> without = new HashSet<>();
                    table.path("nonDeterministic").forEach(column -> without.add(column.asText()));
                    String columns = audit
                            .texts(
                                    service,
                                    "select column_name from information_schema.columns where table_schema = 'public'"
                                            + " and table_name = '" + name + "' order by column_name")
                            .stream()
                            .filter(column -> !without.contains(column))
                            .map(column -> "t.\"" + column + "\"")
                            .collect(Collectors.joining(", "));
                    hashes.put(
                            service + " " + name,
                            audit.texts(
                                            service,
                                            "select count(*) || ' ' || coalesce(sum(hashtextextended(row(" + columns
                                                    + ")::text, 0)::numeric), 0) from " + name + " t")
                                    .getFirst());
                }
            }
        }
        return hashes;
    }
}
