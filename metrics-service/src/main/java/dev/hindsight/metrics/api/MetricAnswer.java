package dev.hindsight.metrics.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.HealthBand;
import dev.hindsight.metrics.domain.Measure;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.view.MeasuredGroup;
import dev.hindsight.metrics.view.MetricQueries.Measurement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A metric's numbers, with all that is needed to read them. */
@Schema(description = "A metric's numbers, with all that is needed to read them.")
public record MetricAnswer(
        @Schema(examples = "time_to_restore") String id,

        @Schema(description = "Rises whenever the same events would give another number.", examples = "1")
        int version,

        @Schema(
                description = "Of every value and statistic.",
                enumeration = {"seconds", "hours", "ratio", "incidents", "pages"})
        String unit,

        @Schema(description = "What is measured, in words.") String definition,

        @Schema(
                description = "Which statistic `value` is.",
                enumeration = {"median", "share", "mean", "count"})
        String valueIs,

        @Schema(description = "All together; an incident of several services counts once here.")
        Group total,

        @Schema(
                description =
                        "By key; the total alone, with the key `all`, without groupBy. Weeks and months without an"
                                + " incident are there too.")
        List<Group> groups,

        @Schema(description = "How the total's value is to be judged; absent where there is no value or no threshold.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Health health) {

    /** One group's numbers. */
    public record Group(
            @Schema(
                    description =
                            "Service by the name that stands for it in the catalog, team, severity, ISO week (2026-W47), month"
                                    + " (2026-11), or a person's id; `(none)` for no service or no team.")
            String key,

            @Schema(description = "Of a person whose name the catalog knows.")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String name,

            @Schema(description = "What valueIs says; null where nothing counts.", nullable = true) @Nullable
            Double value,

            @Schema(description = "Of lengths of time only.") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Statistics statistics,

            @Schema(description = "How many incidents or items the numbers are of.")
            long n,

            @Schema(
                    description =
                            "What of the period is not in n, and why; TEST, DRILL, CANCELED and MERGED incidents are"
                                    + " not even here.")
            List<Excluded> excluded,

            @Schema(
                    description = "Numbers with names of their own: mttrMedianMajor, mttrMeanAll and reopenings of"
                            + " time_to_restore; shareWithin48h of postmortem_completion_hours; closed and canceled of"
                            + " action_item_completion_rate; confirmed and suspected of change_failure_rate; pages, afterHours,"
                            + " shifts and shiftsPaged of paging_load.")
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            Map<String, Named> figures) {

        static Group of(MetricDefinition metric, MeasuredGroup group) {
            Map<String, Named> figures = new LinkedHashMap<>();
            for (Figure figure : metric.figures()) {
                MeasuredGroup.Named named = group.figures().get(figure);
                if (named != null) {
                    figures.put(figure.wireName(), new Named(named.value(), named.n()));
                }
            }
            return new Group(
                    group.key(),
                    group.name(),
                    valueOf(metric, group),
                    metric.measure() instanceof Measure.LengthOf
                            ? new Statistics(group.mean(), group.median(), group.p90())
                            : null,
                    group.n(),
                    group.excluded().entrySet().stream()
                            .map(excluded -> new Excluded(excluded.getKey(), excluded.getValue()))
                            .toList(),
                    figures);
        }
    }

    /** Each null where nothing counts; percentiles interpolate. */
    public record Statistics(
            @Schema(nullable = true) @Nullable Double mean,

            @Schema(nullable = true) @Nullable Double median,

            @Schema(description = "90th percentile.", nullable = true) @Nullable
            Double p90) {}

    /** How many are not in the number for one reason. */
    public record Excluded(Exclusion reason, long count) {}

    /** A number with a name of its own, and of how many it is. */
    public record Named(@Schema(nullable = true) @Nullable Double value, long n) {}

    /** What a value means. */
    public record Health(@Schema(examples = "theater") String band, String meaning) {
        static Health of(HealthBand band) {
            return new Health(band.name(), band.meaning());
        }
    }

    static MetricAnswer of(MetricDefinition metric, Measurement measurement) {
        return new MetricAnswer(
                metric.id(),
                metric.version(),
                metric.unit().wireName(),
                metric.definition(),
                metric.headline().wireName(),
                Group.of(metric, measurement.total()),
                measurement.groups().stream()
                        .map(group -> Group.of(metric, group))
                        .toList(),
                metric.bandOf(valueOf(metric, measurement.total()))
                        .map(Health::of)
                        .orElse(null));
    }

    private static @Nullable Double valueOf(MetricDefinition metric, MeasuredGroup group) {
        return switch (metric.headline()) {
            case MEDIAN -> group.median();
            case SHARE, MEAN -> group.mean();
            case COUNT -> (double) group.n();
        };
    }
}
