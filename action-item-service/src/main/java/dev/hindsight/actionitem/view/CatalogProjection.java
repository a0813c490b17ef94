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
        Map<UUID, JsonObject> rows = new LinkedHashMap<>();
        for (Recorded<DomainEvent> fact : events) {
            if (fact.event() instanceof CatalogEvent event) {
                UUID id = fact.header().streamId();
                switch (event) {
                    case CatalogEvent.PersonLearned e -> rows.put(id, row(id, "PERSON", e.name(), e.tool(), e.key()));
                    case CatalogEvent.TeamLearned e -> rows.put(id, row(id, "TEAM", e.name(), e.tool(), e.key()));
                    case CatalogEvent.ServiceLearned e -> rows.put(id, row(id, "SERVICE", e.name(), e.tool(), e.key()));
                    case CatalogEvent.PersonLinked _, CatalogEvent.PersonUnlinked _ -> {
                        // Who may see what: dev.hindsight.conventions.access.
                    }
                }
            }
        }
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery("""
                insert into catalog_entry (id, kind, name, tool, key)
                select id, kind, name, tool, key from jsonb_populate_recordset(null::catalog_entry, $1) order by id
                on conflict (id) do update
                set kind = excluded.kind, name = excluded.name, tool = excluded.tool, key = excluded.key""")
                .execute(Tuple.of(new JsonArray(List.copyOf(rows.values()))))
                .replaceWithVoid();
    }

    private static JsonObject row(UUID id, String kind, String name, @Nullable String tool, @Nullable String key) {
        return new JsonObject()
                .put("id", id.toString())
                .put("kind", kind)
                .put("name", name)
                .put("tool", tool)
                .put("key", key);
    }
}
