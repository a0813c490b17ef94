package dev.hindsight.metrics.view;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
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
                        List.of("incident_id", "status", "priority", "due_date", "accepted_at", "done_at")));
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
        columns.put("incident_id", text(fact.incidentId()));
        columns.put("status", text(fact.status()));
        columns.put("priority", text(fact.priority()));
        columns.put("due_date", text(fact.dueDate()));
        columns.put("accepted_at", text(fact.acceptedAt()));
        columns.put("done_at", text(fact.doneAt()));
        return columns;
    }
}
