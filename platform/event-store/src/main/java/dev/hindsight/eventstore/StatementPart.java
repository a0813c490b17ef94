package dev.hindsight.eventstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One more write that commits together with the events, as a data-modifying CTE of the same statement.
 *
 * @param name of the CTE
 * @param sql with {@code $1 … $k} for its own parameters; the same text for the same kind of write, so that it is prepared
 *     once
 * @param isOfRows every parameter is an array, one element a row, and the rows of several commands may be written at once
 */
public record StatementPart(String name, String sql, List<@Nullable Object> parameters, boolean isOfRows) {

    /** A write that goes with one command's events only. */
    public StatementPart(String name, String sql, List<@Nullable Object> parameters) {
        this(name, sql, parameters, false);
    }

    /**
     * A write of rows: it means the same when the rows of several commands are written by one statement.
     *
     * @param columns arrays of one length
     */
    public static StatementPart ofRows(String name, String sql, List<? extends @Nullable Object[]> columns) {
        return new StatementPart(name, sql, List.copyOf(columns), true);
    }
}
