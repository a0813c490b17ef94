package dev.hindsight.metrics.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.metrics.domain.IncidentFact;
import dev.hindsight.metrics.domain.IncidentFold;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps {@code incident_fact}, and in {@code incident_fold} which signal said severity and services last. */
@ApplicationScoped
public class IncidentProjection extends FactProjection<IncidentEvent, IncidentFold> {

    /** A mapper of its own: the stored fold must not change with the settings of the doors. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    IncidentProjection() {
        super(
                "metrics-incidents",
                Topic.INCIDENT_EVENTS,
                IncidentEvent.class,
                new HistoryRows.Table(
                        "incident_fact",
                        "incident_id",
                        List.of(
                                "severity",
                                "kind",
                                "status",
                                "counts",
                                "services",
                                "impact_started_at",
                                "detected_at",
                                "declared_at",
                                "acknowledged_at",
                                "mitigated_at",
                                "resolved_at",
                                "closed_at",
                                "first_alert_at",
                                "first_page_at",
                                "first_seen_at",
                                "reopenings")));
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("incident_fact"), ViewTable.of("incident_fold"));
    }

    @Override
    String selectStates() {
        return "select incident_id, state::text as state from incident_fold where incident_id = any ($1)";
    }

    @Override
    IncidentFold state(Row row) {
        try {
            return JSON.readValue(row.getString("state"), IncidentFold.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored fold cannot be read; rebuild the projection", e);
        }
    }

    @Override
    IncidentFold evolve(@Nullable IncidentFold before, Recorded<IncidentEvent> recorded) {
        return before == null ? IncidentFold.begin(recorded) : before.evolve(recorded);
    }

    @Override
    Map<String, @Nullable Object> columns(IncidentFold state) {
        IncidentFact fact = state.fact();
        Milestones milestones = fact.milestones();
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("severity", fact.severity().name());
        columns.put("kind", fact.kind().name());
        columns.put("status", fact.status().name());
        columns.put("counts", fact.counts());
        columns.put("services", fact.services());
        columns.put("impact_started_at", text(milestones.impactStarted()));
        columns.put("detected_at", text(milestones.detected()));
        columns.put("declared_at", text(milestones.declared()));
        columns.put("acknowledged_at", text(milestones.acknowledged()));
        columns.put("mitigated_at", text(milestones.mitigated()));
        columns.put("resolved_at", text(milestones.resolved()));
        columns.put("closed_at", text(milestones.closed()));
        columns.put("first_alert_at", text(fact.firstAlert()));
        columns.put("first_page_at", text(fact.firstPage()));
        columns.put("first_seen_at", text(fact.firstSeen()));
        columns.put("reopenings", fact.reopenings());
        return columns;
    }

    @Override
    Uni<Void> keep(SqlConnection transaction, Map<UUID, IncidentFold> folds) {
        UUID[] incidents = folds.keySet().toArray(UUID[]::new);
        String[] states = folds.values().stream().map(IncidentProjection::write).toArray(String[]::new);
        return transaction
                .preparedQuery("""
                insert into incident_fold (incident_id, state)
                select n.incident_id, n.state::jsonb from unnest($1::uuid[], $2::text[]) as n(incident_id, state)
                on conflict (incident_id) do update set state = excluded.state""")
                .execute(Tuple.of(incidents, states))
                .replaceWithVoid();
    }

    private static String write(IncidentFold fold) {
        try {
            return JSON.writeValueAsString(fold);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
