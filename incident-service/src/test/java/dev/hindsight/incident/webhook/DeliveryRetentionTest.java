package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.SECRET;
import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class DeliveryRetentionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Before anything that another test sends. */
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

    @Inject
    DeliveryRetention retention;

    @Inject
    DeliveriesConfig config;

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private final String service = "search-" + UUID.randomUUID();
    private UUID integration;

    @BeforeEach
    void connect() {
        integration = Api.integration("alertmanager", SECRET);
    }

    private String firing() {
        return """
                {"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"Slow","service":"%s"},
                 "startsAt":"2026-11-20T10:00:00Z","fingerprint":"aa"}]}""".formatted(service);
    }

    private String old(String body, String outcome) {
        String delivery = Api.alertmanager(integration, SECRET, body)
                .statusCode(202)
                .body("outcome", equalTo(outcome))
                .extract()
                .jsonPath()
                .getString("deliveryId");
        pool.preparedQuery("update delivery set received_at = '2000-01-01' where id = $1")
                .executeAndAwait(Tuple.of(UUID.fromString(delivery)));
        return delivery;
    }

    private int forget() {
        return retention.forget(LONG_AGO).await().atMost(PATIENCE);
    }

    private static ValidatableResponse onRecord(String delivery) {
        return as("admin").get("/api/v1/deliveries/" + delivery).then().statusCode(200);
    }

    @Test
    void whatADeliverySaidIsForgottenAndWhatBecameOfItStays() {
        String delivery = old(firing(), "APPLIED");
        double before = meters.counter("hindsight.deliveries.forgotten").count();
        assertThat(forget()).isEqualTo(1);
        assertThat(meters.counter("hindsight.deliveries.forgotten").count()).isEqualTo(before + 1);
        onRecord(delivery)
                .body("body", nullValue())
                .body("headers", anEmptyMap())
                .body("forgottenAt", notNullValue())
                .body("outcome", equalTo("APPLIED"))
                .body("receivedAt", containsString("2000-01-01"))
                .body("incidents.size()", equalTo(1));
        as("admin")
                .post("/api/v1/deliveries/" + delivery + "/replay")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("NO_LONGER_KEPT"));
        Api.alertmanager(integration, SECRET, firing())
                .statusCode(202)
                .body("deliveryId", equalTo(delivery))
                .body("outcome", equalTo("DUPLICATE"));
        onRecord(delivery).body("attempts", equalTo(2)).body("outcome", equalTo("APPLIED"));
        assertThat(forget()).as("it is forgotten once").isZero();
    }

    @Test
    void whatIsParkedIsKeptUntilItIsSettled() {
        String body = "{\"hello\":\"" + service + "\"}";
        String delivery = old(body, "PARKED");
        assertThat(forget()).isZero();
        onRecord(delivery).body("body", equalTo(body)).body("forgottenAt", nullValue());
        pool.preparedQuery("update delivery set outcome = 'IGNORED' where id = $1")
                .executeAndAwait(Tuple.of(UUID.fromString(delivery)));
        assertThat(forget()).isEqualTo(1);
    }

    @Test
    void oneInstanceAtATimeForgets() {
        String delivery = old(firing(), "APPLIED");
        SqlConnection another = pool.getConnection().await().atMost(PATIENCE);
        Transaction turn = another.begin().await().atMost(PATIENCE);
        another.preparedQuery("select 1 from pg_advisory_xact_lock($1)")
                .executeAndAwait(Tuple.of(DeliveryRetention.TURN));
        assertThat(forget()).isZero();
        turn.commitAndAwait();
        another.closeAndAwait();
        assertThat(forget()).isEqualTo(1);
        onRecord(delivery).body("forgottenAt", notNullValue());
    }

    @Test
    void manyAreForgottenLittleByLittle() {
        int many = 2 * DeliveryRetention.AT_ONCE + 1;
        pool.preparedQuery("""
                insert into delivery (id, integration_id, outcome, incidents, headers, body, received_at, last_received_at)
                select gen_random_uuid(), $1, 'APPLIED', '{}', '{"a": "b"}', 'body', '2000-01-01', '2000-01-01'
                from generate_series(1, $2)""").executeAndAwait(Tuple.of(integration, many));
        assertThat(forget()).isEqualTo(many);
    }

    @Test
    void ninetyDaysAreKeptUnlessSomebodySaysOtherwise() {
        assertThat(config.keepContent()).isEqualTo(Duration.ofDays(90));
    }
}
