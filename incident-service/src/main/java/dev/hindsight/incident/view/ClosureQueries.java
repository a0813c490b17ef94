package dev.hindsight.incident.view;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.ClosureFacts;
import dev.hindsight.incident.domain.ClosureFacts.Item;
import dev.hindsight.incident.domain.ClosureFacts.PostmortemStanding;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads what a closure policy asks of others. */
@ApplicationScoped
public class ClosureQueries {

    private static final String POSTMORTEM =
            "select is_published, is_waived, is_required, is_duty from closure_postmortem where id = $1";

    private static final String ITEMS =
            "select reference, details, status from closure_item where incident_id = $1 and details is not null";

    private final Pool pool;

    ClosureQueries(Pool pool) {
        this.pool = pool;
    }

    /** How far the incident's postmortem and its action items are, as far as this service knows. */
    public Uni<ClosureFacts> facts(UUID incidentId) {
        return pool.preparedQuery(POSTMORTEM)
                .execute(Tuple.of(StreamIds.postmortem(incidentId)))
                .map(rows -> rows.size() == 0
                        ? PostmortemStanding.NONE
                        : standing(rows.iterator().next()))
                .chain(postmortem -> pool.preparedQuery(ITEMS)
                        .execute(Tuple.of(incidentId))
                        .map(rows -> {
                            List<Item> items = new ArrayList<>();
                            rows.forEach(row -> items.add(item(row)));
                            return new ClosureFacts(postmortem, items);
                        }));
    }

    private static PostmortemStanding standing(Row row) {
        return new PostmortemStanding(
                Boolean.TRUE.equals(row.getBoolean("is_published")),
                Boolean.TRUE.equals(row.getBoolean("is_waived")),
                row.getBoolean("is_required"),
                row.getBoolean("is_duty"));
    }

    private static Item item(Row row) {
        JsonObject details = row.getJsonObject("details");
        String priority = details.getString("priority");
        return new Item(
                row.getString("reference"),
                details.getString("title"),
                priority == null ? null : Priority.valueOf(priority),
                ActionItemStatus.valueOf(row.getString("status")));
    }
}
