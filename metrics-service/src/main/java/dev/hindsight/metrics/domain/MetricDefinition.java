package dev.hindsight.metrics.domain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A metric as data.
 *
 * @param id in URLs; never changed
 * @param version rises whenever the same events would give another number
 * @param definition what is measured, for people who read the number
 * @param sources where the rule comes from
 * @param headline which statistic {@code value} is
 * @param bands in which the total's value is judged; empty where the sources name none
 */
public record MetricDefinition(
        String id,
        int version,
        Unit unit,
        String definition,
        List<String> sources,
        Headline headline,
        Measure measure,
        Set<Grouping> groupings,
        List<Figure> figures,
        List<HealthBand> bands) {

    /** Why something may be missing in the number. */
    public List<Exclusion> exclusions() {
        return switch (measure) {
            case Measure.LengthOf(Span span) ->
                List.of(Exclusion.MISSING_DECLARED, span.withoutStart(), span.withoutEnd(), Exclusion.CROSSED).stream()
                        .distinct()
                        .toList();
            case Measure.ShareOfItemsClosed() -> List.of(Exclusion.MISSING_DECLARED, Exclusion.CANCELED);
            case Measure.ShareOfDeploysLinked() ->
                List.of(Exclusion.NOT_PRODUCTION, Exclusion.NOT_FINISHED, Exclusion.CANCELED);
            case Measure.PagesPerShift() -> List.of(Exclusion.NO_SHIFT);
            case Measure.NumberOfIncidents() -> List.of(Exclusion.MISSING_DECLARED);
        };
    }

    /** The band of a value; empty where there is no value or no band. */
    public Optional<HealthBand> bandOf(@Nullable Double value) {
        return value == null
                ? Optional.empty()
                : bands.stream().filter(band -> band.holds(value)).findFirst();
    }
}
