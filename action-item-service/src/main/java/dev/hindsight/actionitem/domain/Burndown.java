package dev.hindsight.actionitem.domain;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How items get closed, day by day, beside how they would if each were closed on its due date: "planned completion dates
 * and actual completion dates" (seed 000, after Google SRE). Days are UTC days; a point tells how things stood at the end of
 * its day.
 */
public final class Burndown {

    private Burndown() {}

    /**
     * What happened on a day, or was due on it.
     *
     * @param created proposed that day
     * @param closed done that day
     * @param canceled that day
     * @param plannedToLeave due that day, or canceled before they were due; items that came in later than due leave the
     *     day they came in
     */
    public record Day(int created, int closed, int canceled, int plannedToLeave) {
        static final Day QUIET = new Day(0, 0, 0, 0);
    }

    /**
     * How it stood at the end of a day.
     *
     * @param open neither closed nor canceled; null for a day that has not begun
     * @param planned would be open if every item were closed on its due date; items without one stay
     */
    public record Point(LocalDate date, @Nullable Integer open, int planned, int created, int closed, int canceled) {}

    /**
     * One point a day.
     *
     * @param days whatever happened, before {@code from} too
     * @param to the first day that is left out
     * @param today the last day of which anything is known
     */
    public static List<Point> points(Map<LocalDate, Day> days, LocalDate from, LocalDate to, LocalDate today) {
        NavigableMap<LocalDate, Day> sorted = new TreeMap<>(days);
        int open = 0;
        int planned = 0;
        for (Day day : sorted.headMap(from, false).values()) {
            open += day.created() - day.closed() - day.canceled();
            planned += day.created() - day.plannedToLeave();
        }
        List<Point> points = new ArrayList<>();
        for (LocalDate date = from; date.isBefore(to); date = date.plusDays(1)) {
            Day day = sorted.getOrDefault(date, Day.QUIET);
            open += day.created() - day.closed() - day.canceled();
            planned += day.created() - day.plannedToLeave();
            points.add(new Point(
                    date, date.isAfter(today) ? null : open, planned, day.created(), day.closed(), day.canceled()));
        }
        return points;
    }

    /**
     * Closed ÷ (all − canceled), as {@code action_item_completion_rate} is defined (seed 004: below 0.5 is theater, 0.8 the
     * target); null where there is nothing to close.
     */
    public static @Nullable Double completionRate(int total, int closed, int canceled) {
        return total == canceled ? null : (double) closed / (total - canceled);
    }
}
