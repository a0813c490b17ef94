package dev.hindsight.metrics.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a metric can be broken down by. Periods are of the declared time, in UTC. */
public enum Grouping {
    /** An incident of several services counts in each of them, and once in the total. */
    SERVICE,
    /** Of whose services it is; what is of several teams counts in each of them, and once in the total. */
    TEAM,
    SEVERITY,
    /** Of pages only: who was paged, by their id in the catalog, so that nobody stands above anybody. */
    PERSON,
    /** ISO 8601 weeks, Monday to Sunday: {@code 2026-W53}. */
    WEEK,
    /** Calendar months: {@code 2026-11}. */
    MONTH;

    /** The key of what names no service, or is no team's. */
    public static final String NONE = "(none)";

    /** Gaps between more periods than this are not filled: one wrong date must not make an endless answer. */
    private static final int MOST_PERIODS = 1_000;

    /** The grouping of that name in a query; empty where there is none. */
    public static Optional<Grouping> named(String wireName) {
        return Arrays.stream(values())
                .filter(grouping -> grouping.wireName().equals(wireName))
                .findFirst();
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isPeriod() {
        return this == WEEK || this == MONTH;
    }

    /**
     * Every period from that of {@code first} to that of {@code last}, so that a quiet week is shown as a quiet week; none
     * for more than a thousand.
     */
    public List<String> periods(Instant first, Instant last) {
        if (!isPeriod() || last.isBefore(first)) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        LocalDate end = begin(day(last));
        for (LocalDate at = begin(day(first)); !at.isAfter(end); at = next(at)) {
            if (keys.size() == MOST_PERIODS) {
                return List.of();
            }
            keys.add(key(at));
        }
        return keys;
    }

    /**
     * From when to when the period of that key is.
     *
     * @param key as {@link #periods} makes it
     */
    public Interval interval(String key) {
        LocalDate begin = this == WEEK
                ? LocalDate.parse(key + "-1", DateTimeFormatter.ISO_WEEK_DATE)
                : LocalDate.parse(key + "-01");
        return new Interval(
                begin.atStartOfDay(ZoneOffset.UTC).toInstant(),
                next(begin).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private LocalDate begin(LocalDate day) {
        return this == WEEK ? day.minusDays(day.getDayOfWeek().getValue() - 1L) : day.withDayOfMonth(1);
    }

    private LocalDate next(LocalDate begin) {
        return this == WEEK ? begin.plusWeeks(1) : begin.plusMonths(1);
    }

    private String key(LocalDate begin) {
        return this == WEEK
                ? String.format(
                        Locale.ROOT,
                        "%04d-W%02d",
                        begin.get(IsoFields.WEEK_BASED_YEAR),
                        begin.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))
                : String.format(Locale.ROOT, "%04d-%02d", begin.getYear(), begin.getMonthValue());
    }
}
