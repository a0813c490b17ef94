package dev.hindsight.metrics.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Measure;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Metrics;
import dev.hindsight.metrics.domain.Question;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * What the planner does with each filter, by its own free choice, on twelve thousand incidents with three versions each,
 * their postmortems and twice as many items. Nothing of it is committed.
 *
 * <p>Where a filter leaves more than about one incident in two hundred, the planner may read the postmortems or items
 * whole and join by hash, which on tables of this size takes a few milliseconds; without any filter it reads everything,
 * as it must.
 */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class MetricPlanTest {

    private static final Logger LOG = Logger.getLogger(MetricPlanTest.class);

    /** Catalog and calendars are small, and may be read whole where that is cheaper than looking up a part of them. */
    private static final Pattern READ_WHOLE = Pattern.compile("Seq Scan on (?!calendar)\\w+_fact");

    private static final Instant FROM = Instant.parse("2026-03-02T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-03-05T00:00:00Z");
    private static final Instant RECENT = Instant.parse("2026-09-21T00:00:00Z");
    private static final Instant THEN = Instant.parse("2026-06-01T00:00:00Z");

    /** An incident every other hour, from 2024 on; one in four hundred is a SEV0; two hundred services. */
    private static final List<String> YEARS = List.of(
            """
            insert into incident_fact (incident_id, version, recorded_at, superseded_at, severity, kind, status, counts, services,
                                       declared_at, acknowledged_at, resolved_at, placed_at, reopenings)
            select md5('i' || n)::uuid, v, at + v * interval '1 hour',
                   case when v = 3 then 'infinity' else at + (v + 1) * interval '1 hour' end,
                   case when n % 400 = 0 then 'SEV0' else 'SEV' || 1 + n % 4 end, 'REAL',
                   (array['OPEN', 'ACKNOWLEDGED', 'RESOLVED'])[v], true, array['service-' || n % 200], at,
                   case when v > 1 then at + interval '5 minutes' end, case when v > 2 then at + interval '2 hours' end, at, 0
            from (select n, timestamptz '2024-01-01' + n * interval '2 hours' as at from generate_series(1, 12000) n) i
            cross join generate_series(1, 3) v""",
            """
            insert into postmortem_fact (postmortem_id, version, recorded_at, superseded_at, incident_id, required, duty, waived,
                                         resolved_at, published_at)
            select md5('p' || n)::uuid, v, at + v * interval '1 day',
                   case when v = 3 then 'infinity' else at + (v + 1) * interval '1 day' end, md5('i' || n)::uuid, true, true, false,
                   at + interval '2 hours', case when v > 2 then at + interval '40 hours' end
            from (select n, timestamptz '2024-01-01' + n * interval '2 hours' as at from generate_series(1, 12000) n) i
            cross join generate_series(1, 3) v""",
            """
            insert into action_item_fact (action_item_id, version, recorded_at, superseded_at, incident_id, status)
            select md5('a' || n || '/' || item)::uuid, v, at + v * interval '1 day',
                   case when v = 3 then 'infinity' else at + (v + 1) * interval '1 day' end, md5('i' || n)::uuid,
                   (array['PROPOSED', 'ACCEPTED', 'DONE'])[v]
            from (select n, timestamptz '2024-01-01' + n * interval '2 hours' as at from generate_series(1, 12000) n) i
            cross join generate_series(1, 2) item cross join generate_series(1, 3) v""",
            """
            insert into deploy_fact (deploy_id, version, recorded_at, superseded_at, services, production, state, placed_at)
            select md5('d' || n)::uuid, v, at + v * interval '1 minute',
                   case when v = 3 then 'infinity' else at + (v + 1) * interval '1 minute' end, array['service-' || n % 200],
                   n % 3 > 0, (array['PENDING', 'RUNNING', 'SUCCEEDED'])[v], at
            from (select n, timestamptz '2024-01-01' + n * interval '2 hours' as at from generate_series(1, 12000) n) d
            cross join generate_series(1, 3) v""",
            """
            insert into deploy_links_fact (incident_id, version, recorded_at, superseded_at, linked, confirmed)
            select md5('i' || n)::uuid, v, at + v * interval '1 hour',
                   case when v = 2 then 'infinity' else at + (v + 1) * interval '1 hour' end, array[md5('d' || n)::uuid],
                   case when v = 1 then '{}'::uuid[] else array[md5('d' || n)::uuid] end
            from (select n, timestamptz '2024-01-01' + n * interval '2 hours' as at from generate_series(1, 12000, 10) n) i
            cross join generate_series(1, 2) v""",
            """
            insert into page_fact (incident_id, version, recorded_at, person, paged_at, after_hours)
            select md5('i' || n)::uuid, v, at + v * interval '1 minute', md5('o' || n % 40)::uuid, at + v * interval '1 minute',
                   n % 3 = 0
            from (select n, timestamptz '2024-01-01' + n * interval '2 hours' as at from generate_series(1, 12000) n) p
            cross join generate_series(4, 5) v""",
            """
            insert into catalog_entry (id, kind, name, team_id, merged_into, learned, version)
            select md5('c' || n)::uuid, (array['SERVICE', 'TEAM', 'PERSON'])[1 + n % 3],
                   case n % 3 when 0 then 'service-' || n / 3 else 'other-' || n end,
                   case when n % 3 = 0 then md5('c' || 1 + 3 * (n % 50))::uuid end,
                   case when n % 900 = 9 then md5('c' || n - 3)::uuid end, true, 1
            from generate_series(1, 9000) n""",
            "analyze page_fact",
            "analyze catalog_entry",
            "analyze incident_fact",
            "analyze deploy_fact",
            "analyze deploy_links_fact",
            "analyze postmortem_fact",
            "analyze action_item_fact");

    @Inject
    Pool pool;

    @Test
    void noFilterThatNarrowsReadsAWholeTable() {
        Map<String, Question> narrow = new LinkedHashMap<>();
        narrow.put("period", new Question(FROM, TO, null, null, null, null, null));
        narrow.put("period, by week", new Question(FROM, TO, Grouping.WEEK, null, null, null, null));
        narrow.put("recently", new Question(RECENT, null, null, null, null, null, null));
        narrow.put("recently, by severity", new Question(RECENT, null, Grouping.SEVERITY, null, null, null, null));
        narrow.put("service", new Question(null, null, null, "service-7", null, null, null));
        narrow.put("a service's other name in a period", new Question(FROM, TO, null, "SERVICE-3", null, null, null));
        narrow.put("team in a period", new Question(FROM, TO, null, null, "other-1", null, null));
        narrow.put(
                "service in a period, by service",
                new Question(FROM, TO, Grouping.SERVICE, "service-7", null, null, null));
        narrow.put("service in a period", new Question(FROM, TO, null, "service-7", null, null, null));
        narrow.put("a rare severity", new Question(null, null, null, null, null, Severity.SEV0, null));
        narrow.put("a common severity in a period", new Question(FROM, TO, null, null, null, Severity.SEV2, null));
        narrow.put("period as of", new Question(FROM, TO, null, null, null, null, THEN));
        narrow.put("service as of", new Question(null, null, null, "service-7", null, null, THEN));
        List<String> readWhole = new ArrayList<>();
        plans(narrow).forEach((question, plan) -> {
            if (READ_WHOLE.matcher(plan).find()) {
                readWhole.add(question + "\n" + plan);
            }
        });
        assertThat(readWhole).isEmpty();
    }

    /** What narrows little may cost little to join; the history of the incidents is not read for it. */
    @Test
    void aWideFilterDoesNotReadTheHistoryOfTheIncidents() {
        Map<String, Question> wide = new LinkedHashMap<>();
        wide.put("a common severity", new Question(null, null, null, null, null, Severity.SEV2, null));
        wide.put("a year", new Question(Instant.parse("2025-01-01T00:00:00Z"), THEN, null, null, null, null, null));
        Map<String, String> plans = plans(wide);
        // Pages of a year are of any incident, whenever that was declared.
        assertThat(plans.remove("paging_load: a year")).isNotNull();
        plans.forEach((question, plan) -> assertThat(plan).as(question).doesNotContain("Seq Scan on incident_fact"));
    }

    private Map<String, String> plans(Map<String, Question> questions) {
        Map<String, String> plans = new LinkedHashMap<>();
        SqlConnection connection = pool.getConnection().await().atMost(Duration.ofSeconds(10));
        try {
            var transaction = connection.begin().await().atMost(Duration.ofSeconds(10));
            for (String statement : YEARS) {
                now(connection.query(statement).execute());
            }
            questions.forEach((name, question) -> {
                for (MetricDefinition metric : Metrics.all()) {
                    // The severity of an incident narrows no deploys.
                    boolean narrowsNothing = metric.measure() instanceof Measure.ShareOfDeploysLinked
                            && question.severity() != null
                            && question.from() == null;
                    if (!narrowsNothing
                            && (question.groupBy() == null || metric.groupings().contains(question.groupBy()))) {
                        MetricSql sql = MetricSql.of(metric, question);
                        StringBuilder plan = new StringBuilder();
                        now(connection
                                        .preparedQuery("explain (analyze, buffers) " + sql.text())
                                        .execute(Tuple.from(sql.parameters())))
                                .forEach(row -> plan.append(row.getString(0)).append('\n'));
                        plans.put(metric.id() + ": " + name, plan.toString());
                        LOG.debugf("%s: %s%n%s", metric.id(), name, plan);
                    }
                }
            });
            now(transaction.rollback());
        } finally {
            now(connection.close());
        }
        return plans;
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }
}
