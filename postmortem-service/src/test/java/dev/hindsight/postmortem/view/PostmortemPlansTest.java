package dev.hindsight.postmortem.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.SeededTransaction;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import dev.hindsight.postmortem.view.PostmortemQuery.Filter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Each documented filter but {@code q} (which reads all postmortems, see README's State) at twenty thousand postmortems, as a
 * viewer asks: PostgreSQL itself counts how often a transaction has read a table from end to end.
 */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class PostmortemPlansTest {

    private static final UUID OWNER = UUID.fromString("00000000-0000-0000-0000-000000000007");

    private static final List<String> YEARS =
            List.of("""
            insert into incident (id, version, reference, title, severity, status, kind, services, customer_facing, security,
              imported, roles, impact, declared_at, resolved_at, reopenings, pages, pages_judged, pages_after_hours)
            select md5('plan-i' || n)::uuid, 3, 'PLAN-' || n, 'Checkout fails in region ' || n % 700,
              case when n % 200 = 0 then 'SEV0' else 'SEV' || 1 + n % 4 end, 'RESOLVED', 'REAL',
              array['plan-' || case when n % 2 = 0 then 0 else n % 199 end], true, false, false, '{}', '{}',
              timestamptz '2020-01-01' + n * interval '50 minutes', timestamptz '2020-01-01' + n * interval '51 minutes', 0, 0, 0, 0
            from generate_series(1, 20000) n""", """
            insert into postmortem (id, incident_id, version, status, owner, resolved_at, drafted_at, content, prose)
            select md5('plan-p' || n)::uuid, md5('plan-i' || n)::uuid, 1,
              case when n % 300 = 0 then 'IN_REVIEW' else 'PUBLISHED' end,
              ('00000000-0000-0000-0000-' || lpad((n % 400)::text, 12, '0'))::uuid,
              timestamptz '2020-01-01' + n * interval '51 minutes', timestamptz '2020-01-01' + n * interval '51 minutes',
              '{"version": 1, "status": "DRAFT"}', 'The rollback was slow, as nobody had rehearsed number ' || n % 900
            from generate_series(1, 20000) n""", """
            insert into catalog_entry (id, kind, name, team_id, merged_into, learned, version)
            select md5('plan-c' || n)::uuid, (array['SERVICE', 'TEAM', 'PERSON'])[1 + n % 3], 'plan-' || n,
              case when n % 3 = 0 then md5('plan-c' || 1 + 3 * (n % 50))::uuid end,
              case when n % 9 = 0 then md5('plan-c' || n - 3)::uuid end, true, 1
            from generate_series(1, 9000) n""", "analyze incident", "analyze postmortem", "analyze catalog_entry");

    @Inject
    PostmortemQuery query;

    @Test
    void noDocumentedFilterReadsAllPostmortemsOrIncidents() throws Throwable {
        Map<String, Long> whole = SeededTransaction.wholeReads(
                YEARS,
                List.of("incident", "postmortem"),
                filters(),
                filter -> query.list(new Reader.Person("somebody"), filter, 50, Optional.empty()));
        assertThat(whole)
                .hasSameSizeAs(filters())
                .allSatisfy((filter, scans) -> assertThat(scans).as(filter).isZero());
    }

    private static Map<String, Filter> filters() {
        Instant from = Instant.parse("2020-06-01T00:00:00Z");
        Instant to = Instant.parse("2020-06-03T00:00:00Z");
        Map<String, Filter> filters = new LinkedHashMap<>();
        filters.put("none", new Filter(null, null, null, null, null, null, null, null));
        filters.put("common service", new Filter("plan-0", null, null, null, null, null, null, null));
        filters.put("rare service", new Filter("plan-7", null, null, null, null, null, null, null));
        filters.put("unknown service", new Filter("nobody-has-it", null, null, null, null, null, null, null));
        filters.put("merged service", new Filter("PLAN-9", null, null, null, null, null, null, null));
        filters.put("team", new Filter(null, "plan-1", null, null, null, null, null, null));
        filters.put("unknown team", new Filter(null, "nobody-knows-it", null, null, null, null, null, null));
        filters.put("common severity", new Filter(null, null, Severity.SEV2, null, null, null, null, null));
        filters.put("rare severity", new Filter(null, null, Severity.SEV0, null, null, null, null, null));
        filters.put("common status", new Filter(null, null, null, PostmortemStatus.PUBLISHED, null, null, null, null));
        filters.put("rare status", new Filter(null, null, null, PostmortemStatus.IN_REVIEW, null, null, null, null));
        filters.put("owner", new Filter(null, null, null, null, OWNER, null, null, null));
        filters.put("two days", new Filter(null, null, null, null, null, from, to, null));
        filters.put(
                "service, severity and time", new Filter("plan-0", null, Severity.SEV2, null, null, from, null, null));
        return filters;
    }
}
