package dev.hindsight.incident.application;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.StatementPart;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes catalog entries that are learned on the way, in the statement that mentions them, and only once. */
@ApplicationScoped
public class Catalog {

    private static final int REMEMBERED = 50_000;
    private static final String ROWS = """
            insert into catalog_entry (id, kind, name, tool, key, team_id, learned, version)
            select n.id, n.kind, n.name, n.tool, n.key, n.team_id, true, 1
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[])
              as n(id, kind, name, tool, key, team_id)
            order by n.id
            on conflict (id) do nothing""";

    /** Ids that are known to be written; a hint that saves work. */
    private final Cache<UUID, Boolean> written =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** The writes for those entries that may be new. */
    List<StatementPart> parts(Learned learned, CommandContext context) {
        Map<UUID, CatalogEvent> fresh = new LinkedHashMap<>(learned.entries());
        fresh.keySet().removeIf(id -> written.getIfPresent(id) != null);
        if (fresh.isEmpty()) {
            return List.of();
        }
        List<StatementPart> parts = new ArrayList<>(EventStore.begin(fresh, context));
        parts.add(rows(fresh));
        return parts;
    }

    /** The statement with these entries has committed. */
    void committed(Learned learned) {
        learned.entries().keySet().forEach(id -> written.put(id, Boolean.TRUE));
    }

    private static StatementPart rows(Map<UUID, CatalogEvent> entries) {
        int size = entries.size();
        UUID[] ids = new UUID[size];
        String[] kinds = new String[size];
        String[] names = new String[size];
        @Nullable String[] tools = new @Nullable String[size];
        @Nullable String[] keys = new @Nullable String[size];
        @Nullable UUID[] teams = new @Nullable UUID[size];
        int i = 0;
        for (Map.Entry<UUID, CatalogEvent> entry : entries.entrySet()) {
            ids[i] = entry.getKey();
            switch (entry.getValue()) {
                case CatalogEvent.PersonLearned(String name, String tool, String key) -> {
                    kinds[i] = "PERSON";
                    names[i] = name;
                    tools[i] = tool;
                    keys[i] = key;
                }
                case CatalogEvent.ServiceLearned(String name, UUID team, String tool, String key) -> {
                    kinds[i] = "SERVICE";
                    names[i] = name;
                    tools[i] = tool;
                    keys[i] = key;
                    teams[i] = team;
                }
                case CatalogEvent.TeamLearned(String name, String tool, String key) -> {
                    kinds[i] = "TEAM";
                    names[i] = name;
                    tools[i] = tool;
                    keys[i] = key;
                }
                // What people say belongs to entries of their own commands; nothing of it is learned on the way.
                case CatalogEvent.PersonDescribed _,
                        CatalogEvent.PersonNameRemoved _,
                        CatalogEvent.ServiceDescribed _,
                        CatalogEvent.TeamDescribed _,
                        CatalogEvent.EntryMerged _,
                        CatalogEvent.EntryUnmerged _,
                        CatalogEvent.AliasesSaid _,
                        CatalogEvent.PersonLinked _,
                        CatalogEvent.PersonUnlinked _ ->
                    throw new IllegalArgumentException("nothing that is said begins an entry on the way");
            }
            i++;
        }
        return new StatementPart("catalog_rows", ROWS, List.of(ids, kinds, names, tools, keys, teams));
    }
}
