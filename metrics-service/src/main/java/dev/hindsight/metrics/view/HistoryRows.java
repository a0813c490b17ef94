package dev.hindsight.metrics.view;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.consume.BatchRows;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * New rows of one fact table. Every change of a fact is a row of its own, also where a batch holds several of one stream:
 * so the table does not show in which batches the events came, and a rebuild gives the same rows.
 */
final class HistoryRows {

    private static final Column VERSION = new Column("version", Type.BIGINT);
    private static final Column RECORDED_AT = new Column("recorded_at", Type.TIMESTAMP);
    private static final Column SUPERSEDED_AT = new Column("superseded_at", Type.TIMESTAMP);

    /** A fact table: its name, its id column, and its other columns but version, recorded_at and superseded_at. */
    record Table(String name, String idColumn, List<Column> columns) {

        /** Id and columns of the facts of the streams {@code $1}, as they are now. */
        String selectNow() {
            return "select %1$s, %2$s from %3$s where %1$s = any ($1) and superseded_at = 'infinity'"
                    .formatted(idColumn, BatchRows.names(columns), name);
        }

        private List<Column> superseding() {
            return List.of(id(), RECORDED_AT);
        }

        private String supersede() {
            return "update %1$s f set superseded_at = n.recorded_at from %3$s where f.%2$s = n.%2$s and f.superseded_at = 'infinity'"
                    .formatted(name, idColumn, BatchRows.from(superseding(), "n"));
        }

        private List<Column> inserting() {
            List<Column> all = new ArrayList<>(List.of(SUPERSEDED_AT, id(), VERSION, RECORDED_AT));
            all.addAll(columns);
            return all;
        }

        private String insert() {
            List<Column> all = inserting();
            List<Column> asTheyAre = all.subList(1, all.size());
            return "insert into %s (superseded_at, %s) select coalesce(n.superseded_at, 'infinity'), %s from %s"
                    .formatted(
                            name,
                            BatchRows.names(asTheyAre),
                            BatchRows.selected(asTheyAre, "n"),
                            BatchRows.from(all, "n"));
        }

        private Column id() {
            return new Column(idColumn, Type.UUID);
        }
    }

    private final Table table;
    private final Set<UUID> known;
    private final Map<UUID, List<Map<String, @Nullable Object>>> byStream = new TreeMap<>();

    /** @param known streams that have a row by now, which the first new one supersedes */
    HistoryRows(Table table, Set<UUID> known) {
        this.table = table;
        this.known = Set.copyOf(known);
    }

    /** The stream's fact is this one from that event on. */
    void add(EventHeader header, Map<String, @Nullable Object> columns) {
        List<Map<String, @Nullable Object>> rows = byStream.computeIfAbsent(header.streamId(), id -> new ArrayList<>());
        if (!rows.isEmpty()) {
            rows.getLast().put(SUPERSEDED_AT.name(), header.recordedAt());
        }
        Map<String, @Nullable Object> row = new HashMap<>(columns);
        row.put(table.idColumn(), header.streamId());
        row.put(VERSION.name(), header.sequence());
        row.put(RECORDED_AT.name(), header.recordedAt());
        rows.add(row);
    }

    Uni<Void> write(SqlConnection transaction) {
        if (byStream.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        BatchRows superseding = new BatchRows(table.superseding());
        BatchRows rows = new BatchRows(table.inserting());
        byStream.forEach((stream, changes) -> {
            if (known.contains(stream)) {
                superseding.add(changes.getFirst());
            }
            changes.forEach(rows::add);
        });
        return (superseding.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : transaction
                                .preparedQuery(table.supersede())
                                .execute(superseding.parameters())
                                .replaceWithVoid())
                .chain(() -> transaction.preparedQuery(table.insert()).execute(rows.parameters()))
                .replaceWithVoid();
    }
}
