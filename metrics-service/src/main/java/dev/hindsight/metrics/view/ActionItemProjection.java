package dev.hindsight.metrics.view;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.metrics.domain.ActionItemFact;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps {@code action_item_fact}. */
@ApplicationScoped
public class ActionItemProjection extends FactProjection<ActionItemEvent, ActionItemFact> {

    ActionItemProjection() {
        super(
                "metrics-action-items",
                Topic.ACTION_ITEM_EVENTS,
                ActionItemEvent.class,
                new HistoryRows.Table(
                        "action_item_fact",
                        "action_item_id",
                        List.of(
                                new Column("incident_id", Type.UUID),
                                new Column("status", Type.TEXT),
                                new Column("priority", Type.TEXT),
                                new Column("due_date", Type.DATE),
                                new Column("accepted_at", Type.TIMESTAMP),
                                new Column("done_at", Type.TIMESTAMP))));
    }

    @Override
    ActionItemFact state(Row row) {
        String priority = row.getString("priority");
        return new ActionItemFact(
                row.getUUID("incident_id"),
                ActionItemStatus.valueOf(row.getString("status")),
                priority == null ? null : Priority.valueOf(priority),
                row.getLocalDate("due_date"),
                instant(row, "accepted_at"),
                instant(row, "done_at"));
    }

    @Override
    ActionItemFact evolve(@Nullable ActionItemFact before, Recorded<ActionItemEvent> recorded) {
        return ActionItemFact.evolve(before, recorded);
    }

    @Override
    Map<String, @Nullable Object> columns(ActionItemFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("incident_id", fact.incidentId());
        columns.put("status", fact.status());
        columns.put("priority", fact.priority());
        columns.put("due_date", fact.dueDate());
        columns.put("accepted_at", fact.acceptedAt());
        columns.put("done_at", fact.doneAt());
        return columns;
    }
}
