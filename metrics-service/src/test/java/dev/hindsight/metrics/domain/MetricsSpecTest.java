package dev.hindsight.metrics.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsSpecTest {

    @Test
    void theSevenMetricsAreDefined() {
        assertThat(Metrics.all())
                .extracting(MetricDefinition::id)
                .containsExactly(
                        "time_to_acknowledge",
                        "time_to_restore",
                        "incident_frequency",
                        "postmortem_completion_hours",
                        "action_item_completion_rate",
                        "change_failure_rate",
                        "paging_load");
    }

    @Test
    void everyMetricSaysInWordsWhatItMeansAndWhereThatComesFrom() {
        assertThat(Metrics.all()).allSatisfy(metric -> {
            assertThat(metric.definition()).endsWith(".");
            assertThat(metric.sources()).isNotEmpty();
            assertThat(metric.version()).isPositive();
            assertThat(metric.exclusions()).doesNotHaveDuplicates();
        });
    }

    @Test
    void lessThanHalfOfTheItemsClosedIsTheater() {
        assertThat(bandOf(Metrics.ACTION_ITEM_COMPLETION_RATE, 0.0)).containsExactly("theater");
        assertThat(bandOf(Metrics.ACTION_ITEM_COMPLETION_RATE, 0.4999)).containsExactly("theater");
    }

    @Test
    void halfOfTheItemsClosedIsNoTheaterButBelowTheTarget() {
        assertThat(bandOf(Metrics.ACTION_ITEM_COMPLETION_RATE, 0.5)).containsExactly("below-target");
        assertThat(bandOf(Metrics.ACTION_ITEM_COMPLETION_RATE, 0.7999)).containsExactly("below-target");
    }

    @Test
    void fourOfFiveItemsClosedMeetsTheTarget() {
        assertThat(bandOf(Metrics.ACTION_ITEM_COMPLETION_RATE, 0.8)).containsExactly("on-target");
        assertThat(bandOf(Metrics.ACTION_ITEM_COMPLETION_RATE, 1.0)).containsExactly("on-target");
    }

    @Test
    void aPostmortemAfterTwoDaysIsLate() {
        assertThat(bandOf(Metrics.POSTMORTEM_COMPLETION_HOURS, 47.9)).containsExactly("on-target");
        assertThat(bandOf(Metrics.POSTMORTEM_COMPLETION_HOURS, 48.0)).containsExactly("late");
    }

    @Test
    void noValueIsInNoBand() {
        assertThat(Metrics.ACTION_ITEM_COMPLETION_RATE.bandOf(null)).isEmpty();
    }

    @Test
    void aMetricWithoutAThresholdIsNotJudged() {
        assertThat(bandOf(Metrics.INCIDENT_FREQUENCY, 3.0)).isEmpty();
    }

    private static List<String> bandOf(MetricDefinition metric, double value) {
        return metric.bandOf(value).stream().map(HealthBand::name).toList();
    }
}
