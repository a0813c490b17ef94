package dev.hindsight.incident.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.incident.domain.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row of a calendar. */
public final class CalendarRow {

    private final InlineView view;

    public CalendarRow(ObjectMapper json) {
        this.view = new InlineView("calendar", "id", InlineView.columns("id", "team_id", "calendar", "version"), json);
    }

    /** Where it is written. */
    public InlineView view() {
        return view;
    }

    /** The row, column by column; none of one that nobody has said anything of. */
    public static List<Map<String, @Nullable Object>> rows(Loaded<Calendar> loaded) {
        Changed said = loaded.state().said();
        if (said == null) {
            return List.of();
        }
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", loaded.streamId());
        row.put("team_id", said.team());
        row.put("calendar", said);
        row.put("version", loaded.version());
        return List.of(row);
    }
}
