package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How PostgreSQL executes a captured statement.
 *
 * @param wholeTables large tables that it reads from end to end
 * @param rowsRead how many rows and index entries the scans have touched, those that were thrown away too
 * @param shape its scans, in short
 */
record Plan(List<String> wholeTables, long rowsRead, String shape) {
    private static final long LARGE = 10_000;

    /** Once planned for its parameters, and once for any: a prepared statement may come to either. */
    static List<Plan> of(Bench bench, Connection connection, Captured statement) throws SQLException, IOException {
        List<Plan> plans = new ArrayList<>();
        for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            try (Statement sql = connection.createStatement()) {
                sql.execute("set plan_cache_mode = " + mode);
                sql.execute("prepare bench_plan as " + statement.sql());
                try (ResultSet row =
                        sql.executeQuery("explain (analyze, format json) execute bench_plan" + values(statement))) {
                    row.next();
                    plans.add(read(
                            connection,
                            bench.json().readTree(row.getString(1)).get(0).get("Plan")));
                } finally {
                    sql.execute("deallocate bench_plan");
                    sql.execute("reset plan_cache_mode");
                }
            }
        }
        return plans;
    }

    private static String values(Captured statement) {
        return statement.parameters().isEmpty()
                ? ""
                : statement.parameters().stream()
                        .map(value -> value == null ? "null" : "'" + value.replace("'", "''") + "'")
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Plan read(Connection connection, JsonNode root) throws SQLException {
        List<String> whole = new ArrayList<>();
        List<String> shape = new ArrayList<>();
        long read = 0;
        List<JsonNode> nodes = new ArrayList<>(List.of(root));
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            node.path("Plans").forEach(nodes::add);
            String type = node.get("Node Type").asText();
            if (!type.endsWith("Scan")) {
                continue;
            }
            read += Math.round((node.get("Actual Rows").asDouble()
                            + node.path("Rows Removed by Filter").asDouble()
                            + node.path("Rows Removed by Index Recheck").asDouble())
                    * node.get("Actual Loops").asDouble());
            String table = node.path("Relation Name").asText();
            shape.add(type + " " + node.path("Index Name").asText(table));
            if (type.equals("Seq Scan")
                    && Bench.number(
                                    connection,
                                    "select reltuples from pg_class where oid = to_regclass('" + table + "')")
                            > LARGE) {
                whole.add(table);
            }
        }
        return new Plan(whole, read, String.join(", ", shape));
    }
}
