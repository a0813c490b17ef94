package dev.hindsight.actionitem.view;

import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.catalog.OfCatalog;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads items with what is shown beside them. */
@ApplicationScoped
public class ActionItemQuery {

    /** Sort values of a page: due date, id. */
    public static final int CURSOR_SIZE = 2;

    private static final String SELECT = """
            select i, p, n from ActionItemView i
            left join CatalogEntryView d on d.id = i.owner
            left join CatalogEntryView p on p.id = coalesce(d.mergedInto, d.id)
            left join IncidentView n on n.id = i.incidentId
            """;

    /**
     * An item and what is shown beside it.
     *
     * @param owner null where there is none or the catalog does not know the person
     * @param incident null while none of its events has come here
     */
    public record Row(
            ActionItemView item,
            @Nullable CatalogEntryView owner,
            @Nullable IncidentView incident) {}

    /**
     * Which items; null and empty filter nothing.
     *
     * @param incident UUID or reference
     * @param service that the incident affects, in any spelling, and whatever the catalog has merged with it
     * @param team whose services it affects
     * @param overdue open and due before today, or the contrary
     * @param dueFrom first due date
     * @param dueBefore first due date that is left out
     * @param text words that title, reference, change or verification must hold
     */
    public record Filter(
            @Nullable String incident,
            @Nullable UUID postmortem,
            @Nullable String service,
            @Nullable String team,
            @Nullable UUID owner,
            List<ActionItemStatus> statuses,
            List<Priority> priorities,
            List<Category> categories,
            @Nullable Boolean overdue,
            @Nullable LocalDate dueFrom,
            @Nullable LocalDate dueBefore,
            @Nullable String text) {}

    /** A page, sorted by due date (none: last), then id. */
    public Uni<Page<Row>> page(Reader reader, Filter filter, LocalDate today, int limit, @Nullable Cursor after) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        conditions(filter, today, conditions, parameters);
        if (after != null) {
            conditions.add("(i.sortDue > :afterDue or i.sortDue = :afterDue and i.id > :afterId)");
            // Redundant, and what lets the index begin where the page does.
            conditions.add("i.sortDue >= :afterDue");
            parameters.put("afterDue", date(after));
            parameters.put("afterId", after.uuid(1));
        }
        String where = " where " + (conditions.isEmpty() ? "true = true" : String.join(" and ", conditions))
                + Visible.hql(reader, "i.incidentId", parameters::put);
        return Panache.withSession(() -> Panache.getSession().chain(session -> {
                    Mutiny.SelectionQuery<Object[]> query =
                            session.createSelectionQuery(SELECT + where + " order by i.sortDue, i.id", Object[].class);
                    parameters.forEach(query::setParameter);
                    return query.setMaxResults(limit + 1).getResultList();
                }))
                .map(rows -> Page.of(
                        rows.stream().map(ActionItemQuery::row).toList(),
                        limit,
                        row -> Cursor.of(row.item().sortDue, row.item().id)));
    }

    private static void conditions(
            Filter filter, LocalDate today, List<String> conditions, Map<String, Object> parameters) {
        if (filter.incident() != null) {
            UUID id = SurroundingsQuery.uuid(filter.incident());
            conditions.add(
                    id == null
                            ? "i.incidentId in (select r.id from IncidentView r where r.reference = :incident)"
                            : "i.incidentId = :incident");
            parameters.put("incident", id == null ? filter.incident() : id);
        }
        equal("i.postmortemId", "postmortem", filter.postmortem(), conditions, parameters);
        equal("i.owner", "owner", filter.owner(), conditions, parameters);
        if (filter.service() != null) {
            conditions.add(OfCatalog.isServiceHql("n.services", ":service"));
            parameters.put("service", filter.service());
        }
        if (filter.team() != null) {
            conditions.add(OfCatalog.isOfTeamHql("n.services", ":team"));
            parameters.put("team", filter.team());
        }
        among("i.status", "statuses", filter.statuses(), conditions, parameters);
        among("i.priority", "priorities", filter.priorities(), conditions, parameters);
        among("i.category", "categories", filter.categories(), conditions, parameters);
        if (filter.overdue() != null) {
            String overdue = "i.status in (PROPOSED, ACCEPTED, IN_PROGRESS) and i.sortDue < :today";
            conditions.add(filter.overdue() ? overdue : "not (" + overdue + ")");
            parameters.put("today", today);
        }
        if (filter.dueFrom() != null) {
            conditions.add("i.dueDate is not null and i.sortDue >= :dueFrom");
            parameters.put("dueFrom", filter.dueFrom());
        }
        if (filter.dueBefore() != null) {
            conditions.add("i.dueDate is not null and i.sortDue < :dueBefore");
            parameters.put("dueBefore", filter.dueBefore());
        }
        if (filter.text() != null) {
            conditions.add("cast(sql('search @@ websearch_to_tsquery(''simple'', ?)', :text) as Boolean) = true");
            parameters.put("text", filter.text());
        }
    }

    private static void equal(
            String path, String name, @Nullable Object value, List<String> conditions, Map<String, Object> parameters) {
        if (value != null) {
            conditions.add(path + " = :" + name);
            parameters.put(name, value);
        }
    }

    private static void among(
            String path, String name, List<?> values, List<String> conditions, Map<String, Object> parameters) {
        if (!values.isEmpty()) {
            conditions.add(path + " in (:" + name + ")");
            parameters.put(name, values);
        }
    }

    private static LocalDate date(Cursor cursor) {
        try {
            return LocalDate.parse(cursor.text(0));
        } catch (DateTimeException e) {
            throw Invalid.field(
                    "cursor", "INVALID_CURSOR", "cursor must be the next of an earlier page of the same list.");
        }
    }

    private static Row row(Object[] columns) {
        return new Row((ActionItemView) columns[0], (CatalogEntryView) columns[1], (IncidentView) columns[2]);
    }

    /** The item of that id; null where there is none, or none for this reader. */
    public Uni<@Nullable Row> find(Reader reader, UUID id) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("id", id);
        String where = " where i.id = :id" + Visible.hql(reader, "i.incidentId", parameters::put);
        return Panache.withSession(() -> Panache.getSession().chain(session -> {
                    Mutiny.SelectionQuery<Object[]> query =
                            session.createSelectionQuery(SELECT + where, Object[].class);
                    parameters.forEach(query::setParameter);
                    return query.getSingleResultOrNull();
                }))
                .map(columns -> columns == null ? null : row(columns));
    }
}
