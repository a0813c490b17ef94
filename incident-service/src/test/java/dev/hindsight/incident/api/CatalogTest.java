package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
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
}
