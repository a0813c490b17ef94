package dev.hindsight.actionitem.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.actionitem.view.ActionItemQuery.Filter;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.SeededTransaction;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Each documented filter at nineteen thousand items, as a viewer asks: PostgreSQL itself counts how often a transaction has
 * read a table from end to end.
 */
@QuarkusTest
@WithTestResource(HindsightBackends.class)
class ActionItemPlansTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    private static final List<String> YEARS =
            List.of("""
            insert into incident (id, reference, title, severity, services, kind, visibility, status)
            select md5('plan-i' || n)::uuid, 'PLAN-' || n, 'Planned', 'SEV2',
              array['plan-' || case when n % 2 = 0 then 0 else n % 199 end], 'REAL', 'INTERNAL', 'RESOLVED'
            from generate_series(1, 10000) n""", """
            insert into action_item (id, version, reference, incident_id, postmortem_id, status, title, owner, due_date, sort_due,
              priority, type, category, created_at, changed_at)
            select md5('plan-a' || n)::uuid, 1, 'PLAN-' || n, md5('plan-i' || 1 + n / 2)::uuid, md5('plan-p' || 1 + n / 2)::uuid,
              case when n % 300 = 0 then 'IN_PROGRESS' else 'VERIFIED' end,
              'Add a canary stage in region ' || n % 700, md5('plan-o' || n % 400)::uuid,
              date '2020-01-01' + n % 2000, date '2020-01-01' + n % 2000,
              case when n % 250 = 0 then 'HIGH' else 'LOW' end, 'PREVENTATIVE',
              case when n % 270 = 0 then 'RECOVERY' else 'GUARDRAIL' end, now(), now()
            from generate_series(1, 19000) n""", """
            insert into catalog_entry (id, kind, name, team_id, merged_into, learned, version)
            select md5('plan-c' || n)::uuid, (array['SERVICE', 'TEAM', 'PERSON'])[1 + n % 3], 'plan-' || n,
              case when n % 3 = 0 then md5('plan-c' || 1 + 3 * (n % 50))::uuid end,
              case when n % 9 = 0 then md5('plan-c' || n - 3)::uuid end, true, 1
            from generate_series(1, 9000) n""", "analyze incident", "analyze action_item", "analyze catalog_entry");

    @Inject
    ActionItemQuery query;

    @Test
    void noDocumentedFilterReadsAllItemsOrIncidents() throws Throwable {
        Map<String, Long> whole = SeededTransaction.wholeReads(
                YEARS,
                List.of("incident", "action_item"),
                filters(),
                filter -> query.page(new Reader.Person("somebody"), filter, TODAY, 50, null));
        assertThat(whole)
                .hasSameSizeAs(filters())
                .allSatisfy((filter, scans) -> assertThat(scans).as(filter).isZero());
    }

    /** Names of owners are joined to a page, for which it may be read whole where it is small; what filters ask is looked up. */
    @Test
    void whatAServiceIsCalledAndWhatATeamOwnsIsLookedUpInTheCatalog() throws Throwable {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("a service of its own", "select cardinality(same_services('plan-3'))");
        asked.put("a merged service", "select cardinality(same_services('PLAN-9'))");
        asked.put("a service that nobody knows", "select cardinality(same_services('nobody-has-it'))");
        asked.put("a team", "select cardinality(services_of('plan-1'))");
        asked.put("a team that nobody knows", "select cardinality(services_of('nobody-knows-it'))");
        Map<String, Long> whole =
                SeededTransaction.wholeReads(YEARS, List.of("catalog_entry"), asked, sql -> Panache.getSession()
                        .chain(session ->
                                session.createNativeQuery(sql, Integer.class).getSingleResult()));
        assertThat(whole)
                .hasSameSizeAs(asked)
                .allSatisfy((question, scans) -> assertThat(scans).as(question).isZero());
    }

    private static Map<String, Filter> filters() {
        UUID some = UUID.nameUUIDFromBytes(new byte[] {1});
        Map<String, Filter> filters = new LinkedHashMap<>();
        filters.put("none", filter(null, null, null, null, null, null, null, null, null));
        filters.put("incident by reference", filter("PLAN-77", null, null, null, null, null, null, null, null));
        filters.put("incident by id", filter(some.toString(), null, null, null, null, null, null, null, null));
        filters.put("common service", filter(null, "plan-0", null, null, null, null, null, null, null));
        filters.put("rare service", filter(null, "plan-7", null, null, null, null, null, null, null));
        filters.put("unknown service", filter(null, "nobody-has-it", null, null, null, null, null, null, null));
        filters.put("merged service", filter(null, "PLAN-9", null, null, null, null, null, null, null));
        filters.put("team", ofTeam("plan-1"));
        filters.put("team of rare services", ofTeam("plan-100"));
        filters.put("unknown team", ofTeam("nobody-knows-it"));
        filters.put("owner", filter(null, null, some, null, null, null, null, null, null));
        filters.put(
                "rare status", filter(null, null, null, ActionItemStatus.IN_PROGRESS, null, null, null, null, null));
        filters.put("common status", filter(null, null, null, ActionItemStatus.VERIFIED, null, null, null, null, null));
        filters.put("rare priority", filter(null, null, null, null, Priority.HIGH, null, null, null, null));
        filters.put("common priority", filter(null, null, null, null, Priority.LOW, null, null, null, null));
        filters.put("rare category", filter(null, null, null, null, null, Category.RECOVERY, null, null, null));
        filters.put("overdue", filter(null, null, null, null, null, null, true, null, null));
        filters.put("not overdue", filter(null, null, null, null, null, null, false, null, null));
        filters.put("due then", filter(null, null, null, null, null, null, null, LocalDate.of(2021, 1, 1), null));
        filters.put("common word", filter(null, null, null, null, null, null, null, null, "canary"));
        filters.put("rare words", filter(null, null, null, null, null, null, null, null, "\"region 611\""));
        filters.put("unknown word", filter(null, null, null, null, null, null, null, null, "zebrafish"));
        filters.put(
                "service, status and word",
                filter(null, "plan-0", null, ActionItemStatus.IN_PROGRESS, null, null, null, null, "canary"));
        return filters;
    }

    private static Filter ofTeam(String team) {
        return new Filter(null, null, null, team, null, List.of(), List.of(), List.of(), null, null, null, null);
    }

    private static Filter filter(
            @Nullable String incident,
            @Nullable String service,
            @Nullable UUID owner,
            @Nullable ActionItemStatus status,
            @Nullable Priority priority,
            @Nullable Category category,
            @Nullable Boolean overdue,
            @Nullable LocalDate due,
            @Nullable String text) {
        return new Filter(
                incident,
                null,
                service,
                null,
                owner,
                status == null ? List.of() : List.of(status),
                priority == null ? List.of() : List.of(priority),
                category == null ? List.of() : List.of(category),
                overdue,
                due,
                due == null ? null : due.plusDays(2),
                text);
    }
}
