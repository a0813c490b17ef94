package dev.hindsight.incident.domain;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A value that the fact which happened last decides, in whatever order the facts arrive.
 *
 * @param at when the fact happened
 * @param version order of recording, which only breaks ties
 */
public record Latest<T>(T value, Instant at, int sourceOrder, long version) {

    private static final Comparator<Latest<?>> BY_TIME = Comparator.<Latest<?>, Instant>comparing(Latest::at)
            .thenComparingInt(Latest::sourceOrder)
            .thenComparingLong(Latest::version);

    /** In the order in which the facts happened. */
    static Comparator<Latest<?>> byTime() {
        return BY_TIME;
    }

    /** Whichever of the two happened later. */
    public static <T> Latest<T> of(@Nullable Latest<T> known, Latest<T> news) {
        return known == null || known.isBefore(news) ? news : known;
    }

    /** Whichever of the two happened earlier. */
    public static <T> Latest<T> earliest(@Nullable Latest<T> known, Latest<T> news) {
        return known == null || news.isBefore(known) ? news : known;
    }

    /** Whether its fact happened before that of the other. */
    boolean isBefore(Latest<?> other) {
        return BY_TIME.compare(this, other) < 0;
    }
}
