package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static dev.hindsight.incident.Api.declare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Others;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is owed before an incident may be closed, as the other services tell of it. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class ClosureTest {

    private static final String POLICY = "/api/v1/policies/closure";

    private List<Map<String, Object>> initial;

    @BeforeEach
    void remember() {
        initial = rules();
    }

    /** One policy for the whole house: as it was for whoever comes next. */
    @AfterEach
    void restore() {
        change(initial).statusCode(200);
    }

    private static List<Map<String, Object>> rules() {
        return as("viewer")
                .get(POLICY)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("rules");
    }

    private static ValidatableResponse change(List<Map<String, Object>> rules) {
        return as("admin").body(Map.of("rules", rules)).put(POLICY).then();
    }

    private static UUID resolved(String severity) {
        UUID id = UUID.fromString(declare(Map.of(
                        "title",
                        "Checkout fails",
                        "severity",
                        severity,
                        "services",
                        List.of("checkout-" + UUID.randomUUID()),
                        "customerFacing",
                        true))
                .getString("id"));
        as("responder").post("/api/v1/incidents/" + id + "/resolution").then().statusCode(200);
        return id;
    }

    private static Response close(String role, UUID id, Map<String, ?> body) {
        return as(role).body(body).post("/api/v1/incidents/" + id + "/closure");
    }

    private static String postmortem(UUID incident, long version, PostmortemEvent event) {
        UUID stream = StreamIds.postmortem(incident);
        Others.publish(Topic.POSTMORTEM_EVENTS, incident, stream, version, event);
        return stream + "@" + version;
    }

    private static String item(UUID incident, UUID item, long version, ActionItemEvent event) {
        Others.publish(Topic.ACTION_ITEM_EVENTS, incident, item, version, event);
        return item + "@" + version;
    }

    private static ActionItemEvent proposed(UUID incident, String reference, Priority priority) {
        return new ActionItemEvent.Proposed(
                incident,
                null,
                reference,
                new ActionItemDetails("Rehearse the rollback", null, null, null, priority, null, null, null, null),
                List.of());
    }

    /** Any read with the position waits until this service knows it. */
    private static void known(String position) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> as("viewer")
                                .header("Hindsight-After", position)
                                .get(POLICY)
                                .statusCode()
                        == 200);
    }

    @Test
    void aSevereIncidentIsClosedOnceItsPostmortemIsPublishedAndItsHighItemsAreVerified() {
        UUID id = resolved("SEV1");
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        postmortem(id, 1, new PostmortemEvent.Drafted(id, null, Instant.now()));
        known(postmortem(
                id,
                2,
                new PostmortemEvent.RequirementDecided(
                        id, RequirementAnswer.REQUIRED, List.of(), 1, true, "It is.", null, null)));
        known(item(id, first, 1, proposed(id, "ACT-1", Priority.HIGH)));
        known(item(id, second, 1, proposed(id, "ACT-2", Priority.HIGH)));
        known(item(id, UUID.randomUUID(), 1, proposed(id, "ACT-3", Priority.LOW)));

        close("responder", id, Map.of())
                .then()
                .statusCode(409)
                .body("reasons.code", contains("POSTMORTEM_UNPUBLISHED", "ITEM_OPEN", "ITEM_OPEN"))
                .body(
                        "reasons[1].message",
                        equalTo(
                                "ACT-1 (Rehearse the rollback, HIGH) is PROPOSED; it has to be done first, or canceled."));

        known(postmortem(id, 3, new PostmortemEvent.Published(id, 1, List.of(), 30)));
        item(id, first, 2, new ActionItemEvent.Accepted(id));
        item(id, first, 3, new ActionItemEvent.Completed(id, null));
        known(item(id, first, 4, new ActionItemEvent.Verified(id, "the drill of May")));
        close("responder", id, Map.of()).then().statusCode(409).body("reasons.code", contains("ITEM_OPEN"));

        known(item(id, second, 2, new ActionItemEvent.Canceled(id, "overtaken")));
        close("responder", id, Map.of("text", "Nothing is left to do."))
                .then()
                .statusCode(200)
                .body("status", equalTo("CLOSED"));
        assertThat(closed(id)).doesNotContainKey("override");
    }

    @Test
    void aPostmortemThatIsWorkedOnAgainIsNotPublished() {
        UUID id = resolved("SEV0");
        postmortem(id, 1, new PostmortemEvent.Drafted(id, null, Instant.now()));
        postmortem(id, 2, new PostmortemEvent.Published(id, 1, List.of(), 30));
        known(postmortem(id, 3, new PostmortemEvent.Reopened(id, "a factor is missing")));
        close("responder", id, Map.of()).then().statusCode(409).body("reasons", hasSize(1));
        known(postmortem(id, 4, new PostmortemEvent.Waived(id, "The revision can wait.")));
        close("responder", id, Map.of()).then().statusCode(200);
    }

    @Test
    void anAdminMayCloseItAllTheSameAndTheReasonStaysOnRecord() {
        UUID id = resolved("SEV1");
        close("responder", id, Map.of("overrideReason", "I want to go home."))
                .then()
                .statusCode(403);
        close("admin", id, Map.of("overrideReason", " ")).then().statusCode(400);
        close("admin", id, Map.of()).then().statusCode(409);
        close("admin", id, Map.of("overrideReason", "The system is gone, and so is its team."))
                .then()
                .statusCode(200)
                .body("status", equalTo("CLOSED"));
        assertThat(closed(id).get("override"))
                .isEqualTo(Map.of(
                        "reason",
                        "The system is gone, and so is its team.",
                        "unmet",
                        List.of("The postmortem of a SEV1 has to be published first, or waived with a reason."),
                        "policyVersion",
                        policyVersion()));
    }

    private static Map<String, Object> closed(UUID id) {
        JsonPath events = as("viewer")
                .get("/api/v1/incidents/" + id + "/events")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return events.param("type", "hindsight.incident.closed.v1").getMap("items.find { it.type == type }.data");
    }

    private static int policyVersion() {
        return as("viewer").get(POLICY).then().extract().jsonPath().getInt("version");
    }

    @Test
    void thePolicyIsChangedForAllAndEachVersionStaysOnRecord() {
        Response before = as("viewer").get(POLICY);
        List<Map<String, Object>> strict = List.of(
                rule("SEV1", "NOBODYS"),
                Map.of(
                        "severity",
                        "SEV3",
                        "postmortem",
                        "EVERYBODYS",
                        "items",
                        List.of(Map.of("priority", "MEDIUM", "until", "VERIFIED"))));
        Response after = as("admin")
                .header("If-Match", before.header("ETag"))
                .body(Map.of("rules", strict))
                .put(POLICY);
        after.then()
                .statusCode(200)
                .body("version", equalTo(before.jsonPath().getInt("version") + 1))
                .body("rules.severity", contains("SEV0", "SEV1", "SEV2", "SEV3", "SEV4"))
                .body("rules.postmortem", contains("NOBODYS", "NOBODYS", "NOBODYS", "EVERYBODYS", "NOBODYS"))
                .body("rules[3].items", contains(Map.of("priority", "MEDIUM", "until", "VERIFIED")));
        assertThat(rules()).isEqualTo(after.jsonPath().getList("rules"));
        as("admin")
                .header("If-Match", before.header("ETag"))
                .body(Map.of("rules", strict))
                .put(POLICY)
                .then()
                .statusCode(412);
        change(strict).statusCode(200).body("version", equalTo(after.jsonPath().getInt("version")));
        as("viewer")
                .get("/api/v1/streams/" + after.jsonPath().getString("id") + "/events")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(after.jsonPath().getInt("version")));

        UUID severe = resolved("SEV1");
        close("responder", severe, Map.of()).then().statusCode(200);
        UUID lesser = resolved("SEV3");
        close("responder", lesser, Map.of())
                .then()
                .statusCode(409)
                .body("reasons.code", contains("POSTMORTEM_UNPUBLISHED"));
    }

    private static Map<String, Object> rule(String severity, String postmortem) {
        Map<String, Object> rule = new HashMap<>(Map.of("severity", severity, "postmortem", postmortem));
        rule.put("items", List.of());
        return rule;
    }

    @Test
    void aPolicySaysOneThingOfASeverity() {
        change(List.of(rule("SEV1", "NOBODYS"), rule("SEV1", "EVERYBODYS")))
                .statusCode(400)
                .body("violations.field", contains("rules[1].severity"));
        as("admin")
                .body("{\"rules\":[{\"severity\":\"SEV1\",\"items\":[]}]}")
                .put(POLICY)
                .then()
                .statusCode(400)
                .body("violations.field", contains("rules[0].postmortem"));
    }
}
