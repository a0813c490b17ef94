package dev.hindsight.conventions.catalog;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.AliasesSaid;
import dev.hindsight.contract.CatalogEvent.EntryMerged;
import dev.hindsight.contract.CatalogEvent.EntryUnmerged;
import dev.hindsight.contract.CatalogEvent.PersonDescribed;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonNameRemoved;
import dev.hindsight.contract.CatalogEvent.PersonUnlinked;
import dev.hindsight.contract.CatalogEvent.ServiceDescribed;
import dev.hindsight.contract.CatalogEvent.ServiceLearned;
import dev.hindsight.contract.CatalogEvent.TeamDescribed;
import dev.hindsight.contract.CatalogEvent.TeamLearned;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.BatchRows;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.eventstore.consume.Projection;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People, services and teams, as incident-service tells of them; there it is the service's own view, written with the events.
 * One row an entry, of its own stream alone: what is merged, and whose a service is, is joined when somebody reads.
 */
@ApplicationScoped
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "incident-events", enableIfMissing = true)
public class CatalogProjection implements Projection {

    private static final List<Column> COLUMNS = List.of(
            new Column("id", Type.UUID),
            new Column("kind", Type.TEXT),
            new Column("name", Type.TEXT),
            new Column("tool", Type.TEXT),
            new Column("key", Type.TEXT),
            new Column("team_id", Type.UUID),
            new Column("lead_id", Type.UUID),
            new Column("time_zone", Type.TEXT),
            new Column("learned", Type.BOOLEAN),
            new Column("says", Type.BOOLEAN),
            new Column("merges", Type.BOOLEAN),
            new Column("merged_into", Type.UUID),
            new Column("removes", Type.BOOLEAN),
            new Column("version", Type.BIGINT));

    /** What begins an entry; what was learned first stays. */
    private static final String BEGIN = """
            insert into catalog_entry (id, kind, name, tool, key, team_id, lead_id, time_zone, learned, version)
            select n.id, n.kind, n.name, n.tool, n.key, n.team_id, n.lead_id, n.time_zone, n.learned, n.version
            from %s where n.kind is not null order by n.id
            on conflict (id) do nothing""".formatted(BatchRows.from(COLUMNS, "n"));

    /** A name that was removed does not come back. */
    private static final String CHANGE = """
            update catalog_entry c
            set name = case when n.removes or c.name_removed then null when n.says then n.name else c.name end,
                tool = case when n.removes or c.name_removed then null else c.tool end,
                key = case when n.removes or c.name_removed then null else c.key end,
                team_id = case when n.says then n.team_id else c.team_id end,
                lead_id = case when n.says then n.lead_id else c.lead_id end,
                time_zone = case when n.says then n.time_zone else c.time_zone end,
                learned = c.learned and not n.says,
                merged_into = case when n.merges then n.merged_into else c.merged_into end,
                name_removed = c.name_removed or n.removes,
                version = n.version
            from %s where c.id = n.id""".formatted(BatchRows.from(COLUMNS, "n"));

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("catalog_entry"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Map<UUID, Entry> entries = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof CatalogEvent event) {
                entries.computeIfAbsent(recorded.header().streamId(), Entry::new)
                        .take(event, recorded.header().sequence());
            }
        }
        if (entries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        BatchRows rows = new BatchRows(COLUMNS);
        entries.values().forEach(entry -> rows.add(entry.row));
        return transaction
                .preparedQuery(BEGIN)
                .execute(rows.parameters())
                .chain(() -> transaction.preparedQuery(CHANGE).execute(rows.parameters()))
                .replaceWithVoid();
    }

    /** What the events of a batch say of one entry. */
    private static final class Entry {

        private final Map<String, @Nullable Object> row = new HashMap<>();

        Entry(UUID id) {
            row.put("id", id);
            row.put("learned", true);
            row.put("says", false);
            row.put("merges", false);
            row.put("removes", false);
        }

        void take(CatalogEvent event, long version) {
            row.put("version", version);
            switch (event) {
                case PersonLearned(String name, String tool, String key) -> learn("PERSON", name, tool, key, null);
                case ServiceLearned(String name, UUID team, String tool, String key) ->
                    learn("SERVICE", name, tool, key, team);
                case TeamLearned(String name, String tool, String key) -> learn("TEAM", name, tool, key, null);
                case PersonDescribed(String name, String timeZone, UUID team) ->
                    say("PERSON", name, team, null, timeZone);
                case ServiceDescribed(String name, UUID team) -> say("SERVICE", name, team, null, null);
                case TeamDescribed(String name, UUID lead) -> say("TEAM", name, null, lead, null);
                case PersonNameRemoved _ -> row.put("removes", true);
                case EntryMerged(UUID into) -> merge(into);
                case EntryUnmerged _ -> merge(null);
                case PersonLinked _, PersonUnlinked _, AliasesSaid _ -> {
                    // Who may see what: dev.hindsight.conventions.access; and what only the catalog's own page shows.
                }
            }
        }

        private void learn(String kind, String name, @Nullable String tool, @Nullable String key, @Nullable UUID team) {
            if (row.get("kind") == null) {
                row.put("kind", kind);
                row.put("name", name);
                row.put("tool", tool);
                row.put("key", key);
                row.put("team_id", team);
            }
        }

        private void say(
                String kind, String name, @Nullable UUID team, @Nullable UUID lead, @Nullable String timeZone) {
            row.put("kind", kind);
            row.put("name", name);
            row.put("team_id", team);
            row.put("lead_id", lead);
            row.put("time_zone", timeZone);
            row.put("learned", false);
            row.put("says", true);
        }

        private void merge(@Nullable UUID into) {
            row.put("merges", true);
            row.put("merged_into", into);
        }
    }
}
