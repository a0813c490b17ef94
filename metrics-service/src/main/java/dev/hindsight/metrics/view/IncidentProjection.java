package dev.hindsight.metrics.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Projection;
import dev.hindsight.metrics.domain.IncidentFact;
import dev.hindsight.metrics.domain.IncidentFold;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps {@code incident_fact}. What else is on the topic (the catalog) is none of its business. */
@ApplicationScoped
public class IncidentProjection implements Projection {

    private static final HistoryRows.Table TABLE = new HistoryRows.Table(
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
                    "reopenings"));

    /** A mapper of its own: the stored fold must not change with the settings of the doors. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @Override
    public String name() {
        return "metrics-incidents";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        UUID[] incidents = events.stream()
                .filter(recorded -> recorded.event() instanceof IncidentEvent)
                .map(recorded -> recorded.header().streamId())
                .distinct()
                .toArray(UUID[]::new);
        if (incidents.length == 0) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery("select incident_id, state::text as state from incident_fold where incident_id = any ($1)")
                .execute(Tuple.of(incidents))
                .chain(rows -> {
                    Map<UUID, IncidentFold> folds = new TreeMap<>();
                    rows.forEach(row -> folds.put(row.getUUID("incident_id"), read(row.getString("state"))));
                    HistoryRows history = new HistoryRows(TABLE);
                    events.forEach(recorded -> fold(folds, history, recorded));
                    return history.write(transaction).chain(() -> keep(transaction, folds));
                });
    }

    private static void fold(
            Map<UUID, IncidentFold> folds, HistoryRows history, Recorded<DomainEvent> recorded) {
        if (recorded.event() instanceof IncidentEvent event) {
            EventHeader header = recorded.header();
            IncidentFold before = folds.getOrDefault(header.streamId(), IncidentFold.START);
            IncidentFold after = before.evolve(new Recorded<>(header, event));
            folds.put(header.streamId(), after);
            IncidentFact fact = after.fact();
            if (fact != null && !fact.equals(before.fact())) {
                history.add(header, columns(fact));
            }
        }
    }

    private static Map<String, @Nullable Object> columns(IncidentFact fact) {
        Milestones milestones = fact.milestones();
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("severity", fact.severity().name());
        columns.put("kind", fact.kind().name());
        columns.put("status", fact.status().name());
        columns.put("counts", fact.counts());
        columns.put("services", fact.services());
        columns.put("impact_started_at", HistoryRows.text(milestones.impactStarted()));
        columns.put("detected_at", HistoryRows.text(milestones.detected()));
        columns.put("declared_at", HistoryRows.text(milestones.declared()));
        columns.put("acknowledged_at", HistoryRows.text(milestones.acknowledged()));
        columns.put("mitigated_at", HistoryRows.text(milestones.mitigated()));
        columns.put("resolved_at", HistoryRows.text(milestones.resolved()));
        columns.put("closed_at", HistoryRows.text(milestones.closed()));
        columns.put("first_alert_at", HistoryRows.text(fact.firstAlert()));
        columns.put("first_page_at", HistoryRows.text(fact.firstPage()));
        columns.put("first_seen_at", HistoryRows.text(fact.firstSeen()));
        columns.put("reopenings", fact.reopenings());
        return columns;
    }

    private static Uni<Void> keep(SqlConnection transaction, Map<UUID, IncidentFold> folds) {
        Map<UUID, String> states = new LinkedHashMap<>();
        folds.forEach((incident, fold) -> states.put(incident, write(fold)));
        return transaction
                .preparedQuery("""
                insert into incident_fold (incident_id, state)
                select n.incident_id, n.state::jsonb from unnest($1::uuid[], $2::text[]) as n(incident_id, state)
                on conflict (incident_id) do update set state = excluded.state""")
                .execute(Tuple.of(states.keySet().toArray(UUID[]::new), states.values().toArray(String[]::new)))
                .replaceWithVoid();
    }

    private static IncidentFold read(String state) {
        try {
            return JSON.readValue(state, IncidentFold.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored fold cannot be read; rebuild the projection", e);
        }
    }

    private static String write(IncidentFold fold) {
        try {
            return JSON.writeValueAsString(fold);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
