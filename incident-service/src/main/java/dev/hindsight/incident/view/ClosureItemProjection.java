package dev.hindsight.incident.view;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How far each action item is, as far as the closure policy and notices of what is overdue ask: one row an item, of which events
 * set columns.
 */
@ApplicationScoped
public class ClosureItemProjection implements Projection {

    private static final String SET = """
            insert into closure_item as i (id, incident_id, reference, details, status)
            select n.id, n.incident_id, n.reference, n.details, n.status
            from jsonb_populate_recordset(null::closure_item, $1) as n order by n.id
            on conflict (id) do update
            set reference = coalesce(excluded.reference, i.reference),
                details = coalesce(excluded.details, i.details),
                status = coalesce(excluded.status, i.status)""";

    @Override
    public String name() {
        return "closure-items";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("closure_item"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Map<UUID, JsonObject> rows = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof ActionItemEvent event) {
                UUID id = recorded.header().streamId();
                JsonObject row = rows.computeIfAbsent(id, item -> new JsonObject()
                        .put("id", item.toString())
                        .put("incident_id", event.incidentId().toString()));
                switch (event) {
                    case ActionItemEvent.Proposed e ->
                        status(row, ActionItemStatus.PROPOSED)
                                .put("reference", e.reference())
                                .put("details", details(e.details()));
                    case ActionItemEvent.Revised e -> row.put("details", details(e.details()));
                    case ActionItemEvent.Accepted _ -> status(row, ActionItemStatus.ACCEPTED);
                    case ActionItemEvent.Started _ -> status(row, ActionItemStatus.IN_PROGRESS);
                    case ActionItemEvent.Completed _ -> status(row, ActionItemStatus.DONE);
                    case ActionItemEvent.Verified _ -> status(row, ActionItemStatus.VERIFIED);
                    case ActionItemEvent.Canceled _ -> status(row, ActionItemStatus.CANCELED);
                }
            }
        }
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(SET)
                        .execute(Tuple.of(new JsonArray(List.copyOf(rows.values()))))
                        .replaceWithVoid();
    }

    private static JsonObject status(JsonObject row, ActionItemStatus status) {
        return row.put("status", status.name());
    }

    private static JsonObject details(ActionItemDetails details) {
        JsonObject told = new JsonObject().put("title", details.title());
        if (details.priority() != null) {
            told.put("priority", details.priority().name());
        }
        return details.dueDate() == null
                ? told
                : told.put("dueDate", details.dueDate().toString());
    }
}
