package dev.hindsight.eventstore;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What stands in the tables about a stream. */
public final class Rows {

    private Rows() {}

    /** How many rows each table has that is written by an append. */
    public static Map<String, Long> counts(Database database) {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : List.of(
                "event",
                "outbox union all select position, stream_id, version from published",
                "notebook_view",
                "idempotency",
                "only_once",
                "late")) {
            counts.put(table.split(" ")[0], database.number("select count(*) from (table " + table + ") as t"));
        }
        return counts;
    }

    public static List<String> versions(Database database, UUID stream) {
        return database.texts("select version from event where stream_id = ? order by version", stream);
    }
}
