package dev.hindsight.incident.view;

import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.eventstore.PlanCache;
import dev.hindsight.incident.view.IncidentQueries.Filter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of incidents as SQL with its parameters, a row more than fits on it. Each condition is one that an index can
 * answer; where it leaves much, walking by time is quicker, and which of them it is depends on the values.
 */
record IncidentListing(String sql, List<Object> parameters) {

    /** Whose incidents those are that a person owns. */
    private static final String COMMANDER = "INCIDENT_COMMANDER";

    /**
     * @param services what the wanted service may be called, as the catalog has it; null where all are wanted
     * @param ofTeam the same of the wanted team's services
     */
    static IncidentListing of(
            Reader reader,
            Filter filter,
            String @Nullable [] services,
            String @Nullable [] ofTeam,
            int limit,
            Optional<Cursor> after) {
        StringBuilder sql = new StringBuilder("select ")
                .append(PlanCache.LEFT_OUT)
                .append(' ')
                .append(ListedIncident.COLUMNS)
                .append(" from incident where true");
        List<@Nullable Object> parameters = new ArrayList<>();
        condition(sql, parameters, "service_keys && %s", services);
        condition(sql, parameters, "service_keys && %s", ofTeam);
        condition(sql, parameters, "severity = %s", name(filter.severity()));
        condition(sql, parameters, "status = %s", name(filter.status()));
        condition(sql, parameters, "kind = %s", name(filter.kind()));
        condition(sql, parameters, "declared_at >= %s", time(filter.from()));
        condition(sql, parameters, "declared_at < %s", time(filter.to()));
        condition(sql, parameters, "held_roles @> array[cast(%s as text)]", held(filter));
        condition(sql, parameters, "words @@ websearch_to_tsquery('simple', %s)", filter.text());
        if (!reader.seesAll()) {
            // The row says the same as its restriction, both are written by one statement: most rows need no second
            // look.
            sql.append(" and (visibility = 'INTERNAL' or true")
                    .append(Visible.sql(reader, "incident.id", parameters))
                    .append(')');
        }
        after.ifPresent(cursor -> {
            sql.append(" and (declared_at, id) ")
                    .append(filter.newestFirst() ? '<' : '>')
                    .append(" ($" + (parameters.size() + 1) + ", $" + (parameters.size() + 2) + ')');
            parameters.add(time(cursor.instant(0)));
            parameters.add(cursor.uuid(1));
        });
        sql.append(filter.newestFirst() ? " order by declared_at desc, id desc" : " order by declared_at, id")
                .append(" limit ")
                .append(limit + 1);
        return new IncidentListing(sql.toString(), List.copyOf(parameters));
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
            StringBuilder sql, List<@Nullable Object> parameters, String text, @Nullable Object value) {
        if (value != null) {
            parameters.add(value);
            sql.append(" and ").append(text.formatted("$" + parameters.size()));
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
