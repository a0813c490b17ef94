package dev.hindsight.incident.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.incident.domain.Calendar;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads calendars, and judges moments by them. */
@ApplicationScoped
public class CalendarQueries {

    /** The calendar of each person's team, else that of the house; people and teams that are merged are what they really are. */
    private static final String OF_PEOPLE = """
            select n.id as person, p.time_zone, c.calendar
            from unnest($1::uuid[]) as n(id)
            left join catalog_entry e on e.id = n.id
            left join catalog_entry p on p.id = coalesce(e.merged_into, e.id)
            left join catalog_entry t on t.id = p.team_id
            join lateral (
              select k.calendar from calendar k left join catalog_entry o on o.id = k.team_id
              where k.team_id is null or coalesce(o.merged_into, k.team_id) = coalesce(t.merged_into, p.team_id)
              order by k.team_id is null, o.merged_into is not null, k.team_id limit 1) c on true""";

    private final Pool pool;
    private final ObjectMapper json;

    CalendarQueries(Pool pool, ObjectMapper json) {
        this.pool = pool;
        this.json = json;
    }

    /** Says of each moment of a person whether nobody works then, where they are. */
    public interface Judge {

        /** Empty where no calendar says. */
        Optional<Boolean> isAfterHours(UUID person, Instant at);
    }

    private record Person(Changed calendar, Optional<ZoneId> zone) {}

    /** By the calendars that are in force now. */
    public Uni<Judge> judge(Set<UUID> people) {
        return pool.preparedQuery(OF_PEOPLE)
                .execute(Tuple.of(people.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, Person> known = new HashMap<>();
                    for (Row row : rows) {
                        known.put(
                                row.getUUID("person"),
                                new Person(
                                        calendar(row),
                                        Optional.ofNullable(row.getString("time_zone"))
                                                .map(ZoneId::of)));
                    }
                    return (person, at) -> Optional.ofNullable(known.get(person))
                            .map(of -> Calendar.isAfterHours(
                                    of.calendar(), at, of.zone().orElse(null)));
                });
    }

    /** One page of all calendars, that of the house first. */
    @WithSession
    public Uni<Page<CalendarView>> list(int limit, Optional<Cursor> after) {
        PanacheQuery<CalendarView> query = after.map(
                        cursor -> CalendarView.<CalendarView>find("teamId > ?1 order by teamId", cursor.uuid(0)))
                .orElseGet(() -> CalendarView.find("order by teamId nulls first"));
        // The house is only ever the first of the first page.
        return query.range(0, limit)
                .list()
                .map(rows -> Page.of(rows, limit, row -> Cursor.of(row.teamId == null ? new UUID(0, 0) : row.teamId)));
    }

    private Changed calendar(Row row) {
        try {
            return json.readValue(row.getJsonObject("calendar").encode(), Changed.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a calendar cannot be read", e);
        }
    }
}
