package dev.hindsight.actionitem.access;

import static dev.hindsight.actionitem.Api.ITEMS;
import static dev.hindsight.actionitem.IncidentTopic.fact;
import static dev.hindsight.actionitem.IncidentTopic.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.hindsight.actionitem.Api;
import dev.hindsight.actionitem.IncidentTopic;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Visibility;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RestrictedMatrix;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Items of a restricted incident. Who owns one is a participant at once: the item is this service's own. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class RestrictedItemsTest extends RestrictedMatrix {

    private static IncidentTopic topic;

    /** An incident as incident-service tells of it. */
    private static final class Leak {
        final UUID id = UUID.randomUUID();
        final String word = "zq" + UUID.randomUUID().toString().replace("-", "");
        final String reference = "INC-" + ThreadLocalRandom.current().nextLong(1_000_000, Long.MAX_VALUE / 10);
        private long version;

        Leak(Visibility visibility) {
            says(now -> new IncidentEvent.Declared(
                    reference,
                    "Leak " + word,
                    Severity.SEV1,
                    List.of("s-" + word),
                    null,
                    false,
                    false,
                    IncidentKind.REAL,
                    visibility,
                    false,
                    null,
                    null,
                    now));
        }

        Leak says(Function<Standing, IncidentEvent> event) {
            version++;
            Standing now = Told.of(IncidentStatus.OPEN)
                    .as(reference, "Leak " + word, Severity.SEV1)
                    .services("s-" + word)
                    .standing();
            topic().send(fact(id, version, minute((int) version), event.apply(now)));
            return this;
        }

        /** By a participant, for that owner; what it is about has the incident's word. */
        Response propose(String subject, String owner) {
            Map<String, Object> body = new java.util.LinkedHashMap<>(Api.good("incidentId", id.toString()));
            body.put("title", "Rotate the keys of " + word + " within the vault");
            body.put("owner", owner);
            return as("responder", subject).body(body).post(ITEMS);
        }

        String proposed(String subject, String owner) {
            return propose(subject, owner).then().statusCode(201).extract().path("id");
        }

        /** Until this service knows it, as an admin can tell. */
        Leak known() {
            until(() -> as("admin", "an-admin")
                            .body(Api.good("incidentId", reference))
                            .post(ITEMS)
                            .statusCode()
                    == 201);
            return this;
        }
    }

    private static synchronized IncidentTopic topic() {
        if (topic == null) {
            topic = new IncidentTopic();
        }
        return topic;
    }

    @AfterAll
    static void close() {
        if (topic != null) {
            topic.close();
            topic = null;
        }
    }

    private static RequestSpecification as(String role, String subject) {
        return RestAssured.given()
                .header("Authorization", Tokens.bearer(role, subject))
                .contentType("application/json");
    }

    private static int seen(String item, String subject) {
        return as("viewer", subject).get(ITEMS + "/" + item).statusCode();
    }

    private static UUID person(String subject) {
        return StreamIds.person("oidc", subject);
    }

    private static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }

    @Override
    protected Case restricted() {
        Leak incident = new Leak(Visibility.RESTRICTED)
                .says(now -> new IncidentEvent.RoleAssigned("SCRIBE", person("scribe"), now))
                .says(now -> new IncidentEvent.Paged(person("paged"), null, null, now))
                .says(now -> new IncidentEvent.ParticipantAdded(person("added"), now))
                .known();
        until(() -> incident.propose("added", "item-owner").statusCode() == 201);
        String item = incident.proposed("added", "item-owner");
        String reference = as("viewer", "added").get(ITEMS + "/" + item).path("reference");
        return new Case() {
            @Override
            public String value(String path, String parameter) {
                return path.startsWith("/api/v1/action-items/") ? item : null;
            }

            @Override
            public List<String> secrets() {
                return List.of(
                        incident.id.toString(),
                        incident.word,
                        item,
                        "\"" + incident.reference + "\"",
                        "\"" + reference + "\"");
            }

            @Override
            public Map<String, String> bodies() {
                return Map.of(
                        "PATCH /api/v1/action-items/{id}", "{\"owner\":\"outsider\"}",
                        "POST /api/v1/action-items/{id}/verification", "{\"evidence\":\"x\"}",
                        "POST /api/v1/action-items/{id}/cancellation", "{\"reason\":\"x\"}");
            }

            @Override
            public Map<String, String> admitted() {
                return Map.of(
                        "an admin", Tokens.bearer("admin", "an-admin"),
                        "who holds a role", Tokens.bearer("viewer", "scribe"),
                        "who was paged", Tokens.bearer("viewer", "paged"),
                        "who was added", Tokens.bearer("viewer", "added"),
                        "who owns an action item", Tokens.bearer("viewer", "item-owner"));
            }
        };
    }

    @Test
    void nobodyBecomesAParticipantByProposingAnItemForThemselves() {
        Leak incident = new Leak(Visibility.RESTRICTED).known();

        for (String name : List.of(incident.id.toString(), incident.reference)) {
            as("responder", "outsider")
                    .body(Api.good("incidentId", name))
                    .post(ITEMS)
                    .then()
                    .statusCode(400)
                    .body("violations[0].code", equalTo("INCIDENT_UNKNOWN"));
        }
    }

    @Test
    void anIncidentRestrictedMidWayTakesItsItemsWithItAndBringsThemBack() {
        Leak incident = new Leak(Visibility.INTERNAL).known();
        String item = incident.proposed("somebody", "item-owner");
        assertThat(seen(item, "outsider")).isEqualTo(200);

        incident.says(now -> new IncidentEvent.VisibilityChanged(Visibility.RESTRICTED, null, now));

        until(() -> seen(item, "outsider") == 404);
        as("viewer", "outsider")
                .get(ITEMS + "?q=" + incident.word)
                .then()
                .statusCode(200)
                .body("items", empty());
        as("viewer", "outsider")
                .get(ITEMS + "?incident=" + incident.reference)
                .then()
                .statusCode(200)
                .body("items", empty());
        assertThat(seen(item, "item-owner")).isEqualTo(200);
        incident.says(now -> new IncidentEvent.VisibilityChanged(Visibility.INTERNAL, null, now));
        until(() -> seen(item, "outsider") == 200);
    }

    @Test
    void whoHandsTheirItemOnLosesSightWithTheSameRequest() {
        Leak incident = new Leak(Visibility.RESTRICTED)
                .says(now -> new IncidentEvent.ParticipantAdded(person("insider"), now))
                .known();
        until(() -> incident.propose("insider", "first-owner").statusCode() == 201);
        String item = incident.proposed("insider", "first-owner");
        List<String> all = as("viewer", "insider")
                .get(ITEMS + "?incident=" + incident.id)
                .jsonPath()
                .getList("items.findAll { it.owner.id == '" + person("first-owner") + "' }.id");
        assertThat(all).contains(item);

        all.forEach(each -> as("responder", "insider")
                .contentType("application/merge-patch+json")
                .body(Map.of("owner", "second-owner"))
                .patch(ITEMS + "/" + each)
                .then()
                .statusCode(200));

        assertThat(seen(item, "first-owner")).isEqualTo(404);
        assertThat(seen(item, "second-owner")).isEqualTo(200);
    }

    @Test
    void numbersOfManyIncidentsIncludeItAndThoseOfItsPostmortemDoNotExist() {
        Leak incident = new Leak(Visibility.RESTRICTED).known();
        String postmortem = StreamIds.postmortem(incident.id).toString();

        as("viewer", "outsider")
                .get("/api/v1/burndown?service=s-" + incident.word)
                .then()
                .statusCode(200)
                .body("total", equalTo(1));
        as("viewer", "outsider")
                .get("/api/v1/burndown?postmortem=" + postmortem)
                .then()
                .statusCode(200)
                .body("total", equalTo(0));
        as("viewer", "outsider")
                .get("/api/v1/balance?postmortem=" + postmortem)
                .then()
                .statusCode(200)
                .body("total", equalTo(0));
        as("admin", "an-admin")
                .get("/api/v1/balance?postmortem=" + postmortem)
                .then()
                .statusCode(200)
                .body("total", equalTo(1));
    }
}
