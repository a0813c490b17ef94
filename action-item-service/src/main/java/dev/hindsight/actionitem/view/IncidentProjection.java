package dev.hindsight.actionitem.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Standing;
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

/** Where each incident stands, for showing it beside its items: as its newest event says. */
@ApplicationScoped
public class IncidentProjection implements Projection {

    private static final String SET_INCIDENTS = """
            insert into incident (id, reference, kind, visibility, status, title, severity, services)
            select id, reference, kind, visibility, status, title, severity, services
            from jsonb_populate_recordset(null::incident, $1) order by id
            on conflict (id) do update set
              reference = excluded.reference, kind = excluded.kind, visibility = excluded.visibility,
              status = excluded.status, title = excluded.title, severity = excluded.severity,
              services = excluded.services""";

    @Override
    public String name() {
        return "incident";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("incident"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Map<UUID, JsonObject> incidents = new LinkedHashMap<>();
        for (Recorded<DomainEvent> fact : events) {
            if (fact.event() instanceof IncidentEvent event) {
                UUID id = fact.header().streamId();
                incidents.put(id, row(id, event.standing()));
            }
        }
        return incidents.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(SET_INCIDENTS)
                        .execute(Tuple.of(new JsonArray(List.copyOf(incidents.values()))))
                        .replaceWithVoid();
    }

    private static JsonObject row(UUID id, Standing standing) {
        return new JsonObject()
                .put("id", id.toString())
                .put("reference", standing.reference())
                .put("kind", standing.kind().name())
                .put("visibility", standing.visibility().name())
                .put("status", standing.lifecycle().status().name())
                .put("title", standing.title())
                .put("severity", standing.severity().name())
                .put("services", new JsonArray(standing.services()));
    }
}
