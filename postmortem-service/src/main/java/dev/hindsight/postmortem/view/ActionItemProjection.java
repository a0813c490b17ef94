package dev.hindsight.postmortem.view;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemEvent.Accepted;
import dev.hindsight.contract.ActionItemEvent.Canceled;
import dev.hindsight.contract.ActionItemEvent.Completed;
import dev.hindsight.contract.ActionItemEvent.Proposed;
import dev.hindsight.contract.ActionItemEvent.Revised;
import dev.hindsight.contract.ActionItemEvent.Started;
import dev.hindsight.contract.ActionItemEvent.Verified;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The action items of incidents, as the document shows them and the gate judges them. */
@ApplicationScoped
public class ActionItemProjection implements Projection {

    private static final String INSERT = """
            insert into action_item
            select * from jsonb_populate_recordset(null::action_item, $1::text::jsonb)
            on conflict (id) do nothing""";

    private static final String UPDATE = """
            update action_item a set
              version = n.version,
              status = coalesce(n.status, a.status),
              title = case when n.revised then n.title else a.title end,
              owner = case when n.revised then n.owner else a.owner end,
              due_date = case when n.revised then n.due_date else a.due_date end,
              priority = case when n.revised then n.priority else a.priority end,
              type = case when n.revised then n.type else a.type end,
              category = case when n.revised then n.category else a.category end,
              findings = case when n.revised then n.findings else a.findings end
            from jsonb_to_recordset($1::text::jsonb) as n(id uuid, version bigint, revised boolean, status text, title text,
              owner uuid, due_date date, priority text, type text, category text, findings text)
            where a.id = n.id""";

    @Override
    public String name() {
        return "action-items";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("action_item"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        List<Map<String, @Nullable Object>> proposed = new ArrayList<>();
        Map<UUID, Map<String, @Nullable Object>> changed = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof ActionItemEvent event) {
                UUID id = recorded.header().streamId();
                Map<String, @Nullable Object> change = changed.computeIfAbsent(id, item -> unchanged(item));
                change.put("version", recorded.header().sequence());
                switch (event) {
                    case Proposed e -> {
                        change.put("status", ActionItemStatus.PROPOSED);
                        revise(change, e.details(), e.findings());
                        Map<String, @Nullable Object> row = new HashMap<>(change);
                        row.put("incident_id", e.incidentId());
                        row.put("reference", e.reference());
                        row.put("proposed_at", recorded.header().occurredAt());
                        proposed.add(row);
                    }
                    case Revised e -> revise(change, e.details(), e.findings());
                    case Accepted e -> change.put("status", ActionItemStatus.ACCEPTED);
                    case Started e -> change.put("status", ActionItemStatus.IN_PROGRESS);
                    case Completed e -> change.put("status", ActionItemStatus.DONE);
                    case Verified e -> change.put("status", ActionItemStatus.VERIFIED);
                    case Canceled e -> change.put("status", ActionItemStatus.CANCELED);
                }
            }
        }
        if (changed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.of(ViewJson.write(proposed)))
                .chain(() -> transaction.preparedQuery(UPDATE).execute(Tuple.of(ViewJson.write(changed.values()))))
                .replaceWithVoid();
    }

    private static Map<String, @Nullable Object> unchanged(UUID id) {
        Map<String, @Nullable Object> change = new HashMap<>();
        change.put("id", id);
        change.put("revised", false);
        return change;
    }

    private static void revise(
            Map<String, @Nullable Object> change, ActionItemDetails details, List<QualityFinding> findings) {
        change.put("revised", true);
        change.put("title", details.title());
        change.put("owner", details.owner());
        change.put("due_date", details.dueDate());
        change.put("priority", details.priority());
        change.put("type", details.type());
        change.put("category", details.category());
        change.put("findings", ViewJson.write(findings));
    }
}
