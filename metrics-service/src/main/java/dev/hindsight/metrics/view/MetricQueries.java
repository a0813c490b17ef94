package dev.hindsight.metrics.view;

import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Measure;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Question;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers questions about metrics, each with one statement. */
@ApplicationScoped
public class MetricQueries {

    private final Pool pool;

    MetricQueries(Pool pool) {
        this.pool = pool;
    }

    /**
     * The numbers that answer a question.
     *
     * @param total all together, each incident once
     * @param groups by key; the total alone where no grouping is asked
     */
    public record Measurement(MeasuredGroup total, List<MeasuredGroup> groups) {}

    public Uni<Measurement> measure(MetricDefinition metric, Question question) {
        MetricSql sql = MetricSql.of(metric, question);
        return pool.preparedQuery(sql.text())
                .execute(Tuple.from(sql.parameters()))
                .map(rows -> {
                    MeasuredGroup total = nothing(metric, MeasuredGroup.TOTAL);
                    Instant first = question.from();
                    Instant last = question.to() == null ? null : question.to().minusNanos(1);
                    Map<String, MeasuredGroup> groups = new TreeMap<>();
                    for (Row row : rows) {
                        String key = row.getString("key");
                        if (key == null) {
                            total = group(metric, MeasuredGroup.TOTAL, row);
                            first = first == null ? instant(row, "earliest") : first;
                            last = last == null ? instant(row, "latest") : last;
                        } else {
                            groups.put(key, group(metric, key, row));
                        }
                    }
                    Grouping by = question.groupBy();
                    if (by == null) {
                        return new Measurement(total, List.of(total));
                    }
                    if (first != null && last != null) {
                        by.periods(first, last).forEach(key -> groups.putIfAbsent(key, nothing(metric, key)));
                    }
                    return new Measurement(total, List.copyOf(groups.values()));
                });
    }

    private static MeasuredGroup group(MetricDefinition metric, String key, Row row) {
        boolean isLength = metric.measure() instanceof Measure.LengthOf;
        Map<Figure, MeasuredGroup.Named> figures = new EnumMap<>(Figure.class);
        for (Figure figure : metric.figures()) {
            figures.put(
                    figure,
                    new MeasuredGroup.Named(
                            row.getDouble(MetricSql.valueColumn(figure)), row.getLong(MetricSql.nColumn(figure))));
        }
        Map<Exclusion, Long> excluded = new EnumMap<>(Exclusion.class);
        for (Exclusion exclusion : metric.exclusions()) {
            long count = row.getLong(MetricSql.excludedColumn(exclusion));
            if (count > 0) {
                excluded.put(exclusion, count);
            }
        }
        return new MeasuredGroup(
                key,
                row.getLong("n"),
                row.getDouble("mean"),
                isLength ? row.getDouble("median") : null,
                isLength ? row.getDouble("p90") : null,
                figures,
                excluded);
    }

    private static MeasuredGroup nothing(MetricDefinition metric, String key) {
        Map<Figure, MeasuredGroup.Named> figures = new EnumMap<>(Figure.class);
        for (Figure figure : metric.figures()) {
            figures.put(figure, new MeasuredGroup.Named(figure.isCount() ? 0.0 : null, 0));
        }
        return new MeasuredGroup(key, 0, null, null, null, figures, Map.of());
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }
}
