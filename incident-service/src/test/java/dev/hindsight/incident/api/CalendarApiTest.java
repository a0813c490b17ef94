package dev.hindsight.incident.api;

import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Api;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class CalendarApiTest {

    private static final List<Map<String, String>> MONDAYS =
            List.of(Map.of("day", "MONDAY", "from", "09:00", "to", "17:00"));

    private final String team = "!" + UUID.randomUUID();

    private static ValidatableResponse put(Map<String, ?> body) {
        return as("admin").body(body).put("/api/v1/calendars").then();
    }

    private static Map<String, Object> calendar(String team, List<Map<String, String>> hours) {
        return new HashMap<>(Map.of("team", team, "timeZone", "Europe/Berlin", "workingHours", hours));
    }

    private String member(String timeZone) {
        return member(team, timeZone);
    }

    private static String member(String team, String timeZone) {
        return as("admin")
                .body(Map.of("name", "Maria", "timeZone", timeZone, "team", team))
                .post("/api/v1/catalog/people")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static List<Object> pages(UUID incident) {
        return as("viewer")
                .get("/api/v1/incidents/" + incident + "/events?limit=250")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.findAll { it.type == 'hindsight.incident.paged.v1' }.data.afterHours");
    }

    private static void page(UUID incident, String person, String at) {
        as("responder")
                .body(Map.of("person", person, "occurredAt", at))
                .post("/api/v1/incidents/" + incident + "/pages")
                .then()
                .statusCode(200);
    }

    @Test
    void aPageIsJudgedByTheCalendarOfItsRespondersTeamInTheirOwnZone() {
        put(calendar(team, MONDAYS))
                .statusCode(200)
                .header("ETag", equalTo("\"1\""))
                .body("team", equalTo(StreamIds.team(team).toString()))
                .body("workingHours", contains(MONDAYS.getFirst()));
        String berlin = member("Europe/Berlin");
        String newYork = member("America/New_York");
        UUID incident = Api.declared();
        page(incident, berlin, "2026-03-09T08:00:00Z");
        page(incident, berlin, "2026-03-09T17:00:00Z");
        page(incident, newYork, "2026-03-09T08:00:00Z");
        assertThat(pages(incident)).containsExactly(false, true, true);
        // What was judged stays as it was judged.
        put(calendar(team, List.of())).statusCode(200).header("ETag", equalTo("\"2\""));
        page(incident, berlin, "2026-03-09T08:00:00Z");
        assertThat(pages(incident)).containsExactly(false, true, true, true);
    }

    @Test
    void aTeamThatIsMergedIntoAnotherGoesByThatOnesCalendar() {
        String alias = "alias of " + team;
        String maria = member(alias, "Europe/Berlin");
        member("Europe/Berlin");
        put(calendar(team, MONDAYS)).statusCode(200);
        as("admin")
                .body(Map.of("into", StreamIds.team(team).toString()))
                .post("/api/v1/catalog/teams/" + StreamIds.team(alias) + "/merge")
                .then()
                .statusCode(200);
        UUID incident = Api.declared();
        page(incident, maria, "2026-03-09T08:00:00Z");
        page(incident, maria, "2026-03-09T17:00:00Z");
        assertThat(pages(incident)).containsExactly(false, true);
    }

    @Test
    void aPageOfATimelineTellsThatItWasAfterHours() {
        put(calendar(team, List.of())).statusCode(200);
        UUID incident = Api.declared();
        page(incident, member("Europe/Berlin"), "2026-03-09T08:00:00Z");
        as("viewer")
                .get("/api/v1/incidents/" + incident + "/events")
                .then()
                .body("items.data.standing.pages.afterHours", hasItem(1))
                .body("items.data.standing.pages.judged", hasItem(1));
    }

    @Test
    void aCalendarIsListedAndChangedOnlyWhereItSaysSomethingElse() {
        Map<String, Object> body = calendar(team, MONDAYS);
        body.put("holidays", List.of("2026-12-25", "2026-05-01", "2026-12-25"));
        body.put(
                "shifts",
                List.of(Map.of("name", "night", "hours", Map.of("day", "MONDAY", "from", "17:00", "to", "09:00"))));
        put(body).statusCode(200).body("holidays", contains("2026-05-01", "2026-12-25"));
        put(body).statusCode(200).header("ETag", equalTo("\"1\""));
        as("viewer")
                .get("/api/v1/calendars?limit=250")
                .then()
                .statusCode(200)
                .body("items.team", hasItem(StreamIds.team(team).toString()))
                .body("items.shifts.flatten().name", hasItem("night"));
        as("admin")
                .header("If-Match", "\"7\"")
                .body(body)
                .put("/api/v1/calendars")
                .then()
                .statusCode(412);
    }

    @Test
    void whatIsWrongWithACalendarIsSaid() {
        put(Map.of("timeZone", "Europe/Atlantis", "workingHours", List.of()))
                .statusCode(400)
                .body("violations.field", contains("timeZone"));
        put(calendar(team, List.of(Map.of("day", "MONDAY", "from", "9", "to", "24:00"))))
                .statusCode(400)
                .body("violations.size()", equalTo(2));
    }
}
