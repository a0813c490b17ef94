package dev.hindsight.metrics.view;

import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Figure;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one group.
 *
 * @param key what the group is of; {@link #TOTAL} for all together
 * @param name of the person that the key stands for; null for all else, and where the catalog has none
 * @param n how many incidents, items or pages count
 * @param mean null for n = 0, and of pages where there is no shift
 * @param median null for n = 0, and where the metric is no length of time
 * @param p90 null for n = 0, and where the metric is no length of time
 * @param figures those that the definition asks for
 * @param excluded how many are not in n, by reason; only reasons that occur
 */
public record MeasuredGroup(
        String key,
        @Nullable String name,
        long n,
        @Nullable Double mean,
        @Nullable Double median,
        @Nullable Double p90,
        Map<Figure, Named> figures,
        Map<Exclusion, Long> excluded) {

    /** Key of all together. */
    public static final String TOTAL = "all";

    /** A named number; its value is null where nothing counts. */
    public record Named(@Nullable Double value, long n) {}

    public MeasuredGroup {
        figures = figures.isEmpty() ? Map.of() : new EnumMap<>(figures);
        excluded = excluded.isEmpty() ? Map.of() : new EnumMap<>(excluded);
    }
}
