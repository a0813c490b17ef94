package dev.hindsight.eventstore;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as statements take them: one array a column. */
final class RowArrays {

    private RowArrays() {}

    /** How many rows there are. */
    static int size(List<@Nullable Object> columns) {
        return Array.getLength(columns.getFirst());
    }

    /** The rows of all, one after the other. */
    static List<@Nullable Object> joined(List<List<@Nullable Object>> tables) {
        List<@Nullable Object> first = tables.getFirst();
        if (tables.size() == 1) {
            return first;
        }
        List<@Nullable Object> joined = new ArrayList<>(first.size());
        for (int column = 0; column < first.size(); column++) {
            int size = 0;
            for (List<@Nullable Object> table : tables) {
                size += Array.getLength(table.get(column));
            }
            Object all = empty(first, column, size);
            int at = 0;
            for (List<@Nullable Object> table : tables) {
                Object part = table.get(column);
                int length = Array.getLength(part);
                System.arraycopy(part, 0, all, at, length);
                at += length;
            }
            joined.add(all);
        }
        return joined;
    }

    /** Only these rows. */
    static List<@Nullable Object> chosen(List<@Nullable Object> columns, int[] rows) {
        List<@Nullable Object> chosen = new ArrayList<>(columns.size());
        for (int column = 0; column < columns.size(); column++) {
            Object some = empty(columns, column, rows.length);
            for (int row = 0; row < rows.length; row++) {
                Array.set(some, row, Array.get(columns.get(column), rows[row]));
            }
            chosen.add(some);
        }
        return chosen;
    }

    private static Object empty(List<@Nullable Object> like, int column, int size) {
        return Array.newInstance(like.get(column).getClass().getComponentType(), size);
    }
}
