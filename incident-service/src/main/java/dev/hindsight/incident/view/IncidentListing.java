package dev.hindsight.incident.view;

import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.eventstore.PlanCache;
import dev.hindsight.incident.view.IncidentQueries.Filter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of incidents as SQL with named parameters, a row more than fits on it. Each condition is one that an index can
 * answer; where it leaves much, walking by time is quicker, and which of them it is depends on the values.
 */
record IncidentListing(String sql, Map<String, Object> parameters) {

    /** Whose incidents those are that a person owns. */
    private static final String COMMANDER = "INCIDENT_COMMANDER";

    static IncidentListing of(Reader reader, Filter filter, int limit, Optional<Cursor> after) {
        StringBuilder sql = new StringBuilder("select " + PlanCache.LEFT_OUT + " * from incident where true");
        Map<String, Object> parameters = new LinkedHashMap<>();
        condition(sql, parameters, " and services @> array[cast(:service as text)]", "service", filter.service());
        condition(sql, parameters, " and severity = :severity", "severity", name(filter.severity()));
        condition(sql, parameters, " and status = :status", "status", name(filter.status()));
        condition(sql, parameters, " and kind = :kind", "kind", name(filter.kind()));
        condition(sql, parameters, " and declared_at >= :from", "from", filter.from());
        condition(sql, parameters, " and declared_at < :to", "to", filter.to());
        // Says the same of a role alone and costs little: a walk by time asks it first.
        condition(sql, parameters, " and jsonb_exists(roles, :role)", "role", filter.role());
        condition(sql, parameters, " and held_roles(roles) @> array[cast(:held as text)]", "held", held(filter));
        condition(
                sql,
                parameters,
                " and to_tsvector('simple', title || ' ' || coalesce(summary, ''))"
                        + " @@ websearch_to_tsquery('simple', :text)",
                "text",
                filter.text());
        if (!reader.seesAll()) {
            // The row says the same as its restriction, both are written by one statement: most rows need no second
            // look.
            sql.append(" and (visibility = 'INTERNAL' or true")
                    .append(Visible.named(reader, "incident.id", parameters::put))
                    .append(')');
        }
        after.ifPresent(cursor -> {
            sql.append(" and (declared_at, id) ")
                    .append(filter.newestFirst() ? '<' : '>')
                    .append(" (:afterTime, :afterId)");
            parameters.put("afterTime", cursor.instant(0));
            parameters.put("afterId", cursor.uuid(1));
        });
        sql.append(filter.newestFirst() ? " order by declared_at desc, id desc" : " order by declared_at, id")
                .append(" limit ")
                .append(limit + 1);
        return new IncidentListing(sql.toString(), parameters);
    }

    /** As the schema's {@code held_roles} has it: a role alone, or with its holder. */
    private static @Nullable String held(Filter filter) {
        String role = filter.role();
        if (filter.owner() == null) {
            return role;
        }
        return (role == null ? COMMANDER : role) + ' ' + filter.owner();
    }

    private static void condition(
            StringBuilder sql, Map<String, Object> parameters, String text, String name, @Nullable Object value) {
        if (value != null) {
            sql.append(text);
            parameters.put(name, value);
        }
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
