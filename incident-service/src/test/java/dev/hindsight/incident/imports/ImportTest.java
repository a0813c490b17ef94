package dev.hindsight.incident.imports;

import static dev.hindsight.incident.Api.as;
import static dev.hindsight.incident.Api.incident;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class ImportTest {

    private static final String NDJSON = "application/x-ndjson";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String source = ImportFiles.source(new Random());

    private static HttpResponse<String> post(String role, String type, String query, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(query))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (role != null) {
            request.header("Authorization", Tokens.bearer(role));
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String query) {
        return URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/incidents/imports" + query);
    }

    private static List<JsonNode> imported(String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("admin", NDJSON, "", body.getBytes(UTF_8));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith(NDJSON));
        return lines(answer.body());
    }

    private static List<JsonNode> lines(String body) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : body.lines().toList()) {
            lines.add(ImportFiles.JSON.readTree(line));
        }
        return lines;
    }

    private static void assertTotal(List<JsonNode> answer, int imported, int skipped, int failed) {
        assertThat(answer.getLast().toString())
                .isEqualTo("{\"imported\":%d,\"skipped\":%d,\"failed\":%d}".formatted(imported, skipped, failed));
    }

    private UUID id(String externalId) {
        return StreamIds.imported(source, externalId);
    }

    private String line(String externalId, int entries) {
        return ImportFiles.line(source, externalId, entries) + "\n";
    }

    @Test
    void anImportedIncidentIsReadLikeAnyOtherAndSaysThatItWasImported() throws Exception {
        assertTotal(imported(line("INC1", 5)), 1, 0, 0);
        JsonPath incident = incident(id("INC1").toString());
        assertThat(incident.getString("title")).isEqualTo("Mail is slow");
        assertThat(incident.getString("status")).isEqualTo("CLOSED");
        assertThat(incident.getString("milestones.declared")).isEqualTo("2016-02-29T06:38:00Z");
        assertThat(incident.getString("milestones.closed")).isEqualTo("2016-02-29T08:18:00Z");
        assertThat(incident.getBoolean("imported")).isTrue();
        assertThat(incident.getList("sources")).isEqualTo(List.of("import|" + source + "|INC1"));
        assertThat(incident.getString("roles.INCIDENT_COMMANDER"))
                .isEqualTo(StreamIds.person(source, "bo").toString());
        assertThat(incident.getString("reference")).matches("INC-\\d+");
        as("viewer")
                .queryParam("service", "mail of " + source)
                .get("/api/v1/incidents")
                .then()
                .body("items.id", contains(id("INC1").toString()));
        as("viewer")
                .get("/api/v1/incidents/" + id("INC1") + "/events")
                .then()
                .body("items.source", everyItem(equalTo("/imports/" + source)))
                .body(
                        "items.actor",
                        everyItem(equalTo(StreamIds.person(source, "ann").toString())))
                .body("items.sourceOrder", contains(0, 1, 2, 3, 4));
        as("viewer")
                .get("/api/v1/incidents/" + id("INC1") + "/verification")
                .then()
                .body("intact", equalTo(true));
        assertThat(Instant.parse(as("viewer")
                        .get("/api/v1/incidents/" + id("INC1") + "/events")
                        .then()
                        .extract()
                        .jsonPath()
                        .getString("items[0].recordedAt")))
                .isAfter(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void peopleAndServicesAreLearned() throws Exception {
        imported(line("INC1", 5));
        learned(StreamIds.person(source, "ann"), "person", "ann");
        learned(StreamIds.person(source, "bo"), "person", "bo");
        learned(StreamIds.service("mail of " + source), "service", "mail of " + source);
    }

    private void learned(UUID entry, String kind, String name) {
        as("viewer")
                .get("/api/v1/streams/" + entry + "/events")
                .then()
                .statusCode(200)
                .body("items.type", contains("hindsight.catalog." + kind + "-learned.v1"))
                .body("items.source", contains("/imports/" + source))
                .body("items[0].data.name", equalTo(name));
    }

    @Test
    void theSameAgainChangesNothingAndALongerHistoryAddsWhatIsNew() throws Exception {
        imported(line("INC1", 4) + line("INC2", 5));
        assertTotal(imported(line("INC2", 5) + line("INC1", 4)), 0, 2, 0);
        JsonPath before = incident(id("INC1").toString());
        assertThat(before.getString("status")).isEqualTo("RESOLVED");
        assertThat(before.getLong("version")).isEqualTo(4);

        assertTotal(imported(line("INC1", 7) + line("INC2", 5)), 1, 1, 0);
        JsonPath after = incident(id("INC1").toString());
        assertThat(after.getString("status")).isEqualTo("CLOSED");
        assertThat(after.getLong("version")).isEqualTo(7);
        assertThat(after.getString("reference")).isEqualTo(before.getString("reference"));
    }

    @Test
    void theSameIncidentTwiceInOneBodyIsOneIncident() throws Exception {
        assertTotal(imported(line("INC1", 3) + line("INC1", 3) + line("INC1", 5) + line("INC1", 4)), 2, 2, 0);
        assertThat(incident(id("INC1").toString()).getLong("version")).isEqualTo(5);
    }

    @Test
    void theOrderOfTheLinesDoesNotMatter() throws Exception {
        List<String> all = IntStream.range(0, 120)
                .mapToObj(i -> line("INC" + i, 1 + i % 9))
                .collect(Collectors.toCollection(ArrayList::new));
        all.addAll(IntStream.range(0, 120).mapToObj(i -> line("INC" + i, 9)).toList());
        Collections.shuffle(all, new Random(4));
        imported(String.join("", all));
        assertTotal(imported(String.join("", all)), 0, 240, 0);
        for (int i : List.of(0, 17, 119)) {
            assertThat(incident(id("INC" + i).toString()).getLong("version")).isEqualTo(9);
        }
        as("viewer")
                .queryParam("service", "mail of " + source)
                .queryParam("limit", 250)
                .get("/api/v1/incidents")
                .then()
                .body("items.size()", equalTo(120))
                .body("items.version", everyItem(equalTo(9)));
    }

    @Test
    void twoImportsOfTheSameAtOnceDoItOnce() throws Exception {
        String body = IntStream.range(0, 200).mapToObj(i -> line("INC" + i, 5)).collect(Collectors.joining());
        List<Thread> both = new ArrayList<>();
        List<JsonNode> totals = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 2; i++) {
            both.add(Thread.ofVirtual().start(() -> {
                try {
                    totals.add(imported(body).getLast());
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread one : both) {
            one.join(Duration.ofSeconds(60));
        }
        assertThat(totals).hasSize(2);
        assertThat(totals.stream()
                        .mapToInt(total -> total.get("imported").asInt())
                        .sum())
                .isEqualTo(200);
        assertThat(totals.stream()
                        .mapToInt(total -> total.get("skipped").asInt())
                        .sum())
                .isEqualTo(200);
    }

    @Test
    void aBadLineIsToldAndTheOthersAreImported() throws Exception {
        String future = line("INC3", 1)
                .replace("2016-02-29T06:38:00Z", Instant.now().plusSeconds(3600).toString());
        List<JsonNode> answer = imported(line("INC1", 5)
                + "nonsense\n"
                + future
                + line("INC4", 5).replace("declared", "exploded")
                + "\n"
                + line("INC5", 5).replace("\"title\":\"Mail is slow\",", "")
                + line("INC6", 5));
        assertTotal(answer, 2, 0, 4);
        assertThat(answer.stream().filter(line -> line.has("error")).map(JsonNode::toString))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("{\"line\":2,\"error\":{\"code\":\"MALFORMED_JSON\",\"message\":"),
                        second -> assertThat(second).contains("\"line\":3", "IN_THE_FUTURE"),
                        third -> assertThat(third).contains("\"line\":4", "INVALID_VALUE"),
                        fourth -> assertThat(fourth).contains("\"line\":6", "NOT_BLANK", "title must not be blank."));
        for (String notThere : List.of("INC3", "INC4", "INC5")) {
            as("admin").get("/api/v1/incidents/" + id(notThere)).then().statusCode(404);
        }
    }

    @Test
    void aLineThatIsTooLongIsToldAndTheOthersAreImported() throws Exception {
        List<JsonNode> answer =
                imported(line("INC1", 2) + "{\"title\":\"" + "x".repeat(3_000_000) + "\"}\n" + line("INC2", 2));
        assertTotal(answer, 2, 0, 1);
        assertThat(answer.stream()
                        .filter(line -> line.has("error"))
                        .findFirst()
                        .orElseThrow()
                        .toString())
                .contains("\"line\":2", "LINE_TOO_LONG");
    }

    @Test
    void whoHasNoTextToImportImportsNothing() throws Exception {
        assertTotal(imported(""), 0, 0, 0);
        assertTotal(imported("\n\n"), 0, 0, 0);
    }

    @Test
    void aSecurityIncidentIsHiddenFromOutsidersFromTheFirstMoment() throws Exception {
        imported(line("INC1", 5).replace("\"kind\":\"REAL\"", "\"kind\":\"REAL\",\"security\":true"));
        as("editor").get("/api/v1/incidents/" + id("INC1")).then().statusCode(404);
        as("admin")
                .get("/api/v1/incidents/" + id("INC1"))
                .then()
                .statusCode(200)
                .body("visibility", equalTo("RESTRICTED"));
    }

    @Test
    void onlyAnAdminImports() throws Exception {
        byte[] body = line("INC1", 2).getBytes(UTF_8);
        assertThat(post(null, NDJSON, "", body).statusCode()).isEqualTo(401);
        for (String role : List.of("viewer", "responder", "editor")) {
            assertThat(post(role, NDJSON, "", body).statusCode()).isEqualTo(403);
        }
        as("admin").get("/api/v1/incidents/" + id("INC1")).then().statusCode(404);
    }

    @Test
    void anotherContentTypeIsRefused() throws Exception {
        for (String type : List.of("application/json", "text/plain", "application/xml")) {
            HttpResponse<String> answer =
                    post("admin", type, "", line("INC1", 2).getBytes(UTF_8));
            assertThat(answer.statusCode()).isEqualTo(415);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        }
        as("admin").post("/api/v1/incidents/imports").then().statusCode(415);
    }

    @Test
    void parametersThatMeanNothingAreRefused() throws Exception {
        for (String query : List.of("?surprise=1", "?source=x", "?preset=jira&zone=UTC")) {
            HttpResponse<String> answer =
                    post("admin", NDJSON, query, line("INC1", 2).getBytes(UTF_8));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("UNKNOWN_PARAMETER");
        }
    }

    @Test
    void rowsOfCsvAreImportedLikeLines() throws Exception {
        String csv = CsvMapping.EXAMPLE + "INC0000061,Printer,burning,Print,2016-02-29 06:38:00,Ann,,,,,\n";
        String query = "?preset=servicenow&source=" + source;
        List<JsonNode> answer = lines(post("admin", "text/csv;charset=utf-8", query, csv.getBytes(UTF_8))
                .body());
        assertTotal(answer, 1, 0, 1);
        assertThat(answer.stream()
                        .filter(line -> line.has("error"))
                        .findFirst()
                        .orElseThrow()
                        .toString())
                .contains("\"line\":3", "UNKNOWN_SEVERITY");
        JsonPath incident = incident(id("INC0000060").toString());
        assertThat(incident.getString("status")).isEqualTo("CLOSED");
        assertThat(incident.getString("roles.INCIDENT_COMMANDER"))
                .isEqualTo(StreamIds.person(source, "Bo").toString());
        assertTotal(
                lines(post("admin", "text/csv", query + "&defaultSeverity=SEV4", csv.getBytes(UTF_8))
                        .body()),
                1,
                1,
                0);
    }

    @Test
    void csvWithoutWhatItNeedsIsRefused() throws Exception {
        byte[] csv = "Nr,Titel\n1,t\n".getBytes(UTF_8);
        HttpResponse<String> answer = post("admin", "text/csv", "?source=x", csv);
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonPath.from(answer.body()).getList("violations.code").forEach(code -> assertThat(code)
                .isEqualTo("COLUMN_MISSING"));
        assertThat(post("admin", "text/csv", "", csv).statusCode()).isEqualTo(400);
        assertThat(post("admin", "text/csv;charset=klingon", "?source=x", csv).statusCode())
                .isEqualTo(400);
    }

    @Test
    void progressComesWhileTheBodyIsStillBeingSent() throws Exception {
        try (Socket socket = begin()) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            chunk(out, line("INC1", 2));
            assertThat(until(in, "{\"imported\":1,")).contains("\"skipped\":0");
            chunk(out, line("INC2", 2) + "nonsense\n");
            assertThat(until(in, "{\"line\":3,")).contains("MALFORMED_JSON");
            assertThat(until(in, "{\"imported\":2,")).contains("\"imported\":2");
            out.write("0\r\n\r\n".getBytes(UTF_8));
            out.flush();
            assertThat(until(in, "0")).isEqualTo("0");
        }
    }

    @Test
    void whatWasAnsweredBeforeTheConnectionBrokeIsThereAndTheRestIsSafeToRepeat() throws Exception {
        try (Socket socket = begin()) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            chunk(out, line("INC1", 5));
            until(in, "{\"imported\":1,");
            String half = line("INC2", 5);
            chunk(out, half.substring(0, half.length() - 1));
            socket.setSoLinger(true, 0);
        }
        as("viewer").get("/api/v1/incidents/" + id("INC1")).then().statusCode(200);
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(10))
                .until(() -> as("viewer").get("/api/v1/incidents/" + id("INC2")).statusCode() == 404);
        assertTotal(imported(line("INC1", 5) + line("INC2", 5)), 1, 1, 0);
    }

    private static Socket begin() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST /api/v1/incidents/imports HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                + Tokens.bearer("admin")
                                + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .getBytes(UTF_8));
        return socket;
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        out.write(bytes);
        out.write("\r\n".getBytes(UTF_8));
        out.flush();
    }

    private static String until(BufferedReader in, String beginning) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        throw new IOException("the answer ended before " + beginning);
    }
}
