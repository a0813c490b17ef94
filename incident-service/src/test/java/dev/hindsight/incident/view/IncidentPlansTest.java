package dev.hindsight.incident.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.SeededTransaction;
import dev.hindsight.incident.view.IncidentQueries.Filter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the planner does with each documented filter, by its own free choice, for a viewer and twenty thousand incidents of two
 * years: what is common and what is rare, as the two want different indexes. Nothing of it is committed. How long it takes
 * at a million is measured by {@code deploy/bench}.
 */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IncidentPlansTest {

    private static final int LIMIT = 50;
    private static final Reader VIEWER = new Reader.Person("somebody");
    private static final UUID BUSY = UUID.fromString("00000000-0000-0000-0000-000000000000");
    private static final UUID RARE = UUID.fromString("00000000-0000-0000-0000-000000000777");
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by Filter: (\\d+)");

    /** Alone: what other tests left behind is newer than all of it, which no statistics tell the planner. */
    private static final List<String> TWO_YEARS = List.of("delete from incident", """
            insert into incident (id, reference, title, severity, status, kind, visibility, customer_facing, security, services,
              roles, participants, impact, links, declared_at, pages, reopenings, sources, version)
            select md5('plan' || n)::uuid, 'PLAN-' || n,
              (array['Checkout fails', 'Search answers slowly', 'Login is broken'])[1 + n % 3] || ' in region ' || n % 700,
              case when n % 200 = 0 then 'SEV0' else 'SEV' || 1 + n % 4 end,
              case when n % 300 = 0 then 'ACKNOWLEDGED' else 'RESOLVED' end,
              case when n % 250 = 0 then 'TEST' else 'REAL' end,
              case when n % 100 = 0 then 'RESTRICTED' else 'INTERNAL' end, true, false,
              array['service-' || case when n % 2 = 0 then 0 else n % 199 end],
              case when n % 3 = 0 then jsonb_build_object('INCIDENT_COMMANDER',
                case when n % 2 = 0 then '00000000-0000-0000-0000-000000000000'
                     else '00000000-0000-0000-0000-' || lpad((n % 999)::text, 12, '0') end)
                   when n % 400 = 1 then '{"SCRIBE": "00000000-0000-0000-0000-000000000001"}' else '{}' end,
              '{}', '{}', '{"items": []}', timestamptz '2024-01-01' + n * interval '50 minutes', 0, 0, '{}', 3
            from generate_series(1, 20000) n""", "analyze incident");

    @Test
    void noDocumentedFilterReadsAllIncidents() throws Throwable {
        plans().forEach((filter, plan) -> {
            assertThat(plan).as(filter).doesNotContain("Seq Scan on incident");
            // An index that is walked until enough have turned up would be as bad.
            assertThat(removed(plan)).as(filter + "\n" + plan).isLessThan(2_000);
        });
    }

    private static Map<String, Filter> filters() {
        Instant from = Instant.parse("2024-06-01T00:00:00Z");
        Instant to = Instant.parse("2024-07-01T00:00:00Z");
        Map<String, Filter> filters = new LinkedHashMap<>();
        filters.put("none", filter(null, null, null, null, null, null, null, null, null));
        filters.put("a common service", filter("service-0", null, null, null, null, null, null, null, null));
        filters.put("a rare service", filter("service-7", null, null, null, null, null, null, null, null));
        filters.put("an unknown service", filter("nobody-has-it", null, null, null, null, null, null, null, null));
        filters.put(
                "a team of nothing",
                new Filter(null, "nobody-has-it", null, null, null, null, null, null, null, null, true));
        filters.put("a common severity", filter(null, Severity.SEV2, null, null, null, null, null, null, null));
        filters.put("a rare severity", filter(null, Severity.SEV0, null, null, null, null, null, null, null));
        filters.put("a common status", filter(null, null, IncidentStatus.RESOLVED, null, null, null, null, null, null));
        filters.put(
                "a rare status", filter(null, null, IncidentStatus.ACKNOWLEDGED, null, null, null, null, null, null));
        filters.put("a common kind", filter(null, null, null, IncidentKind.REAL, null, null, null, null, null));
        filters.put("a rare kind", filter(null, null, null, IncidentKind.TEST, null, null, null, null, null));
        filters.put("a month", filter(null, null, null, null, from, to, null, null, null));
        filters.put("a common word", filter(null, null, null, null, null, null, "checkout", null, null));
        filters.put("rare words", filter(null, null, null, null, null, null, "\"in region 611\"", null, null));
        filters.put("an unknown word", filter(null, null, null, null, null, null, "zebrafish", null, null));
        filters.put("a common role", filter(null, null, null, null, null, null, null, "INCIDENT_COMMANDER", null));
        filters.put("a rare role", filter(null, null, null, null, null, null, null, "SCRIBE", null));
        filters.put("a busy commander", filter(null, null, null, null, null, null, null, null, BUSY));
        filters.put("a rare commander", filter(null, null, null, null, null, null, null, null, RARE));
        filters.put("nobody in a role", filter(null, null, null, null, null, null, null, "SCRIBE", RARE));
        filters.put(
                "service, status and time",
                filter("service-0", null, IncidentStatus.ACKNOWLEDGED, null, from, to, null, null, null));
        filters.put(
                "severity, kind and word",
                filter(null, Severity.SEV0, null, IncidentKind.REAL, null, null, "checkout", null, null));
        return filters;
    }

    private static Filter filter(
            @Nullable String service,
            @Nullable Severity severity,
            @Nullable IncidentStatus status,
            @Nullable IncidentKind kind,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String text,
            @Nullable String role,
            @Nullable UUID owner) {
        return new Filter(service, null, severity, status, kind, from, to, text, role, owner, true);
    }

    private static Map<String, String> plans() throws Throwable {
        Map<String, IncidentListing> listings = new LinkedHashMap<>();
        filters().forEach((name, filter) -> listings.put(name, listing(filter, Optional.empty())));
        Filter oldest = new Filter(null, null, null, null, null, null, null, null, null, null, false);
        listings.put("oldest first", listing(oldest, Optional.empty()));
        Cursor middle = Cursor.of(Instant.parse("2025-01-01T00:00:00Z"), UUID.randomUUID());
        listings.put("a later page", listing(filters().get("none"), Optional.of(middle)));
        Map<String, String> plans = SeededTransaction.answers(TWO_YEARS, listings, IncidentPlansTest::plan);
        assertThat(plans).hasSameSizeAs(listings);
        return plans;
    }

    /** The catalog knows each service by its own name alone. */
    private static IncidentListing listing(Filter filter, Optional<Cursor> after) {
        String service = filter.service();
        return IncidentListing.of(
                VIEWER,
                filter,
                service == null ? null : new String[] {service.strip().toLowerCase(Locale.ROOT)},
                null,
                LIMIT,
                after);
    }

    private static Uni<String> plan(Mutiny.Session session, IncidentListing listing) {
        var query = session.createNativeQuery(
                "explain (analyze, timing off) " + listing.sql().replace('$', '?'), String.class);
        for (int i = 0; i < listing.parameters().size(); i++) {
            query.setParameter(i + 1, listing.parameters().get(i));
        }
        return query.getResultList().map(lines -> String.join("\n", lines));
    }

    private static long removed(String plan) {
        Matcher matcher = REMOVED.matcher(plan);
        long removed = 0;
        while (matcher.find()) {
            removed += Long.parseLong(matcher.group(1));
        }
        return removed;
    }
}
