package dev.hindsight.incident.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.incident.domain.CatalogEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row of an entry of the catalog. */
public final class CatalogRow {

    private final InlineView view;

    public CatalogRow(ObjectMapper json) {
        this.view = new InlineView(
                "catalog_entry",
                "id",
                InlineView.columns("id", "kind", "name", "tool", "key", "team_id", "subject", "learned"),
                json);
    }

    /** Where it is written. */
    public InlineView view() {
        return view;
    }

    /** The row, column by column; none of what nobody has mentioned. */
    public static List<Map<String, @Nullable Object>> rows(Loaded<CatalogEntry> loaded) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", loaded.streamId());
        row.put("learned", true);
        switch (loaded.state()) {
            case CatalogEntry.Unknown unknown -> {
                return List.of();
            }
            case CatalogEntry.Person(String name, String tool, String key, String subject) -> {
                described(row, "PERSON", name, tool, key);
                row.put("subject", subject);
            }
            case CatalogEntry.Team(String name, String tool, String key) -> described(row, "TEAM", name, tool, key);
            case CatalogEntry.Service(String name, UUID team, String tool, String key) -> {
                described(row, "SERVICE", name, tool, key);
                row.put("team_id", team);
            }
        }
        return List.of(row);
    }

    private static void described(
            Map<String, @Nullable Object> row, String kind, String name, @Nullable String tool, @Nullable String key) {
        row.put("kind", kind);
        row.put("name", name);
        row.put("tool", tool);
        row.put("key", key);
    }
}
