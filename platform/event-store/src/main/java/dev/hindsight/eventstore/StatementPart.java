package dev.hindsight.eventstore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One more write that commits together with the events, as a data-modifying CTE of the same statement.
 *
 * @param name of the CTE
 * @param sql with {@code $1 … $k} for its own parameters; the same text for the same kind of write, so that it is prepared
 *     once
 * @param sharing with whose writes it may go
 * @param keys of its rows, where {@link Sharing#LAST_STANDS}; empty for all others
 */
public record StatementPart(
        String name, String sql, List<@Nullable Object> parameters, Sharing sharing, List<Object> keys) {

    /** With whose writes of the same text a write may go in one statement: then its parameters are arrays, one element a row. */
    public enum Sharing {
        /** With no other command's. */
        NONE,
        /** With those of commands on other streams. */
        ACROSS_STREAMS,
        /** Also with those of commands that were decided one after the other on one stream; all their rows are written. */
        EACH_ROW,
        /** The same; but of rows with one key only the last one is written. */
        LAST_STANDS
    }

    /** A write that goes with one command's events only. */
    public StatementPart(String name, String sql, List<@Nullable Object> parameters) {
        this(name, sql, parameters, Sharing.NONE, List.of());
    }

    /**
     * A write of rows: it means the same when the rows of commands on other streams are written by the same statement.
     *
     * @param columns arrays of one length
     */
    public static StatementPart ofRows(String name, String sql, List<? extends @Nullable Object[]> columns) {
        return new StatementPart(name, sql, List.copyOf(columns), Sharing.ACROSS_STREAMS, List.of());
    }

    /** A write of rows: it means the same when the rows of other commands, also on the same stream, are written with them. */
    public static StatementPart ofEachRow(String name, String sql, List<? extends @Nullable Object[]> columns) {
        return new StatementPart(name, sql, List.copyOf(columns), Sharing.EACH_ROW, List.of());
    }

    /**
     * A write that sets rows as a whole: of those with one key the last one stands.
     *
     * @param keys one a row
     */
    public static StatementPart ofLastRows(
            String name, String sql, List<? extends @Nullable Object[]> columns, List<Object> keys) {
        return new StatementPart(name, sql, List.copyOf(columns), Sharing.LAST_STANDS, List.copyOf(keys));
    }

    /** Whether it may share a statement with commands on other streams. */
    boolean isOfRows() {
        return sharing != Sharing.NONE;
    }

    /** Whether it may share a statement with another command on the same stream. */
    boolean sharesItsStream() {
        return sharing == Sharing.EACH_ROW || sharing == Sharing.LAST_STANDS;
    }

    /**
     * The parts of commands that were decided one after the other, as the parts of one statement.
     *
     * @param commands each command's parts; where there are several, all {@linkplain #sharesItsStream() share their stream}
     */
    static List<StatementPart> together(List<List<StatementPart>> commands) {
        if (commands.size() == 1) {
            return commands.getFirst();
        }
        // In an order that depends on nothing but their names: so there are few texts to prepare.
        Map<String, List<StatementPart>> byName = new TreeMap<>();
        commands.forEach(parts -> parts.forEach(part ->
                byName.computeIfAbsent(part.name(), name -> new ArrayList<>()).add(part)));
        return byName.values().stream().map(StatementPart::joined).toList();
    }

    private static StatementPart joined(List<StatementPart> parts) {
        StatementPart first = parts.getFirst();
        if (parts.size() == 1) {
            return first;
        }
        List<@Nullable Object> all =
                RowArrays.joined(parts.stream().map(StatementPart::parameters).toList());
        List<Object> keys = parts.stream().flatMap(part -> part.keys().stream()).toList();
        if (first.sharing() != Sharing.LAST_STANDS) {
            return new StatementPart(first.name(), first.sql(), all, first.sharing(), keys);
        }
        Map<Object, Integer> last = new HashMap<>();
        for (int row = 0; row < keys.size(); row++) {
            last.put(keys.get(row), row);
        }
        int[] standing = new TreeSet<>(last.values())
                .stream().mapToInt(Integer::intValue).toArray();
        return new StatementPart(
                first.name(),
                first.sql(),
                RowArrays.chosen(all, standing),
                first.sharing(),
                Arrays.stream(standing).<Object>mapToObj(keys::get).toList());
    }
}
