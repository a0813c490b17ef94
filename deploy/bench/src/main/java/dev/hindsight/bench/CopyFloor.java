package dev.hindsight.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The least that a rebuild must do: the events out by binary COPY, and the rows that came of them in by binary COPY, one after
 * the other, into tables of the same columns. What building the live table's indexes takes is told apart.
 */
final class CopyFloor implements AutoCloseable {
    private static final String SCHEMA = "bench_floor";

    private final Connection events;
    private final Connection views;
    private final Map<String, Path> rows = new LinkedHashMap<>();

    /**
     * @param events of incident-service's database
     * @param views of the database of the view
     */
    CopyFloor(Connection events, Connection views, List<String> tables) throws SQLException, IOException {
        this.events = events;
        this.views = views;
        for (String table : tables) {
            Path file = Files.createTempFile("hindsight-bench-", "." + table);
            rows.put(table, file);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                copies(views).copyOut("copy %s (%s) to stdout (format binary)".formatted(table, columns(table)), out);
            }
        }
    }

    /** Seconds that each part took. */
    record Took(double reading, double writing, double indexing) {

        double copying() {
            return reading + writing;
        }
    }

    Took run() throws SQLException, IOException {
        long begin = System.nanoTime();
        copies(events).copyOut("copy event to stdout (format binary)", OutputStream.nullOutputStream());
        double reading = since(begin);
        execute("drop schema if exists " + SCHEMA + " cascade", "create schema " + SCHEMA);
        try {
            for (String table : rows.keySet()) {
                execute("create table %1$s.%2$s (like public.%2$s including all excluding indexes)"
                        .formatted(SCHEMA, table));
            }
            begin = System.nanoTime();
            for (Map.Entry<String, Path> table : rows.entrySet()) {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(table.getValue()), 1 << 16)) {
                    copies(views)
                            .copyIn(
                                    "copy %s.%s (%s) from stdin (format binary)"
                                            .formatted(SCHEMA, table.getKey(), columns(table.getKey())),
                                    in,
                                    1 << 16);
                }
            }
            double writing = since(begin);
            begin = System.nanoTime();
            for (String table : rows.keySet()) {
                execute(texts("select replace(indexdef, ' ON public.', ' ON " + SCHEMA + ".') from pg_indexes"
                                + " where schemaname = 'public' and tablename = '" + table + "'")
                        .toArray(String[]::new));
            }
            return new Took(reading, writing, since(begin));
        } finally {
            execute("drop schema " + SCHEMA + " cascade");
        }
    }

    /** All but those that the database computes. */
    private String columns(String table) throws SQLException {
        return texts("select string_agg(quote_ident(column_name), ', ' order by ordinal_position)"
                        + " from information_schema.columns where table_schema = 'public' and is_generated = 'NEVER'"
                        + " and table_name = '" + table + "'")
                .getFirst();
    }

    private List<String> texts(String sql) throws SQLException {
        try (Statement statement = views.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = views.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static CopyManager copies(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() throws IOException {
        for (Path file : rows.values()) {
            Files.deleteIfExists(file);
        }
    }
}
