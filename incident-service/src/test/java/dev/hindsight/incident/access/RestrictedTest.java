package dev.hindsight.incident.access;

import static dev.hindsight.incident.access.Restricted.ADDED;
import static dev.hindsight.incident.access.Restricted.COMMANDER;
import static dev.hindsight.incident.access.Restricted.DECLARER;
import static dev.hindsight.incident.access.Restricted.ITEM_OWNER;
import static dev.hindsight.incident.access.Restricted.OUTSIDER;
import static dev.hindsight.incident.access.Restricted.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class RestrictedTest {

    @Inject
    Pool pool;

    @Test
    void whoDeclaresARestrictedIncidentIsAddedAndSeesIt() {
        Restricted incident = Restricted.incident();

        as("viewer", DECLARER)
                .get(incident.path())
                .then()
                .statusCode(200)
                .body("visibility", equalTo("RESTRICTED"))
                .body(
                        "participants",
                        equalTo(List.of(StreamIds.person("oidc", DECLARER).toString())));
        assertThat(incident.seenBy(OUTSIDER)).isEqualTo(404);
        assertThat(incident.seenBy("editor", OUTSIDER)).isEqualTo(404);
        assertThat(incident.seenBy("admin", OUTSIDER)).isEqualTo(200);
    }

    @Test
    void whoIsNamedAsTheDeclarerSeesItToo() {
        Restricted incident = Restricted.declared(Map.of(
                "visibility",
                "RESTRICTED",
                "actor",
                StreamIds.person("oidc", "on-whose-behalf").toString()));

        assertThat(incident.seenBy("on-whose-behalf")).isEqualTo(200);
        assertThat(incident.seenBy(DECLARER)).isEqualTo(200);
    }

    @Test
    void aSecurityIncidentIsRestrictedFromTheBeginning() {
        Restricted incident = Restricted.declared(Map.of("security", true));

        assertThat(incident.seenBy(DECLARER)).isEqualTo(200);
        assertThat(incident.seenBy(OUTSIDER)).isEqualTo(404);
        as("responder", DECLARER)
                .body(Map.of(
                        "title",
                        "x",
                        "severity",
                        "SEV1",
                        "services",
                        List.of(),
                        "security",
                        true,
                        "visibility",
                        "INTERNAL"))
                .post("/api/v1/incidents")
                .then()
                .statusCode(400)
                .body("violations[0].code", equalTo("SECURITY_IS_RESTRICTED"));
    }

    @Test
    void anIncidentRestrictedMidWayDisappearsAtOnceAndComesBackWhenItIsOpened() {
        Restricted incident = Restricted.open();
        assertThat(incident.seenBy(OUTSIDER)).isEqualTo(200);

        incident.command(COMMANDER, "visibility", Map.of("visibility", "RESTRICTED", "reason", "customer data"))
                .statusCode(200)
                .body("visibility", equalTo("RESTRICTED"));

        assertThat(incident.seenBy(OUTSIDER)).isEqualTo(404);
        assertThat(incident.listedFor(OUTSIDER, "service", incident.service)).isEmpty();
        assertThat(incident.seenBy(COMMANDER)).as("who restricted it").isEqualTo(200);
        incident.command(COMMANDER, "visibility", Map.of("visibility", "INTERNAL"))
                .statusCode(200);
        assertThat(incident.seenBy(OUTSIDER)).isEqualTo(200);
        assertThat(incident.listedFor(OUTSIDER, "service", incident.service)).containsExactly(incident.id);
    }

    @Test
    void whatTurnsOutToBeASecurityIncidentDisappearsAtOnce() {
        Restricted incident = Restricted.open();

        incident.command(COMMANDER, "classification", Map.of("security", true))
                .statusCode(200)
                .body("security", equalTo(true))
                .body("visibility", equalTo("RESTRICTED"));

        assertThat(incident.seenBy(OUTSIDER)).isEqualTo(404);
        assertThat(incident.listedFor(OUTSIDER, "service", incident.service)).isEmpty();
        assertThat(incident.seenBy(COMMANDER)).as("who said so").isEqualTo(200);
        incident.command(COMMANDER, "classification", Map.of("security", false))
                .statusCode(200)
                .body("visibility", equalTo("RESTRICTED"));
    }

    @Test
    void anAdminWhoRestrictsIsNotAdded() {
        Restricted incident = Restricted.open();

        as("admin", "an-admin")
                .body(Map.of("visibility", "RESTRICTED"))
                .post(incident.path() + "/visibility")
                .then()
                .statusCode(200)
                .body("participants", empty());
        assertThat(incident.seenBy(DECLARER)).as("declaring takes no part").isEqualTo(404);
    }

    @Test
    void searchAndFiltersAndReferencesLeadOutsidersNowhere() {
        Restricted incident = Restricted.incident();

        assertThat(incident.listedFor(OUTSIDER, "q", incident.word)).isEmpty();
        assertThat(incident.listedFor(OUTSIDER, "service", incident.service)).isEmpty();
        assertThat(incident.listedFor(DECLARER, "q", incident.word)).containsExactly(incident.id);
        Response hidden = as("viewer", OUTSIDER).get("/api/v1/incidents/" + incident.reference);
        Response absent = as("viewer", OUTSIDER).get("/api/v1/incidents/INC-999999999");
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.asString().replace(incident.reference, "INC-n"))
                .isEqualTo(absent.asString().replace("INC-999999999", "INC-n"));
        as("viewer", DECLARER)
                .get("/api/v1/incidents/" + incident.reference)
                .then()
                .statusCode(200);
    }

    @Test
    void pagesOfAListAreFullWithoutTheRestrictedOnesBetween() {
        String service = "mixed-" + UUID.randomUUID();
        for (int i = 0; i < 6; i++) {
            Restricted.declared(
                    Map.of("services", List.of(service), "visibility", i % 2 == 0 ? "RESTRICTED" : "INTERNAL"));
        }

        Response first = as("viewer", OUTSIDER).get("/api/v1/incidents?limit=2&service=" + service);
        first.then().statusCode(200).body("items", hasSize(2));
        as("viewer", OUTSIDER)
                .get("/api/v1/incidents?limit=2&service=" + service + "&cursor="
                        + first.jsonPath().getString("next"))
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("next", equalTo(null));
    }

    @Test
    void aRoleThatIsHandedOverTakesTheSightWithIt() {
        Restricted incident = Restricted.incident();
        incident.command(DECLARER, "roles", Map.of("role", "SCRIBE", "person", COMMANDER));
        assertThat(incident.seenBy(COMMANDER)).isEqualTo(200);

        incident.command(DECLARER, "roles", Map.of("role", "SCRIBE", "person", "next-scribe"))
                .statusCode(200);

        assertThat(incident.seenBy(COMMANDER)).isEqualTo(404);
        assertThat(incident.seenBy("next-scribe")).isEqualTo(200);
    }

    @Test
    void aRoleThatIsToldLateDoesNotBringBackAnEarlierHolder() {
        Restricted incident = Restricted.incident();
        incident.command(DECLARER, "roles", Map.of("role", "SCRIBE", "person", "now-scribe"));

        incident.command(
                        DECLARER,
                        "roles",
                        Map.of(
                                "role",
                                "SCRIBE",
                                "person",
                                "once-scribe",
                                "occurredAt",
                                Instant.now().minusSeconds(600).toString()))
                .statusCode(200);

        assertThat(incident.seenBy("now-scribe")).isEqualTo(200);
        assertThat(incident.seenBy("once-scribe")).isEqualTo(404);
    }

    @Test
    void whoWasAddedCanBeTakenOutButARoleStillLetsThemIn() {
        Restricted incident = Restricted.incident();
        incident.command(DECLARER, "participants", Map.of("person", ADDED)).statusCode(200);
        assertThat(incident.seenBy(ADDED)).isEqualTo(200);

        as("responder", DECLARER)
                .delete(incident.path() + "/participants/" + ADDED)
                .then()
                .statusCode(200);

        assertThat(incident.seenBy(ADDED)).isEqualTo(404);
        incident.command(DECLARER, "roles", Map.of("role", "SCRIBE", "person", ADDED));
        assertThat(incident.seenBy(ADDED)).isEqualTo(200);
    }

    @Test
    void whoOwnsAnActionItemSeesAndDrivesItUntilTheItemGoesToSomebodyElse() {
        Restricted incident = Restricted.incident();
        UUID item = incident.item(ITEM_OWNER);
        await(() -> incident.seenBy(ITEM_OWNER) == 200);

        incident.command(ITEM_OWNER, "messages", Map.of("text", "on it")).statusCode(200);
        incident.revised(item, "another-owner");

        await(() -> incident.seenBy(ITEM_OWNER) == 404);
        assertThat(incident.seenBy("another-owner")).isEqualTo(200);
        incident.command(ITEM_OWNER, "messages", Map.of("text", "on it")).statusCode(404);
    }

    @Test
    void aCanceledItemMakesNobodyAParticipant() {
        Restricted incident = Restricted.incident();
        UUID item = incident.item(ITEM_OWNER);
        await(() -> incident.seenBy(ITEM_OWNER) == 200);

        incident.canceled(item);

        await(() -> incident.seenBy(ITEM_OWNER) == 404);
    }

    @Test
    void whomAToolKnowsSeesItUnderTheSubjectThatTheyAreLinkedTo() {
        Restricted incident = Restricted.incident();
        String known = "P" + UUID.randomUUID();
        String ofTool = StreamIds.person("oidc", known).toString();
        String subject = "linked-" + UUID.randomUUID();
        incident.command(DECLARER, "pages", Map.of("person", known)).statusCode(200);
        assertThat(incident.seenBy(subject)).isEqualTo(404);

        link(ofTool, subject).statusCode(200);

        assertThat(incident.seenBy(subject)).isEqualTo(200);
        assertThat(incident.listedFor(subject, "q", incident.word)).containsExactly(incident.id);
        incident.command(subject, "messages", Map.of("text", "here")).statusCode(200);
        link(ofTool, "somebody-else").statusCode(200);
        assertThat(incident.seenBy(subject)).as("the later link counts").isEqualTo(404);
        link(ofTool, subject).statusCode(200);
        as("admin", "an-admin")
                .delete("/api/v1/catalog/people/" + ofTool + "/subject")
                .then()
                .statusCode(200);
        assertThat(incident.seenBy(subject)).as("it was taken back").isEqualTo(404);
    }

    private static ValidatableResponse link(String person, String subject) {
        return as("admin", "an-admin")
                .body(Map.of("subject", subject))
                .post("/api/v1/catalog/people/" + person + "/subject")
                .then();
    }

    @Test
    void aKeptAnswerIsNotGivenToWhoHasLostSight() {
        Restricted incident = Restricted.open();
        String key = UUID.randomUUID().toString();
        Response first = as("responder", OUTSIDER)
                .header("Idempotency-Key", key)
                .body(Map.of("text", "before"))
                .post(incident.path() + "/messages");
        first.then().statusCode(200);
        incident.command(COMMANDER, "visibility", Map.of("visibility", "RESTRICTED"));

        as("responder", OUTSIDER)
                .header("Idempotency-Key", key)
                .body(Map.of("text", "before"))
                .post(incident.path() + "/messages")
                .then()
                .statusCode(404);
    }

    @Test
    void theKeptAnswerOfADeclarationIsNotGivenToWhoHasLostSight() {
        String key = UUID.randomUUID().toString();
        Map<String, ?> body = Map.of("title", "Leak", "severity", "SEV1", "services", List.of());
        String id = as("responder", OUTSIDER)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as("responder", OUTSIDER)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .body("id", equalTo(id));
        as("admin", "an-admin")
                .body(Map.of("visibility", "RESTRICTED"))
                .post("/api/v1/incidents/" + id + "/visibility")
                .then()
                .statusCode(200);

        as("responder", OUTSIDER)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(404);
    }

    @Test
    void aPageOfFiftyLooksIntoIndexesOnly() {
        pool.query("""
                insert into incident (id, reference, title, severity, status, kind, visibility, customer_facing, security,
                  services, roles, participants, impact, links, declared_at, pages, reopenings, sources, version)
                select gen_random_uuid(), 'INC-9' || lpad(n::text, 9, '0'), 'seeded', 'SEV3', 'RESOLVED', 'REAL', 'INTERNAL',
                  false, false, array['seeded-' || n % 100], '{}', '{}', '{}', '{"items": []}', now() - n * interval '1 minute', 0, 0, '{}',
                  1
                from generate_series(1, 20000) n""").executeAndAwait();
        pool.query("insert into restricted_incident select id from incident where title = 'seeded'"
                        + " and right(reference, 1) = '7'")
                .executeAndAwait();
        pool.query("analyze incident").executeAndAwait();
        pool.query("analyze restricted_incident").executeAndAwait();
        pool.query("analyze participation").executeAndAwait();

        for (String where : List.of(
                "true",
                "service_keys && array['seeded-7']",
                "severity = 'SEV3'",
                "status = 'RESOLVED'",
                "declared_at < now() - interval '2 days'")) {
            StringBuilder plan = new StringBuilder();
            pool.query("explain select * from incident where " + where
                            + dev.hindsight.conventions.access.Visible.sql(
                                            new dev.hindsight.conventions.access.Reader.Person("somebody"),
                                            "incident.id",
                                            new java.util.ArrayList<>())
                                    .replace("$1", "'" + StreamIds.person("oidc", "somebody") + "'")
                                    .replace("$2", "'somebody'")
                            + " order by declared_at desc, id desc limit 51")
                    .executeAndAwait()
                    .forEach(row -> plan.append(row.getString(0)).append('\n'));
            assertThat(plan.toString()).as(where).doesNotContain("Seq Scan on incident");
        }
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition);
    }
}
