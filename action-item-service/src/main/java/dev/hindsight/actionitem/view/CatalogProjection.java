package dev.hindsight.actionitem.view;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The people, teams and services that are known, so that an owner is shown by name and a team is not taken for one. */
@ApplicationScoped
public class CatalogProjection implements Projection {

    private static final String INSERT = """
            insert into catalog_entry (id) select n.id from jsonb_to_recordset($1) as n(id uuid) order by n.id
            on conflict (id) do nothing""";

    private static final String UPDATE = """
            update catalog_entry c
            set kind = coalesce(n.kind, c.kind),
                name = case when n.removes then null else coalesce(n.name, c.name) end,
                tool = coalesce(n.tool, c.tool),
                key = case when n.removes then null else coalesce(n.key, c.key) end,
                merged_into = case when n.merges then n.merged_into else c.merged_into end
            from jsonb_to_recordset($1) as n(id uuid, kind text, name text, tool text, key text, removes boolean, merges boolean,
              merged_into uuid)
            where c.id = n.id""";

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
        Map<UUID, JsonObject> changes = new LinkedHashMap<>();
        for (Recorded<DomainEvent> fact : events) {
            if (fact.event() instanceof CatalogEvent event) {
                UUID id = fact.header().streamId();
                JsonObject change = changes.computeIfAbsent(
                        id,
                        entry -> new JsonObject().put("id", entry.toString()).put("merges", false));
                switch (event) {
                    case CatalogEvent.PersonLearned e ->
                        named(change, "PERSON", e.name()).put("tool", e.tool()).put("key", e.key());
                    case CatalogEvent.TeamLearned e ->
                        named(change, "TEAM", e.name()).put("tool", e.tool()).put("key", e.key());
                    case CatalogEvent.ServiceLearned e ->
                        named(change, "SERVICE", e.name()).put("tool", e.tool()).put("key", e.key());
                    case CatalogEvent.PersonDescribed e -> named(change, "PERSON", e.name());
                    case CatalogEvent.TeamDescribed e -> named(change, "TEAM", e.name());
                    case CatalogEvent.ServiceDescribed e -> named(change, "SERVICE", e.name());
                    case CatalogEvent.PersonNameRemoved e ->
                        change.put("removes", true).putNull("name").putNull("key");
                    case CatalogEvent.EntryMerged e -> merged(change, e.into());
                    case CatalogEvent.EntryUnmerged e -> merged(change, null);
                    case CatalogEvent.PersonLinked _, CatalogEvent.PersonUnlinked _ -> {
                        // Who may see what: dev.hindsight.conventions.access.
                    }
                }
            }
        }
        if (changes.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        JsonArray all = new JsonArray(List.copyOf(changes.values()));
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.of(all))
                .chain(() -> transaction.preparedQuery(UPDATE).execute(Tuple.of(all)))
                .replaceWithVoid();
    }

    private static JsonObject named(JsonObject change, String kind, String name) {
        return change.put("kind", kind).put("name", name);
    }

    private static void merged(JsonObject change, @Nullable UUID into) {
        change.put("merges", true).put("merged_into", into == null ? null : into.toString());
    }
}
