package dev.hindsight.metrics.domain;

import static dev.hindsight.metrics.domain.Facts.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpanSpecTest {

    private final Map<Moment, Instant> times = new EnumMap<>(Moment.class);

    // ---------------------------------------------------------------------------------- time_to_acknowledge

    @Test
    void acknowledgementIsMeasuredFromTheDeclaration() {
        given(Moment.DECLARED, "10:00").and(Moment.ACKNOWLEDGED, "10:07");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(minutes(7));
    }

    @Test
    void aPageBeforeTheDeclarationStartsTheClockOfTheAcknowledgement() {
        given(Moment.DECLARED, "10:00").and(Moment.FIRST_PAGE, "09:58").and(Moment.ACKNOWLEDGED, "10:07");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(minutes(9));
    }

    @Test
    void aPageAfterTheDeclarationDoesNotShortenTheAcknowledgement() {
        given(Moment.DECLARED, "10:00").and(Moment.FIRST_PAGE, "10:05").and(Moment.ACKNOWLEDGED, "10:07");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(minutes(7));
    }

    @Test
    void anAlertDoesNotStartTheClockOfTheAcknowledgement() {
        given(Moment.DECLARED, "10:00").and(Moment.FIRST_ALERT, "09:00").and(Moment.ACKNOWLEDGED, "10:07");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(minutes(7));
    }

    @Test
    void anIncidentThatNobodyAcknowledgedIsExcludedAndNotZero() {
        given(Moment.DECLARED, "10:00").and(Moment.RESOLVED, "11:00");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(excluded(Exclusion.MISSING_ACKNOWLEDGED));
    }

    @Test
    void anAcknowledgementBeforeTheDeclarationIsCrossed() {
        given(Moment.DECLARED, "10:00").and(Moment.ACKNOWLEDGED, "09:59");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(excluded(Exclusion.CROSSED));
    }

    @Test
    void anAcknowledgementAtTheMomentOfDeclarationCountsAsZero() {
        given(Moment.DECLARED, "10:00").and(Moment.ACKNOWLEDGED, "10:00");
        assertThat(measured(Metrics.TIME_TO_ACKNOWLEDGE)).isEqualTo(minutes(0));
    }

    // -------------------------------------------------------------------------------------- time_to_restore

    @Test
    void restorationRunsFromTheEarliestSignalOfAll() {
        given(Moment.DECLARED, "10:00")
                .and(Moment.DETECTED, "09:50")
                .and(Moment.FIRST_PAGE, "09:55")
                .and(Moment.FIRST_ALERT, "09:45")
                .and(Moment.IMPACT_STARTED, "09:30")
                .and(Moment.RESOLVED, "11:00");
        assertThat(measured(Metrics.TIME_TO_RESTORE)).isEqualTo(minutes(90));
    }

    @Test
    void withoutAnyEarlierSignalRestorationRunsFromTheDeclaration() {
        given(Moment.DECLARED, "10:00").and(Moment.RESOLVED, "11:00");
        assertThat(measured(Metrics.TIME_TO_RESTORE)).isEqualTo(minutes(60));
    }

    @Test
    void mitigationIsNotRestoration() {
        given(Moment.DECLARED, "10:00").and(Moment.MITIGATED, "10:10");
        assertThat(measured(Metrics.TIME_TO_RESTORE)).isEqualTo(excluded(Exclusion.NOT_RESOLVED));
    }

    @Test
    void aResolutionBeforeEverySignalIsCrossed() {
        given(Moment.DECLARED, "10:00").and(Moment.FIRST_ALERT, "09:45").and(Moment.RESOLVED, "09:40");
        assertThat(measured(Metrics.TIME_TO_RESTORE)).isEqualTo(excluded(Exclusion.CROSSED));
    }

    @Test
    void anUndeclaredIncidentNeverCountsWhateverElseIsKnown() {
        given(Moment.FIRST_ALERT, "09:45").and(Moment.RESOLVED, "11:00");
        assertThat(measured(Metrics.TIME_TO_RESTORE)).isEqualTo(excluded(Exclusion.MISSING_DECLARED));
    }

    // ------------------------------------------------------------------------- postmortem_completion_hours

    @Test
    void aPostmortemIsCompleteWhenItIsPublished() {
        given(Moment.DECLARED, "10:00")
                .and(Moment.WRITTEN_UP_RESOLUTION, "11:00")
                .and(Moment.PUBLISHED, "17:00");
        assertThat(measured(Metrics.POSTMORTEM_COMPLETION_HOURS)).isEqualTo(minutes(360));
    }

    @Test
    void aDraftIsExcludedAsNotPublished() {
        given(Moment.DECLARED, "10:00").and(Moment.WRITTEN_UP_RESOLUTION, "11:00");
        assertThat(measured(Metrics.POSTMORTEM_COMPLETION_HOURS)).isEqualTo(excluded(Exclusion.NOT_PUBLISHED));
    }

    @Test
    void anIncidentThatGoesOnIsExcludedAsNotResolvedAndNotAsNotPublished() {
        given(Moment.DECLARED, "10:00");
        assertThat(measured(Metrics.POSTMORTEM_COMPLETION_HOURS)).isEqualTo(excluded(Exclusion.NOT_RESOLVED));
    }

    private SpanSpecTest given(Moment moment, String time) {
        times.put(moment, at(time));
        return this;
    }

    private SpanSpecTest and(Moment moment, String time) {
        return given(moment, time);
    }

    private Measured measured(MetricDefinition metric) {
        return ((Measure.LengthOf) metric.measure()).span().measure(times::get);
    }

    private static Measured minutes(long minutes) {
        return new Measured.Counted(Duration.ofMinutes(minutes));
    }

    private static Measured excluded(Exclusion reason) {
        return new Measured.Excluded(reason);
    }
}
