package dev.hindsight.metrics.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.metrics.Feed;
import dev.hindsight.metrics.IncidentStory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events over the real broker, numbers over HTTP; every number is worked out by hand beside it. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class MetricResourceTest {

    @Inject
    Feed feed;

    // ------------------------------------------------------------------------------------------ definitions

    @Test
    void theDefinitionsSayWhatIsMeasured() {
        as("viewer")
                .get("/api/v1/metrics")
                .then()
                .statusCode(200)
                .body(
                        "items.id",
                        contains(
                                "time_to_acknowledge",
                                "time_to_restore",
                                "incident_frequency",
                                "postmortem_completion_hours",
                                "action_item_completion_rate",
                                "change_failure_rate",
                                "paging_load"))
                .body("items.unit", contains("seconds", "seconds", "incidents", "hours", "ratio", "ratio", "pages"))
                .body("items.valueIs", contains("median", "median", "count", "median", "share", "share", "mean"))
                .body("items[0..4].groupBy", everyItem(contains("service", "team", "severity", "week", "month")))
                .body("items[5].groupBy", contains("service", "team", "week", "month"))
                .body("items[6].groupBy", contains("service", "team", "severity", "person", "week", "month"))
                .body("items[4].healthBands.name", contains("theater", "below-target", "on-target"))
                .body("next", nullValue());
    }

    // ---------------------------------------------------------------------------------------------- numbers

    @Test
    void acknowledgementOfAnEvenNumberOfIncidentsInterpolates() {
        feed.publish(
                // 60 s from the declaration
                new IncidentStory(Severity.SEV2, "ack")
                        .declared("2025-02-03T10:00:00Z")
                        .acknowledged("2025-02-03T10:01:00Z"),
                // 300 s from the page, which was earlier
                new IncidentStory(Severity.SEV2, "ack")
                        .declared("2025-02-03T12:00:00Z")
                        .paged("2025-02-03T11:58:00Z")
                        .acknowledged("2025-02-03T12:03:00Z"),
                // never acknowledged
                new IncidentStory(Severity.SEV2, "ack")
                        .declared("2025-02-03T13:00:00Z")
                        .resolved("2025-02-03T13:30:00Z"),
                // acknowledged before it was declared
                new IncidentStory(Severity.SEV2, "ack")
                        .declared("2025-02-03T14:00:00Z")
                        .acknowledged("2025-02-03T13:59:59Z"),
                // none of these counts at all
                new IncidentStory(Severity.SEV2, "ack")
                        .drill()
                        .declared("2025-02-03T15:00:00Z")
                        .acknowledged("2025-02-03T19:00:00Z"),
                new IncidentStory(Severity.SEV2, "ack")
                        .declared("2025-02-03T16:00:00Z")
                        .acknowledged("2025-02-03T19:00:00Z")
                        .canceled("2025-02-03T19:01:00Z"),
                new IncidentStory(Severity.SEV2, "ack")
                        .declared("2025-02-03T17:00:00Z")
                        .acknowledged("2025-02-03T19:00:00Z")
                        .merged("2025-02-03T19:01:00Z"));

        metric("time_to_acknowledge?service=ack")
                .body("id", equalTo("time_to_acknowledge"))
                .body("version", equalTo(1))
                .body("unit", equalTo("seconds"))
                .body("groups", hasSize(1))
                .body("groups[0].key", equalTo("all"))
                .body("groups[0].n", equalTo(2))
                .body("groups[0].value", equalTo(180.0f))
                .body("groups[0].statistics.median", equalTo(180.0f))
                .body("groups[0].statistics.mean", equalTo(180.0f))
                // 60 + 0.9 × (300 − 60)
                .body("groups[0].statistics.p90", equalTo(276.0f))
                .body("groups[0].excluded.reason", contains("MISSING_ACKNOWLEDGED", "CROSSED"))
                .body("groups[0].excluded.count", contains(1, 1))
                .body("$", not(hasKey("health")))
                .body("groups[0]", not(hasKey("figures")));
    }

    @Test
    void restorationIsServedAsBothMttrsNamedApart() {
        feed.publish(
                // SEV0: 3600 s, from the alert
                new IncidentStory(Severity.SEV0, "restore")
                        .declared("2025-03-03T10:05:00Z")
                        .alertFired("2025-03-03T10:00:00Z")
                        .resolved("2025-03-03T11:00:00Z"),
                // SEV1: 7200 s, from the start of the impact; reopened once, ends at the last resolution
                new IncidentStory(Severity.SEV1, "restore")
                        .declared("2025-03-04T10:10:00Z")
                        .impactStarted("2025-03-04T10:00:00Z")
                        .detected("2025-03-04T10:02:00Z")
                        .resolved("2025-03-04T11:00:00Z")
                        .reopened("2025-03-04T11:30:00Z")
                        .resolved("2025-03-04T12:00:00Z"),
                // SEV3: 600 s
                new IncidentStory(Severity.SEV3, "restore", "other")
                        .declared("2025-03-05T10:00:00Z")
                        .resolved("2025-03-05T10:10:00Z"),
                // open again
                new IncidentStory(Severity.SEV1, "restore")
                        .declared("2025-03-06T10:00:00Z")
                        .resolved("2025-03-06T10:10:00Z")
                        .reopened("2025-03-06T10:20:00Z"));

        metric("time_to_restore?service=restore")
                .body("total.value", equalTo(3600.0f))
                .body("total.n", equalTo(3))
                // (3600 + 7200 + 600) / 3
                .body("total.statistics.mean", equalTo(3800.0f))
                .body("total.figures.mttrMeanAll.value", equalTo(3800.0f))
                .body("total.figures.mttrMeanAll.n", equalTo(3))
                // of 3600 and 7200
                .body("total.figures.mttrMedianMajor.value", equalTo(5400.0f))
                .body("total.figures.mttrMedianMajor.n", equalTo(2))
                .body("total.figures.reopenings.value", equalTo(1.0f))
                .body("total.figures.reopenings.n", equalTo(1))
                .body("total.excluded.reason", contains("NOT_RESOLVED"));

        metric("time_to_restore?service=restore&groupBy=severity")
                .body("groups.key", contains("SEV0", "SEV1", "SEV3"))
                .body("groups.value", contains(3600.0f, 7200.0f, 600.0f))
                .body("groups[1].excluded.count", contains(1))
                .body("groups[2].figures.mttrMedianMajor.value", nullValue())
                .body("groups[2].figures.mttrMedianMajor.n", equalTo(0));

        metric("time_to_restore?service=restore&severity=SEV1").body("total.n", equalTo(1));
        metric("time_to_restore?service=restore&from=2025-03-04&to=2025-03-05T10:00:00Z")
                .body("total.n", equalTo(1));
        metric("time_to_restore?service=restore&from=2025-03-04&to=2025-03-05T10:00:00.000001Z")
                .body("total.n", equalTo(2));
    }

    @Test
    void anIncidentOfSeveralServicesCountsInEachAndOnceInTheTotal() {
        feed.publish(
                new IncidentStory(Severity.SEV1, "one", "two").declared("2019-05-06T10:00:00Z"),
                new IncidentStory(Severity.SEV1, "two").declared("2019-05-07T10:00:00Z"),
                new IncidentStory(Severity.SEV2).declared("2019-05-08T10:00:00Z"));

        metric("incident_frequency?from=2019-05-01&to=2019-06-01&groupBy=service")
                .body("groups.key", contains("(none)", "one", "two"))
                .body("groups.value", contains(1.0f, 1.0f, 2.0f))
                .body("groups.n", contains(1, 1, 2))
                .body("total.value", equalTo(3.0f))
                .body("groups[0]", not(hasKey("statistics")));
        metric("incident_frequency?from=2019-05-01&to=2019-06-01&service=one")
                .body("groups.key", contains("all"))
                .body("total.n", equalTo(1));
    }

    @Test
    void weeksAreIsoWeeksInUtcAndQuietOnesAreThere() {
        feed.publish(
                // Sunday of 2026-W53
                new IncidentStory(Severity.SEV1, "weeks").declared("2027-01-03T23:59:59.999999Z"),
                // Monday of 2027-W01
                new IncidentStory(Severity.SEV1, "weeks").declared("2027-01-04T00:00:00Z"),
                new IncidentStory(Severity.SEV1, "weeks").declared("2027-01-20T00:00:00Z"),
                // nobody declared it: placed by its first event, and excluded there
                new IncidentStory(Severity.SEV1, "weeks").noted("2027-01-21T00:00:00Z"));

        metric("incident_frequency?service=weeks&groupBy=week")
                .body("groups.key", contains("2026-W53", "2027-W01", "2027-W02", "2027-W03"))
                .body("groups.value", contains(1.0f, 1.0f, 0.0f, 1.0f));
        metric("time_to_restore?service=weeks&groupBy=month&from=2026-12-01&to=2027-03-01")
                .body("groups.key", contains("2026-12", "2027-01", "2027-02"))
                .body("groups.n", contains(0, 0, 0))
                .body("groups.value", contains(nullValue(), nullValue(), nullValue()))
                .body("groups[1].excluded.reason", contains("MISSING_DECLARED", "NOT_RESOLVED"))
                .body("groups[1].statistics.p90", nullValue());
        metric("incident_frequency?from=2027-01-21&to=2027-01-22")
                .body("total.n", equalTo(0))
                .body("total.excluded.reason", contains("MISSING_DECLARED"));
    }

    @Test
    void postmortemsAreMeasuredFromTheResolutionThatTheyFollow() {
        feed.publish(
                // 24 h
                new IncidentStory(Severity.SEV1, "pm")
                        .declared("2025-04-07T09:00:00Z")
                        .resolved("2025-04-07T10:00:00Z")
                        .drafted("2025-04-07T10:00:01Z", "2025-04-07T10:00:00Z")
                        .published("2025-04-08T10:00:00Z")
                        .published("2025-04-28T10:00:00Z"),
                // 72 h after the last resolution, not after the one the draft began from
                new IncidentStory(Severity.SEV1, "pm")
                        .declared("2025-04-07T09:00:00Z")
                        .resolved("2025-04-07T10:00:00Z")
                        .drafted("2025-04-07T10:00:01Z", "2025-04-07T10:00:00Z")
                        .reopened("2025-04-07T11:00:00Z")
                        .resolved("2025-04-08T10:00:00Z")
                        .published("2025-04-11T10:00:00Z"),
                // 48 h: published, and reopened after that
                new IncidentStory(Severity.SEV1, "pm")
                        .declared("2025-04-07T09:00:00Z")
                        .resolved("2025-04-07T10:00:00Z")
                        .drafted("2025-04-07T10:00:01Z", "2025-04-07T10:00:00Z")
                        .published("2025-04-09T10:00:00Z")
                        .reopened("2025-04-10T10:00:00Z"),
                new IncidentStory(Severity.SEV1, "pm")
                        .declared("2025-04-07T09:00:00Z")
                        .resolved("2025-04-07T10:00:00Z")
                        .drafted("2025-04-07T10:00:01Z", "2025-04-07T10:00:00Z"),
                new IncidentStory(Severity.SEV1, "pm").declared("2025-04-07T09:00:00Z"));

        metric("postmortem_completion_hours?service=pm")
                .body("unit", equalTo("hours"))
                .body("total.value", equalTo(48.0f))
                .body("total.statistics.mean", equalTo(48.0f))
                .body("total.n", equalTo(3))
                .body("total.figures.shareWithin48h.value", equalTo(2 / 3.0f))
                .body("total.figures.shareWithin48h.n", equalTo(3))
                .body("total.excluded.reason", contains("NOT_RESOLVED", "NOT_PUBLISHED"))
                .body("health.band", equalTo("late"));
    }

    @Test
    void lessThanHalfOfTheItemsClosedIsTheater() {
        feed.publish(new IncidentStory(Severity.SEV1, "items", "items-too")
                .declared("2025-06-02T09:00:00Z")
                .item("proposed", "accepted", "completed")
                .item("proposed", "accepted", "completed", "verified")
                .item("proposed", "accepted", "started")
                .item("proposed", "accepted")
                .item("proposed")
                .item("proposed", "canceled"));
        feed.publish(new IncidentStory(Severity.SEV1, "items")
                .drill()
                .declared("2025-06-02T09:00:00Z")
                .item("proposed", "accepted", "completed"));

        metric("action_item_completion_rate?service=items&groupBy=service")
                .body("unit", equalTo("ratio"))
                .body("total.value", equalTo(0.4f))
                .body("total.n", equalTo(5))
                .body("total.figures.closed.value", equalTo(2.0f))
                .body("total.figures.canceled.value", equalTo(1.0f))
                .body("total.excluded.reason", contains("CANCELED"))
                .body("groups.key", contains("items", "items-too"))
                .body("groups.value", contains(0.4f, 0.4f))
                .body("health.band", equalTo("theater"));
    }

    @ParameterizedTest
    @CsvSource({
        "time_to_acknowledge",
        "time_to_restore",
        "incident_frequency",
        "postmortem_completion_hours",
        "action_item_completion_rate",
        "change_failure_rate",
        "paging_load"
    })
    void nothingMeasuredIsNullAndNeverNaN(String id) {
        String body = metric(id + "?service=never-heard-of")
                .body("groups", hasSize(1))
                .body("total.n", equalTo(0))
                .body("total.excluded", empty())
                .body("$", not(hasKey("health")))
                .body("total.value", id.equals("incident_frequency") ? equalTo(0.0f) : nullValue())
                .extract()
                .asString();
        assertThat(body).doesNotContain("NaN");
    }

    @Test
    void asOfAnswersWithWhatWasKnownThen() {
        IncidentStory story = new IncidentStory(Severity.SEV3, "as-of")
                .recordedFrom(Instant.parse("2025-07-01T10:00:00Z"))
                .declared("2025-07-01T09:00:00Z");
        Instant declared = story.lastRecordedAt();
        story.recordedFrom(Instant.parse("2025-07-01T11:00:00Z")).resolved("2025-07-01T09:30:00Z");
        Instant resolved = story.lastRecordedAt();
        story.recordedFrom(Instant.parse("2025-07-01T12:00:00Z"))
                .severityChanged(Severity.SEV1, "2025-07-01T09:10:00Z")
                .item("proposed", "accepted")
                .recordedFrom(Instant.parse("2025-07-01T13:00:00Z"));
        feed.publish(story);

        String asked = "time_to_restore?service=as-of&groupBy=severity&asOf=";
        metric(asked + declared.minusNanos(1000)).body("total.n", equalTo(0)).body("groups", empty());
        metric(asked + declared)
                .body("total.excluded.reason", contains("NOT_RESOLVED"))
                .body("groups.key", contains("SEV3"));
        metric(asked + resolved.minusNanos(1000)).body("total.n", equalTo(0));
        metric(asked + resolved).body("total.value", equalTo(1800.0f)).body("groups.key", contains("SEV3"));
        metric(asked + "2025-07-02").body("groups.key", contains("SEV1"));
        metric("action_item_completion_rate?service=as-of&asOf=" + resolved).body("total.n", equalTo(0));
        metric("action_item_completion_rate?service=as-of&asOf=2025-07-02").body("total.n", equalTo(1));
    }

    @Test
    void theSameEventsAgainChangeNoNumber() {
        IncidentStory story = new IncidentStory(Severity.SEV1, "again")
                .declared("2025-08-01T09:00:00Z")
                .acknowledged("2025-08-01T09:02:00Z")
                .resolved("2025-08-01T10:00:00Z")
                .item("proposed", "accepted", "completed");
        feed.publish(story);
        List<String> before = answers("again");
        IncidentStory after = new IncidentStory(Severity.SEV1, "after-again").declared("2025-08-02T09:00:00Z");
        feed.publish(story, story, after);
        assertThat(answers("again")).isEqualTo(before);
        assertThat(feed.query("select 'x' from incident_fact where incident_id = '" + story.incident() + "'"))
                .hasSize(story.events(Topic.INCIDENT_EVENTS).size());
    }

    // --------------------------------------------------------------------------------------------- refusals

    @ParameterizedTest
    @CsvSource({
        "groupBy=person, groupBy, INVALID_VALUE",
        "groupBy=crew, groupBy, INVALID_VALUE",
        "team=%20, team, NOT_BLANK",
        "groupBy=SERVICE, groupBy, INVALID_VALUE",
        "severity=P1, severity, INVALID_VALUE",
        "from=yesterday, from, INVALID_TIME",
        "to=2026-13-01, to, INVALID_TIME",
        "asOf=now, asOf, INVALID_TIME",
        "from=2026-01-02&to=2026-01-02, to, EMPTY_PERIOD",
        "service=%20, service, NOT_BLANK",
        "group=service, group, UNKNOWN_PARAMETER"
    })
    void aWrongQuestionIsRefusedAndNamed(String query, String field, String code) {
        as("viewer")
                .urlEncodingEnabled(false)
                .get("/api/v1/metrics/time_to_restore?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", contains(field))
                .body("violations.code", contains(code));
    }

    @Test
    void anUnknownMetricIsNotFound() {
        as("viewer").get("/api/v1/metrics/velocity").then().statusCode(404).contentType("application/problem+json");
    }

    // ------------------------------------------------------------------------------------------- Prometheus

    @Test
    void prometheusReadsTheSameNumbersOfTheLastDays() {
        Instant now = Instant.now();
        Instant recently = now.minus(Duration.ofDays(3));
        Instant earlier = now.minus(Duration.ofDays(60));
        feed.publish(
                new IncidentStory(Severity.SEV4, "gauges")
                        .declared(recently)
                        .acknowledged(recently.plusSeconds(120))
                        .resolved(recently.plusSeconds(1200))
                        .item("proposed", "accepted", "completed")
                        .item("proposed"),
                new IncidentStory(Severity.SEV4, "gauges").declared(earlier).resolved(earlier.plusSeconds(3600)));

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    Map<String, Double> series = scrape();
                    assertThat(series)
                            .containsEntry(
                                    "hindsight_time_to_restore_seconds{severity=\"SEV4\",statistic=\"median\",window=\"30d\"}",
                                    1200.0)
                            .containsEntry(
                                    "hindsight_time_to_restore_seconds{severity=\"SEV4\",statistic=\"mean\",window=\"90d\"}",
                                    2400.0)
                            .containsEntry(
                                    "hindsight_time_to_acknowledge_seconds{severity=\"SEV4\",statistic=\"p90\",window=\"30d\"}",
                                    120.0)
                            .containsEntry(
                                    "hindsight_incident_frequency_incidents{severity=\"SEV4\",window=\"90d\"}", 2.0)
                            .containsEntry(
                                    "hindsight_action_item_completion_ratio{severity=\"SEV4\",window=\"30d\"}", 0.5)
                            .containsEntry(
                                    "hindsight_metric_excluded{metric=\"time_to_acknowledge\",reason=\"MISSING_ACKNOWLEDGED\",severity=\"SEV4\",window=\"90d\"}",
                                    1.0);
                });
        assertThat(scrape().keySet())
                .noneMatch(name -> name.contains("gauges\""))
                .anyMatch(name -> name.startsWith("hindsight_mttr_mean_all_seconds{window=\"30d\"}"))
                .anyMatch(name -> name.startsWith("hindsight_metric_gauges_age_seconds"))
                // nothing was published in the last days: no number, no series
                .noneMatch(name -> name.startsWith("hindsight_postmortem_completion_hours"));
    }

    @Test
    void prometheusNeedsTheRoleViewerToo() {
        given().get("/q/metrics").then().statusCode(401);
        given().header("Authorization", Tokens.withoutRole())
                .get("/q/metrics")
                .then()
                .statusCode(403);
    }

    private static Map<String, Double> scrape() {
        return as("viewer")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .filter(line -> line.startsWith("hindsight_"))
                .collect(java.util.stream.Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
    }

    private List<String> answers(String service) {
        return List.of("time_to_acknowledge", "time_to_restore", "incident_frequency", "action_item_completion_rate")
                .stream()
                .map(id -> metric(id + "?service=" + service).extract().asString())
                .toList();
    }

    private static ValidatableResponse metric(String question) {
        return as("viewer")
                .urlEncodingEnabled(false)
                .get("/api/v1/metrics/" + question)
                .then()
                .statusCode(200);
    }

    private static io.restassured.specification.RequestSpecification as(String role) {
        return given().header("Authorization", Tokens.bearer(role));
    }
}
