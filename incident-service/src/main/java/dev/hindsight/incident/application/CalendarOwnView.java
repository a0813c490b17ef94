package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.Calendar;
import dev.hindsight.incident.view.CalendarRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** The calendars as {@link CalendarHandler} keeps them, for a rebuild. */
@ApplicationScoped
public class CalendarOwnView implements OwnView<Calendar, CalendarEvent> {

    private final CalendarRow row;

    CalendarOwnView(ObjectMapper json) {
        this.row = new CalendarRow(json);
    }

    @Override
    public String name() {
        return "calendars";
    }

    @Override
    public Decider<Calendar, CalendarEvent> decider() {
        return CalendarHandler.DECIDER;
    }

    @Override
    public List<Table<Calendar>> tables() {
        return List.of(new Table<>(
                row.view(), Set.of(), steps -> CalendarRow.rows(steps.getLast().after())));
    }
}
