package dev.hindsight.actionitem.api;

import static dev.hindsight.actionitem.Api.good;
import static dev.hindsight.actionitem.Api.propose;
import static dev.hindsight.actionitem.Api.read;
import static dev.hindsight.actionitem.Api.step;
import static dev.hindsight.actionitem.Api.today;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Planned against actual, by UTC day. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class BurndownTest {

    private static final String BURNDOWN = "/api/v1/burndown";

    @Test
    void aPostmortemsItemsBurnDown() {
        String incident = UUID.randomUUID().toString();
        UUID postmortem = StreamIds.postmortem(UUID.fromString(incident));
        // Proposed on the 2nd, due on the 4th; done on the 3rd at 23:59:59 and, in another zone, still the 3rd.
        String first = accepted(past(incident, "2026-03-02T08:00:00Z", "2026-03-04"), "2026-03-02T09:00:00Z");
        step(first, "completion", Map.of("occurredAt", "2026-03-04T00:59:59+01:00"))
                .statusCode(200);
        // Due on the 3rd, done on the 5th: late.
        String second = accepted(past(incident, "2026-03-02T08:00:00Z", "2026-03-03"), "2026-03-02T09:00:00Z");
        step(second, "completion", Map.of("occurredAt", "2026-03-05T12:00:00Z")).statusCode(200);
        // Comes in on the 3rd, canceled on the 4th.
        String third = propose(past(incident, "2026-03-03T08:00:00Z", "2026-03-20"));
        step(third, "cancellation", Map.of("reason", "twin of another", "occurredAt", "2026-03-04T10:00:00Z"))
                .statusCode(200);

        read(BURNDOWN + "?postmortem=" + postmortem + "&from=2026-03-01&to=2026-03-06")
                .statusCode(200)
                .body("points.date", contains("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"))
                .body("points.created", contains(0, 2, 1, 0, 0))
                .body("points.closed", contains(0, 0, 1, 0, 1))
                .body("points.canceled", contains(0, 0, 0, 1, 0))
                .body("points.open", contains(0, 2, 2, 1, 0))
                .body("points.planned", contains(0, 2, 2, 0, 0))
                .body("total", equalTo(3))
                .body("closed", equalTo(2))
                .body("canceled", equalTo(1))
                .body("completionRate", equalTo(1.0f));

        read(BURNDOWN + "?postmortem=" + postmortem + "&from=2026-03-03T22:00:00Z&to=2026-03-04T01:00:00Z")
                .body("points.date", contains("2026-03-03", "2026-03-04"))
                .body("points.open", contains(2, 1));
    }

    @Test
    void withoutADayItGoesFromTheFirstItemToToday() {
        String incident = UUID.randomUUID().toString();
        propose(past(
                incident,
                today().minusDays(2) + "T08:00:00Z",
                today().plusDays(1).toString()));
        read(BURNDOWN + "?postmortem=" + StreamIds.postmortem(UUID.fromString(incident)))
                .body(
                        "points.date",
                        contains(
                                today().minusDays(2).toString(),
                                today().minusDays(1).toString(),
                                today().toString()))
                .body("points.open", contains(1, 1, 1))
                .body("completionRate", equalTo(0.0f));
    }

    @Test
    void daysToComeArePlannedOnly() {
        String incident = UUID.randomUUID().toString();
        propose(past(incident, today() + "T00:00:00Z", today().plusDays(1).toString()));
        read(BURNDOWN + "?postmortem=" + StreamIds.postmortem(UUID.fromString(incident)) + "&from=" + today() + "&to="
                        + today().plusDays(2))
                .body("points.open", contains(1, null))
                .body("points.planned", contains(1, 0));
    }

    @Test
    void aPostmortemWithoutItemsHasNothingToClose() {
        read(BURNDOWN + "?postmortem=" + UUID.randomUUID())
                .statusCode(200)
                .body("points", hasSize(1))
                .body("points.open", contains(0))
                .body("total", equalTo(0))
                .body("completionRate", nullValue());
    }

    @Test
    void anItemOfLongAgoDoesNotMakeTheAnswerEndless() {
        String incident = UUID.randomUUID().toString();
        propose(past(incident, "2020-01-01T00:00:00Z", "2020-02-01"));
        read(BURNDOWN + "?postmortem=" + StreamIds.postmortem(UUID.fromString(incident)))
                .statusCode(200)
                .body("points", hasSize(400))
                .body("points[0].open", equalTo(1));
        read(BURNDOWN).statusCode(200).body("points", hasSize(400));
    }

    @ParameterizedTest
    @CsvSource({
        "from=2026-01-01&to=2027-02-06, from, TOO_MANY_POINTS",
        "from=2020-01-01, from, TOO_MANY_POINTS",
        "from=2026-01-02&to=2026-01-01, to, BEFORE_FROM",
        "from=soon, from, INVALID_TIME",
        "postmortem=7, postmortem, INVALID_VALUE",
        "postmortem=0198c0de-0000-7000-8000-000000000001&service=checkout, service, ONE_SCOPE",
        "postmortem=0198c0de-0000-7000-8000-000000000001&team=sre, team, ONE_SCOPE",
        "service=checkout&team=sre, service, ONE_SCOPE",
        "crew=sre, crew, UNKNOWN_PARAMETER"
    })
    void whatCannotBeDrawnIsRefused(String query, String field, String code) {
        read(BURNDOWN + "?" + query)
                .statusCode(400)
                .body("violations.field", contains(field))
                .body("violations.code", contains(code));
    }

    @Test
    void fourHundredPointsAreDrawn() {
        read(BURNDOWN + "?from=2026-01-01&to=2027-02-05").statusCode(200).body("points", hasSize(400));
        read(BURNDOWN + "?from=2026-01-01&to=2026-01-01").statusCode(200).body("points", empty());
    }

    private static Map<String, @Nullable Object> past(String incident, String proposedAt, String due) {
        Map<String, @Nullable Object> body = good("incidentId", incident);
        body.put("occurredAt", proposedAt);
        body.put("dueDate", due);
        return body;
    }

    private static String accepted(Map<String, @Nullable Object> body, String at) {
        String id = propose(body);
        step(id, "acceptance", Map.of("occurredAt", at)).statusCode(200);
        return id;
    }
}
