package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static dev.hindsight.incident.Api.declare;
import static dev.hindsight.incident.Api.incident;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.IncidentHandler;
import dev.hindsight.incident.application.Instances;
import dev.hindsight.incident.application.Learned;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links, affected services, corrected times, and merging, through the public door. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IncidentAmendmentsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Instances instances;

    @Inject
    Pool pool;

    private final String service = "checkout-" + UUID.randomUUID();
    private String id;
    private String reference;

    @BeforeEach
    void anIncident() {
        JsonPath declared =
                declare(Map.of("title", "Checkout fails", "severity", "SEV2", "services", List.of(service)));
        id = declared.getString("id");
        reference = declared.getString("reference");
    }

    private ValidatableResponse command(String command, Map<String, ?> body) {
        return as("responder")
                .body(body)
                .post("/api/v1/incidents/" + id + "/" + command)
                .then();
    }

    @Test
    void aLinkIsShownWithTheIncidentAndItsAddressOnlyOnce() {
        Map<String, String> link = Map.of("url", "https://wiki.example.org/rollback", "title", "Rolling back");
        command("links", link).statusCode(200).body("links.kind", contains("OTHER"));
        command("links", link).statusCode(200).header("ETag", equalTo("\"2\""));
        command("links", Map.of("url", "https://wiki.example.org/rollback", "kind", "RUNBOOK"))
                .statusCode(200)
                .body("links", contains(incident(id).getMap("links[0]")))
                .body("links[0].kind", equalTo("RUNBOOK"))
                .body("links[0].title", nullValue());
    }

    @Test
    void whatIsNoPageIsNotLinked() {
        for (String url : List.of("javascript:alert(1)", "wiki/rollback", "https://", "https:// x", "ftp://x/y")) {
            command("links", Map.of("url", url)).statusCode(400).body("violations.field", contains("url"));
        }
    }

    @Test
    void servicesAreAddedAndRemovedAndFoundByTheirNames() {
        String other = "payments-" + UUID.randomUUID();
        command("services", Map.of("add", List.of(other), "remove", List.of(service)))
                .statusCode(200)
                .body("services", contains(other));
        as("viewer")
                .get("/api/v1/incidents?service=" + other)
                .then()
                .statusCode(200)
                .body("items.id", contains(id));
        as("viewer").get("/api/v1/incidents?service=" + service).then().body("items.id", equalTo(List.of()));
        as("viewer")
                .get("/api/v1/catalog/services?limit=250")
                .then()
                .statusCode(200)
                .body("items.name", hasItem(other));
    }

    @Test
    void aServiceIsFoundHoweverItIsSpeltByWhatIsMergedWithItAndByItsTeam() {
        String whole = "Cart-" + UUID.randomUUID();
        String team = "Sales-" + UUID.randomUUID();
        as("admin")
                .body(Map.of("name", whole, "team", team))
                .post("/api/v1/catalog/services")
                .then()
                .statusCode(201);
        found("service=" + whole, List.of());
        as("admin")
                .body(Map.of("into", StreamIds.service(whole).toString()))
                .post("/api/v1/catalog/services/" + StreamIds.service(service) + "/merge")
                .then()
                .statusCode(200);
        for (String question : List.of(
                "service=" + service,
                "service=" + service.toUpperCase(Locale.ROOT),
                "service=" + whole,
                "team=" + team,
                "team=" + team.toLowerCase(Locale.ROOT) + "&severity=SEV2")) {
            found(question, List.of(id));
        }
        found("team=" + team + "&service=another", List.of());
        found("team=nobody-" + team, List.of());
    }

    private static void found(String question, List<String> ids) {
        as("viewer").get("/api/v1/incidents?" + question).then().statusCode(200).body("items.id", equalTo(ids));
    }

    @Test
    void aChangeOfServicesSaysSomethingAndNotTwoThings() {
        command("services", Map.of()).statusCode(400).body("violations.code", contains("NOTHING_GIVEN"));
        command("services", Map.of("add", List.of("a"), "remove", List.of("A")))
                .statusCode(400)
                .body("violations.code", contains("ADDED_AND_REMOVED"));
    }

    @Test
    void aWrongTimeIsCorrectedAndStaysOnRecord() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        command("mitigation", Map.of()).statusCode(200);
        String right = now.minusSeconds(600).toString();
        command("corrections", Map.of("milestone", "MITIGATED", "at", right, "reason", "the graphs say so"))
                .statusCode(200)
                .body("milestones.mitigated", equalTo(right))
                .body("status", equalTo("MITIGATED"));
        assertThat(incident(id).getString("milestones.mitigated")).isEqualTo(right);
        as("viewer")
                .get("/api/v1/incidents/" + id + "/events")
                .then()
                .statusCode(200)
                .body("items.type", hasItem("hindsight.incident.mitigated.v1"))
                .body("items.type", hasItem("hindsight.incident.milestone-corrected.v1"));
    }

    @Test
    void whatIsNotThereOrNotYetIsNotCorrected() {
        command("corrections", Map.of("milestone", "RESOLVED", "at", "2026-01-01T00:00:00Z"))
                .statusCode(409)
                .body("reasons.code", contains("NOT_REACHED"));
        command(
                        "corrections",
                        Map.of(
                                "milestone",
                                "DETECTED",
                                "at",
                                Instant.now().plusSeconds(3600).toString()))
                .statusCode(400)
                .body("violations.field", contains("at"));
    }

    @Test
    void anIncidentIsMergedIntoAnotherByItsReference() {
        JsonPath other = declare(Map.of("title", "Payments fail", "severity", "SEV1", "services", List.of(service)));
        command("merge", Map.of("into", other.getString("reference")))
                .statusCode(200)
                .body("status", equalTo("MERGED"));
        as("viewer")
                .get("/api/v1/incidents/" + id + "/events")
                .then()
                .body("items.data.into", hasItem(other.getString("id")));
        // The other way round would leave none of them.
        as("responder")
                .body(Map.of("into", id))
                .post("/api/v1/incidents/" + other.getString("id") + "/merge")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("TARGET_IS_FINAL"));
    }

    @Test
    void ofTwoMergesThatCrossOneIsRefused() {
        UUID one = UUID.fromString(id);
        UUID other = UUID.fromString(
                declare(Map.of("title", "Payments fail", "severity", "SEV1", "services", List.of(service)))
                        .getString("id"));
        // Neither is recorded before both have been decided on.
        SqlConnection holding = pool.getConnection().await().atMost(PATIENCE);
        Transaction hold = holding.begin().await().atMost(PATIENCE);
        holding.query("lock table event in exclusive mode").executeAndAwait();
        List<CompletableFuture<IncidentStatus>> merges =
                List.of(merge(instances.another(), one, other), merge(instances.another(), other, one));
        await().atMost(PATIENCE).until(() -> waitingToRecord() >= 2);
        hold.commitAndAwait();
        holding.closeAndAwait();

        List<Object> ends = merges.stream()
                .map(merge -> merge.<Object>handle((status, failure) -> failure == null ? status : failure)
                        .join())
                .toList();
        assertThat(ends).containsOnlyOnce(IncidentStatus.MERGED);
        assertThat(ends).filteredOn(Refused.class::isInstance).hasSize(1);
        assertThat(List.of(
                        incident(one.toString()).getString("status"),
                        incident(other.toString()).getString("status")))
                .containsExactlyInAnyOrder("MERGED", "OPEN");
    }

    private static CompletableFuture<IncidentStatus> merge(IncidentHandler instance, UUID incident, UUID into) {
        CompletableFuture<IncidentStatus> end = new CompletableFuture<>();
        instance.merge(
                        incident,
                        into,
                        Instant.now(),
                        Learned.nothing(),
                        new Reader.Admin(null),
                        CommandContext.automation(Instant.now(), null),
                        merged -> new StoredAnswer(200, null, null, null, new byte[0]))
                .map(outcome ->
                        outcome.states().get(incident).state().lifecycle().status())
                .subscribe()
                .with(end::complete, end::completeExceptionally);
        return end;
    }

    private int waitingToRecord() {
        return pool.query("select 1 from pg_locks where not granted and relation = 'event'::regclass")
                .executeAndAwait()
                .size();
    }

    @Test
    void whoSaysWhichVersionIsMergedSpeaksOfThatOneOnly() {
        String other = declare(Map.of("title", "Payments fail", "severity", "SEV1", "services", List.of(service)))
                .getString("id");
        command("messages", Map.of("text", "Looking")).statusCode(200).header("ETag", equalTo("\"2\""));
        as("responder")
                .header("If-Match", "\"1\"")
                .body(Map.of("into", other))
                .post("/api/v1/incidents/" + id + "/merge")
                .then()
                .statusCode(412);
        as("responder")
                .header("If-Match", "\"2\"")
                .body(Map.of("into", other))
                .post("/api/v1/incidents/" + id + "/merge")
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"3\""));
        as("viewer")
                .get("/api/v1/incidents/" + other + "/events")
                .then()
                .body("items.data.text", hasItem("Another incident was merged into this one"));
    }

    @Test
    void whatItIsToBeMergedIntoHasToBeAnotherIncidentThatThereIs() {
        command("merge", Map.of("into", UUID.randomUUID().toString()))
                .statusCode(400)
                .body("violations.code", contains("UNKNOWN_INCIDENT"));
        command("merge", Map.of("into", reference)).statusCode(400).body("violations.code", contains("ITSELF"));
    }
}
