package dev.hindsight.incident.imports;

import static dev.hindsight.incident.Api.as;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The beginning of a real system's log; all of it is imported by {@code deploy/bench/run import}. */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class RealLogTest {

    private static final int INCIDENTS = 400;

    @Test
    void theBeginningOfARealLogIsImportedAndAgainChangesNothing() throws Exception {
        assumeThat(ImportFiles.REAL_LOG).exists();
        List<String> lines;
        try (Stream<String> all = Files.lines(ImportFiles.REAL_LOG)) {
            lines = all.limit(INCIDENTS).toList();
        }
        // Whoever ran this before left them there.
        assertTotal(lines, "failed", 0);
        assertTotal(lines, "skipped", INCIDENTS);
        for (String line : lines.subList(0, 50)) {
            JsonNode told = ImportFiles.JSON.readTree(line);
            JsonNode last = told.get("history").get(told.get("history").size() - 1);
            JsonPath incident = as("viewer")
                    .get("/api/v1/incidents/"
                            + StreamIds.imported(
                                    "servicenow", told.get("externalId").asText()))
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertThat(incident.getLong("version"))
                    .as("one event an entry")
                    .isEqualTo(told.get("history").size());
            assertThat(incident.getString("milestones.declared"))
                    .isEqualTo(told.get("history").get(0).get("at").asText());
            assertThat(last.get("type").asText()).isEqualTo("closed");
            assertThat(incident.getString("status")).isEqualTo("CLOSED");
            assertThat(incident.getString("milestones.closed"))
                    .isEqualTo(last.get("at").asText());
        }
    }

    private static void assertTotal(List<String> lines, String what, int many)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + RestAssured.port + "/api/v1/incidents/imports"))
                                .header("Content-Type", "application/x-ndjson")
                                .header("Authorization", Tokens.bearer("admin"))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(
                                        String.join("\n", lines).getBytes(UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        String total = answer.body().reduce("", (before, line) -> line);
        assertThat(ImportFiles.JSON.readTree(total).get(what).asInt()).isEqualTo(many);
    }
}
