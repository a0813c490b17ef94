package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever comes to the address of a service other than the incident-service. */
public abstract class FrontDoor {

    @ParameterizedTest
    @ValueSource(strings = {"text/html,application/xhtml+xml,*/*;q=0.8", "application/json", "*/*"})
    void itsAddressLeadsToTheFrontPage(String accept) {
        Response answer =
                RestAssured.given().redirects().follow(false).accept(accept).get("/");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("http://127.0.0.1:8081/");
    }
}
