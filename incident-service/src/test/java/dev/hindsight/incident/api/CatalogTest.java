package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who is who: people whom tools know, and the tokens that they come with. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class CatalogTest {

    /** Sorts before all others, so that the first page of the list has it. */
    private final String name = "!" + UUID.randomUUID();

    private UUID learned() {
        UUID incident = Api.declared();
        as("responder")
                .body(Map.of("person", name))
                .post("/api/v1/incidents/" + incident + "/pages")
                .then()
                .statusCode(200);
        return StreamIds.person("oidc", name);
    }

    private static String subjectOf(UUID person) {
        return "/api/v1/catalog/people/" + person + "/subject";
    }

    @Test
    void aPersonIsLinkedToTheSubjectOfATokenAndTheLinkIsTakenBack() {
        UUID person = learned();

        as("admin")
                .body(Map.of("subject", " ada@example.org "))
                .post(subjectOf(person))
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"2\""))
                .header("Hindsight-Version", endsWith("@2"))
                .body("id", equalTo(person.toString()))
                .body("aliases.tool", contains("oidc", "oidc"))
                .body("aliases.key", contains(name, "ada@example.org"));

        as("viewer")
                .get("/api/v1/catalog/people?limit=250")
                .then()
                .statusCode(200)
                .body("items.find { it.id == '" + person + "' }.aliases.key", hasItem("ada@example.org"));
        as("viewer")
                .get("/api/v1/streams/" + person + "/events")
                .then()
                .body("items[1].type", equalTo("hindsight.catalog.person-linked.v1"));
        as("admin")
                .delete(subjectOf(person))
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"3\""))
                .body("aliases.key", contains(name));
    }

    @Test
    void whatIsSoAlreadyChangesNothing() {
        UUID person = learned();
        as("admin").delete(subjectOf(person)).then().statusCode(200).header("ETag", "\"1\"");
        as("admin")
                .body(Map.of("subject", name))
                .post(subjectOf(person))
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"");
        for (int i = 0; i < 2; i++) {
            as("admin")
                    .body(Map.of("subject", "grace"))
                    .post(subjectOf(person))
                    .then()
                    .statusCode(200)
                    .header("ETag", "\"2\"");
        }
    }

    @Test
    void onlyPeopleWhomTheCatalogKnowsAreLinked() {
        String service = "catalog-" + UUID.randomUUID();
        Api.declare(Map.of("title", "x", "severity", "SEV3", "services", List.of(service)));
        for (UUID nobody : List.of(UUID.randomUUID(), StreamIds.service(service))) {
            as("admin")
                    .body(Map.of("subject", "ada"))
                    .post(subjectOf(nobody))
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json");
            as("admin").delete(subjectOf(nobody)).then().statusCode(404);
        }
        as("admin")
                .body(Map.of("subject", " "))
                .post(subjectOf(learned()))
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("subject"));
    }

    @Test
    void aStaleLinkIsRefused() {
        UUID person = learned();
        as("admin")
                .header("If-Match", "\"7\"")
                .body(Map.of("subject", "ada"))
                .post(subjectOf(person))
                .then()
                .statusCode(412);
    }

    private static ValidatableResponse put(String path, Map<String, ?> body) {
        return as("admin").body(body).put("/api/v1/catalog/" + path).then();
    }

    private static ValidatableResponse post(String path, Map<String, ?> body) {
        return as("admin").body(body).post("/api/v1/catalog/" + path).then();
    }

    private static ValidatableResponse get(String path) {
        return as("viewer").get("/api/v1/catalog/" + path).then();
    }

    @Test
    void servicesTeamsAndPeopleAreEnteredEachWithWhoseTheyAre() {
        String team = "Payments " + UUID.randomUUID();
        String service = "checkout-" + UUID.randomUUID();
        String serviceId = post("services", Map.of("name", " " + service + " ", "team", team))
                .statusCode(201)
                .header("ETag", equalTo("\"1\""))
                .header("Location", endsWith("/api/v1/catalog/services/" + StreamIds.service(service)))
                .body("name", equalTo(service))
                .body("team", equalTo(StreamIds.team(team).toString()))
                .body("learned", equalTo(false))
                .extract()
                .path("id");
        get("services/" + serviceId).statusCode(200).header("ETag", equalTo("\"1\""));
        // The team was learned on the way.
        get("teams/" + StreamIds.team(team)).statusCode(200).body("learned", equalTo(true));
        put("teams/" + StreamIds.team(team), Map.of("lead", name))
                .statusCode(200)
                .body("lead", equalTo(StreamIds.person("oidc", name).toString()))
                .body("learned", equalTo(false));
        String person = post(
                        "people", Map.of("name", "Maria", "timeZone", "Europe/Stockholm", "team", StreamIds.team(team)))
                .statusCode(201)
                .body("timeZone", equalTo("Europe/Stockholm"))
                .body("team", equalTo(StreamIds.team(team).toString()))
                .extract()
                .path("id");
        put("people/" + person, Map.of("name", "Maria L."))
                .statusCode(200)
                .body("name", equalTo("Maria L."))
                .body("team", nullValue());
        put("services/" + serviceId, Map.of()).statusCode(200).body("team", nullValue());
    }

    private static Map<String, String> alias(String tool, String key) {
        return Map.of("tool", tool, "key", key);
    }

    @Test
    void aServiceIsMeantByWhateverToolsCallItAndNoLongerByWhatIsTakenAway() {
        String service = "checkout-" + UUID.randomUUID();
        String one = "Checkout API " + UUID.randomUUID();
        String two = "chk-" + UUID.randomUUID();
        // A tool has called it so before anybody said that it is the same.
        String incident = Api.declare(Map.of("title", "x", "severity", "SEV3", "services", List.of(two)))
                .getString("id");
        String path = "services/"
                + post(
                                "services",
                                Map.of(
                                        "name",
                                        service,
                                        "aliases",
                                        List.of(
                                                alias("pagerduty", " " + one + " "),
                                                alias("opsgenie", two),
                                                alias("goalert", two),
                                                alias("datadog", service))))
                        .statusCode(201)
                        .header("ETag", equalTo("\"2\""))
                        .body("aliases.tool", containsInAnyOrder("datadog", "pagerduty", "opsgenie", "goalert"))
                        .extract()
                        .<String>path("id");
        get(path).body("aliases.key", containsInAnyOrder(one, two, two, service));
        get("services/" + StreamIds.service(one))
                .body("mergedInto", equalTo(StreamIds.service(service).toString()));
        as("viewer").get("/api/v1/incidents?service=" + service).then().body("items.id", contains(incident));

        // What is left out stays as it is; and the whole of it again changes nothing.
        put(path, Map.of()).statusCode(200);
        List<Map<String, String>> all = get(path).extract().path("aliases");
        put(path, Map.of("aliases", all)).statusCode(200).body("aliases", hasSize(4));
        get("services/" + StreamIds.service(two)).header("ETag", equalTo("\"3\""));

        put(path, Map.of("aliases", List.of(alias("goalert", two))))
                .statusCode(200)
                .body("aliases.tool", contains("goalert"))
                .body("aliases.key", contains(two));
        get("services/" + StreamIds.service(one)).body("mergedInto", nullValue());
        put(path, Map.of("aliases", List.of())).statusCode(200).body("aliases", hasSize(0));
        as("viewer").get("/api/v1/incidents?service=" + service).then().body("items", hasSize(0));
    }

    @Test
    void aPersonOfSeveralToolsIsOnePersonAndKeepsTheirTokens() {
        UUID person = learned();
        String key = "P" + UUID.randomUUID();
        put("people/" + person, Map.of("name", "Maria", "aliases", List.of(alias("pagerduty", key))))
                .statusCode(200)
                .body("aliases.tool", contains("oidc", "pagerduty"))
                .body("aliases.key", contains(name, key));
        UUID paged = StreamIds.person("pagerduty", key);
        get("people/" + paged).statusCode(200).body("mergedInto", equalTo(person.toString()));
        // With the token of the whole, as with every merge.
        get("people/" + paged).body("aliases.tool", contains("pagerduty", "oidc"));
        List<Map<String, String>> all = get("people/" + person).extract().path("aliases");
        put("people/" + person, Map.of("name", "Maria", "aliases", all))
                .statusCode(200)
                .body("aliases", hasSize(2));
        put("people/" + person, Map.of("name", "Maria", "aliases", List.of())).statusCode(200);
        get("people/" + person).body("aliases.tool", contains("oidc"));
        get("people/" + paged).body("mergedInto", nullValue()).body("aliases.tool", contains("pagerduty"));
    }

    @Test
    void anAliasThatMeansSomethingElseIsRefused() {
        String one = "one-" + UUID.randomUUID();
        String two = "two-" + UUID.randomUUID();
        String other = "other-" + UUID.randomUUID();
        post("services", Map.of("name", one, "aliases", List.of(alias("goalert", other))))
                .statusCode(201);
        post("services", Map.of("name", two, "aliases", List.of(alias("goalert", other))))
                .statusCode(409)
                .body("reasons.code", contains("ALIAS_OF_ANOTHER"));
        post("services", Map.of("name", two, "aliases", List.of(alias("goalert", one))))
                .statusCode(409)
                .body("reasons.code", contains("HAS_DUPLICATES"));
        get("services/" + StreamIds.service(two)).statusCode(404);
        put("services/" + StreamIds.service(other), Map.of("aliases", List.of()))
                .statusCode(409);
        put("people/" + learned(), Map.of("name", "Maria", "aliases", List.of(alias("oidc", "somebody"))))
                .statusCode(400)
                .body("violations.field", contains("aliases[0].tool"))
                .body("violations.code", contains("USE_SUBJECT"));
        post("teams", Map.of("name", two, "aliases", List.of(alias(" ", "x"))))
                .statusCode(400)
                .body("violations.field", contains("aliases[0].tool"));
        put("teams/" + UUID.randomUUID(), Map.of("aliases", List.of())).statusCode(404);
        as("admin")
                .header("If-Match", "\"7\"")
                .body(Map.of("aliases", List.of(alias("x", "y"))))
                .put("/api/v1/catalog/services/" + StreamIds.service(one))
                .then()
                .statusCode(412);
    }

    @Test
    void whatIsThereIsNotEnteredAgain() {
        String team = "Payments " + UUID.randomUUID();
        post("teams", Map.of("name", team)).statusCode(201);
        post("teams", Map.of("name", team.toUpperCase(Locale.ROOT)))
                .statusCode(409)
                .body("reasons.code", contains("ALREADY_KNOWN"));
    }

    @Test
    void whatIsWrongWithAnEntryIsSaid() {
        post("people", Map.of("name", "Maria", "timeZone", "Europe/Atlantis"))
                .statusCode(400)
                .body("violations.code", contains("UNKNOWN_TIME_ZONE"));
        post("services", Map.of("name", "x-" + UUID.randomUUID(), "team", UUID.randomUUID()))
                .statusCode(400)
                .body("violations.code", contains("UNKNOWN_TEAM"));
        put("teams/" + UUID.randomUUID(), Map.of()).statusCode(404);
        get("people/" + UUID.randomUUID()).statusCode(404);
        UUID person = learned();
        get("teams/" + person).statusCode(404);
        post("people/" + person + "/merge", Map.of("into", Api.declared()))
                .statusCode(400)
                .body("violations.code", contains("UNKNOWN_ENTRY"));
        post("people/" + Api.declared() + "/merge", Map.of("into", person)).statusCode(404);
        post("people/" + person + "/merge", Map.of("into", person))
                .statusCode(400)
                .body("violations.code", contains("ITSELF"));
    }

    @Test
    void twoWhoAreOneAreMergedAndTakenApart() {
        UUID whole = learned();
        String tool = "!" + UUID.randomUUID();
        UUID incident = Api.declared();
        as("responder")
                .body(Map.of("person", tool))
                .post("/api/v1/incidents/" + incident + "/pages")
                .then()
                .statusCode(200);
        UUID duplicate = StreamIds.person("oidc", tool);

        post("people/" + duplicate + "/merge", Map.of("into", whole))
                .statusCode(200)
                .body("mergedInto", equalTo(whole.toString()));
        get("people/" + whole).statusCode(200).body("aliases.key", contains(name, tool));
        post("people/" + whole + "/merge", Map.of("into", duplicate))
                .statusCode(409)
                .body("reasons.code", contains("TARGET_IS_MERGED", "HAS_DUPLICATES"));
        as("admin")
                .delete("/api/v1/catalog/people/" + duplicate + "/merge")
                .then()
                .statusCode(200)
                .body("mergedInto", nullValue());
        get("people/" + whole).body("aliases.key", contains(name));
    }

    @Test
    void whoIsMergedSeesTheRestrictedIncidentsOfBoth() {
        UUID whole = learned();
        String tool = "!" + UUID.randomUUID();
        UUID incident = restrictedIncidentThatPaged(tool);
        assertThat(seen(incident)).isEqualTo(404);
        post("people/" + StreamIds.person("oidc", tool) + "/merge", Map.of("into", whole))
                .statusCode(200);
        assertThat(seen(incident)).isEqualTo(200);
        as("admin")
                .delete("/api/v1/catalog/people/" + StreamIds.person("oidc", tool) + "/merge")
                .then()
                .statusCode(200);
        assertThat(seen(incident)).isEqualTo(404);
    }

    @Test
    void whoIsLinkedOrUnlinkedIsSoUnderEveryEntryThatIsTheSamePerson() {
        String tool = "!" + UUID.randomUUID();
        UUID incident = restrictedIncidentThatPaged(tool);
        UUID duplicate = StreamIds.person("oidc", tool);
        // Whom no token is known of.
        UUID whole = UUID.fromString(post("people", Map.of("name", "Grace " + tool))
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("id"));
        post("people/" + duplicate + "/merge", Map.of("into", whole)).statusCode(200);
        assertThat(seen(incident)).isEqualTo(404);

        post("people/" + whole + "/subject", Map.of("subject", name)).statusCode(200);
        assertThat(seen(incident)).as("linked after the merge").isEqualTo(200);

        as("admin").delete(subjectOf(whole)).then().statusCode(200).header("ETag", equalTo("\"3\""));
        assertThat(seen(incident)).as("unlinked").isEqualTo(404);

        post("people/" + duplicate + "/subject", Map.of("subject", name))
                .statusCode(200)
                .body("id", equalTo(duplicate.toString()));
        assertThat(seen(incident)).as("linked by the other entry").isEqualTo(200);
        post("people/" + whole + "/subject", Map.of("subject", "!" + UUID.randomUUID()))
                .statusCode(200);
        assertThat(seen(incident)).as("linked to another token").isEqualTo(404);
    }

    @Test
    void aLinkGoesByTheVersionOfTheEntryThatIsNamed() {
        UUID person = learned();
        as("admin")
                .header("If-Match", "\"7\"")
                .body(Map.of("subject", "!" + UUID.randomUUID()))
                .post(subjectOf(person))
                .then()
                .statusCode(412);
    }

    private static UUID restrictedIncidentThatPaged(String person) {
        UUID incident = Api.declared();
        as("responder")
                .body(Map.of("person", person))
                .post("/api/v1/incidents/" + incident + "/pages")
                .then()
                .statusCode(200);
        as("admin")
                .body(Map.of("visibility", "RESTRICTED"))
                .post("/api/v1/incidents/" + incident + "/visibility")
                .then()
                .statusCode(200);
        return incident;
    }

    private int seen(UUID incident) {
        return RestAssured.given()
                .header("Authorization", Tokens.bearer("viewer", name))
                .get("/api/v1/incidents/" + incident)
                .statusCode();
    }

    @Test
    void aNameThatIsRemovedIsShownNowhereAndHistoryStaysAsItIs() {
        UUID person = learned();
        String tool = "!" + UUID.randomUUID();
        UUID incident = Api.declared();
        as("responder")
                .body(Map.of("person", tool))
                .post("/api/v1/incidents/" + incident + "/pages")
                .then()
                .statusCode(200);
        UUID duplicate = StreamIds.person("oidc", tool);
        post("people/" + duplicate + "/merge", Map.of("into", person)).statusCode(200);

        // Whichever of the two entries is named.
        post("people/" + duplicate + "/name-removal", Map.of("reason", "Asked for."))
                .statusCode(200);
        as("viewer").get("/api/v1/catalog/people/" + person).then().body("name", equalTo("(name removed)"));
        post("people/" + person + "/name-removal", Map.of("reason", "Asked for."))
                .statusCode(200)
                .body("name", equalTo("(name removed)"))
                .body("aliases", equalTo(List.of()));

        for (String role : List.of("viewer", "admin")) {
            for (UUID each : List.of(person, duplicate)) {
                for (String where : List.of(
                        "/api/v1/catalog/people/" + each,
                        "/api/v1/streams/" + each + "/events",
                        "/api/v1/catalog/people?limit=250",
                        "/api/v1/events?after=0&limit=250")) {
                    assertThat(as(role).get(where)
                                    .then()
                                    .statusCode(200)
                                    .extract()
                                    .asString())
                            .as(where)
                            .doesNotContain(name, tool);
                }
                as(role).get("/api/v1/streams/" + each + "/verification")
                        .then()
                        .statusCode(200)
                        .body("intact", equalTo(true));
            }
        }
        put("people/" + person, Map.of("name", "Maria")).statusCode(409).body("reasons.code", contains("NAME_REMOVED"));
        post("people/" + person + "/name-removal", Map.of("reason", " ")).statusCode(400);
    }
}
