package dev.hindsight.metrics.view;

import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.metrics.domain.CalendarFact;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps {@code calendar_fact}: when somebody is on call. */
@ApplicationScoped
public class CalendarProjection extends FactProjection<CalendarEvent, CalendarFact> {

    CalendarProjection() {
        super(
                "metrics-calendars",
                Topic.INCIDENT_EVENTS,
                CalendarEvent.class,
                new HistoryRows.Table(
                        "calendar_fact",
                        "calendar_id",
                        List.of(
                                new Column("team_id", Type.UUID),
                                new Column("time_zone", Type.TEXT),
                                new Column("shift_starts", Type.INTEGERS),
                                new Column("shift_lengths", Type.INTEGERS))));
    }

    @Override
    CalendarFact state(Row row) {
        return fact(row);
    }

    /** Of a row with those columns. */
    static CalendarFact fact(Row row) {
        return new CalendarFact(
                row.getUUID("team_id"),
                row.getString("time_zone"),
                List.of(row.getArrayOfIntegers("shift_starts")),
                List.of(row.getArrayOfIntegers("shift_lengths")));
    }

    @Override
    CalendarFact evolve(@Nullable CalendarFact before, Recorded<CalendarEvent> recorded) {
        return CalendarFact.of(recorded.event());
    }

    @Override
    Map<String, @Nullable Object> columns(CalendarFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("team_id", fact.team());
        columns.put("time_zone", fact.timeZone());
        columns.put("shift_starts", fact.starts());
        columns.put("shift_lengths", fact.lengths());
        return columns;
    }
}
