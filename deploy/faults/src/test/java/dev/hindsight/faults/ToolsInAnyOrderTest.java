package dev.hindsight.faults;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.incident.webhook.Payloads;
import dev.hindsight.incident.webhook.Payloads.Row;
import dev.hindsight.incident.webhook.Sender;
import dev.hindsight.local.Service;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;

/**
 * The stories of all tools' tables through the whole system, as they were written and permuted and repeated by a seeded
 * generator: the incidents, their timelines in postmortem-service and what metrics-service measures are the same.
 *
 * <p>Entries of one moment stand in the order in which they came, where the tool itself has none: they are compared as a set.
 * Suspected deploys are found by looking and no part of a story.
 *
 * <p>Of a tool that says neither when something happened nor in which order (stories whose name ends in {@code (as sent)}), and of
 * what becomes of a delivery by its arrival, deliveries are only repeated, and times are those of the arrival: they are not
 * compared.
 */
@Order(5) // after those that measure a service: the stories are of the same ones
class ToolsInAnyOrderTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final RestAssuredConfig AS_IT_IS = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig()
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                    .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.BINARY));

    private final WholeSystem system = WholeSystem.running().healthy();

    /** What a story led to: each incident with the version that it had, and the deploys. */
    private record Ending(Map<String, JsonPath> incidents, List<String> deploys) {}

    private record Told(List<Row> story, long seed, Ending inOrder, Ending shuffled) {
        boolean hasTimes() {
            return !story.getFirst().isAsSent();
        }
    }

    @TestFactory
    Stream<DynamicTest> incidentTimelineAndMetricsAreWhatTheStoryInItsOrderLeadsTo() {
        List<Told> all = new ArrayList<>();
        for (List<Row> story : Payloads.groups().values()) {
            if (story.size() > 1) {
                long seed = story.getFirst().group().hashCode();
                all.add(new Told(story, seed, tell(story), tell(Payloads.shuffled(story, new Random(seed)))));
            }
        }
        assertThat(all).hasSizeGreaterThan(20);
        all.forEach(told -> Stream.of(told.inOrder(), told.shuffled())
                .forEach(ending -> ending.incidents().forEach(this::awaitEverywhere)));
        return all.stream()
                .map(told -> DynamicTest.dynamicTest(
                        told.story().getFirst().group() + ", seed " + told.seed(),
                        () -> assertThat(seen(told, told.shuffled())).isEqualTo(seen(told, told.inOrder()))));
    }

    // ------------------------------------------------------------------------------------------------------- telling

    private Ending tell(List<Row> deliveries) {
        Row first = deliveries.getFirst();
        UUID integration = connect(first);
        Set<String> incidents = new LinkedHashSet<>();
        Set<String> deploys = new LinkedHashSet<>();
        for (Row row : deliveries) {
            Response answer = deliver(integration, row);
            assertThat(answer.statusCode()).as("%s: %s", row, answer.asString()).isIn(200, 202);
            if (answer.statusCode() == 202) {
                incidents.addAll(answer.jsonPath().getList("incidents"));
                deploys.addAll(answer.jsonPath().getList("deploys"));
            } else {
                incidents.addAll(system.as("admin", Service.INCIDENT)
                        .get("/api/v1/deliveries?limit=1&integration=" + integration)
                        .jsonPath()
                        .getList("items[0].incidents"));
            }
        }
        Map<String, JsonPath> states = new LinkedHashMap<>();
        incidents.forEach(id -> states.put(id, system.get(Service.INCIDENT, "/api/v1/incidents/" + id)));
        Ending ending = new Ending(
                states,
                deploys.stream()
                        .map(id -> system.get(Service.INCIDENT, "/api/v1/deploys/" + id))
                        .map(deploy -> Stream.of("service", "ref", "environment", "production", "state", "finishedAt")
                                .map(field -> field + " " + deploy.get(field))
                                .collect(Collectors.joining(", ")))
                        .sorted()
                        .toList());
        // What is left open would take the alerts of the next one, where they are of one service.
        incidents.forEach(id -> system.as("responder", Service.INCIDENT)
                .body(Map.of())
                .post("/api/v1/incidents/" + id + "/resolution"));
        return ending;
    }

    private UUID connect(Row row) {
        Map<String, Object> settings = JSON.convertValue(row.settings(), new TypeReference<>() {});
        return system.connect(Objects.requireNonNull(row.door()), Sender.SECRET, settings);
    }

    private Response deliver(UUID integration, Row row) {
        byte[] body = row.body();
        String provider = Objects.requireNonNull(row.door());
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Content-Type", "application/json");
        headers.putAll(Sender.headers(provider, Sender.SECRET, body, Instant.now()));
        headers.putAll(row.headers());
        RequestSpecification request =
                given().spec(system.at(Service.INCIDENT)).config(AS_IT_IS).contentType(headers.remove("Content-Type"));
        headers.forEach(request::header);
        return request.body(body).post("/webhooks/" + provider + "/" + integration);
    }

    private void awaitEverywhere(String incident, JsonPath state) {
        for (Service reader : List.of(Service.POSTMORTEM, Service.METRICS)) {
            await(incident + " in " + reader.module())
                    .atMost(PATIENCE)
                    .until(() -> system.as("admin", reader)
                                    .header("Hindsight-After", incident + "@" + state.getLong("version"))
                                    .get("/api/v1/projections")
                                    .statusCode()
                            == 200);
        }
    }

    // ------------------------------------------------------------------------------------------------------- looking

    private Map<String, List<String>> seen(Told told, Ending ending) {
        Map<String, List<String>> seen = new LinkedHashMap<>();
        seen.put("incidents", each(ending, (id, state) -> incident(state, told.hasTimes())));
        seen.put("timelines", each(ending, (id, state) -> timeline(id, state.getLong("version"), told.hasTimes())));
        seen.put("metrics", each(ending, (id, state) -> metrics(id, state.getLong("version"), told.hasTimes())));
        seen.put("deploys", ending.deploys());
        return seen;
    }

    private static List<String> each(Ending ending, BiFunction<String, JsonPath, String> how) {
        return ending.incidents().entrySet().stream()
                .map(each -> anonymous(
                        how.apply(each.getKey(), each.getValue()),
                        ending.incidents().keySet()))
                .sorted()
                .toList();
    }

    /** Without what names one incident rather than another. */
    private static String anonymous(String text, Set<String> incidents) {
        String anonymous = text.replaceAll("INC-\\d+", "INC");
        for (String incident : incidents) {
            anonymous = anonymous.replace(incident, "incident");
        }
        return anonymous;
    }

    private static String incident(JsonPath state, boolean withTimes) {
        List<String> fields = new ArrayList<>(
                List.of("title", "status", "severity", "kind", "services", "roles", "reopenings", "customerFacing"));
        if (withTimes) {
            fields.addAll(List.of("milestones", "durations"));
        }
        return fields.stream().map(field -> field + " " + state.get(field)).collect(Collectors.joining(", "));
    }

    /** Whether they stand in the order of their times, and what they say. */
    private String timeline(String incident, long version, boolean withTimes) {
        List<String> entries = new ArrayList<>();
        String cursor = "";
        List<Instant> times = new ArrayList<>();
        do {
            JsonPath page = system.get(Service.POSTMORTEM, "/api/v1/timelines/" + incident + "?limit=200" + cursor);
            for (Map<String, Object> entry : page.<Map<String, Object>>getList("entries")) {
                times.add(Instant.parse((String) entry.get("occurredAt")));
                if (((Number) ((Map<?, ?>) entry.get("source")).get("sequence")).longValue() <= version
                        && !entry.get("kind").equals("DEPLOY")) {
                    entries.add((withTimes ? entry.get("occurredAt") + " " : "") + entry.get("kind") + " by "
                            + entry.get("actor") + (withTimes ? ": " + entry.get("text") : ""));
                }
            }
            cursor = page.getString("next") == null ? "" : "&cursor=" + page.getString("next");
        } while (!cursor.isEmpty());
        assertThat(times).isSorted();
        return entries.stream()
                .sorted()
                .collect(Collectors.joining("\n"))
                .replaceAll("integration:[0-9a-f-]{36}", "integration")
                .replaceAll("Merged into [0-9a-f-]{36}", "Merged into incident");
    }

    private String metrics(String incident, long version, boolean withTimes) {
        String columns = "severity, kind, status, counts, services, reopenings"
                + (withTimes
                        ? ", impact_started_at, detected_at, declared_at, acknowledged_at, mitigated_at, resolved_at,"
                                + " closed_at, first_alert_at, first_page_at, placed_at"
                        : "");
        try (Connection database = system.database(Service.METRICS);
                PreparedStatement select = database.prepareStatement(
                        "select " + columns
                                + " from incident_fact where incident_id = ?::uuid and version <= ? order by version desc limit 1")) {
            select.setString(1, incident);
            select.setLong(2, version);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? text(found) : "nothing";
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(ResultSet row) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            columns.add(row.getMetaData().getColumnName(i) + " " + row.getString(i));
        }
        return String.join(", ", columns);
    }
}
