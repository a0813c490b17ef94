package dev.hindsight.metrics.view;

import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Headline;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Metrics;
import dev.hindsight.metrics.domain.Question;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The metrics as gauges for Prometheus, over the last 30 and 90 days by declared time: label {@code window} ({@code 30d},
 * {@code 90d}) and label {@code severity} ({@code SEV0} … {@code SEV4}, {@code all}); never a service, a person or an
 * incident, so that the number of series is bounded. A number that does not exist (n = 0) has no series.
 *
 * <ul>
 *   <li>{@code hindsight_time_to_acknowledge_seconds}, {@code hindsight_time_to_restore_seconds},
 *       {@code hindsight_postmortem_completion_hours}: label {@code statistic} is mean, median or p90
 *   <li>{@code hindsight_mttr_median_major_seconds} (seed 000), {@code hindsight_mttr_mean_all_seconds} (seed 004):
 *       without severity
 *   <li>{@code hindsight_postmortem_completion_within_48h_ratio}, {@code hindsight_action_item_completion_ratio},
 *       {@code hindsight_incident_frequency_incidents}
 *   <li>{@code hindsight_paging_load_pages}: a shift
 *   <li>{@code hindsight_metric_counted}, {@code hindsight_metric_excluded}: how many are in a number, and how many are
 *       not and why; labels {@code metric} and {@code reason}
 *   <li>{@code hindsight_metric_gauges_age_seconds}: since when they stand
 * </ul>
 *
 * They are asked of the database on a schedule, a second after consumed events or every 15 s, never while Prometheus waits, and
 * for no more than a twentieth of the time: with a long history they follow more slowly.
 */
@ApplicationScoped
public class MetricGauges {

    private static final Logger LOG = Logger.getLogger(MetricGauges.class);
    private static final Map<String, Duration> WINDOWS = Map.of("30d", Duration.ofDays(30), "90d", Duration.ofDays(90));

    /** How much longer than it took a refresh is followed by none. */
    private static final int REST = 19;

    private final MetricQueries queries;
    private final MetricsConfig config;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, MultiGauge> gauges = new ConcurrentHashMap<>();
    private final AtomicBoolean changed = new AtomicBoolean(true);
    private volatile @Nullable Instant refreshedAt;
    private volatile Instant restUntil = Instant.EPOCH;

    MetricGauges(MetricQueries queries, MetricsConfig config, Clock clock, MeterRegistry meters) {
        this.queries = queries;
        this.config = config;
        this.clock = clock;
        this.meters = meters;
        Gauge.builder("hindsight.metric.gauges.age", this::ageSeconds)
                .description("Since when the gauges of the metrics stand as they are")
                .baseUnit("seconds")
                .register(meters);
    }

    /** Something was consumed: the gauges follow within about a second, however many batches come. */
    public void factsChanged() {
        changed.set(true);
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> refreshIfDue() {
        Instant now = clock.instant();
        Instant last = refreshedAt;
        boolean due = last == null || !last.plus(config.gaugesEvery()).isAfter(now);
        if (now.isBefore(restUntil) || !changed.getAndSet(false) && !due) {
            return Uni.createFrom().voidItem();
        }
        return refresh(now).onFailure().recoverWithItem(failure -> {
            changed.set(true);
            LOG.warnf("the gauges stay as they are: %s", failure.getMessage());
            return null;
        });
    }

    private Uni<Void> refresh(Instant now) {
        Map<String, List<Row<?>>> rows = new HashMap<>();
        return Multi.createFrom()
                .iterable(WINDOWS.entrySet())
                .onItem()
                .transformToUniAndConcatenate(window -> Multi.createFrom()
                        .iterable(Metrics.all())
                        .onItem()
                        .transformToUniAndConcatenate(metric -> queries.measure(
                                        metric,
                                        new Question(
                                                now.minus(window.getValue()),
                                                null,
                                                isBySeverity(metric) ? Grouping.SEVERITY : null,
                                                null,
                                                null,
                                                null,
                                                null))
                                .invoke(answer -> collect(metric, window.getKey(), answer, rows)))
                        .collect()
                        .last())
                .collect()
                .last()
                .invoke(() -> {
                    rows.keySet().forEach(this::gauge);
                    gauges.forEach((name, gauge) -> gauge.register(rows.getOrDefault(name, List.of()), true));
                    refreshedAt = now;
                    Instant end = clock.instant();
                    restUntil = end.plus(Duration.between(now, end).multipliedBy(REST));
                })
                .replaceWithVoid();
    }

    private static boolean isBySeverity(MetricDefinition metric) {
        return metric.groupings().contains(Grouping.SEVERITY);
    }

    private static void collect(
            MetricDefinition metric, String window, MetricQueries.Measurement answer, Map<String, List<Row<?>>> rows) {
        List<MeasuredGroup> groups = new ArrayList<>(isBySeverity(metric) ? answer.groups() : List.of());
        groups.add(answer.total());
        for (MeasuredGroup group : groups) {
            Tags tags = Tags.of("window", window, "severity", group.key());
            String name = nameOf(metric);
            if (metric.headline() == Headline.MEDIAN) {
                put(rows, name, tags.and("statistic", "mean"), group.mean());
                put(rows, name, tags.and("statistic", "median"), group.median());
                put(rows, name, tags.and("statistic", "p90"), group.p90());
            } else {
                put(rows, name, tags, metric.headline() == Headline.COUNT ? Double.valueOf(group.n()) : group.mean());
            }
            Tags ofMetric = tags.and("metric", metric.id());
            put(rows, "hindsight.metric.counted", ofMetric, (double) group.n());
            for (Exclusion exclusion : metric.exclusions()) {
                put(rows, "hindsight.metric.excluded", ofMetric.and("reason", exclusion.name()), (double)
                        group.excluded().getOrDefault(exclusion, 0L));
            }
            MeasuredGroup.Named share = group.figures().get(Figure.SHARE_WITHIN_48H);
            if (share != null) {
                put(rows, "hindsight.postmortem.completion.within.48h.ratio", tags, share.value());
            }
        }
        Tags windowOnly = Tags.of("window", window);
        MeasuredGroup.Named major = answer.total().figures().get(Figure.MTTR_MEDIAN_MAJOR);
        MeasuredGroup.Named all = answer.total().figures().get(Figure.MTTR_MEAN_ALL);
        if (major != null && all != null) {
            put(rows, "hindsight.mttr.median.major.seconds", windowOnly, major.value());
            put(rows, "hindsight.mttr.mean.all.seconds", windowOnly, all.value());
        }
    }

    /** {@code postmortem_completion_hours} says its unit already, {@code action_item_completion_rate} is a ratio. */
    private static String nameOf(MetricDefinition metric) {
        String id = metric.id().replace("_hours", "").replace("_rate", "").replace('_', '.');
        return "hindsight." + id + "." + metric.unit().wireName();
    }

    private static void put(Map<String, List<Row<?>>> rows, String name, Tags tags, @Nullable Double value) {
        if (value != null) {
            rows.computeIfAbsent(name, missing -> new ArrayList<>()).add(Row.of(tags, value));
        }
    }

    private MultiGauge gauge(String name) {
        return gauges.computeIfAbsent(
                name,
                missing -> MultiGauge.builder(name).description(describe(name)).register(meters));
    }

    private static String describe(String name) {
        return Metrics.all().stream()
                .filter(metric -> name.equals(nameOf(metric)))
                .map(MetricDefinition::definition)
                .findFirst()
                .orElseGet(() -> switch (name) {
                    case "hindsight.mttr.median.major.seconds" -> Figure.MTTR_MEDIAN_MAJOR.meaning();
                    case "hindsight.mttr.mean.all.seconds" -> Figure.MTTR_MEAN_ALL.meaning();
                    case "hindsight.postmortem.completion.within.48h.ratio" -> Figure.SHARE_WITHIN_48H.meaning();
                    case "hindsight.metric.counted" ->
                        "How many incidents, postmortems, items, deploys or pages are in the number.";
                    default ->
                        "How many incidents, postmortems, items, deploys or pages are not in the number, and why.";
                });
    }

    private double ageSeconds() {
        Instant last = refreshedAt;
        return last == null
                ? Double.NaN
                : Duration.between(last, clock.instant()).toMillis() / 1000.0;
    }
}
