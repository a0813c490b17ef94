package dev.hindsight.metrics.view;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Projection;
import dev.hindsight.metrics.domain.ActionItemFact;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps {@code action_item_fact}. */
@ApplicationScoped
public class ActionItemProjection implements Projection {

    private static final HistoryRows.Table TABLE = new HistoryRows.Table(
            "action_item_fact",
            "action_item_id",
            List.of("incident_id", "status", "priority", "due_date", "accepted_at", "done_at"));

    @Override
    public String name() {
        return "metrics-action-items";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        UUID[] items = events.stream()
                .filter(recorded -> recorded.event() instanceof ActionItemEvent)
                .map(recorded -> recorded.header().streamId())
                .distinct()
                .toArray(UUID[]::new);
        if (items.length == 0) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery("select action_item_id, incident_id, status, priority, due_date, accepted_at, done_at"
                        + " from action_item_fact where action_item_id = any ($1) and superseded_at = 'infinity'")
                .execute(Tuple.of(items))
                .chain(rows -> {
                    Map<UUID, ActionItemFact> facts = new HashMap<>();
                    rows.forEach(row -> facts.put(row.getUUID("action_item_id"), fact(row)));
                    HistoryRows history = new HistoryRows(TABLE);
                    events.forEach(recorded -> fold(facts, history, recorded));
                    return history.write(transaction);
                });
    }

    private static void fold(
            Map<UUID, ActionItemFact> facts, HistoryRows history, Recorded<DomainEvent> recorded) {
        if (recorded.event() instanceof ActionItemEvent event) {
            EventHeader header = recorded.header();
            ActionItemFact before = facts.get(header.streamId());
            ActionItemFact after = ActionItemFact.evolve(before, new Recorded<>(header, event));
            if (!after.equals(before)) {
                facts.put(header.streamId(), after);
                history.add(header, columns(after));
            }
        }
    }

    private static ActionItemFact fact(Row row) {
        String priority = row.getString("priority");
        return new ActionItemFact(
                row.getUUID("incident_id"),
                ActionItemStatus.valueOf(row.getString("status")),
                priority == null ? null : Priority.valueOf(priority),
                row.getLocalDate("due_date"),
                instant(row, "accepted_at"),
                instant(row, "done_at"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }

    private static Map<String, @Nullable Object> columns(ActionItemFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("incident_id", fact.incidentId().toString());
        columns.put("status", fact.status().name());
        columns.put("priority", fact.priority() == null ? null : fact.priority().name());
        columns.put("due_date", fact.dueDate() == null ? null : fact.dueDate().toString());
        columns.put("accepted_at", HistoryRows.text(fact.acceptedAt()));
        columns.put("done_at", HistoryRows.text(fact.doneAt()));
        return columns;
    }
}
