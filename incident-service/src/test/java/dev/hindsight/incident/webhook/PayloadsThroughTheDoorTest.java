package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import dev.hindsight.incident.webhook.Payloads.Row;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The same tables, through the public door and a real database: durable, answered as the row says, and never a 4xx. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class PayloadsThroughTheDoorTest {

    private static final Set<String> NOTHING_CAME_OF_IT = Set.of("IGNORED", "PARKED");

    /** Bodies are bytes, whatever they are called: nothing writes a form anew. */
    private static final RestAssuredConfig AS_IT_IS = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig()
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                    .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.BINARY));

    @TestFactory
    Stream<DynamicTest> everyDeliveryBecomesWhatItsRowSays() {
        return Payloads.groups().entrySet().stream()
                .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> {
                    Set<String> seen = new LinkedHashSet<>();
                    try {
                        tell(group.getValue(), seen);
                    } finally {
                        // What is left open would take the alerts of the next one, where they are of one service.
                        seen.forEach(PayloadsThroughTheDoorTest::end);
                    }
                }));
    }

    private static void tell(List<Row> rows, Set<String> seen) {
        Row first = rows.getFirst();
        String provider = Objects.requireNonNull(first.door());
        Map<String, Object> settings = Payloads.JSON.convertValue(first.settings(), Map.class);
        UUID integration = Api.integration(provider, Sender.SECRET, settings);
        Map<String, String> onRecord = new HashMap<>();
        for (Row row : rows) {
            JsonPath receipt = deliver(integration, row);
            List<String> incidents = receipt.getList("incidents");
            seen.addAll(incidents);
            assertThat(receipt.getString("outcome") + " | " + states(incidents) + deploys(receipt.getList("deploys")))
                    .as("%s: %s", row, receipt.prettify())
                    .isEqualTo(row.outcome() + " | " + row.incidents());
            // A delivery that comes again is the same delivery: what became of it first stands, where anything did.
            String delivery = receipt.getString("deliveryId");
            onRecord.merge(
                    delivery, row.outcome(), (before, now) -> NOTHING_CAME_OF_IT.contains(before) ? now : before);
            JsonPath kept = as("admin")
                    .get("/api/v1/deliveries/" + delivery)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertThat(kept.getString("outcome")).as("%s", row).isEqualTo(onRecord.get(delivery));
        }
    }

    private static JsonPath deliver(UUID integration, Row row) {
        byte[] body = row.body();
        String provider = Objects.requireNonNull(row.door());
        var request = given().config(AS_IT_IS).contentType("application/json");
        Sender.headers(provider, Sender.SECRET, body, Instant.now()).forEach(request::header);
        for (Map.Entry<String, String> header : row.headers().entrySet()) {
            if (header.getKey().equalsIgnoreCase("content-type")) {
                request.contentType(header.getValue());
            } else {
                request.header(header.getKey(), header.getValue());
            }
        }
        Response answer = request.body(body).post("/webhooks/" + provider + "/" + integration);
        assertThat(answer.statusCode()).as("%s", row).isIn(200, 202);
        return answer.statusCode() == 202 ? answer.jsonPath() : newest(integration);
    }

    /** Where the tool wants to hear something of its own, what became of the delivery stands on record. */
    private static JsonPath newest(UUID integration) {
        JsonPath newest = as("admin")
                .get("/api/v1/deliveries?limit=1&integration=" + integration)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return JsonPath.from(Payloads.JSON
                .createObjectNode()
                .put("deliveryId", newest.getString("items[0].id"))
                .put("outcome", newest.getString("items[0].outcome"))
                .<ObjectNode>set("incidents", Payloads.JSON.valueToTree(newest.getList("items[0].incidents")))
                .<ObjectNode>set("deploys", Payloads.JSON.createArrayNode())
                .toString());
    }

    private static String states(List<String> incidents) {
        return incidents.stream()
                .map(id -> {
                    JsonPath incident = Api.incident(id);
                    return World.state(
                            incident.getString("status"),
                            incident.getInt("reopenings"),
                            incident.getString("severity"),
                            incident.getList("services"),
                            incident.getString("title"));
                })
                .sorted()
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
    }

    private static String deploys(List<String> deploys) {
        return deploys.stream()
                .map(id -> {
                    JsonPath deploy = as("viewer")
                            .get("/api/v1/deploys/" + id)
                            .then()
                            .statusCode(200)
                            .extract()
                            .jsonPath();
                    return World.deploy(
                            deploy.getString("state"),
                            deploy.getString("service"),
                            deploy.getString("ref"),
                            deploy.getString("environment"),
                            deploy.getBoolean("production"));
                })
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
    }

    private static void end(String incident) {
        as("responder").body(Map.of()).post("/api/v1/incidents/" + incident + "/resolution");
    }
}
