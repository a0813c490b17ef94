package dev.hindsight.eventstore.rebuild;

import dev.hindsight.eventstore.ViewTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a table holds, as a number that depends neither on the order of its rows nor on where they lie: two tables with the
 * same one hold the same rows, up to an accident of 1 in 2⁶⁴. Columns count by name, generated ones too.
 *
 * @param rows how many there are
 * @param sum of the rows' 64-bit hashes, in decimal
 */
public record ProjectionHash(long rows, String sum) {

    /** Of a table in the service's own schema. */
    public static ProjectionHash of(Connection connection, ViewTable table) throws SQLException {
        return of(connection, "public", table.name(), table.nonDeterministic());
    }

    /**
     * Of any table.
     *
     * @param without columns that are left out
     * @throws IllegalArgumentException where there is no such table, or it has no other column
     */
    public static ProjectionHash of(Connection connection, String schema, String table, Collection<String> without)
            throws SQLException {
        List<String> columns = columns(connection, schema, table);
        columns.removeAll(without);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("no columns to compare in " + schema + "." + table);
        }
        String row = columns.stream().map(column -> "t." + quoted(column)).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            String zone = only(statement, "show timezone");
            // Times are compared as texts: the same in every zone only where the zone is the same.
            statement.execute("set timezone = 'UTC'");
            try (ResultSet result = statement.executeQuery(
                    "select count(*), coalesce(sum(hashtextextended(row(%s)::text, 0)::numeric), 0)::text from %s.%s t"
                            .formatted(row, quoted(schema), quoted(table)))) {
                result.next();
                return new ProjectionHash(result.getLong(1), result.getString(2));
            } finally {
                statement.execute("set timezone = '" + zone + "'");
            }
        }
    }

    private static String only(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static List<String> columns(Connection connection, String schema, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select column_name from information_schema.columns where table_schema = ? and table_name = ?"
                        + " order by column_name")) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet names = statement.executeQuery()) {
                List<String> columns = new ArrayList<>();
                while (names.next()) {
                    columns.add(names.getString(1));
                }
                return columns;
            }
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return rows + " rows, " + sum;
    }
}
