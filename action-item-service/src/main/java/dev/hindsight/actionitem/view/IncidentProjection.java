package dev.hindsight.actionitem.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.BatchRows;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Where each incident stands, for showing it beside its items: as its newest event says. */
@ApplicationScoped
public class IncidentProjection implements Projection {

    private static final List<Column> INCIDENT = List.of(
            new Column("id", Type.UUID),
            new Column("reference", Type.TEXT),
            new Column("kind", Type.TEXT),
            new Column("visibility", Type.TEXT),
            new Column("status", Type.TEXT),
            new Column("title", Type.TEXT),
            new Column("severity", Type.TEXT),
            new Column("services", Type.TEXTS));

    private static final String SET_INCIDENTS =
            """
            insert into incident (%s) select %s from %s order by n.id
            on conflict (id) do update set
              reference = excluded.reference, kind = excluded.kind, visibility = excluded.visibility,
              status = excluded.status, title = excluded.title, severity = excluded.severity,
              services = excluded.services""".formatted(BatchRows.names(INCIDENT), BatchRows.selected(INCIDENT, "n"), BatchRows.from(INCIDENT, "n"));

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
        Map<UUID, Map<String, Object>> incidents = new LinkedHashMap<>();
        for (Recorded<DomainEvent> fact : events) {
            if (fact.event() instanceof IncidentEvent event) {
                UUID id = fact.header().streamId();
                incidents.put(id, row(id, event.standing()));
            }
        }
        if (incidents.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        BatchRows rows = new BatchRows(INCIDENT);
        incidents.values().forEach(rows::add);
        return transaction
                .preparedQuery(SET_INCIDENTS)
                .execute(rows.parameters())
                .replaceWithVoid();
    }

    private static Map<String, Object> row(UUID id, Standing standing) {
        return Map.of(
                "id", id,
                "reference", standing.reference(),
                "kind", standing.kind(),
                "visibility", standing.visibility(),
                "status", standing.lifecycle().status(),
                "title", standing.title(),
                "severity", standing.severity(),
                "services", standing.services());
    }
}
