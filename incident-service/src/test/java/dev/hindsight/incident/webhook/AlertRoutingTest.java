package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.SECRET;
import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import dev.hindsight.incident.application.DeployHandler;
import dev.hindsight.incident.application.Instances;
import dev.hindsight.incident.view.ChatQueries;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances on one database, each with its own memory and its own queues. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class AlertRoutingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Integrations integrations;

    @Inject
    AlertRouting routing;

    @Inject
    DeployHandler deploys;

    @Inject
    ChatDesk chat;

    @Inject
    ChatQueries channels;

    @Inject
    Rejections rejections;

    @Inject
    WebhookUrls urls;

    @Inject
    Instances instances;

    @Inject
    Pool pool;

    private final String service = "payments-" + UUID.randomUUID();
    private WebhookIntake here;
    private WebhookIntake elsewhere;

    @BeforeEach
    void twoInstances() {
        here = instance();
        elsewhere = instance();
    }

    private WebhookIntake instance() {
        return new WebhookIntake(integrations, routing, instances.another(), deploys, chat, channels, rejections, urls);
    }

    @Test
    void twoAlertsOfOneServiceAtTheSameMomentDeclareOneIncident() {
        UUID integration = Api.integration("alertmanager", SECRET);
        CompletableFuture<WebhookAnswer> one = new CompletableFuture<>();
        CompletableFuture<WebhookAnswer> two = new CompletableFuture<>();
        // Nobody can have a turn before both have seen that no incident is open.
        whileNobodyTakesATurn(() -> {
            complete(one, here, integration, "one");
            complete(two, elsewhere, integration, "two");
            Awaitility.await().atMost(PATIENCE).until(() -> waitingForATurn() == 2);
        });

        List<WebhookAnswer> answers = List.of(one.join(), two.join());
        assertThat(answers).extracting(WebhookAnswer::outcome).containsExactlyInAnyOrder("APPLIED", "ATTACHED");
        assertThat(answers.get(0).incidents())
                .hasSize(1)
                .isEqualTo(answers.get(1).incidents());
        assertThat(incidents().getList("items")).hasSize(1);
        assertThat(turnsTaken()).isEqualTo(1);
    }

    @Test
    void oneOccurrenceThatTwoReplicasTellAtTheSameMomentIsOneIncidentAndOneFact() {
        UUID integration = Api.integration("alertmanager", SECRET);
        List<CompletableFuture<WebhookAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<WebhookAnswer> answer = new CompletableFuture<>();
            answers.add(answer);
            complete(answer, i % 2 == 0 ? here : elsewhere, integration, "same");
        }
        answers.forEach(CompletableFuture::join);
        String incident = incidents().getString("items[0].id");
        assertThat(incidents().getList("items")).hasSize(1);
        assertThat(as("viewer").get("/api/v1/incidents/" + incident).jsonPath().getInt("version"))
                .as("declared, fired")
                .isEqualTo(2);
    }

    @Test
    void aStormThatComesThroughTwoInstancesIsOneIncident() {
        UUID integration = Api.integration("alertmanager", SECRET);
        List<CompletableFuture<WebhookAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            CompletableFuture<WebhookAnswer> answer = new CompletableFuture<>();
            answers.add(answer);
            complete(answer, i % 2 == 0 ? here : elsewhere, integration, "f" + i);
        }
        answers.forEach(CompletableFuture::join);
        JsonPath found = incidents();
        assertThat(found.getList("items")).hasSize(1);
        assertThat(found.getInt("items[0].version")).isEqualTo(61);
    }

    @Test
    void aStormSharesAppendsAndEachDeliveryIsOnRecordWithItsOwnOutcome() {
        UUID integration = Api.integration("alertmanager", SECRET);
        List<CompletableFuture<WebhookAnswer>> answers = new ArrayList<>();
        // The first one is on its way until most others have come.
        whileNobodyTakesATurn(() -> {
            for (int i = 0; i < 200; i++) {
                CompletableFuture<WebhookAnswer> answer = new CompletableFuture<>();
                answers.add(answer);
                // Each is told by two replicas in the same words.
                complete(answer, here, integration, "f" + i / 2);
            }
            Awaitility.await().atMost(PATIENCE).until(() -> waitingForATurn() == 1);
        });
        answers.forEach(CompletableFuture::join);

        JsonPath found = incidents();
        assertThat(found.getList("items")).hasSize(1);
        assertThat(found.getInt("items[0].version"))
                .as("declared, and 100 fired")
                .isEqualTo(101);
        UUID incident = UUID.fromString(found.getString("items[0].id"));
        assertThat(answers.stream().map(CompletableFuture::join).map(WebhookAnswer::outcome))
                .filteredOn("APPLIED"::equals)
                .hasSize(1);
        assertThat(answers.stream().map(CompletableFuture::join).map(WebhookAnswer::outcome))
                .filteredOn("DUPLICATE"::equals)
                .hasSize(100);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().incidents()).containsExactly(incident));
        assertThat(pool.preparedQuery("select outcome, attempts from delivery where integration_id = $1")
                        .executeAndAwait(Tuple.of(integration)))
                .hasSize(100)
                .allSatisfy(row -> {
                    assertThat(row.getString("outcome")).isIn("APPLIED", "ATTACHED");
                    assertThat(row.getInteger("attempts")).isEqualTo(2);
                });
        assertThat(pool.preparedQuery("select count(distinct xmin::text) from event where stream_id = $1")
                        .executeAndAwait(Tuple.of(incident))
                        .iterator()
                        .next()
                        .getInteger(0))
                .as("appends")
                .isLessThanOrEqualTo(20);
        assertThat(as("viewer")
                        .get("/api/v1/streams/" + incident + "/verification")
                        .jsonPath()
                        .getBoolean("intact"))
                .isTrue();
    }

    @Test
    void whoDeclaresWhenTheIncidentIsOverTakesTheNextTurn() {
        UUID integration = Api.integration("alertmanager", SECRET);
        take(here, integration, "first", "firing");
        take(elsewhere, integration, "first", "resolved");
        take(elsewhere, integration, "second", "firing");
        take(here, integration, "third", "firing");
        assertThat(incidents().getList("items")).hasSize(2);
        assertThat(turnsTaken()).isEqualTo(2);
    }

    private void whileNobodyTakesATurn(Runnable work) {
        SqlConnection holding = pool.getConnection().await().atMost(PATIENCE);
        Transaction hold = holding.begin().await().atMost(PATIENCE);
        try {
            holding.query("lock table alert_declaration in exclusive mode").executeAndAwait();
            work.run();
        } finally {
            hold.commitAndAwait();
            holding.closeAndAwait();
        }
    }

    private void complete(
            CompletableFuture<WebhookAnswer> answer, WebhookIntake instance, UUID integration, String alert) {
        instance.take(Provider.ALERTMANAGER, integration, request(alert, "firing"), null)
                .map(WebhookIntake.Taken::receipt)
                .subscribe()
                .with(answer::complete, answer::completeExceptionally);
    }

    @Test
    void anAlertJoinsTheIncidentOfItsServiceHoweverItIsSpeltAndUnderTheNameThatIsMergedWithIt() {
        UUID integration = Api.integration("alertmanager", SECRET);
        String old = "old-" + service;
        String into = entry(service);
        as("admin")
                .body(Map.of("into", into))
                .post("/api/v1/catalog/services/" + entry(old) + "/merge")
                .then()
                .statusCode(200);
        take(here, integration, "first", "firing");
        take(here, integration, request("second", "firing", old));
        take(elsewhere, integration, request("third", "firing", service.toUpperCase(Locale.ROOT)));
        assertThat(incidents().getList("items")).hasSize(1);
        assertThat(incidents().getInt("items[0].version")).isGreaterThanOrEqualTo(4);
        // Taken under the other name, the next turn is the next one.
        take(here, integration, "first", "resolved");
        take(here, integration, request("second", "resolved", old));
        take(here, integration, request("third", "resolved", service.toUpperCase(Locale.ROOT)));
        take(elsewhere, integration, request("fourth", "firing", old));
        assertThat(incidents().getList("items")).hasSize(2);
    }

    private static String entry(String service) {
        return as("admin")
                .body(Map.of("name", service))
                .post("/api/v1/catalog/services")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private void take(WebhookIntake instance, UUID integration, String alert, String status) {
        take(instance, integration, request(alert, status));
    }

    private static void take(WebhookIntake instance, UUID integration, WebhookRequest request) {
        instance.take(Provider.ALERTMANAGER, integration, request, null).await().atMost(PATIENCE);
    }

    private WebhookRequest request(String fingerprint, String status) {
        return request(fingerprint, status, service);
    }

    private static WebhookRequest request(String fingerprint, String status, String service) {
        String body = """
                {"version":"4","status":"%s","alerts":[{"status":"%s","labels":{"alertname":"High","service":"%s"},
                 "startsAt":"2026-11-20T10:00:00Z","endsAt":"2026-11-20T10:20:00Z","fingerprint":"%s"}]}""".formatted(status, status, service, fingerprint);
        return new WebhookRequest(
                "/webhooks/alertmanager",
                Map.of("authorization", "Bearer " + SECRET),
                null,
                body.getBytes(StandardCharsets.UTF_8),
                Instant.now());
    }

    private int waitingForATurn() {
        return pool.query("select 1 from pg_locks where not granted and relation = 'alert_declaration'::regclass")
                .executeAndAwait()
                .size();
    }

    private int turnsTaken() {
        return pool.preparedQuery("select 1 from alert_declaration where scope = $1")
                .executeAndAwait(Tuple.of(service))
                .size();
    }

    private JsonPath incidents() {
        return as("viewer")
                .queryParam("service", service)
                .get("/api/v1/incidents")
                .jsonPath();
    }
}
