package dev.hindsight.actionitem.view;

import dev.hindsight.actionitem.domain.Burndown.Day;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.catalog.OfCatalog;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to items on each day, over one postmortem, one service, one team or all. */
@ApplicationScoped
public class BurndownQuery {

    private static final String DAYS = """
            with item as (
              select (i.created_at at time zone 'UTC')::date as created_on,
                     (i.completed_at at time zone 'UTC')::date as closed_on,
                     (i.canceled_at at time zone 'UTC')::date as canceled_on,
                     i.due_date
              from action_item i left join incident n on n.id = i.incident_id
              where %s
            )
            select day, sum(created)::int as created, sum(closed)::int as closed, sum(canceled)::int as canceled,
                   sum(leaving)::int as leaving
            from (
              select created_on as day, 1 as created, 0 as closed, 0 as canceled, 0 as leaving from item
              union all select closed_on, 0, 1, 0, 0 from item where closed_on is not null
              union all select canceled_on, 0, 0, 1, 0 from item where canceled_on is not null
              union all select greatest(created_on, least(due_date, canceled_on)), 0, 0, 0, 1 from item
                        where due_date is not null or canceled_on is not null
            ) happened
            group by day""";

    /** "TEST, DRILL, CANCELED and MERGED never count", where several incidents are counted. */
    private static final String COUNTS = "(n.id is null or n.kind = 'REAL' and n.status not in ('CANCELED', 'MERGED'))";

    private static final String OF_SERVICE = DAYS.formatted(OfCatalog.isService("n.services", "$1") + " and " + COUNTS);

    private static final String OF_TEAM = DAYS.formatted(OfCatalog.isOfTeam("n.services", "$1") + " and " + COUNTS);
    private static final String OF_ALL = DAYS.formatted(COUNTS);

    private final Pool pool;

    BurndownQuery(Pool pool) {
        this.pool = pool;
    }

    /** The days on which anything happened or was due; at most one of the three scopes is given. */
    public Uni<NavigableMap<LocalDate, Day>> days(
            Reader reader, @Nullable UUID postmortem, @Nullable String service, @Nullable String team) {
        List<@Nullable Object> parameters = new ArrayList<>();
        String sql = OF_ALL;
        if (postmortem != null) {
            parameters.add(postmortem);
            // Numbers of many incidents include restricted ones; those of one postmortem are about it.
            sql = DAYS.formatted("i.postmortem_id = $1" + Visible.sql(reader, "i.incident_id", parameters));
        } else if (service != null) {
            parameters.add(service);
            sql = OF_SERVICE;
        } else if (team != null) {
            parameters.add(team);
            sql = OF_TEAM;
        }
        return pool.preparedQuery(sql).execute(Tuple.from(parameters)).map(rows -> {
            NavigableMap<LocalDate, Day> days = new TreeMap<>();
            for (Row row : rows) {
                days.put(
                        row.getLocalDate("day"),
                        new Day(
                                row.getInteger("created"),
                                row.getInteger("closed"),
                                row.getInteger("canceled"),
                                row.getInteger("leaving")));
            }
            return days;
        });
    }

    /** All days together. */
    public static Day sum(Map<LocalDate, Day> days) {
        return days.values().stream()
                .reduce(
                        new Day(0, 0, 0, 0),
                        (a, b) -> new Day(
                                a.created() + b.created(),
                                a.closed() + b.closed(),
                                a.canceled() + b.canceled(),
                                a.plannedToLeave() + b.plannedToLeave()));
    }
}
