package dev.hindsight.metrics.domain;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A value that the fact which happened last decides, in whatever order the facts arrive ("order of arrival does not
 * matter").
 *
 * @param at when the fact happened
 * @param version order of recording, which only breaks ties
 */
public record Latest<T>(T value, Instant at, int sourceOrder, long version) {

    private static final Comparator<Latest<?>> BY_TIME = Comparator.<Latest<?>, Instant>comparing(Latest::at)
            .thenComparingInt(Latest::sourceOrder)
            .thenComparingLong(Latest::version);

    /** Whichever of the two happened later. */
    public static <T> Latest<T> of(@Nullable Latest<T> known, Latest<T> news) {
        return known == null || BY_TIME.compare(known, news) < 0 ? news : known;
    }
}
