package dev.hindsight.incident;

import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deploys through GitHub's door, and the incidents that they are suspected of. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class DeploysTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final String service = "shop-" + UUID.randomUUID();
    private UUID gitHub;

    @BeforeEach
    void connect() {
        gitHub = Api.integration("github", Api.SECRET, Map.of("defaultService", service));
    }

    @Test
    void aDeployBeforeAnIncidentOfItsServiceIsASuspect() {
        String deploy = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));
        UUID incident = declared(service, NOON);

        assertThat(verdict(deploy, incident)).isEqualTo("SUSPECT");
        as("viewer")
                .get("/api/v1/incidents/" + incident + "/events")
                .then()
                .body("items.type", hasItem("hindsight.incident.deploy-suspected.v1"))
                .body("items.find { it.type == 'hindsight.incident.deploy-suspected.v1' }.actor", equalTo("hindsight"));
    }

    @Test
    void soIsOneThatIsHeardOfOnlyAfterwards() {
        UUID incident = declared(service, NOON);
        String deploy = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));

        assertThat(verdict(deploy, incident)).isEqualTo("SUSPECT");
    }

    @Test
    void aServiceThatTheCatalogHasMergedIsTheSame() {
        String whole = "Shop " + UUID.randomUUID();
        as("admin")
                .body(Map.of("name", whole))
                .post("/api/v1/catalog/services")
                .then()
                .statusCode(201);
        String deploy = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));
        as("admin")
                .body(Map.of("into", StreamIds.service(whole).toString()))
                .post("/api/v1/catalog/services/" + StreamIds.service(service) + "/merge")
                .then()
                .statusCode(200);
        UUID incident = declared(whole.toUpperCase(Locale.ROOT), NOON);

        assertThat(verdict(deploy, incident)).isEqualTo("SUSPECT");
    }

    @Test
    void neitherIsOneOfAnotherServiceNorOfAnotherEnvironmentNorOfAnotherTime() {
        UUID other = declared("another-" + UUID.randomUUID(), NOON);
        UUID incident = declared(service, NOON);
        String staging = deployed("staging", NOON.minus(20, ChronoUnit.MINUTES));
        String before = deployed("production", NOON.minus(90, ChronoUnit.MINUTES));
        String after = deployed("production", NOON.plus(1, ChronoUnit.MINUTES));
        String suspect = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));

        assertThat(verdict(suspect, incident)).isEqualTo("SUSPECT");
        as("viewer")
                .get("/api/v1/deploys?incident=" + incident)
                .then()
                .statusCode(200)
                .body("items.id", contains(suspect));
        as("viewer").get("/api/v1/deploys?incident=" + other).then().body("items", empty());
        for (String deploy : List.of(staging, before, after)) {
            as("viewer").get("/api/v1/deploys/" + deploy).then().body("incidents", empty());
        }
    }

    @Test
    void anIncidentThatTurnsOutToHaveBegunEarlierHasEarlierSuspects() {
        String deploy = deployed("production", NOON.minus(100, ChronoUnit.MINUTES));
        UUID incident = UUID.fromString(Api.declare(Map.of(
                        "title",
                        "Checkout fails",
                        "severity",
                        "SEV2",
                        "services",
                        List.of(service),
                        "occurredAt",
                        NOON.toString(),
                        "impactStartedAt",
                        NOON.minus(80, ChronoUnit.MINUTES).toString()))
                .getString("id"));

        assertThat(verdict(deploy, incident)).isEqualTo("SUSPECT");
    }

    @Test
    void anIncidentThatTurnsOutToHaveBegunBeforeADeployIsNotSuspectedToComeFromIt() {
        String deploy = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));
        UUID incident = declared(service, NOON);
        assertThat(verdict(deploy, incident)).isEqualTo("SUSPECT");

        as("responder")
                .body(Map.of(
                        "milestone",
                        "IMPACT_STARTED",
                        "at",
                        NOON.minus(30, ChronoUnit.MINUTES).toString(),
                        "reason",
                        "the graphs say so"))
                .post("/api/v1/incidents/" + incident + "/corrections")
                .then()
                .statusCode(200);

        awaitNoLink(deploy, incident);
        as("viewer")
                .get("/api/v1/incidents/" + incident + "/events")
                .then()
                .body("items.find { it.type == 'hindsight.incident.deploy-cleared.v1' }.actor", equalTo("hindsight"));
    }

    @Test
    void aCanceledIncidentComesFromNoDeployButWhatPeopleConfirmedStands() {
        String suspected = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));
        String confirmed = deployed("production", NOON.minus(10, ChronoUnit.MINUTES));
        UUID incident = declared(service, NOON);
        assertThat(verdict(suspected, incident)).isEqualTo("SUSPECT");
        assertThat(verdict(confirmed, incident)).isEqualTo("SUSPECT");
        judge(incident, confirmed, "confirmation").statusCode(200);

        as("responder")
                .body(Map.of("reason", "a false alarm"))
                .post("/api/v1/incidents/" + incident + "/cancellation")
                .then()
                .statusCode(200);

        awaitNoLink(suspected, incident);
        assertThat(verdict(confirmed, incident)).isEqualTo("CONFIRMED");
    }

    @Test
    void aPersonConfirmsOrDismissesASuspect() {
        String confirmed = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));
        String dismissed = deployed("production", NOON.minus(10, ChronoUnit.MINUTES));
        UUID incident = declared(service, NOON);
        assertThat(verdict(confirmed, incident)).isEqualTo("SUSPECT");
        assertThat(verdict(dismissed, incident)).isEqualTo("SUSPECT");

        judge(incident, confirmed, "confirmation").statusCode(200).header("ETag", not(equalTo(null)));
        judge(incident, dismissed, "dismissal").statusCode(200);

        assertThat(verdict(confirmed, incident)).isEqualTo("CONFIRMED");
        assertThat(verdict(dismissed, incident)).isEqualTo("DISMISSED");
        as("viewer")
                .get("/api/v1/deploys?service=" + service.toUpperCase(Locale.ROOT) + "&verdict=CONFIRMED")
                .then()
                .body("items.id", contains(confirmed));
        as("viewer")
                .get("/api/v1/deploys?service=" + service + "&environment=production&state=SUCCEEDED&limit=1")
                .then()
                .body("items.id", contains(dismissed))
                .body("next", not(equalTo(null)));
    }

    @Test
    void whatIsNotLinkedCannotBeDismissedAndWhatDoesNotExistCannotBeJudged() {
        String deploy = deployed("production", NOON.minus(5, ChronoUnit.HOURS));
        UUID incident = declared(service, NOON);

        judge(incident, deploy, "dismissal").statusCode(409).body("reasons.code", contains("NOT_LINKED"));
        judge(incident, UUID.randomUUID().toString(), "confirmation").statusCode(404);
        judge(UUID.randomUUID(), deploy, "confirmation").statusCode(404);
        as("viewer").get("/api/v1/deploys/" + UUID.randomUUID()).then().statusCode(404);
        as("viewer").get("/api/v1/deploys?incident=" + UUID.randomUUID()).then().statusCode(404);
        as("viewer").get("/api/v1/deploys?verdict=GUILTY").then().statusCode(400);
    }

    @Test
    void aDeployDoesNotTellOfAnIncidentThatIsHidden() {
        String deploy = deployed("production", NOON.minus(20, ChronoUnit.MINUTES));
        UUID incident = declared(service, NOON);
        assertThat(verdict(deploy, incident)).isEqualTo("SUSPECT");

        as("responder")
                .body(Map.of("visibility", "RESTRICTED"))
                .post("/api/v1/incidents/" + incident + "/visibility")
                .then()
                .statusCode(200);

        String outsider = Tokens.bearer("editor", "outsider-" + UUID.randomUUID());
        given().header("Authorization", outsider)
                .get("/api/v1/deploys/" + deploy)
                .then()
                .statusCode(200)
                .body("incidents", empty());
        given().header("Authorization", outsider)
                .get("/api/v1/deploys?service=" + service + "&verdict=SUSPECT")
                .then()
                .body("items", empty());
        given().header("Authorization", outsider)
                .get("/api/v1/deploys?incident=" + incident)
                .then()
                .statusCode(404);
        as("admin").get("/api/v1/deploys/" + deploy).then().body("incidents", hasSize(1));
    }

    // ---------------------------------------------------------------------------------------------------- words

    private static UUID declared(String service, Instant at) {
        return UUID.fromString(Api.declare(Map.of(
                        "title",
                        "Checkout fails",
                        "severity",
                        "SEV2",
                        "services",
                        List.of(service),
                        "occurredAt",
                        at.toString()))
                .getString("id"));
    }

    /** The id of a deploy that succeeded at that time. */
    private String deployed(String environment, Instant at) {
        long id = Math.abs(UUID.randomUUID().getMostSignificantBits() >> 12);
        byte[] body = """
                {"action":"created",
                 "deployment":{"id":%1$d,"ref":"v7","environment":"%2$s","created_at":"%3$s","payload":{}},
                 "deployment_status":{"id":%1$d,"state":"success","created_at":"%3$s"},
                 "repository":{"id":1,"name":"shop"}}""".formatted(id, environment, at).getBytes(StandardCharsets.UTF_8);
        JsonPath receipt = given().contentType("application/json")
                .header("X-GitHub-Event", "deployment_status")
                .header("X-Hub-Signature-256", Api.sign(Api.SECRET, body).replace("v1=", "sha256="))
                .body(body)
                .post("/webhooks/github/" + gitHub)
                .then()
                .statusCode(202)
                .body("outcome", equalTo("APPLIED"))
                .extract()
                .jsonPath();
        return receipt.getString("deploys[0]");
    }

    /** What is said of the deploy once anything is. */
    private static String verdict(String deploy, UUID incident) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> as("viewer")
                                .get("/api/v1/deploys/" + deploy)
                                .then()
                                .statusCode(200)
                                .extract()
                                .jsonPath()
                                .<String>getString("incidents.find { it.incident == '" + incident + "' }?.verdict"),
                        found -> found != null);
    }

    private static void awaitNoLink(String deploy, UUID incident) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> as("viewer")
                        .get("/api/v1/deploys/" + deploy)
                        .then()
                        .statusCode(200)
                        .body("incidents.incident", not(hasItem(incident.toString()))));
    }

    private static ValidatableResponse judge(UUID incident, String deploy, String how) {
        Map<String, Object> body = new HashMap<>();
        body.put("reason", "we looked");
        return as("responder")
                .body(body)
                .post("/api/v1/incidents/" + incident + "/deploys/" + deploy + "/" + how)
                .then();
    }
}
