package dev.hindsight.metrics.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.contract.CalendarEvent.Hours;
import dev.hindsight.contract.CalendarEvent.Shift;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** In which shift a page falls, and how many shifts there are. 2026-11-16 is a Monday. */
class CalendarFactSpecTest {

    private static CalendarFact calendar(String zone, Hours... hours) {
        List<Shift> shifts = new ArrayList<>();
        for (Hours each : hours) {
            shifts.add(new Shift("primary", each));
        }
        return CalendarFact.of(new CalendarEvent.Changed(null, zone, List.of(), List.of(), shifts));
    }

    private static Interval interval(String from, String to) {
        return new Interval(Instant.parse(from), Instant.parse(to));
    }

    private static final CalendarFact NIGHTS = calendar("Europe/Berlin", new Hours(DayOfWeek.MONDAY, "20:00", "08:00"));

    @Test
    void aShiftGoesPastMidnightByTheClockOnTheWall() {
        CalendarFact.Shift monday = new CalendarFact.Shift(1, LocalDateTime.parse("2026-11-16T20:00"));
        assertThat(NIGHTS.shiftAt(Instant.parse("2026-11-16T18:59:59Z"))).isEmpty();
        assertThat(NIGHTS.shiftAt(Instant.parse("2026-11-16T19:00:00Z"))).contains(monday);
        assertThat(NIGHTS.shiftAt(Instant.parse("2026-11-17T06:59:59Z"))).contains(monday);
        assertThat(NIGHTS.shiftAt(Instant.parse("2026-11-17T07:00:00Z"))).isEmpty();
        // In summer an hour earlier in UTC.
        assertThat(NIGHTS.shiftAt(Instant.parse("2026-07-13T18:00:00Z"))).isPresent();
    }

    @Test
    void theLastShiftOfTheWeekGoesOnIntoTheNext() {
        CalendarFact sundays = calendar("UTC", new Hours(DayOfWeek.SUNDAY, "18:00", "18:00"));
        assertThat(sundays.shiftAt(Instant.parse("2026-11-16T17:59:00Z")))
                .contains(new CalendarFact.Shift(1, LocalDateTime.parse("2026-11-15T18:00")));
        assertThat(sundays.shiftAt(Instant.parse("2026-11-16T18:00:00Z"))).isEmpty();
    }

    @Test
    void ofTwoShiftsAtOnceTheFirstIsMeant() {
        CalendarFact two = calendar(
                "UTC", new Hours(DayOfWeek.MONDAY, "08:00", "20:00"), new Hours(DayOfWeek.MONDAY, "00:00", "00:00"));
        assertThat(two.shiftAt(Instant.parse("2026-11-16T09:00:00Z")))
                .contains(new CalendarFact.Shift(1, LocalDateTime.parse("2026-11-16T08:00")));
        assertThat(two.shiftAt(Instant.parse("2026-11-16T07:00:00Z")))
                .contains(new CalendarFact.Shift(2, LocalDateTime.parse("2026-11-16T00:00")));
    }

    @Test
    void aShiftCountsInEveryIntervalThatItTouches() {
        assertThat(NIGHTS.shifts(interval("2026-11-16T00:00:00Z", "2026-11-30T00:00:00Z")))
                .isEqualTo(2);
        assertThat(NIGHTS.shifts(interval("2026-11-17T06:59:00Z", "2026-11-17T07:30:00Z")))
                .isEqualTo(1);
        assertThat(NIGHTS.shifts(interval("2026-11-17T07:00:00Z", "2026-11-23T19:00:00Z")))
                .isZero();
        assertThat(NIGHTS.shifts(interval("2026-11-17T07:00:00Z", "2026-11-17T07:00:00Z")))
                .isZero();
    }

    @Test
    void withoutShiftsThereAreNone() {
        CalendarFact none = calendar("UTC");
        assertThat(none.shiftAt(Instant.EPOCH)).isEmpty();
        assertThat(none.shifts(interval("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")))
                .isZero();
    }

    /** Every shift that some minute of the interval falls in is one that touches it, and there are no others. */
    @Test
    void countingIsTheSameAsLookingAtEveryMinute() {
        Random random = new Random(20261122);
        for (int round = 0; round < 60; round++) {
            CalendarFact calendar = calendar(
                    List.of("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC")
                            .get(random.nextInt(4)),
                    new Hours(
                            DayOfWeek.of(1 + random.nextInt(7)),
                            "%02d:30".formatted(random.nextInt(24)),
                            "%02d:15".formatted(random.nextInt(24))));
            // Around days on which no clock changes; that day has its own test.
            Instant from = Instant.parse("2026-06-01T00:00:00Z").plusSeconds(60L * random.nextInt(60 * 24 * 14));
            Instant to = from.plusSeconds(60L * (1 + random.nextInt(60 * 24 * 20)));
            Set<CalendarFact.Shift> seen = new HashSet<>();
            for (Instant at = from; at.isBefore(to); at = at.plusSeconds(60)) {
                calendar.shiftAt(at).ifPresent(seen::add);
            }
            assertThat(calendar.shifts(new Interval(from, to)))
                    .as("%s from %s to %s", calendar, from, to)
                    .isEqualTo(seen.size());
        }
    }

    @Test
    void aLongTimeIsCountedAndNotWalkedThrough() {
        assertThat(NIGHTS.shifts(interval("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z")))
                .isBetween(521_000L, 522_000L);
    }

    @Test
    void onTheDayWhenClocksGoBackAShiftIsStillOne() {
        CalendarFact sundays = calendar("Europe/Berlin", new Hours(DayOfWeek.SUNDAY, "00:00", "08:00"));
        Instant night = Instant.parse("2026-10-24T22:00:00Z");
        assertThat(sundays.shifts(new Interval(night, night.plus(Duration.ofHours(9)))))
                .isEqualTo(1);
        assertThat(sundays.shiftAt(night.plus(Duration.ofHours(8)).plusSeconds(3_599)))
                .contains(new CalendarFact.Shift(1, LocalDateTime.parse("2026-10-25T00:00")));
    }
}
