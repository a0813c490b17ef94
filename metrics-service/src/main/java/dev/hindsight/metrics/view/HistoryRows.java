package dev.hindsight.metrics.view;

import dev.hindsight.contract.EventHeader;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * New rows of one fact table. Every change of a fact is a row of its own, also where a batch holds several of one stream:
 * so the table does not show in which batches the events came, and a rebuild gives the same rows.
 */
final class HistoryRows {

    /** A fact table: its name, its id column, and its other columns but version, recorded_at and superseded_at. */
    record Table(String name, String idColumn, List<String> columns) {

        /** Id and columns of the facts of the streams {@code $1}, as they are now. */
        String selectNow() {
            return "select %1$s, %2$s from %3$s where %1$s = any ($1) and superseded_at = 'infinity'"
                    .formatted(idColumn, String.join(", ", columns), name);
        }

        private String supersede() {
            return """
                    update %1$s f set superseded_at = n.recorded_at
                    from jsonb_to_recordset($1) as n(id uuid, recorded_at timestamptz)
                    where f.%2$s = n.id and f.superseded_at = 'infinity'""".formatted(name, idColumn);
        }

        private String insert() {
            String all = String.join(", ", columns);
            return """
                    insert into %1$s (%2$s, version, recorded_at, superseded_at, %3$s)
                    select %2$s, version, recorded_at, superseded_at, %3$s
                    from jsonb_populate_recordset(null::%1$s, $1) order by %2$s, version""".formatted(name, idColumn, all);
        }
    }

    private final Table table;
    private final Map<UUID, List<JsonObject>> byStream = new TreeMap<>();

    HistoryRows(Table table) {
        this.table = table;
    }

    /** The stream's fact is this one from that event on. */
    void add(EventHeader header, Map<String, @Nullable Object> columns) {
        List<JsonObject> rows = byStream.computeIfAbsent(header.streamId(), id -> new ArrayList<>());
        if (!rows.isEmpty()) {
            rows.getLast().put("superseded_at", header.recordedAt().toString());
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>(columns);
        row.put(table.idColumn(), header.streamId().toString());
        row.put("version", header.sequence());
        row.put("recorded_at", header.recordedAt().toString());
        row.put("superseded_at", "infinity");
        rows.add(new JsonObject(row));
    }

    Uni<Void> write(SqlConnection transaction) {
        if (byStream.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        JsonArray superseding = new JsonArray();
        JsonArray rows = new JsonArray();
        byStream.forEach((stream, changes) -> {
            superseding.add(new JsonObject()
                    .put("id", stream.toString())
                    .put("recorded_at", changes.getFirst().getString("recorded_at")));
            changes.forEach(rows::add);
        });
        return transaction
                .preparedQuery(table.supersede())
                .execute(Tuple.of(superseding))
                .chain(() -> transaction.preparedQuery(table.insert()).execute(Tuple.of(rows)))
                .replaceWithVoid();
    }
}
