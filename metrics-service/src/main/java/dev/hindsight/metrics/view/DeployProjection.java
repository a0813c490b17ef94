package dev.hindsight.metrics.view;

import dev.hindsight.contract.DeployEvent;
import dev.hindsight.contract.DeployState;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.metrics.domain.DeployFact;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps {@code deploy_fact}. */
@ApplicationScoped
public class DeployProjection extends FactProjection<DeployEvent, DeployFact> {

    DeployProjection() {
        super(
                "metrics-deploys",
                Topic.INCIDENT_EVENTS,
                DeployEvent.class,
                new HistoryRows.Table(
                        "deploy_fact",
                        "deploy_id",
                        List.of(
                                new Column("services", Type.TEXTS),
                                new Column("production", Type.BOOLEAN),
                                new Column("state", Type.TEXT),
                                new Column("placed_at", Type.TIMESTAMP))));
    }

    @Override
    DeployFact state(Row row) {
        return new DeployFact(
                List.of(row.getArrayOfStrings("services")),
                row.getBoolean("production"),
                DeployState.valueOf(row.getString("state")),
                row.getOffsetDateTime("placed_at").toInstant());
    }

    @Override
    DeployFact evolve(@Nullable DeployFact before, Recorded<DeployEvent> recorded) {
        return DeployFact.of(before, recorded);
    }

    @Override
    Map<String, @Nullable Object> columns(DeployFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("services", fact.services());
        columns.put("production", fact.production());
        columns.put("state", fact.state());
        columns.put("placed_at", fact.placedAt());
        return columns;
    }
}
