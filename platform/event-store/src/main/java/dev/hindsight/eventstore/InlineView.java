package dev.hindsight.eventstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The service's own view of its streams, written by the statement that appends: who writes and then reads from the same
 * service reads its write. One row a stream, always set as a whole.
 */
public final class InlineView {

    private final String table;
    private final String key;
    private final List<String> columns;
    private final String sql;
    private final ObjectMapper json;

    /**
     * @param table of this service's schema
     * @param key the primary key's column
     * @param columns every column that is written, the key among them
     */
    public InlineView(String table, String key, List<String> columns, ObjectMapper json) {
        this.table = table;
        this.key = key;
        this.columns = List.copyOf(columns);
        this.json = json;
        String list = String.join(", ", columns);
        this.sql =
                "insert into %s (%s) select %s from unnest($1::text[]) as r(json), jsonb_populate_record(null::%s, r.json::jsonb) order by %s on conflict (%s) do update set %s"
                        .formatted(
                                table,
                                list,
                                list,
                                table,
                                key,
                                key,
                                columns.stream()
                                        .filter(column -> !column.equals(key))
                                        .map(column -> column + " = excluded." + column)
                                        .collect(Collectors.joining(", ")));
    }

    /** The columns of a row that sets them all. */
    public static List<String> columns(String... names) {
        return Arrays.asList(names);
    }

    public String table() {
        return table;
    }

    /** The column that names the stream. */
    public String key() {
        return key;
    }

    /** Every column that a row sets. */
    public List<String> columns() {
        return columns;
    }

    /** What writes the values of its JSON columns. */
    public ObjectMapper json() {
        return json;
    }

    /** The write of these rows, each a map from column to a value that Jackson and PostgreSQL agree upon. */
    public StatementPart rows(List<Map<String, @Nullable Object>> rows) {
        try {
            String[] texts = new String[rows.size()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = json.writeValueAsString(rows.get(i));
            }
            List<Object> keys = rows.stream()
                    .map(row -> Objects.requireNonNull(row.get(key)))
                    .toList();
            return StatementPart.ofLastRows("view_" + table, sql, List.<Object[]>of(texts), keys);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row of " + table + " cannot be written as JSON", e);
        }
    }
}
