package dev.hindsight.metrics.domain;

import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.contract.CalendarEvent.Hours;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When somebody of a team is on call, by the clock on the wall of its zone: so a shift is of the same hours on the days on which
 * clocks change, though not as long.
 *
 * @param team null: the house's
 * @param timeZone of the IANA database
 * @param starts of each shift, in minutes since the week's Monday began
 * @param lengths of each shift, in minutes on the wall; at most a day
 */
public record CalendarFact(@Nullable UUID team, String timeZone, List<Integer> starts, List<Integer> lengths) {

    private static final int DAY = 24 * 60;
    private static final int WEEK = 7 * DAY;

    public CalendarFact {
        starts = List.copyOf(starts);
        lengths = List.copyOf(lengths);
    }

    /** One time that a shift comes round. @param number which of the shifts, from 1 @param began on the wall */
    public record Shift(int number, LocalDateTime began) {}

    /** What an event says of the calendar. */
    public static CalendarFact of(CalendarEvent event) {
        return switch (event) {
            case Changed said -> {
                List<Integer> starts = new ArrayList<>();
                List<Integer> lengths = new ArrayList<>();
                for (CalendarEvent.Shift shift : said.shifts()) {
                    Hours hours = shift.hours();
                    int from = minute(hours.from());
                    int to = minute(hours.to());
                    starts.add((hours.day().getValue() - 1) * DAY + from);
                    lengths.add(to > from ? to - from : to - from + DAY);
                }
                yield new CalendarFact(said.team(), said.timeZone(), starts, lengths);
            }
        };
    }

    private static int minute(String time) {
        return LocalTime.parse(time).get(ChronoField.MINUTE_OF_DAY);
    }

    /** The shift of that moment, the first of several; empty where nobody is on call. */
    public Optional<Shift> shiftAt(Instant at) {
        LocalDateTime there = at.atZone(ZoneId.of(timeZone)).toLocalDateTime().truncatedTo(ChronoUnit.MINUTES);
        int minute = (there.getDayOfWeek().getValue() - 1) * DAY + there.get(ChronoField.MINUTE_OF_DAY);
        for (int i = 0; i < starts.size(); i++) {
            int since = Math.floorMod(minute - starts.get(i), WEEK);
            if (since < lengths.get(i)) {
                return Optional.of(new Shift(i + 1, there.minusMinutes(since)));
            }
        }
        return Optional.empty();
    }

    /** How many shifts there are that touch the interval. */
    public long shifts(Interval interval) {
        if (!interval.from().isBefore(interval.to())) {
            return 0;
        }
        long shifts = 0;
        for (int i = 0; i < starts.size(); i++) {
            shifts += times(starts.get(i), lengths.get(i), interval);
        }
        return shifts;
    }

    private long times(int start, int length, Interval interval) {
        ZoneId zone = ZoneId.of(timeZone);
        // A week to both sides is more than any change of a zone; what is too much is taken back.
        LocalDate first = monday(interval.from().atZone(zone).toLocalDate()).minusWeeks(1);
        LocalDate last = monday(interval.to().atZone(zone).toLocalDate()).plusWeeks(1);
        while (!last.isBefore(first) && !at(first, start + length, zone).isAfter(interval.from())) {
            first = first.plusWeeks(1);
        }
        while (!last.isBefore(first) && !at(last, start, zone).isBefore(interval.to())) {
            last = last.minusWeeks(1);
        }
        return last.isBefore(first) ? 0 : ChronoUnit.WEEKS.between(first, last) + 1;
    }

    private static LocalDate monday(LocalDate day) {
        return day.minusDays(day.getDayOfWeek().getValue() - 1L);
    }

    private static Instant at(LocalDate monday, int minute, ZoneId zone) {
        return monday.atStartOfDay().plusMinutes(minute).atZone(zone).toInstant();
    }
}
