package dev.hindsight.actionitem.api;

import static dev.hindsight.actionitem.Api.ITEMS;
import static dev.hindsight.actionitem.Api.accepted;
import static dev.hindsight.actionitem.Api.as;
import static dev.hindsight.actionitem.Api.good;
import static dev.hindsight.actionitem.Api.patch;
import static dev.hindsight.actionitem.Api.propose;
import static dev.hindsight.actionitem.Api.read;
import static dev.hindsight.actionitem.Api.send;
import static dev.hindsight.actionitem.Api.step;
import static dev.hindsight.actionitem.Api.today;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.actionitem.Database;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Action items over real HTTP, on the real database. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ActionItemsTest {

    @Inject
    Database database;

    // --- the way through

    @Test
    void aProposalIsAnsweredWithItsStateVersionAndPlace() {
        Map<String, @Nullable Object> body = good();
        UUID incident = UUID.fromString((String) body.get("incidentId"));
        Response response = send("responder", "POST", ITEMS, body);
        String id = response.then()
                .statusCode(201)
                .header("ETag", "\"1\"")
                .body("reference", matchesPattern("ACT-\\d+"))
                .body("incidentId", equalTo(incident.toString()))
                .body("postmortemId", equalTo(StreamIds.postmortem(incident).toString()))
                .body("incident", nullValue())
                .body("status", equalTo("PROPOSED"))
                .body(
                        "owner.id",
                        equalTo(StreamIds.person("oidc", "maria@example.com").toString()))
                .body("owner.name", nullValue())
                .body("quality.meetsBar", equalTo(true))
                .body("quality.findings", empty())
                .body("overdue", equalTo(false))
                .body("acceptedAt", nullValue())
                .body("warnings.code", contains("OWNER_UNKNOWN", "INCIDENT_UNKNOWN"))
                .extract()
                .path("id");
        response.then().header("Location", endsWith(ITEMS + "/" + id)).header("Hindsight-Version", id + "@1");
        read(ITEMS + "/" + id)
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("title", equalTo(body.get("title")))
                .body("$", not(hasKey("warnings")));
        read(ITEMS + "/" + response.path("reference")).statusCode(200).body("id", equalTo(id));
    }

    @Test
    void anItemGoesAllTheWay() {
        String id = propose(good());
        step(id, "acceptance").statusCode(200).header("ETag", "\"2\"").body("status", equalTo("ACCEPTED"));
        step(id, "start").statusCode(200).body("status", equalTo("IN_PROGRESS"));
        step(id, "completion", Map.of("note", "gateway#311"))
                .statusCode(200)
                .body("status", equalTo("DONE"))
                .body("completionNote", equalTo("gateway#311"));
        step(id, "verification", Map.of("evidence", "load test 4711"))
                .statusCode(200)
                .header("ETag", "\"5\"")
                .body("status", equalTo("VERIFIED"))
                .body("evidence", equalTo("load test 4711"));
        read(ITEMS + "/" + id)
                .body("status", equalTo("VERIFIED"))
                .body("version", equalTo(5))
                .body("acceptedAt", not(nullValue()))
                .body("startedAt", not(nullValue()))
                .body("completedAt", not(nullValue()))
                .body("verifiedAt", not(nullValue()));
        assertThat(database.rows("select type from event where stream_id = $1 order by version", UUID.fromString(id)))
                .extracting(row -> row.getString("type"))
                .containsExactly(
                        "hindsight.action-item.proposed.v1",
                        "hindsight.action-item.accepted.v1",
                        "hindsight.action-item.started.v1",
                        "hindsight.action-item.completed.v1",
                        "hindsight.action-item.verified.v1");
    }

    @Test
    void eventsAreKeyedByTheIncident() {
        Map<String, @Nullable Object> body = good();
        String id = accepted(body);
        assertThat(database.rows("select distinct key_id from event where stream_id = $1", UUID.fromString(id)))
                .extracting(row -> row.getUUID("key_id").toString())
                .containsExactly((String) body.get("incidentId"));
    }

    @Test
    void theHistoryOfAnItemHasNoHolesAndOneEnd() {
        String id = accepted(good());
        patch(id, Map.of("dueDate", today().plusDays(20).toString())).statusCode(200);
        step(id, "completion").statusCode(200);
        var history = database.rows(
                "select version, status, due_date, recorded_at, superseded_at, superseded_at = 'infinity' as current"
                        + " from action_item_history where item_id = $1 order by version",
                UUID.fromString(id));
        assertThat(history)
                .extracting(row -> row.getString("status"))
                .containsExactly("PROPOSED", "ACCEPTED", "ACCEPTED", "DONE");
        assertThat(history).extracting(row -> row.getBoolean("current")).containsExactly(false, false, false, true);
        for (int i = 0; i < 3; i++) {
            assertThat(history.get(i).getOffsetDateTime("superseded_at"))
                    .isEqualTo(history.get(i + 1).getOffsetDateTime("recorded_at"));
        }
        assertThat(history.get(0).getLocalDate("due_date")).isEqualTo(today().plusDays(14));
        assertThat(history.get(3).getLocalDate("due_date")).isEqualTo(today().plusDays(20));
    }

    @Test
    void anItemOfThePastIsEnteredWithItsOwnTimes() {
        Map<String, @Nullable Object> body = good("occurredAt", "2026-03-02T09:00:00Z");
        body.put("dueDate", "2026-03-20");
        String id = propose(body);
        step(id, "acceptance", Map.of("occurredAt", "2026-03-03T09:00:00Z"))
                .statusCode(200)
                .body("acceptedAt", equalTo("2026-03-03T09:00:00Z"))
                .body("overdue", equalTo(true))
                .body("warnings.code", hasItem("ALREADY_OVERDUE"));
        step(id, "completion", Map.of("occurredAt", "2026-03-10T09:00:00+01:00"))
                .statusCode(200)
                .body("completedAt", equalTo("2026-03-10T08:00:00Z"))
                .body("overdue", equalTo(false));
    }

    // --- revising

    @Test
    void aMergePatchChangesWhatItNamesAndTakesAwayWhatIsNull() {
        String id = propose(good());
        Map<String, @Nullable Object> patch = new HashMap<>();
        patch.put("dueDate", null);
        patch.put("change", Map.of("url", "https://git.example.com/gateway/pulls/311"));
        patch.put("owner", "sarah@example.com");
        patch(id, patch)
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("dueDate", nullValue())
                .body("change.kind", equalTo("CONFIGURATION"))
                .body("change.url", equalTo("https://git.example.com/gateway/pulls/311"))
                .body(
                        "owner.id",
                        equalTo(StreamIds.person("oidc", "sarah@example.com").toString()))
                .body("priority", equalTo("HIGH"))
                .body("quality.findings.code", contains("DUE_DATE_MISSING"));
        Map<String, @Nullable Object> nobody = new HashMap<>();
        nobody.put("owner", null);
        patch(id, nobody).statusCode(200).body("owner", nullValue());
    }

    @Test
    void aPatchMayBeSentAsPlainJson() {
        String id = propose(good());
        send("responder", "PATCH", ITEMS + "/" + id, Map.of("priority", "LOW"))
                .then()
                .statusCode(200)
                .body("priority", equalTo("LOW"));
    }

    @Test
    void aPatchThatChangesNothingMakesNoEvent() {
        String id = propose(good());
        patch(id, Map.of("priority", "HIGH")).statusCode(200).header("ETag", "\"1\"");
        assertThat(database.count("select count(*) from event where stream_id = $1", UUID.fromString(id)))
                .isEqualTo(1);
    }

    @Test
    void anAcceptedItemIsNotRevisedBelowTheBar() {
        String id = accepted(good());
        Map<String, @Nullable Object> patch = new HashMap<>();
        patch.put("title", "improve rate limiting");
        patch.put("owner", null);
        patch(id, patch)
                .statusCode(409)
                .contentType("application/problem+json")
                .body("reasons.code", containsInAnyOrder("TITLE_VAGUE", "OWNER_MISSING"));
        read(ITEMS + "/" + id).body("version", equalTo(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"incidentId":"INC-1"}                  | incidentId         | UNKNOWN_PROPERTY
            {"status":"DONE"}                       | status             | UNKNOWN_PROPERTY
            {"priority":"URGENT"}                   | priority           | INVALID_VALUE
            {"dueDate":"next sprint"}               | dueDate            | INVALID_VALUE
            {"change":{"kind":"MAGIC"}}             | change.kind        | INVALID_VALUE
            {"title":null}                          | title              | NOT_BLANK
            {"title":" "}                           | title              | NOT_BLANK
            {"owner":7}                             | owner              | WRONG_TYPE
            {"owner":"the team"}                    | owner              | OWNER_NOT_A_PERSON
            {"occurredAt":"yesterday"}              | occurredAt         | INVALID_VALUE
            {"occurredAt":"2999-01-01T00:00:00Z"}   | occurredAt         | IN_THE_FUTURE
            {"change":{"description":null}}         | change.description | NOT_BLANK
            """)
    void aPatchThatCannotBeRightIsBlamedOnItsField(String patch, String field, String code) {
        String id = propose(good());
        as("responder")
                .contentType("application/merge-patch+json")
                .body(patch)
                .patch(ITEMS + "/" + id)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", contains(field))
                .body("violations.code", contains(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "null", "{", "{\"a\":1}{}"})
    void aPatchIsOneObject(String patch) {
        as("responder")
                .contentType("application/merge-patch+json")
                .body(patch)
                .patch(ITEMS + "/" + UUID.randomUUID())
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    // --- what is refused

    @Test
    void anIncompleteProposalIsToldWhatItMissesAndIsNotAccepted() {
        String id = propose(Map.of("incidentId", UUID.randomUUID().toString(), "title", "improve monitoring"));
        read(ITEMS + "/" + id + "/quality")
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("meetsBar", equalTo(false))
                .body("findings.field", hasItems("title", "owner", "dueDate", "change", "risk", "verification"))
                .body(
                        "findings.find { it.field == 'title' }.message",
                        equalTo("\"improve monitoring\" is a wish: nobody can tell when it is fulfilled."))
                .body("findings.suggestion", not(hasItem(nullValue())));
        step(id, "acceptance")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/refused"))
                .body(
                        "reasons.code",
                        contains(
                                "TITLE_VAGUE",
                                "CHANGE_MISSING",
                                "OWNER_MISSING",
                                "DUE_DATE_MISSING",
                                "RISK_MISSING",
                                "VERIFICATION_MISSING",
                                "PRIORITY_MISSING",
                                "TYPE_MISSING",
                                "CATEGORY_MISSING"));
        read(ITEMS + "/" + id).body("status", equalTo("PROPOSED")).body("version", equalTo(1));
    }

    @Test
    void theProposedEventCarriesTheFindings() {
        String id = propose(good("owner", null));
        String data = database.rows(
                        "select convert_from(data, 'UTF8') as data from event where stream_id = $1",
                        UUID.fromString(id))
                .getFirst()
                .getString("data");
        assertThat(data).contains("\"findings\":[{\"code\":\"OWNER_MISSING\",\"field\":\"owner\"");
    }

    @Test
    void stepsInTheWrongOrderAreRefused() {
        String proposed = propose(good());
        step(proposed, "start").statusCode(409).body("reasons.code", contains("NOT_ACCEPTED"));
        step(proposed, "completion").statusCode(409).body("reasons.code", contains("NOT_ACCEPTED"));
        step(proposed, "verification", Map.of("evidence", "seen"))
                .statusCode(409)
                .body("reasons.code", contains("NOT_DONE"));

        String canceled = propose(good());
        step(canceled, "cancellation", Map.of("reason", "endpoint retired"))
                .statusCode(200)
                .body("status", equalTo("CANCELED"))
                .body("cancellationReason", equalTo("endpoint retired"));
        step(canceled, "acceptance").statusCode(409).body("reasons.code", contains("ALREADY_CANCELED"));
        patch(canceled, Map.of("priority", "LOW")).statusCode(409).body("reasons.code", contains("ALREADY_CANCELED"));

        String done = accepted(good());
        step(done, "completion").statusCode(200);
        step(done, "completion").statusCode(409).body("reasons.code", contains("ALREADY_DONE"));
        step(done, "cancellation", Map.of("reason", "no"))
                .statusCode(409)
                .body("reasons.code", contains("ALREADY_DONE"));
        step(done, "completion", Map.of("occurredAt", "2026-01-01T00:00:00Z"))
                .statusCode(409)
                .body("reasons.code", contains("OUT_OF_ORDER"));
    }

    @Test
    void evidenceAndReasonAreRequired() {
        String id = propose(good());
        step(id, "verification").statusCode(400).body("violations.field", contains("evidence"));
        step(id, "cancellation").statusCode(400).body("violations.field", contains("reason"));
        step(id, "cancellation", Map.of("reason", " ")).statusCode(400).body("violations.code", contains("NOT_BLANK"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", textBlock = """
            incidentId   | null                 | incidentId  | REQUIRED
            incidentId   | INC-999999           | incidentId  | INCIDENT_UNKNOWN
            incidentId   | nonsense             | incidentId  | INCIDENT_UNKNOWN
            postmortemId | nonsense             | postmortemId| INVALID_VALUE
            title        | null                 | title       | NOT_BLANK
            dueDate      | next sprint          | dueDate     | INVALID_VALUE
            dueDate      | 2026-02-30           | dueDate     | INVALID_VALUE
            dueDate      | 9999-01-01           | dueDate     | DATE_OUT_OF_RANGE
            owner        | SRE team             | owner       | OWNER_NOT_A_PERSON
            priority     | P1                   | priority    | INVALID_VALUE
            category     | PROCESS              | category    | INVALID_VALUE
            risk         | LOW                  | risk        | INVALID_VALUE
            actor        | nobody               | actor       | INVALID_UUID
            occurredAt   | 2999-01-01T00:00:00Z | occurredAt  | IN_THE_FUTURE
            urgency      | high                 | urgency     | UNKNOWN_PROPERTY
            """)
    void aProposalThatCannotBeRightIsBlamedOnItsField(String key, @Nullable String value, String field, String code) {
        send("responder", "POST", ITEMS, good(key, value))
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", contains(field))
                .body("violations.code", contains(code));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String id : List.of(UUID.randomUUID().toString(), "ACT-999999999", "nonsense", "ACT-%00")) {
            String path = ITEMS + "/" + id;
            as("viewer").urlEncodingEnabled(false).get(path).then().statusCode(404);
            as("viewer").urlEncodingEnabled(false).get(path + "/quality").then().statusCode(404);
            as("editor")
                    .urlEncodingEnabled(false)
                    .contentType("application/json")
                    .body(Map.of())
                    .post(path + "/acceptance")
                    .then()
                    .statusCode(404);
        }
    }

    // --- once, and against the version that was read

    @Test
    void aStaleVersionIsRefused() {
        String id = accepted(good());
        as("responder")
                .header("If-Match", "\"1\"")
                .contentType("application/json")
                .body(Map.of())
                .post(ITEMS + "/" + id + "/start")
                .then()
                .statusCode(412);
        as("responder")
                .header("If-Match", "\"2\"")
                .contentType("application/json")
                .body(Map.of())
                .post(ITEMS + "/" + id + "/start")
                .then()
                .statusCode(200);
    }

    @Test
    void ofTwoCompletionsOfOneVersionOneWinsAndOneIsStale() throws Exception {
        String id = accepted(good());
        List<Integer> statuses = concurrently(2, () -> as("responder")
                .header("If-Match", "\"2\"")
                .contentType("application/json")
                .body(Map.of())
                .post(ITEMS + "/" + id + "/completion")
                .statusCode());
        assertThat(statuses).containsExactlyInAnyOrder(200, 412);
        read(ITEMS + "/" + id).body("version", equalTo(3)).body("status", equalTo("DONE"));
    }

    @Test
    void revisionsThatComeTogetherAllCount() throws Exception {
        String id = propose(good());
        List<Integer> statuses = concurrently(
                8, () -> patch(id, Map.of("title", "Add limit " + UUID.randomUUID() + " to the /search endpoint"))
                        .extract()
                        .statusCode());
        assertThat(statuses).containsOnly(200);
        read(ITEMS + "/" + id).body("version", equalTo(9));
    }

    @Test
    void theSameIdempotencyKeyGetsTheSameBytesAndOneEvent() {
        Map<String, @Nullable Object> body = good();
        String key = UUID.randomUUID().toString();
        Response first = keyed(key, ITEMS, body);
        Response second = keyed(key, ITEMS, body);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.asByteArray()).isEqualTo(first.asByteArray());
        for (String header : List.of("ETag", "Location", "Hindsight-Version")) {
            assertThat(second.header(header)).isEqualTo(first.header(header));
        }
        assertThat(database.count("select count(*) from event where key_id = $1", UUID.fromString((String)
                        body.get("incidentId"))))
                .isEqualTo(1);
        body.put("title", "Add rate limiting to the /login API endpoint at 5 req/s");
        assertThat(keyed(key, ITEMS, body).statusCode()).isEqualTo(422);
    }

    @Test
    void aStepWithTheSameKeyIsTakenOnceEvenWhenBothComeTogether() throws Exception {
        String id = accepted(good());
        String key = UUID.randomUUID().toString();
        List<String> answers = concurrently(4, () -> {
            Response response = keyed(key, ITEMS + "/" + id + "/completion", Map.of("note", "merged"));
            return response.statusCode() + response.asString();
        });
        assertThat(answers).hasSize(4).allMatch(answer -> answer.startsWith("200"));
        assertThat(Set.copyOf(answers)).hasSize(1);
        assertThat(database.count("select count(*) from event where stream_id = $1", UUID.fromString(id)))
                .isEqualTo(3);
    }

    @Test
    void itemsThatAreProposedTogetherGetReferencesOfTheirOwn() throws Exception {
        List<String> references =
                concurrently(12, () -> send("responder", "POST", ITEMS, good()).path("reference"));
        assertThat(references).doesNotHaveDuplicates().hasSize(12);
    }

    // --- who may do what

    @ParameterizedTest
    @CsvSource({
        "acceptance, editor",
        "verification, editor",
        "cancellation, editor",
        "start, responder",
        "completion, responder"
    })
    void eachStepAsksForItsRole(String step, String role) {
        String id = propose(good());
        String below = role.equals("editor") ? "responder" : "viewer";
        assertThat(send(below, "POST", ITEMS + "/" + id + "/" + step, Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(send(role, "POST", ITEMS + "/" + id + "/" + step, Map.of()).statusCode())
                .isNotIn(401, 403);
    }

    @Test
    void theActorIsThePersonOfTheTokenUnlessSomebodyElseIsNamed() {
        UUID other = UUID.randomUUID();
        String id = propose(good("actor", other.toString()));
        step(id, "acceptance").statusCode(200);
        assertThat(database.rows("select actor from event where stream_id = $1 order by version", UUID.fromString(id)))
                .extracting(row -> row.getString("actor"))
                .containsExactly(
                        other.toString(),
                        StreamIds.person("oidc", Tokens.SUBJECT).toString());
    }

    // --- several together

    @Test
    void aFourthItemAndALopsidedPostmortemAreWarnedOfAndNotRefused() {
        String incident = UUID.randomUUID().toString();
        String postmortem = StreamIds.postmortem(UUID.fromString(incident)).toString();
        read("/api/v1/balance?postmortem=" + postmortem)
                .statusCode(200)
                .body("total", equalTo(0))
                .body("warnings.code", contains("NO_ITEMS"));
        for (int i = 0; i < 3; i++) {
            Map<String, @Nullable Object> body = good("incidentId", incident);
            body.put("category", "COMMUNICATION");
            send("responder", "POST", ITEMS, body)
                    .then()
                    .statusCode(201)
                    .body("warnings.code", hasItem("ONLY_COMMUNICATION"))
                    .body("warnings.code", not(hasItem("TOO_MANY_ITEMS")));
        }
        String fourth = send("responder", "POST", ITEMS, good("incidentId", incident))
                .then()
                .statusCode(201)
                .body("warnings.code", hasItem("TOO_MANY_ITEMS"))
                .body("warnings.code", not(hasItem("ONLY_COMMUNICATION")))
                .extract()
                .path("id");
        step(fourth, "acceptance").statusCode(200).body("warnings.code", hasItem("TOO_MANY_ITEMS"));
        read("/api/v1/balance?postmortem=" + postmortem)
                .body("total", equalTo(4))
                .body("byCategory.COMMUNICATION", equalTo(3))
                .body("byCategory.MITIGATION", equalTo(1))
                .body("byType.PREVENTATIVE", equalTo(4))
                .body("warnings.code", contains("TOO_MANY_ITEMS"));
        step(fourth, "cancellation", Map.of("reason", "too many")).statusCode(200);
        read("/api/v1/balance?postmortem=" + postmortem)
                .body("total", equalTo(3))
                .body("warnings.code", contains("ONLY_COMMUNICATION"));
        read("/api/v1/balance").statusCode(400).body("violations.field", contains("postmortem"));
    }

    @Test
    void anItemMayBelongToAnotherPostmortem() {
        UUID postmortem = UUID.randomUUID();
        String id = propose(good("postmortemId", postmortem.toString()));
        read(ITEMS + "?postmortem=" + postmortem).body("items.id", contains(id));
    }

    private static Response keyed(String key, String path, Object body) {
        return as("editor")
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post(path);
    }

    private static <T> List<T> concurrently(int times, Callable<T> call) throws Exception {
        try (var threads = Executors.newFixedThreadPool(times)) {
            List<Future<T>> futures = threads.invokeAll(
                    IntStream.range(0, times).mapToObj(i -> call).toList());
            Object[] results = new Object[times];
            for (int i = 0; i < times; i++) {
                results[i] = futures.get(i).get();
            }
            @SuppressWarnings("unchecked")
            List<T> typed = (List<T>) Arrays.asList(results);
            return typed;
        }
    }
}
