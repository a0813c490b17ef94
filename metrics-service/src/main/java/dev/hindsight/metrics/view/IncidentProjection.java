package dev.hindsight.metrics.view;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.metrics.domain.IncidentFact;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps {@code incident_fact}: what the newest event of each incident says, with its history. */
@ApplicationScoped
public class IncidentProjection extends FactProjection<IncidentEvent, IncidentFact> {

    IncidentProjection() {
        super(
                "metrics-incidents",
                Topic.INCIDENT_EVENTS,
                IncidentEvent.class,
                new HistoryRows.Table(
                        "incident_fact",
                        "incident_id",
                        List.of(
                                new Column("severity", Type.TEXT),
                                new Column("kind", Type.TEXT),
                                new Column("status", Type.TEXT),
                                new Column("counts", Type.BOOLEAN),
                                new Column("services", Type.TEXTS),
                                new Column("impact_started_at", Type.TIMESTAMP),
                                new Column("detected_at", Type.TIMESTAMP),
                                new Column("declared_at", Type.TIMESTAMP),
                                new Column("acknowledged_at", Type.TIMESTAMP),
                                new Column("mitigated_at", Type.TIMESTAMP),
                                new Column("resolved_at", Type.TIMESTAMP),
                                new Column("closed_at", Type.TIMESTAMP),
                                new Column("first_alert_at", Type.TIMESTAMP),
                                new Column("first_page_at", Type.TIMESTAMP),
                                new Column("placed_at", Type.TIMESTAMP),
                                new Column("reopenings", Type.INTEGER))));
    }

    @Override
    IncidentFact state(Row row) {
        return new IncidentFact(
                Severity.valueOf(row.getString("severity")),
                IncidentKind.valueOf(row.getString("kind")),
                IncidentStatus.valueOf(row.getString("status")),
                List.of(row.getArrayOfStrings("services")),
                new Milestones(
                        instant(row, "impact_started_at"),
                        instant(row, "detected_at"),
                        instant(row, "declared_at"),
                        instant(row, "acknowledged_at"),
                        instant(row, "mitigated_at"),
                        instant(row, "resolved_at"),
                        instant(row, "closed_at")),
                instant(row, "first_alert_at"),
                instant(row, "first_page_at"),
                row.getOffsetDateTime("placed_at").toInstant(),
                row.getInteger("reopenings"));
    }

    @Override
    IncidentFact evolve(@Nullable IncidentFact before, Recorded<IncidentEvent> recorded) {
        return IncidentFact.of(before, recorded);
    }

    @Override
    Map<String, @Nullable Object> columns(IncidentFact fact) {
        Milestones milestones = fact.milestones();
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("severity", fact.severity());
        columns.put("kind", fact.kind());
        columns.put("status", fact.status());
        columns.put("counts", fact.counts());
        columns.put("services", fact.services());
        columns.put("impact_started_at", milestones.impactStarted());
        columns.put("detected_at", milestones.detected());
        columns.put("declared_at", milestones.declared());
        columns.put("acknowledged_at", milestones.acknowledged());
        columns.put("mitigated_at", milestones.mitigated());
        columns.put("resolved_at", milestones.resolved());
        columns.put("closed_at", milestones.closed());
        columns.put("first_alert_at", fact.firstAlert());
        columns.put("first_page_at", fact.firstPage());
        columns.put("placed_at", fact.placedAt());
        columns.put("reopenings", fact.reopenings());
        return columns;
    }
}
