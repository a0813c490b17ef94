package dev.hindsight.incident.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.contract.CalendarEvent.Hours;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarTest {

    private static Changed calendar(List<LocalDate> holidays, Hours... hours) {
        return new Changed(null, "Europe/Berlin", List.of(hours), holidays, List.of());
    }

    private static Changed nineToFive() {
        List<Hours> hours = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.compareTo(DayOfWeek.SATURDAY) < 0) {
                hours.add(new Hours(day, "09:00", "17:00"));
            }
        }
        return calendar(List.of(LocalDate.parse("2026-05-01")), hours.toArray(Hours[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-10T08:00:00Z, false", // Tuesday, 09:00 in Berlin
        "2026-03-10T07:59:59Z, true",
        "2026-03-10T15:59:59Z, false",
        "2026-03-10T16:00:00Z, true", // 17:00
        "2026-03-14T11:00:00Z, true", // Saturday
        "2026-03-27T07:30:00Z, true", // Friday before clocks change: 08:30
        "2026-03-30T07:30:00Z, false", // Monday after: 09:30
        "2026-10-23T07:30:00Z, false", // Friday before clocks change back: 09:30
        "2026-10-26T07:30:00Z, true", // Monday after: 08:30
        "2026-05-01T10:00:00Z, true", // a holiday
        "2026-04-30T22:30:00Z, true"
    })
    void workingHoursGoByTheClockOnTheWall(Instant at, boolean isAfterHours) {
        assertThat(Calendar.isAfterHours(nineToFive(), at, null)).isEqualTo(isAfterHours);
    }

    @Test
    void aResponderIsAskedAboutWhereTheyAre() {
        Instant noonInBerlin = Instant.parse("2026-03-10T11:00:00Z");
        assertThat(Calendar.isAfterHours(nineToFive(), noonInBerlin, ZoneId.of("America/New_York")))
                .isTrue();
        assertThat(Calendar.isAfterHours(nineToFive(), noonInBerlin, ZoneId.of("Europe/Lisbon")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-09T21:00:00Z, false", // Monday, 22:00
        "2026-03-10T04:59:00Z, false", // Tuesday, 05:59
        "2026-03-10T05:00:00Z, true",
        "2026-03-09T20:59:00Z, true",
        "2026-03-09T04:00:00Z, true" // the night before Monday
    })
    void hoursMayGoPastMidnight(Instant at, boolean isAfterHours) {
        Changed nights = calendar(List.of(), new Hours(DayOfWeek.MONDAY, "22:00", "06:00"));
        assertThat(Calendar.isAfterHours(nights, at, null)).isEqualTo(isAfterHours);
    }

    /** On 29 March 2026 there is no 02:30 in Berlin, and on 25 October there are two. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:59:00Z, true", // 01:59
        "2026-03-29T01:00:00Z, false", // 03:00
        "2026-10-25T00:30:00Z, false", // 02:30
        "2026-10-25T01:30:00Z, false" // 02:30 once more
    })
    void aNightOnWhichClocksChangeIsJudgedByWhatTheyShow(Instant at, boolean isAfterHours) {
        Changed early = calendar(List.of(), new Hours(DayOfWeek.SUNDAY, "02:00", "04:00"));
        assertThat(Calendar.isAfterHours(early, at, null)).isEqualTo(isAfterHours);
    }

    @Test
    void theWholeDayIsFromMidnightToMidnight() {
        Changed sundays = calendar(List.of(), new Hours(DayOfWeek.SUNDAY, "00:00", "00:00"));
        assertThat(Calendar.isAfterHours(sundays, Instant.parse("2026-03-14T23:00:00Z"), null))
                .isFalse();
        assertThat(Calendar.isAfterHours(sundays, Instant.parse("2026-03-15T22:59:59Z"), null))
                .isFalse();
        assertThat(Calendar.isAfterHours(sundays, Instant.parse("2026-03-15T23:00:00Z"), null))
                .isTrue();
    }

    @Test
    void theSameIsNoChange() {
        assertThat(Calendar.decide(Calendar.UNKNOWN, nineToFive())).hasSize(1);
        assertThat(Calendar.decide(new Calendar(nineToFive()), nineToFive())).isEmpty();
    }
}
