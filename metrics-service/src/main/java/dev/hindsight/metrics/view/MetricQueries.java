package dev.hindsight.metrics.view;

import dev.hindsight.metrics.domain.CalendarFact;
import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Interval;
import dev.hindsight.metrics.domain.Measure;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Question;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers questions about metrics, each with one statement, and one more where it takes calendars. */
@ApplicationScoped
public class MetricQueries {

    private final Pool pool;
    private final Clock clock;

    MetricQueries(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /**
     * The numbers that answer a question.
     *
     * @param total all together, each incident once
     * @param groups by key; the total alone where no grouping is asked
     */
    public record Measurement(MeasuredGroup total, List<MeasuredGroup> groups) {}

    public Uni<Measurement> measure(MetricDefinition metric, Question question) {
        if (!MetricSql.isOfPages(metric.measure())) {
            return rows(MetricSql.of(metric, question)).map(rows -> measurement(metric, question, rows, null));
        }
        return rows(MetricSql.calendars(question)).chain(calendars -> {
            Map<UUID, CalendarFact> known = new HashMap<>();
            calendars.forEach(row -> known.put(row.getUUID("calendar_id"), CalendarProjection.fact(row)));
            return rows(MetricSql.of(metric, question))
                    .map(rows -> measurement(metric, question, rows, new Shifts(known, question, clock.instant())));
        });
    }

    private Uni<RowSet<Row>> rows(MetricSql sql) {
        return pool.preparedQuery(sql.text()).execute(Tuple.from(sql.parameters()));
    }

    /** @param shifts null where the metric has nothing to do with them */
    private static Measurement measurement(
            MetricDefinition metric, Question question, Iterable<Row> rows, @Nullable Shifts shifts) {
        MeasuredGroup total = nothing(metric, MeasuredGroup.TOTAL);
        Instant first = question.from();
        Instant last = question.to() == null ? null : question.to().minusNanos(1);
        Map<String, MeasuredGroup> groups = new TreeMap<>();
        Map<String, Set<UUID>> calendars = new HashMap<>();
        for (Row row : rows) {
            String key = row.getString("key");
            String groupKey = key == null ? MeasuredGroup.TOTAL : key;
            if (shifts != null) {
                UUID[] ids = row.getArrayOfUUIDs("calendars");
                calendars.put(groupKey, ids == null ? Set.of() : Set.of(ids));
            }
            if (key == null) {
                total = group(metric, MeasuredGroup.TOTAL, row);
                first = first == null ? instant(row, "earliest") : first;
                last = last == null ? instant(row, "latest") : last;
            } else {
                groups.put(key, group(metric, key, row));
            }
        }
        Grouping by = question.groupBy();
        if (by != null && first != null && last != null) {
            by.periods(first, last).forEach(key -> groups.putIfAbsent(key, nothing(metric, key)));
        }
        if (shifts == null || first == null || last == null) {
            return new Measurement(total, by == null ? List.of(total) : List.copyOf(groups.values()));
        }
        Interval period = shifts.period(first, last);
        Set<UUID> all = calendars.getOrDefault(MeasuredGroup.TOTAL, Set.of());
        MeasuredGroup together = perShift(total, shifts.of(all, period));
        if (by == null) {
            return new Measurement(together, List.of(together));
        }
        return new Measurement(
                together,
                groups.values().stream()
                        .map(group -> perShift(
                                group,
                                switch (by) {
                                    case PERSON -> shiftsPaged(group);
                                    case SERVICE, TEAM ->
                                        shifts.of(calendars.getOrDefault(group.key(), Set.of()), period);
                                    case SEVERITY -> shifts.of(all, period);
                                    case WEEK, MONTH ->
                                        shifts.of(all, by.interval(group.key()).within(period));
                                }))
                        .toList());
    }

    private static long shiftsPaged(MeasuredGroup group) {
        Double shifts =
                Objects.requireNonNull(group.figures().get(Figure.SHIFTS_PAGED)).value();
        return shifts == null ? 0 : shifts.longValue();
    }

    /** With the mean that its pages and so many shifts make; none where there is no shift. */
    private static MeasuredGroup perShift(MeasuredGroup group, long shifts) {
        Map<Figure, MeasuredGroup.Named> figures = new EnumMap<>(group.figures());
        figures.put(Figure.SHIFTS, new MeasuredGroup.Named((double) shifts, group.n()));
        return new MeasuredGroup(
                group.key(),
                group.name(),
                group.n(),
                shifts == 0 ? null : (double) group.n() / shifts,
                null,
                null,
                figures,
                group.excluded());
    }

    /** The shifts of calendars, up to the moment that is asked about: those to come are not quiet ones. */
    private record Shifts(Map<UUID, CalendarFact> calendars, Question question, Instant now) {

        /** @param last the last moment that is asked about, or of the last page where none is */
        Interval period(Instant first, Instant last) {
            Instant until = question.asOf() == null ? now : question.asOf();
            Instant end = question.to() == null || question.to().isAfter(until) ? until : question.to();
            Instant afterLast = last.plusNanos(1_000);
            return new Interval(first, question.to() == null && afterLast.isAfter(end) ? afterLast : end);
        }

        long of(Set<UUID> which, Interval interval) {
            return which.stream()
                    .map(calendars::get)
                    .filter(Objects::nonNull)
                    .mapToLong(calendar -> calendar.shifts(interval))
                    .sum();
        }
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
                row.getString("name"),
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
        return new MeasuredGroup(key, null, 0, null, null, null, figures, Map.of());
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }
}
