package dev.hindsight.conventions.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A token that was found good is remembered; what is bad about another one, or becomes bad about this one, is not forgotten. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class VerifiedTokensTest {

    private static int status(String authorization) {
        return given().header("Authorization", authorization).get("/q/metrics").statusCode();
    }

    @Test
    void theSameTokenMayComeAgainAndMeansTheSame() {
        String viewer = Tokens.bearer("viewer");
        assertThat(status(viewer)).isEqualTo(200);
        assertThat(status(viewer)).isEqualTo(200);
        int onlyForAdmins = given().header("Authorization", viewer)
                .get("/api/v1/parked-events")
                .statusCode();
        assertThat(onlyForAdmins).isEqualTo(403);
    }

    @Test
    void aRememberedTokenIsRefusedFromTheMomentThatItExpires() {
        Instant end = Instant.now().plusSeconds(4);
        String brief = Tokens.bearer("viewer", Map.of("exp", end.getEpochSecond()));
        assertThat(status(brief)).isEqualTo(200);
        assertThat(status(brief)).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> status(brief) == 401);
        assertThat(Instant.now()).isBefore(end.plusSeconds(2));
    }

    @Test
    void anotherSignatureUnderRememberedClaimsIsRefused() {
        String good = Tokens.bearer("viewer");
        assertThat(status(good)).isEqualTo(200);
        int middle = good.lastIndexOf('.') + 20;
        char other = good.charAt(middle) == 'A' ? 'B' : 'A';
        String forged = good.substring(0, middle) + other + good.substring(middle + 1);
        assertThat(status(forged)).isEqualTo(401);
        assertThat(status(forged)).isEqualTo(401);
        assertThat(status(good)).isEqualTo(200);
    }

    @Test
    void aRefusalIsNotRememberedAsAnybody() {
        String expired = Tokens.expired();
        assertThat(status(expired)).isEqualTo(401);
        assertThat(status(expired)).isEqualTo(401);
    }
}
