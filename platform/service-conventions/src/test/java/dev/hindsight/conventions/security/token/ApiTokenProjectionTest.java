package dev.hindsight.conventions.security.token;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.AccessEvent;
import dev.hindsight.contract.AccessEvent.ApiTokenIssued;
import dev.hindsight.contract.AccessEvent.ApiTokenRevoked;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the incident-service told of API tokens, as every other service keeps it. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ApiTokenProjectionTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final ApiTokenProjection projection = new ApiTokenProjection();
    private final UUID id = StreamIds.next();
    private final ApiTokenSecret secret = ApiTokenSecret.generate();

    @Inject
    Pool pool;

    @Inject
    ApiTokens tokens;

    private Recorded<DomainEvent> fact(long version, DomainEvent event) {
        return new Recorded<>(
                new EventHeader(
                        StreamIds.named(id, "event " + version),
                        Vocabulary.wireNameOf(event),
                        id,
                        version,
                        NOW.plusSeconds(version),
                        0,
                        NOW.plusSeconds(version),
                        "0198c0de-0000-7000-8000-0000000000aa",
                        EventHeader.FROM_API,
                        null,
                        null),
                event);
    }

    private AccessEvent issued() {
        return new ApiTokenIssued(
                "Grafana", "viewer", secret.sha256(), Instant.now().plusSeconds(3600));
    }

    private void apply(DomainEvent... events) {
        List<Recorded<DomainEvent>> facts = new java.util.ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            facts.add(fact(i + 1, events[i]));
        }
        pool.withTransaction(transaction -> projection.apply(transaction, facts))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private int statusOfMetrics() {
        return given().header("Authorization", "Bearer " + secret.reveal())
                .get("/q/metrics")
                .statusCode();
    }

    @Test
    void anIssuedTokenComesInAndARevokedOneDoesNot() {
        assertThat(statusOfMetrics()).isEqualTo(401);

        apply(new PersonLearned("Ada", "oidc", "ada"), issued());
        assertThat(statusOfMetrics()).isEqualTo(200);

        apply(issued(), new ApiTokenRevoked("Grafana"));
        tokens.forget(secret.sha256());
        assertThat(statusOfMetrics()).isEqualTo(401);
    }

    @Test
    void aRevocationTakesEffectWithinSecondsWithoutAnybodyForgetting() {
        apply(issued());
        assertThat(statusOfMetrics()).isEqualTo(200);
        apply(issued(), new ApiTokenRevoked("Grafana"));
        Instant revoked = Instant.now();

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> statusOfMetrics() == 401);
        assertThat(Duration.between(revoked, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void theSameEventsTwiceLeaveTheSameRow() {
        AccessEvent issued = issued();
        apply(issued, new ApiTokenRevoked("Grafana"));
        String once = row();
        apply(issued, new ApiTokenRevoked("Grafana"));

        assertThat(row()).isEqualTo(once).contains("Grafana", "viewer", secret.sha256());
    }

    private String row() {
        Row row = pool.preparedQuery("select t::text from api_token t where id = $1")
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(id))
                .await()
                .atMost(Duration.ofSeconds(10))
                .iterator()
                .next();
        return row.getString(0);
    }
}
