package dev.hindsight.incident.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.RequirementAnswer;
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
 * How far each postmortem is, as far as the closure policy and notices of what is overdue ask: one row a postmortem, of which
 * events set columns.
 */
@ApplicationScoped
public class ClosurePostmortemProjection implements Projection {

    private static final String SET = """
            insert into closure_postmortem as p (id, incident_id, is_published, is_waived, is_required, is_duty, is_reviewed, draft_due_at)
            select n.id, n.incident_id, n.is_published, n.is_waived, n.is_required, n.is_duty, n.is_reviewed, n.draft_due_at
            from jsonb_populate_recordset(null::closure_postmortem, $1) as n order by n.id
            on conflict (id) do update
            set is_published = coalesce(excluded.is_published, p.is_published),
                is_waived = coalesce(excluded.is_waived, p.is_waived),
                is_required = coalesce(excluded.is_required, p.is_required),
                is_duty = coalesce(excluded.is_duty, p.is_duty),
                is_reviewed = coalesce(excluded.is_reviewed, p.is_reviewed),
                draft_due_at = coalesce(excluded.draft_due_at, p.draft_due_at)""";

    @Override
    public String name() {
        return "closure-postmortems";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.POSTMORTEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("closure_postmortem"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Map<UUID, JsonObject> rows = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof PostmortemEvent event) {
                UUID id = recorded.header().streamId();
                JsonObject row = rows.computeIfAbsent(id, postmortem -> new JsonObject()
                        .put("id", postmortem.toString())
                        .put("incident_id", event.incidentId().toString()));
                switch (event) {
                    case PostmortemEvent.Published _ -> row.put("is_published", true);
                    case PostmortemEvent.Reopened _ -> row.put("is_published", false);
                    case PostmortemEvent.Waived _ -> row.put("is_waived", true);
                    case PostmortemEvent.RequirementDecided e ->
                        row.put("is_required", e.answer() == RequirementAnswer.REQUIRED)
                                .put("is_duty", e.duty())
                                .put(
                                        "draft_due_at",
                                        e.draftDueAt() == null
                                                ? null
                                                : e.draftDueAt().toString());
                    case PostmortemEvent.ReviewStarted _ -> row.put("is_reviewed", true);
                    case PostmortemEvent.Drafted _,
                            PostmortemEvent.OwnerAssigned _,
                            PostmortemEvent.SectionWritten _,
                            PostmortemEvent.FactorAdded _,
                            PostmortemEvent.WhyAdded _,
                            PostmortemEvent.FactorRemoved _,
                            PostmortemEvent.Approved _ -> {
                        // There is one; nothing of this is owed.
                    }
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
}
