package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.faults.Doors.Answer;
import dev.hindsight.local.Service;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What cannot be applied stands aside until somebody has looked, and everything else goes on. */
@Order(7)
class PoisonTest {

    private static final String TOPIC = "incident-events";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POSTGRES_IS_AWAY = Duration.ofSeconds(10);
    private static final List<Service> READERS = List.of(Service.POSTMORTEM, Service.ACTION_ITEM, Service.METRICS);

    private final WholeSystem system = WholeSystem.runningTwice().healthy();
    private final Doors doors = new Doors(system);
    private final Audit audit = new Audit(system);

    @Test
    void bytesThatBelongNowhereAreParkedAloneAndTheirPartitionGoesOn() {
        Answer incident = declare();
        try (Forgery forgery = new Forgery(system)) {
            RecordMetadata place = forgery.bytes(TOPIC, incident.id(), "{\"who\":\"knows\"}");

            for (Service reader : READERS) {
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(parked(reader, "reason=UNATTRIBUTABLE"))
                        .as("parked at %s", reader)
                        .anyMatch(event -> event.path("offset").asLong() == place.offset()
                                && event.path("partition").asInt() == place.partition()));
            }
        }
        // The same partition, as the key is the same.
        everybodySees(resolve(incident));
        for (Service reader : READERS) {
            assertThat(parked(reader, "stream=" + incident.id())).isEmpty();
            for (JsonNode event : parked(reader, "reason=UNATTRIBUTABLE")) {
                discard(reader, event, "Nobody knows where this came from.");
            }
            assertThat(parked(reader, "reason=UNATTRIBUTABLE")).isEmpty();
        }
    }

    @Test
    void anUndecodableEventHoldsUpItsOwnStreamUntilAnAdminDiscardsItWithAReason() {
        Answer model = declare();
        Answer noted = doors.command(
                Service.INCIDENT,
                "responder",
                "/api/v1/incidents/" + model.id() + "/messages",
                Map.of("text", "A message like any other"));
        everybodySees(noted.version());
        var records = audit.records(TOPIC);
        UUID stream = UUID.randomUUID();
        try (Forgery forgery = new Forgery(system)) {
            UUID real = UUID.fromString(model.id());
            forgery.event(TOPIC, stream, 1, "hindsight.incident.declared.v1", Forgery.dataOf(records, real, 1));
            forgery.event(
                    TOPIC,
                    stream,
                    2,
                    "hindsight.incident.message-posted.v1",
                    "{\"text\":".getBytes(StandardCharsets.UTF_8));
            forgery.event(TOPIC, stream, 3, "hindsight.incident.message-posted.v1", Forgery.dataOf(records, real, 2));
        }
        for (Service reader : READERS) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(parked(reader, "stream=" + stream + "&reason=UNDECODABLE"))
                        .as("%s", reader)
                        .isNotEmpty();
                assertThat(parked(reader, "stream=" + stream + "&reason=BEHIND"))
                        .as("%s", reader)
                        .isNotEmpty();
            });
        }
        assertThat(system.timelineKinds(stream.toString())).containsExactly("DECLARED");
        everybodySees(resolve(declare()));

        for (Service reader : READERS) {
            for (JsonNode event : parked(reader, "stream=" + stream + "&reason=UNDECODABLE")) {
                JsonNode settled = discard(reader, event, "Half of it is missing, and its sender does not exist.");
                assertThat(settled.path("appliedAfterwards").asInt()).isEqualTo(1);
                assertThat(settled.at("/event/settlement/reason").asText()).startsWith("Half of it");
            }
            assertThat(parked(reader, "stream=" + stream))
                    .as("still parked at %s", reader)
                    .isEmpty();
        }
        assertThat(system.timelineKinds(stream.toString())).containsExactly("DECLARED", "MESSAGE");
    }

    @Test
    void whatAProjectionCouldNotApplyIsAppliedOnRetryOnceTheProjectionIsMended() throws SQLException {
        Answer incident = declare();
        everybodySees(incident.version());
        // A defect of the projection for one incident only: the table refuses it, as it would a value out of its range.
        execute("alter table incident_fact add constraint defect check (incident_id <> '" + incident.id()
                + "' or status <> 'RESOLVED')");
        String version = resolve(incident);
        JsonNode defect = await().atMost(PATIENCE)
                .until(() -> parked(Service.METRICS, "stream=" + incident.id()), found -> !found.isEmpty())
                .getFirst();
        assertThat(defect.path("reason").asText()).isEqualTo("DEFECT");
        assertThat(defect.path("consumer").asText()).isEqualTo("metrics-incidents");
        everybodySees(resolve(declare()));

        execute("alter table incident_fact drop constraint defect");
        Answer settled = doors.command(
                Service.METRICS,
                "admin",
                "/api/v1/parked-events/" + defect.path("id").asLong() + "/retry",
                Map.of());
        assertThat(settled.body().at("/event/settlement/outcome").asText()).isEqualTo("APPLIED");
        everybodySees(version);
        assertThat(parked(Service.METRICS, "stream=" + incident.id())).isEmpty();
    }

    @Test
    void aPostgresThatIsKilledForTenSecondsParksNothingAndLosesNothing() throws InterruptedException {
        long before = parkedInAll();
        Ledger ledger = new Ledger();
        Load load = new Load(system, doors, ledger, "ledger-" + UUID.randomUUID(), Duration.ofMillis(500));
        Thread work = Thread.ofVirtual().start(() -> load.runFor(POSTGRES_IS_AWAY.plusSeconds(8)));
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
        system.killPostgres();
        LockSupport.parkNanos(POSTGRES_IS_AWAY.toNanos());
        system.restartPostgres();
        work.join();
        system.healthy();
        audit.awaitQuiet();

        assertThat(parkedInAll()).isEqualTo(before);
        assertThat(ledger.resolvedIncidents()).hasSize(load.incidents());
        for (Service owner : Audit.owners()) {
            Audit.promisesAreKept(owner, ledger.commands(), audit.events(owner));
        }
    }

    private Answer declare() {
        return doors.command(
                Service.INCIDENT,
                "responder",
                "/api/v1/incidents",
                Map.of("title", "Mail is late", "severity", "SEV2", "services", List.of("mail-" + UUID.randomUUID())));
    }

    private String resolve(Answer incident) {
        return doors.command(
                        Service.INCIDENT, "responder", "/api/v1/incidents/" + incident.id() + "/resolution", Map.of())
                .version();
    }

    private void everybodySees(String version) {
        for (Service reader : READERS) {
            doors.get(reader, "/api/v1/parked-events?limit=1", "admin", "Hindsight-After", version);
        }
    }

    private List<JsonNode> parked(Service service, String filter) {
        return StreamSupport.stream(
                        doors.get(service, "/api/v1/parked-events?" + filter, "admin")
                                .path("items")
                                .spliterator(),
                        false)
                .toList();
    }

    private JsonNode discard(Service service, JsonNode event, String reason) {
        return doors.command(
                        service,
                        "admin",
                        "/api/v1/parked-events/" + event.path("id").asLong() + "/discard",
                        Map.of("reason", reason))
                .body();
    }

    private long parkedInAll() {
        return READERS.stream()
                .mapToLong(reader -> audit.number(
                        reader, "select count(*) from parked_event where settled_at is null and reason <> 'GAP'"))
                .sum();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = system.database(Service.METRICS);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
