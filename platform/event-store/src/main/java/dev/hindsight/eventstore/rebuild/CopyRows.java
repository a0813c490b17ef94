package dev.hindsight.eventstore.rebuild;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table as the text that COPY reads: the same values as {@link dev.hindsight.eventstore.InlineView} writes as
 * JSON, at a fraction of the server's time.
 */
final class CopyRows {

    private final String sql;
    private final List<String> columns;
    private final boolean[] json;
    private final ObjectMapper mapper;
    private final Map<Enum<?>, String> names = new HashMap<>();
    private StringBuilder text = new StringBuilder();

    private CopyRows(String sql, List<String> columns, boolean[] json, ObjectMapper mapper) {
        this.sql = sql;
        this.columns = columns;
        this.json = json;
        this.mapper = mapper;
    }

    /** For that table of that schema. */
    static CopyRows into(Connection connection, String schema, String table, List<String> columns, ObjectMapper mapper)
            throws SQLException {
        Map<String, String> types = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ?")) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    types.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        boolean[] json = new boolean[columns.size()];
        for (int i = 0; i < json.length; i++) {
            json[i] = types.getOrDefault(columns.get(i), "").startsWith("json");
        }
        return new CopyRows(
                "copy %s.%s (%s) from stdin".formatted(schema, table, String.join(", ", columns)),
                columns,
                json,
                mapper);
    }

    String sql() {
        return sql;
    }

    int length() {
        return text.length();
    }

    void add(Map<String, @Nullable Object> row) {
        for (int i = 0; i < json.length; i++) {
            if (i > 0) {
                text.append('\t');
            }
            value(row.get(columns.get(i)), json[i]);
        }
        text.append('\n');
    }

    /** What was added since the last time. */
    byte[] take() {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text = new StringBuilder(text.length() + 1024);
        return bytes;
    }

    private void value(@Nullable Object value, boolean asJson) {
        if (value == null) {
            text.append("\\N");
        } else if (asJson) {
            escape(write(value));
        } else if (value instanceof Collection<?> list) {
            escape(array(list));
        } else if (value instanceof Object[] list) {
            escape(array(Arrays.asList(list)));
        } else {
            escape(scalar(value));
        }
    }

    private String scalar(Object value) {
        if (value instanceof String string) {
            return string;
        }
        if (value instanceof Enum<?> one) {
            return names.computeIfAbsent(one, this::asJsonHasIt);
        }
        return value instanceof UUID || value instanceof Boolean || value instanceof Number
                ? value.toString()
                : asJsonHasIt(value);
    }

    private String asJsonHasIt(Object value) {
        JsonNode node = mapper.valueToTree(value);
        return node.isTextual() ? node.textValue() : node.toString();
    }

    private String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row cannot be written as JSON", e);
        }
    }

    private String array(Collection<?> list) {
        List<String> elements = new ArrayList<>(list.size());
        for (Object element : list) {
            elements.add(
                    element == null
                            ? "null"
                            : '"' + scalar(element).replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
        return "{" + String.join(",", elements) + "}";
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                // PostgreSQL has no text with it.
                case '\0' -> text.append('\uFFFD');
                default -> text.append(c);
            }
        }
    }
}
