package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.Api.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every payload that is beside the project goes through its tool's door: durable, and never a 4xx. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class RealPayloadsTest {

    private static final Path WEBHOOKS =
            Path.of(System.getProperty("hindsight.fixtures", "../../shared/fixtures"), "webhooks");

    @TestFactory
    Stream<DynamicTest> whatPagerDutySends() throws IOException {
        return payloads("pagerduty")
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    byte[] body = Files.readAllBytes(file);
                    UUID integration = Api.integration("pagerduty", SECRET);
                    JsonPath answer = Api.pagerDuty(integration, Api.sign(SECRET, body), body)
                            .statusCode(202)
                            .extract()
                            .jsonPath();
                    JsonPath sent = JsonPath.from(file.toFile());
                    String type = sent.get("event.event_type");
                    String expected = type == null ? "PARKED" : type.startsWith("incident.") ? "APPLIED" : "IGNORED";
                    assertThat(answer.getString("outcome"))
                            .as(answer.prettify())
                            .isEqualTo(expected);
                    String status = sent.get("event.data.status");
                    if (expected.equals("APPLIED") && status != null) {
                        JsonPath incident = Api.incident(answer.getString("incidents[0]"));
                        assertThat(incident.getString("status")).isEqualTo(statusOf(status));
                        assertThat(incident.getString("title")).isEqualTo(sent.getString("event.data.title"));
                        assertThat(incident.getList("services"))
                                .isEqualTo(List.of(sent.getString("event.data.service.summary")));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatAlertmanagerSends() throws IOException {
        return payloads("alertmanager")
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    String body = Files.readString(file);
                    UUID integration = Api.integration("alertmanager", SECRET, Map.of("defaultService", name(file)));
                    JsonPath answer = Api.alertmanager(integration, SECRET, body)
                            .statusCode(202)
                            .extract()
                            .jsonPath();
                    assertThat(answer.getString("outcome"))
                            .as(answer.prettify())
                            .isEqualTo("APPLIED");
                    JsonPath incident = Api.incident(answer.getString("incidents[0]"));
                    assertThat(incident.getString("status"))
                            .isEqualTo(
                                    JsonPath.from(body).getString("status").equals("resolved") ? "RESOLVED" : "OPEN");
                    Api.alertmanager(integration, SECRET, body)
                            .statusCode(202)
                            .extract()
                            .jsonPath();
                    assertThat(Api.incident(answer.getString("incidents[0]")).getInt("version"))
                            .as("sent again, nothing changes")
                            .isEqualTo(incident.getInt("version"));
                }));
    }

    private static Stream<Path> payloads(String tool) throws IOException {
        Path folder = WEBHOOKS.resolve(tool);
        assumeTrue(Files.isDirectory(folder), "the fixtures are not beside the project");
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".json")
                            && !file.toString().contains("vectors"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static String name(Path file) {
        return file.getParent().getFileName() + "/" + file.getFileName();
    }

    private static String statusOf(String pagerDuty) {
        return switch (pagerDuty) {
            case "triggered" -> "OPEN";
            case "acknowledged" -> "ACKNOWLEDGED";
            case "resolved" -> "RESOLVED";
            default -> throw new AssertionError(pagerDuty);
        };
    }
}
