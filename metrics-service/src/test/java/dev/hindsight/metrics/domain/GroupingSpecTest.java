package dev.hindsight.metrics.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class GroupingSpecTest {

    @Test
    void theDaysAroundNewYearBelongToTheIsoWeekAndNotToTheYear() {
        assertThat(weeks("2026-12-31T23:59:59Z", "2027-01-03T23:59:59Z")).containsExactly("2026-W53");
        assertThat(weeks("2027-01-03T23:59:59Z", "2027-01-04T00:00:00Z")).containsExactly("2026-W53", "2027-W01");
        assertThat(weeks("2024-12-30T00:00:00Z", "2024-12-30T00:00:00Z")).containsExactly("2025-W01");
    }

    @Test
    void aWeekWithoutAnIncidentIsAWeekToo() {
        assertThat(weeks("2026-11-01T12:00:00Z", "2026-11-17T00:00:00Z"))
                .containsExactly("2026-W44", "2026-W45", "2026-W46", "2026-W47");
    }

    @Test
    void summerTimeMovesNoWeekAsWeeksAreUtc() {
        assertThat(weeks("2026-03-29T23:30:00Z", "2026-03-29T23:59:59.999999Z")).containsExactly("2026-W13");
        assertThat(weeks("2026-10-25T23:30:00Z", "2026-10-26T00:00:00Z")).containsExactly("2026-W43", "2026-W44");
    }

    @Test
    void monthsAreOfTheCalendar() {
        assertThat(Grouping.MONTH.periods(Instant.parse("2026-11-30T23:59:59Z"), Instant.parse("2027-01-01T00:00:00Z")))
                .containsExactly("2026-11", "2026-12", "2027-01");
    }

    @Test
    void aPeriodKnowsFromWhenToWhenItIs() {
        assertThat(Grouping.WEEK.interval("2026-W53"))
                .isEqualTo(new Interval(Instant.parse("2026-12-28T00:00:00Z"), Instant.parse("2027-01-04T00:00:00Z")));
        assertThat(Grouping.MONTH.interval("2026-12"))
                .isEqualTo(new Interval(Instant.parse("2026-12-01T00:00:00Z"), Instant.parse("2027-01-01T00:00:00Z")));
    }

    @Test
    void oneWrongDateDoesNotMakeAnEndlessAnswer() {
        assertThat(weeks("1970-01-01T00:00:00Z", "2026-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void servicesAndSeveritiesHaveNoPeriods() {
        assertThat(Grouping.SERVICE.periods(Instant.EPOCH, Instant.EPOCH)).isEmpty();
    }

    private static java.util.List<String> weeks(String first, String last) {
        return Grouping.WEEK.periods(Instant.parse(first), Instant.parse(last));
    }
}
