package dev.hindsight.metrics.view;

import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.metrics.domain.PostmortemFact;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps {@code postmortem_fact}. */
@ApplicationScoped
public class PostmortemProjection extends FactProjection<PostmortemEvent, PostmortemFact> {

    PostmortemProjection() {
        super(
                "metrics-postmortems",
                Topic.POSTMORTEM_EVENTS,
                PostmortemEvent.class,
                new HistoryRows.Table(
                        "postmortem_fact",
                        "postmortem_id",
                        List.of(
                                new Column("incident_id", Type.UUID),
                                new Column("required", Type.BOOLEAN),
                                new Column("duty", Type.BOOLEAN),
                                new Column("waived", Type.BOOLEAN),
                                new Column("resolved_at", Type.TIMESTAMP),
                                new Column("published_at", Type.TIMESTAMP))));
    }

    @Override
    PostmortemFact state(Row row) {
        return new PostmortemFact(
                row.getUUID("incident_id"),
                row.getBoolean("required"),
                row.getBoolean("duty"),
                row.getBoolean("waived"),
                instant(row, "resolved_at"),
                instant(row, "published_at"));
    }

    @Override
    PostmortemFact evolve(@Nullable PostmortemFact before, Recorded<PostmortemEvent> recorded) {
        return PostmortemFact.evolve(before, recorded);
    }

    @Override
    Map<String, @Nullable Object> columns(PostmortemFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("incident_id", fact.incidentId());
        columns.put("required", fact.required());
        columns.put("duty", fact.duty());
        columns.put("waived", fact.waived());
        columns.put("resolved_at", fact.resolvedAt());
        columns.put("published_at", fact.publishedAt());
        return columns;
    }
}
