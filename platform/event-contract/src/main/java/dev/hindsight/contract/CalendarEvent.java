package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When people work: one stream for each team's calendar, and one for the house (topic {@code incident-events}, key: the stream). */
public sealed interface CalendarEvent extends DomainEvent {

    /**
     * A calendar from now on; replaces all that was said before. What was judged by it stays as it was judged.
     *
     * @param team whose it is; null for the house: of all who have none of their own
     * @param timeZone of the IANA database; of whoever has none of their own
     * @param workingHours in the zone of whoever works
     * @param holidays days on which nobody works
     * @param shifts when somebody of the team is on call
     */
    @JsonTypeName("hindsight.calendar.changed.v1")
    record Changed(
            @Nullable UUID team,
            String timeZone,
            List<Hours> workingHours,
            List<LocalDate> holidays,
            List<Shift> shifts)
            implements CalendarEvent {

        public Changed {
            workingHours = List.copyOf(workingHours);
            holidays = List.copyOf(holidays);
            shifts = List.copyOf(shifts);
        }
    }

    /**
     * A part of each such day, by the clock on the wall.
     *
     * @param from HH:mm, the first minute
     * @param to HH:mm, the minute after the last; not after {@code from}: of the day after
     */
    record Hours(DayOfWeek day, String from, String to) {}

    /** One that comes again each week. */
    record Shift(String name, Hours hours) {}
}
