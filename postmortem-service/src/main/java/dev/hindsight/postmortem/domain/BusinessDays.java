package dev.hindsight.postmortem.domain;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Monday to Friday, UTC; holidays are unknown until there are calendars. */
final class BusinessDays {

    private BusinessDays() {}

    /** The same time of day, so many business days later; a weekend counts for nothing. */
    static Instant after(Instant start, int days) {
        ZonedDateTime day = start.atZone(ZoneOffset.UTC);
        for (int counted = 0; counted < days; ) {
            day = day.plusDays(1);
            if (day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY) {
                counted++;
            }
        }
        return day.toInstant();
    }
}
