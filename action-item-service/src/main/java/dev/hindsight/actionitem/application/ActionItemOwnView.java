package dev.hindsight.actionitem.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.actionitem.domain.ActionItem;
import dev.hindsight.actionitem.view.ActionItemView;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.rebuild.OwnView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The action items, their history and who takes part by them, as {@link ActionItemHandler} keeps them, for a rebuild. */
@ApplicationScoped
public class ActionItemOwnView implements OwnView<ActionItem, ActionItemEvent> {

    private final ObjectMapper json;

    ActionItemOwnView(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String name() {
        return "action-items";
    }

    @Override
    public Decider<ActionItem, ActionItemEvent> decider() {
        return new ActionItemHandler.Folding();
    }

    @Override
    public List<Table<ActionItem>> tables() {
        return List.of(
                Table.ofNewest(
                        new InlineView("action_item", "id", ActionItemView.columns(), json),
                        loaded -> ActionItemHandler.row(loaded).row()),
                Table.ofEvery(
                        new InlineView(
                                "action_item_history",
                                "item_id",
                                InlineView.columns(
                                        "item_id",
                                        "version",
                                        "incident_id",
                                        "postmortem_id",
                                        "status",
                                        "due_date",
                                        "owner",
                                        "priority",
                                        "occurred_at",
                                        "recorded_at",
                                        "superseded_at"),
                                json),
                        ActionItemOwnView::history),
                Table.ofNewest(
                        new InlineView(
                                "item_participation",
                                "item_id",
                                InlineView.columns("item_id", "incident_id", "person"),
                                json),
                        ActionItemOwnView::participation));
    }

    /** As {@link dev.hindsight.conventions.access.AccessChanges} sets it: what will not be done makes nobody a participant. */
    private static Map<String, @Nullable Object> participation(Loaded<ActionItem> after) {
        ActionItemView item = ActionItemHandler.row(after);
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("item_id", item.id);
        row.put("incident_id", item.incidentId);
        row.put("person", item.status == ActionItemStatus.CANCELED ? null : item.owner);
        return row;
    }

    /** Each event's row holds until the next one was recorded. */
    private static List<Map<String, @Nullable Object>> history(List<Step<ActionItem>> steps) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            Step<ActionItem> step = steps.get(i);
            ActionItemView item = ActionItemHandler.row(step.after());
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("item_id", item.id);
            row.put("version", item.version);
            row.put("incident_id", item.incidentId);
            row.put("postmortem_id", item.postmortemId);
            row.put("status", item.status);
            row.put("due_date", item.dueDate);
            row.put("owner", item.owner);
            row.put("priority", item.priority);
            row.put("occurred_at", step.header().occurredAt());
            row.put("recorded_at", step.header().recordedAt());
            row.put(
                    "superseded_at",
                    i + 1 < steps.size() ? steps.get(i + 1).header().recordedAt() : "infinity");
            rows.add(row);
        }
        return rows;
    }
}
