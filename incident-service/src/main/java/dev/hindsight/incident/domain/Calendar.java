package dev.hindsight.incident.domain;

import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.contract.CalendarEvent.Hours;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When people work. Hours go by the clock on the wall of whoever works, so that they are right on the days on which clocks
 * change: a page at 08:30 in Berlin is before nine there, whatever the offset is that day.
 *
 * @param said null while nobody has said anything
 */
public record Calendar(@Nullable Changed said) {

    public static final Calendar UNKNOWN = new Calendar(null);

    /** The change to this; nothing where it says the same. */
    public static List<CalendarEvent> decide(Calendar calendar, Changed wanted) {
        return wanted.equals(calendar.said) ? List.of() : List.of(wanted);
    }

    /** The calendar after an event. */
    public static Calendar evolve(Calendar calendar, CalendarEvent event) {
        return switch (event) {
            case Changed changed -> new Calendar(changed);
        };
    }

    /**
     * Whether nobody works at that moment.
     *
     * @param zone of whoever is asked about; null: that of the calendar
     */
    public static boolean isAfterHours(Changed calendar, Instant at, @Nullable ZoneId zone) {
        ZonedDateTime there = at.atZone(zone == null ? ZoneId.of(calendar.timeZone()) : zone);
        LocalDate today = there.toLocalDate();
        LocalTime now = there.toLocalTime();
        return !works(calendar, today, now, false) && !works(calendar, today.minusDays(1), now, true);
    }

    /** Whether hours that began on that day hold at that time: of the same day, or, where they go past midnight, the next. */
    private static boolean works(Changed calendar, LocalDate began, LocalTime now, boolean isNextDay) {
        DayOfWeek day = began.getDayOfWeek();
        return !calendar.holidays().contains(began)
                && calendar.workingHours().stream()
                        .filter(hours -> hours.day() == day)
                        .anyMatch(hours -> holds(hours, now, isNextDay));
    }

    private static boolean holds(Hours hours, LocalTime now, boolean isNextDay) {
        LocalTime from = LocalTime.parse(hours.from());
        LocalTime to = LocalTime.parse(hours.to());
        boolean isPastMidnight = !to.isAfter(from);
        if (isNextDay) {
            return isPastMidnight && now.isBefore(to);
        }
        return !now.isBefore(from) && (isPastMidnight || now.isBefore(to));
    }
}
