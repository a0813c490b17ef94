package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a person finds at the address of the incident-service. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class FrontPageTest {

    private static RequestSpecification browser() {
        return given().redirects().follow(false).accept("text/html,application/xhtml+xml,*/*;q=0.8");
    }

    private static Response front(String role) {
        String cookie = browser()
                .queryParam("token", Tokens.login(role, Map.of("aud", "hindsight-login/incident-service")))
                .get("/login")
                .cookie("hindsight_session");
        return browser().cookie("hindsight_session", cookie).get("/");
    }

    @Test
    void itLeadsToEverythingAndSaysWhoIsSignedIn() {
        Response page = front("responder");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.contentType()).startsWith("text/html");
        assertThat(page.asString())
                .contains(Tokens.SUBJECT, "responder", "Sign out")
                .contains("http://127.0.0.1:8081/q/swagger-ui", "http://127.0.0.1:8082/q/swagger-ui")
                .contains("http://127.0.0.1:8083/q/swagger-ui", "http://127.0.0.1:8084/q/swagger-ui")
                .contains("http://127.0.0.1:8084/q/health")
                .doesNotContain("<script", " style=");
        page.then().header("Content-Security-Policy", containsString("default-src 'none'"));
    }

    @Test
    void whatGoesOnIsShownUntilItIsOver() {
        String service = "front-" + UUID.randomUUID();
        JsonPath incident = Api.declare(
                Map.of("title", "<b>Checkout</b> & friends fail", "severity", "SEV1", "services", List.of(service)));

        assertThat(front("viewer").asString())
                .contains(incident.getString("reference"), service, "SEV1")
                .contains("&lt;b&gt;Checkout&lt;/b&gt; &amp; friends fail")
                .doesNotContain("<b>Checkout");

        as("responder")
                .body(Map.of())
                .post("/api/v1/incidents/" + incident.getString("id") + "/resolution")
                .then()
                .statusCode(200);
        assertThat(front("viewer").asString()).doesNotContain(service);
    }

    @Test
    void whoIsNotSignedInIsLedToThePageThatSaysHow() {
        Response page = browser().get("/");
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.header("Location")).contains("/login?to=%2F");

        browser()
                .get("/login?to=%2F")
                .then()
                .statusCode(401)
                .contentType(containsString("text/html"))
                .body(containsString("deploy/token viewer --link"));
    }

    @Test
    void aProgramGetsAnIndex() {
        given().accept("application/json")
                .get("/")
                .then()
                .statusCode(200)
                .contentType(containsString("application/json"))
                .body("name", equalTo("Hindsight"))
                .body("services.name", hasItems("incident-service", "metrics-service"))
                .body("services[0].openApi", equalTo("http://127.0.0.1:8081/q/openapi"));
    }

    @Test
    void aTokenOpensThePageToo() {
        given().accept("text/html")
                .header("Authorization", Tokens.bearer("viewer"))
                .get("/")
                .then()
                .statusCode(200)
                .body(containsString("Going on now"));
    }
}
