package dev.hindsight.metrics.api;

import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.MetricDefinition;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A metric's definition, in words and as data. */
@Schema(description = "A metric's definition.")
public record MetricDescription(
        @Schema(examples = "time_to_restore") String id,

        @Schema(description = "Rises whenever the same events would give another number.", examples = "1")
        int version,

        @Schema(enumeration = {"seconds", "hours", "ratio", "incidents", "pages"})
        String unit,

        String definition,

        @Schema(description = "Where the rule comes from.") List<String> sources,

        @Schema(
                description = "Which statistic `value` is.",
                enumeration = {"median", "share", "mean", "count"})
        String valueIs,

        @Schema(description = "What it can be grouped by.") List<String> groupBy,

        @Schema(description = "Numbers that come with it under a name of their own.")
        List<NamedFigure> figures,

        @Schema(description = "Why something may not be in the number.")
        List<ExclusionReason> exclusions,

        @Schema(description = "How the value is judged; from is inclusive, below exclusive.")
        List<Band> healthBands) {

    /** A number with a name of its own. */
    public record NamedFigure(String name, String meaning) {}

    /** Why something may not be in the number. */
    public record ExclusionReason(Exclusion reason, String meaning) {}

    /** What a value means. */
    public record Band(
            String name,
            @Schema(nullable = true) @Nullable Double from,
            @Schema(nullable = true) @Nullable Double below,
            String meaning) {}

    static MetricDescription of(MetricDefinition metric) {
        return new MetricDescription(
                metric.id(),
                metric.version(),
                metric.unit().wireName(),
                metric.definition(),
                metric.sources(),
                metric.headline().wireName(),
                metric.groupings().stream().sorted().map(Grouping::wireName).toList(),
                metric.figures().stream()
                        .map(figure -> new NamedFigure(figure.wireName(), figure.meaning()))
                        .toList(),
                metric.exclusions().stream()
                        .map(exclusion -> new ExclusionReason(exclusion, exclusion.meaning()))
                        .toList(),
                metric.bands().stream()
                        .map(band -> new Band(band.name(), band.from(), band.below(), band.meaning()))
                        .toList());
    }
}
