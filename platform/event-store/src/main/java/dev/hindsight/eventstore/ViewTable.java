package dev.hindsight.eventstore;

import java.util.Arrays;
import java.util.Set;

/**
 * A table that a projection, or a view of this service's own streams, writes and nobody else does; a rebuild makes it anew
 * from the events.
 *
 * @param name in the service's schema
 * @param nonDeterministic columns that a rebuild may fill with other values, such as a running number; each with its
 *     reason where it is declared. All others are the same whenever and in whatever batches the events come
 * @param readWhileWriting names of those indexes, beside the unique ones, that the writing itself looks rows up by: a
 *     rebuild builds all others after the loading, which is faster
 */
public record ViewTable(String name, Set<String> nonDeterministic, Set<String> readWhileWriting) {

    /** Every column of it follows from the events, and rows are found by unique indexes only. */
    public static ViewTable of(String name) {
        return new ViewTable(name, Set.of(), Set.of());
    }

    /** The same, but for these columns. */
    public ViewTable nonDeterministic(String... columns) {
        return new ViewTable(name, Set.copyOf(Arrays.asList(columns)), readWhileWriting);
    }

    /** The same, with these indexes kept up while it is loaded. */
    public ViewTable readWhileWriting(String... indexes) {
        return new ViewTable(name, nonDeterministic, Set.copyOf(Arrays.asList(indexes)));
    }
}
