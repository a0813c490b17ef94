package dev.hindsight.incident.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.incident.domain.CatalogEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row of an entry of the catalog. */
public final class CatalogRow {

    /** Shown in place of a name that was removed. */
    public static final String NAME_REMOVED = "(name removed)";

    private final InlineView view;

    public CatalogRow(ObjectMapper json) {
        this.view = new InlineView(
                "catalog_entry",
                "id",
                InlineView.columns(
                        "id",
                        "kind",
                        "name",
                        "tool",
                        "key",
                        "aliases",
                        "team_id",
                        "lead_id",
                        "time_zone",
                        "subject",
                        "learned",
                        "merged_into",
                        "name_removed",
                        "version"),
                json);
    }

    /** Where it is written. */
    public InlineView view() {
        return view;
    }

    /** The row, column by column; none of what nobody has mentioned. */
    public static List<Map<String, @Nullable Object>> rows(Loaded<CatalogEntry> loaded) {
        if (!(loaded.state() instanceof CatalogEntry.Known known)) {
            return List.of();
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", loaded.streamId());
        row.put("kind", known.kind());
        row.put("name", known.name());
        row.put("tool", known.alias().tool());
        row.put("key", known.alias().key());
        row.put("aliases", new CatalogEntryView.Aliases(known.said()));
        row.put("learned", known.isLearned());
        row.put("merged_into", known.into());
        row.put("name_removed", false);
        row.put("version", loaded.version());
        switch (known) {
            case CatalogEntry.Person person -> {
                row.put("subject", person.subject());
                row.put("time_zone", person.timeZone());
                row.put("team_id", person.team());
                if (person.nameRemoved()) {
                    row.put("name", NAME_REMOVED);
                    row.put("tool", null);
                    row.put("key", null);
                    row.put("subject", null);
                    row.put("name_removed", true);
                }
            }
            case CatalogEntry.Service service -> row.put("team_id", service.team());
            case CatalogEntry.Team team -> row.put("lead_id", team.lead());
        }
        return List.of(row);
    }
}
