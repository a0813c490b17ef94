package dev.hindsight.metrics.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.metrics.Feed;
import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Facts;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.IncidentFact;
import dev.hindsight.metrics.domain.Measure;
import dev.hindsight.metrics.domain.Measured;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Metrics;
import dev.hindsight.metrics.domain.Question;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The SQL says what the definition says: both are asked about the same random incidents. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class MetricSqlTest {

    private static final String SERVICE = "random-service";
    private static final Instant BASE = Instant.parse("2025-05-01T00:00:00Z");

    @Inject
    OrderedApply orderedApply;

    @Inject
    Feed feed;

    @Inject
    MetricQueries queries;

    @Test
    void theSqlOfEveryLengthOfTimeIsItsDefinition() {
        Random random = new Random(20261121);
        List<IncidentFact> facts = new ArrayList<>();
        List<Recorded<DomainEvent>> events = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            List<Recorded<DomainEvent>> stream = randomStream(random);
            IncidentFact fact = null;
            for (Recorded<DomainEvent> event : stream) {
                Recorded<IncidentEvent> next = new Recorded<>(event.header(), (IncidentEvent) event.event());
                fact = IncidentFact.of(fact, next);
            }
            facts.add(fact);
            events.addAll(stream);
        }
        orderedApply
                .apply(Topic.INCIDENT_EVENTS, Feed.batch(Topic.INCIDENT_EVENTS, events))
                .await()
                .atMost(Duration.ofSeconds(20));

        for (MetricDefinition metric : List.of(Metrics.TIME_TO_ACKNOWLEDGE, Metrics.TIME_TO_RESTORE)) {
            var answer = queries.measure(metric, new Question(null, null, Grouping.SEVERITY, SERVICE, null, null, null))
                    .await()
                    .atMost(Duration.ofSeconds(10));
            check(metric, facts, answer.total());
            for (MeasuredGroup group : answer.groups()) {
                check(
                        metric,
                        facts.stream()
                                .filter(fact -> fact.severity().name().equals(group.key()))
                                .toList(),
                        group);
            }
            assertThat(answer.groups()).hasSize(5);
            assertThat(answer.total().excluded()).hasSize(metric.exclusions().size());
        }
    }

    private static void check(MetricDefinition metric, List<IncidentFact> facts, MeasuredGroup group) {
        List<Double> lengths = new ArrayList<>();
        Map<Exclusion, Long> excluded = new EnumMap<>(Exclusion.class);
        for (IncidentFact fact : facts) {
            if (!fact.counts()) {
                continue;
            }
            switch (((Measure.LengthOf) metric.measure()).span().measure(fact::at)) {
                case Measured.Counted(Duration length) -> lengths.add(length.toNanos() / 1e9);
                case Measured.Excluded(Exclusion reason) -> excluded.merge(reason, 1L, Long::sum);
            }
        }
        lengths.sort(null);
        assertThat(group.n()).as(metric.id() + " " + group.key()).isEqualTo(lengths.size());
        assertThat(group.excluded()).isEqualTo(excluded);
        assertThat(group.mean())
                .isCloseTo(
                        lengths.stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow(),
                        within(1e-6));
        assertThat(group.median()).isCloseTo(percentile(lengths, 0.5), within(1e-6));
        assertThat(group.p90()).isCloseTo(percentile(lengths, 0.9), within(1e-6));
    }

    /** Interpolating, as percentile_cont is defined. */
    private static double percentile(List<Double> sorted, double share) {
        double at = share * (sorted.size() - 1);
        int below = (int) Math.floor(at);
        int above = (int) Math.ceil(at);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    /** One to six events whose standings have any times in any order, many of them missing. */
    private static List<Recorded<DomainEvent>> randomStream(Random random) {
        UUID incident = StreamIds.next();
        Map<String, Instant> m = new HashMap<>();
        List<Recorded<DomainEvent>> events = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int version = 1; version <= count; version++) {
            for (String name : List.of("impact", "detected", "declared", "acknowledged", "resolved")) {
                if (random.nextInt(3) == 0 || name.equals("declared") && random.nextInt(3) > 0) {
                    m.put(name, BASE.plusMillis(random.nextInt(100_000_000)));
                }
            }
            Lifecycle lifecycle = new Lifecycle(
                    random.nextInt(12) == 0 ? IncidentStatus.CANCELED : IncidentStatus.ACKNOWLEDGED,
                    new Milestones(
                            m.get("impact"),
                            m.get("detected"),
                            m.get("declared"),
                            m.get("acknowledged"),
                            null,
                            m.get("resolved"),
                            null),
                    0);
            Instant at = BASE.plusMillis(random.nextInt(100_000_000));
            if (random.nextInt(3) == 0) {
                m.put("alert", BASE.plusMillis(random.nextInt(100_000_000)));
            }
            if (random.nextInt(3) == 0) {
                m.put("page", BASE.plusMillis(random.nextInt(100_000_000)));
            }
            Standing standing = Told.of(lifecycle)
                    .severity(Severity.values()[random.nextInt(5)])
                    .services(SERVICE)
                    .firstAlert(m.get("alert"))
                    .pages(m.containsKey("page") ? new Standing.Pages(1, 0, 0, m.get("page")) : null)
                    .standing();
            DomainEvent event =
                    version == 1 ? Facts.declaration(standing) : new IncidentEvent.MessagePosted("x", null, standing);
            events.add(Facts.recorded(incident, version, at, event));
        }
        return events;
    }
}
