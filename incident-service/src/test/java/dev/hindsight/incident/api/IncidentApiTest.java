package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static dev.hindsight.incident.Api.declare;
import static dev.hindsight.incident.Api.declared;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IncidentApiTest {

    private static String path(UUID id, String command) {
        return "/api/v1/incidents/" + id + "/" + command;
    }

    @Test
    void aDeclaredIncidentCanBeReadByItsIdAndByItsReference() {
        Response created = as("responder")
                .body(Map.of(
                        "title",
                        "Checkout fails",
                        "severity",
                        "SEV1",
                        "services",
                        List.of("checkout"),
                        "customerFacing",
                        true))
                .post("/api/v1/incidents");
        created.then()
                .statusCode(201)
                .header("ETag", "\"1\"")
                .header("Hindsight-Version", matchesPattern("[0-9a-f-]{36}@1"))
                .body("reference", matchesPattern("INC-\\d+"))
                .body("status", equalTo("OPEN"))
                .body("milestones.acknowledged", nullValue());
        String id = created.jsonPath().getString("id");
        assertThat(created.header("Location")).endsWith("/api/v1/incidents/" + id);
        for (String name : List.of(id, created.jsonPath().getString("reference"))) {
            JsonPath read = as("viewer")
                    .get("/api/v1/incidents/" + name)
                    .then()
                    .statusCode(200)
                    .header("ETag", "\"1\"")
                    .extract()
                    .jsonPath();
            assertThat(read.getMap("")).isEqualTo(created.jsonPath().getMap(""));
        }
    }

    @Test
    void anIncidentIsDrivenFromDeclarationToClosure() {
        UUID id = declared();
        as("responder")
                .body(Map.of("role", "INCIDENT_COMMANDER", "person", "maria"))
                .post(path(id, "roles"))
                .then()
                .statusCode(200)
                .body(
                        "roles.INCIDENT_COMMANDER",
                        equalTo(StreamIds.person("oidc", "maria").toString()));
        as("responder")
                .post(path(id, "acknowledgement"))
                .then()
                .statusCode(200)
                .body("status", equalTo("ACKNOWLEDGED"));
        as("responder")
                .body(Map.of("severity", "SEV3", "reason", "one region only"))
                .post(path(id, "severity"))
                .then()
                .statusCode(200)
                .body("severity", equalTo("SEV3"));
        as("responder")
                .body(Map.of("person", "maria", "channel", "PHONE"))
                .post(path(id, "pages"))
                .then()
                .statusCode(200)
                .body("pages", equalTo(1));
        as("responder")
                .body(Map.of("to", "omar", "text", "needs a DBA"))
                .post(path(id, "escalation"))
                .then()
                .statusCode(200);
        as("responder")
                .body(Map.of("text", "rolling back", "channel", "#inc"))
                .post(path(id, "messages"))
                .then()
                .statusCode(200);
        as("responder")
                .body(Map.of("text", "roll back to 41"))
                .post(path(id, "decisions"))
                .then()
                .statusCode(200);
        as("responder")
                .body(Map.of("text", "we are on it"))
                .post(path(id, "status-updates"))
                .then()
                .statusCode(200);
        as("responder")
                .body(Map.of("impact", Map.of("usersAffected", 1200)))
                .post(path(id, "impact"))
                .then()
                .statusCode(200)
                .body("impact.usersAffected", equalTo(1200));
        as("responder")
                .body(Map.of("text", "rolled back"))
                .post(path(id, "mitigation"))
                .then()
                .statusCode(200)
                .body("status", equalTo("MITIGATED"));
        as("responder").post(path(id, "resolution")).then().statusCode(200).body("status", equalTo("RESOLVED"));
        as("responder")
                .body(Map.of("reason", "came back"))
                .post(path(id, "reopening"))
                .then()
                .statusCode(200)
                .body("status", equalTo("ACKNOWLEDGED"))
                .body("reopenings", equalTo(1));
        as("responder").post(path(id, "resolution")).then().statusCode(200);
        as("responder").post(path(id, "closure")).then().statusCode(200).body("status", equalTo("CLOSED"));

        JsonPath events = as("viewer")
                .get(path(id, "events"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(events.getList("items.sequence", Integer.class))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(events.getList("items.recordedAt", String.class).stream()
                        .map(Instant::parse)
                        .toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(new HashSet<>(events.getList("items.actor", String.class)))
                .containsExactly(StreamIds.person("oidc", "ada@example.org").toString());
        as("viewer").get("/api/v1/catalog/people").then().statusCode(200).body("items.name", hasItem("maria"));
    }

    @Test
    void anIncidentIsRenamedAndClassifiedAnew() {
        UUID id = declared();

        as("responder")
                .body(Map.of(
                        "title", " Game day ", "summary", "As announced.", "kind", "DRILL", "customerFacing", true))
                .post(path(id, "classification"))
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("title", equalTo("Game day"))
                .body("summary", equalTo("As announced."))
                .body("kind", equalTo("DRILL"))
                .body("customerFacing", equalTo(true))
                .body("security", equalTo(false));

        as("viewer")
                .get("/api/v1/incidents/" + id)
                .then()
                .body("title", equalTo("Game day"))
                .body("kind", equalTo("DRILL"))
                .body("summary", equalTo("As announced."));
        as("viewer")
                .get(path(id, "events"))
                .then()
                .body("items[1].type", equalTo("hindsight.incident.classified.v1"))
                .body("items[1].data.kind", equalTo("DRILL"));
        as("responder")
                .body(Map.of("summary", ""))
                .post(path(id, "classification"))
                .then()
                .statusCode(200)
                .body("summary", nullValue());
    }

    @Test
    void aClassificationSaysSomething() {
        UUID id = declared();
        as("responder")
                .body(Map.of())
                .post(path(id, "classification"))
                .then()
                .statusCode(400)
                .body("violations[0].code", equalTo("NOTHING_GIVEN"));
        as("responder")
                .body(Map.of("title", " "))
                .post(path(id, "classification"))
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("title"));
        as("responder")
                .body(Map.of("kind", "PRACTICE"))
                .post(path(id, "classification"))
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("kind"));
    }

    @Test
    void aFalseAlarmIsCanceled() {
        UUID id = declared();
        as("responder")
                .body(Map.of("reason", "a drill's alert"))
                .post(path(id, "cancellation"))
                .then()
                .statusCode(200)
                .body("status", equalTo("CANCELED"));
        as("responder")
                .post(path(id, "resolution"))
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("reasons[0].code", equalTo("FINAL"));
    }

    @Test
    void pastTimesAreAcceptedAndFutureOnesRefused() {
        UUID id = declared();
        String past = Instant.now()
                .minus(2, ChronoUnit.HOURS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        as("responder")
                .body(Map.of("occurredAt", past))
                .post(path(id, "acknowledgement"))
                .then()
                .statusCode(200)
                .body("milestones.acknowledged", equalTo(past));
        as("responder")
                .body(Map.of(
                        "occurredAt", Instant.now().plus(1, ChronoUnit.HOURS).toString()))
                .post(path(id, "mitigation"))
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("occurredAt"));
    }

    @Test
    void whatIsMissingOrUnknownIsNamed() {
        as("responder")
                .body(Map.of("severity", "SEV9", "services", List.of()))
                .post("/api/v1/incidents")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("severity"));
        as("responder")
                .body(Map.of("title", " ", "severity", "SEV1", "services", List.of()))
                .post("/api/v1/incidents")
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("title"));
        as("responder")
                .body(Map.of(
                        "title", "x", "severity", "SEV1", "services", List.of(), "impact", Map.of("usersAffected", -1)))
                .post("/api/v1/incidents")
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("impact.usersAffected"));
        as("viewer")
                .get("/api/v1/incidents?colour=red")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("colour"));
        as("viewer").get("/api/v1/incidents?sort=title").then().statusCode(400);
        as("viewer").get("/api/v1/incidents/INC-999999999").then().statusCode(404);
        as("viewer")
                .get("/api/v1/incidents/" + UUID.randomUUID() + "/events")
                .then()
                .statusCode(404);
        as("responder")
                .post(path(UUID.randomUUID(), "acknowledgement"))
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void aTextWithNulIsNamedAndNotStored() {
        as("responder")
                .body("{\"title\":\"a\\u0000b\",\"severity\":\"SEV1\",\"services\":[]}")
                .post("/api/v1/incidents")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("title"));
        as("viewer")
                .queryParam("q", "a\0b")
                .get("/api/v1/incidents")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("q"));
    }

    @Test
    void whoSpeaksForSomebodyElseStaysOnRecord() {
        UUID id = declared();
        UUID maria = StreamIds.person("oidc", "maria");
        as("responder")
                .body(Map.of("text", "said in the call", "actor", maria.toString()))
                .post(path(id, "messages"))
                .then()
                .statusCode(200);
        as("viewer")
                .get(path(id, "events"))
                .then()
                .body("items[1].actor", equalTo(maria.toString()))
                .body("items[1].source", equalTo("/api/people/" + StreamIds.person("oidc", "ada@example.org")));
    }

    @Test
    void aReaderMayAskForWhatACommandAnswered() {
        UUID id = declared();
        String now = id + "@1";
        as("viewer")
                .header("Hindsight-After", now)
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(200);
        as("viewer")
                .header("Hindsight-After", id + "@99")
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .contentType("application/problem+json");
        as("viewer")
                .header("Hindsight-After", "yesterday")
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("Hindsight-After"));
        long begin = System.nanoTime();
        given().header("Hindsight-After", id + "@99")
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(401);
        assertThat(System.nanoTime() - begin)
                .as("who may not come in does not make us wait")
                .isLessThan(1_000_000_000L);
    }

    @Test
    void aStaleIfMatchIsRefusedAndTheRightOneAccepted() {
        UUID id = declared();
        as("responder")
                .header("If-Match", "\"1\"")
                .post(path(id, "acknowledgement"))
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"");
        as("responder")
                .header("If-Match", "\"1\"")
                .post(path(id, "mitigation"))
                .then()
                .statusCode(412)
                .contentType("application/problem+json");
        as("viewer").get("/api/v1/incidents/" + id).then().body("version", equalTo(2));
    }

    @Test
    void theSameIdempotencyKeyGetsTheSameAnswerAndIsAppliedOnce() {
        String key = UUID.randomUUID().toString();
        Map<String, Object> body =
                Map.of("title", "Twice " + key, "severity", "SEV2", "services", List.of("twice-" + key));
        byte[] first = as("responder")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .asByteArray();
        byte[] second = as("responder")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .asByteArray();
        assertThat(second).isEqualTo(first);
        as("viewer").get("/api/v1/incidents?service=twice-" + key).then().body("items", hasSize(1));
        as("responder")
                .header("Idempotency-Key", key)
                .body(Map.of("title", "Other", "severity", "SEV2", "services", List.of()))
                .post("/api/v1/incidents")
                .then()
                .statusCode(422);

        UUID id = declared();
        byte[] resolved = as("responder")
                .header("Idempotency-Key", key)
                .body(Map.of("text", "done"))
                .post(path(id, "resolution"))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        byte[] again = as("responder")
                .header("Idempotency-Key", key)
                .body(Map.of("text", "done"))
                .post(path(id, "resolution"))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(again).isEqualTo(resolved);
    }

    @Test
    void manyConcurrentCommandsOnOneIncidentAreAllRecorded() throws Exception {
        UUID id = declared();
        int writers = 8;
        int each = 10;
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> done = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                done.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        as("responder")
                                .body(Map.of("text", writer + "-" + i))
                                .post(path(id, "messages"))
                                .then()
                                .statusCode(200);
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        JsonPath events = as("viewer")
                .get(path(id, "events") + "?limit=250")
                .then()
                .extract()
                .jsonPath();
        Set<String> texts = new HashSet<>(events.getList("items.data.text", String.class));
        texts.remove(null);
        assertThat(texts).hasSize(writers * each);
        as("viewer").get("/api/v1/incidents/" + id).then().body("version", equalTo(1 + writers * each));
    }

    @Test
    void twoConcurrentCommandsOnOneVersionBothEndRight() throws Exception {
        for (int round = 0; round < 10; round++) {
            UUID id = declared();
            try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
                Future<Integer> a = pool.submit(() -> as("responder")
                        .header("If-Match", "\"1\"")
                        .post(path(id, "acknowledgement"))
                        .statusCode());
                Future<Integer> b = pool.submit(() -> as("responder")
                        .header("If-Match", "\"1\"")
                        .post(path(id, "mitigation"))
                        .statusCode());
                assertThat(List.of(a.get(), b.get())).containsExactlyInAnyOrder(200, 412);
            }
            as("viewer").get("/api/v1/incidents/" + id).then().body("version", equalTo(2));
        }
    }

    @Test
    void incidentsAreFoundByWhoHoldsARoleInThem() {
        String service = "held-" + UUID.randomUUID();
        String commander = "commander-" + UUID.randomUUID();
        UUID incident =
                UUID.fromString(declare(Map.of("title", "Held", "severity", "SEV2", "services", List.of(service)))
                        .getString("id"));
        declare(Map.of("title", "Held by nobody", "severity", "SEV2", "services", List.of(service)));
        String person = as("responder")
                .body(Map.of("role", "INCIDENT_COMMANDER", "person", commander))
                .post("/api/v1/incidents/" + incident + "/roles")
                .then()
                .statusCode(200)
                .extract()
                .path("roles.INCIDENT_COMMANDER");
        Map<Map<String, String>, Integer> expected = Map.of(
                Map.of("role", "INCIDENT_COMMANDER"), 1,
                Map.of("role", "SCRIBE"), 0,
                Map.of("owner", person), 1,
                Map.of("owner", UUID.randomUUID().toString()), 0,
                Map.of("role", "INCIDENT_COMMANDER", "owner", person), 1,
                Map.of("role", "SCRIBE", "owner", person), 0);
        expected.forEach((filter, many) -> as("viewer")
                .queryParam("service", service)
                .queryParams(filter)
                .get("/api/v1/incidents")
                .then()
                .statusCode(200)
                .body("items", hasSize(many)));
    }

    @Test
    void aListIsFilteredAndPaged() {
        String service = "paged-" + UUID.randomUUID();
        Instant start = Instant.now().minus(10, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        for (int i = 0; i < 5; i++) {
            declare(Map.of(
                    "title",
                    "Outage number " + i,
                    "severity",
                    i % 2 == 0 ? "SEV1" : "SEV3",
                    "services",
                    List.of(service, "other"),
                    "occurredAt",
                    start.plus(i, ChronoUnit.HOURS).toString()));
        }
        List<String> titles = new ArrayList<>();
        String cursor = null;
        do {
            JsonPath page = as("viewer")
                    .queryParam("service", service)
                    .queryParam("limit", 2)
                    .queryParams(cursor == null ? Map.of() : Map.of("cursor", cursor))
                    .get("/api/v1/incidents")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            titles.addAll(page.getList("items.title"));
            cursor = page.getString("next");
        } while (cursor != null);
        assertThat(titles)
                .containsExactly(
                        "Outage number 4", "Outage number 3", "Outage number 2", "Outage number 1", "Outage number 0");
        as("viewer")
                .queryParam("service", service)
                .queryParam("sort", "declaredAt")
                .get("/api/v1/incidents")
                .then()
                .body("items[0].title", equalTo("Outage number 0"));
        as("viewer")
                .queryParam("service", service)
                .queryParam("severity", "SEV3")
                .get("/api/v1/incidents")
                .then()
                .body("items", hasSize(2));
        as("viewer")
                .queryParam("service", service)
                .queryParam("q", "number 3")
                .get("/api/v1/incidents")
                .then()
                .body("items", hasSize(1));
        as("viewer")
                .queryParam("service", service)
                .queryParam("status", "RESOLVED")
                .get("/api/v1/incidents")
                .then()
                .body("items", hasSize(0));
        as("viewer")
                .queryParam("service", service)
                .queryParam("kind", "REAL")
                .get("/api/v1/incidents")
                .then()
                .body("items", hasSize(5));
        as("viewer")
                .queryParam("service", service)
                .queryParam("from", start.plus(1, ChronoUnit.HOURS).toString())
                .queryParam("to", start.plus(3, ChronoUnit.HOURS).toString())
                .get("/api/v1/incidents")
                .then()
                .body("items", hasSize(2));
    }
}
