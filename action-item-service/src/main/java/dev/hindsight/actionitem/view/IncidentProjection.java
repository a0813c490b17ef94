package dev.hindsight.actionitem.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where each incident stands, for showing it beside its items. Every statement about title, severity and services is kept
 * with its own time, and the latest one counts, in whatever order the signals came; a severity that somebody set stands above
 * those that signals merely mention, as incident-service has it.
 */
@ApplicationScoped
public class IncidentProjection implements Projection {

    private static final String TITLE = "TITLE";
    private static final String SERVICES = "SERVICES";
    private static final String JUDGED = "JUDGED";
    private static final String MENTIONED = "MENTIONED";

    private static final String KEEP_STATEMENTS = """
            insert into incident_statement (incident_id, version, topic, said, occurred_at, source_order)
            select incident_id, version, topic, said, occurred_at, source_order
            from jsonb_populate_recordset(null::incident_statement, $1)
            order by incident_id, version, topic
            on conflict do nothing""";

    private static final String SET_INCIDENTS = """
            insert into incident as i (id, reference, kind, visibility, status, title, severity, services)
            select n.id, n.reference, coalesce(n.kind, 'REAL'), coalesce(n.visibility, 'INTERNAL'), n.status, s.title,
                   s.severity, coalesce((select array_agg(e) from jsonb_array_elements_text(s.services) e), '{}')
            from jsonb_to_recordset($1) as n(id uuid, reference text, kind text, visibility text, status text)
            left join lateral (
              select max(l.said #>> '{}') filter (where l.topic = 'TITLE') as title,
                     coalesce(max(l.said #>> '{}') filter (where l.topic = 'JUDGED'),
                              max(l.said #>> '{}') filter (where l.topic = 'MENTIONED')) as severity,
                     (jsonb_agg(l.said) filter (where l.topic = 'SERVICES')) -> 0 as services
              from (select distinct on (topic) topic, said
                    from incident_statement where incident_id = n.id
                    order by topic, occurred_at desc, source_order desc, version desc) l
            ) s on true
            order by n.id
            on conflict (id) do update set
              reference = coalesce(excluded.reference, i.reference),
              kind = case when excluded.reference is null then i.kind else excluded.kind end,
              visibility = case when excluded.reference is null then i.visibility else excluded.visibility end,
              status = excluded.status, title = excluded.title, severity = excluded.severity,
              services = excluded.services""";

    @Override
    public String name() {
        return "incident";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("incident"), ViewTable.of("incident_statement"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Map<UUID, JsonObject> incidents = new LinkedHashMap<>();
        JsonArray statements = new JsonArray();
        for (Recorded<DomainEvent> fact : events) {
            if (fact.event() instanceof IncidentEvent event) {
                UUID id = fact.header().streamId();
                JsonObject incident = incidents.computeIfAbsent(id, key -> new JsonObject().put("id", key.toString()));
                incident.put("status", event.lifecycle().status().name());
                if (event instanceof IncidentEvent.Declared declared) {
                    incident.put("reference", declared.reference())
                            .put("kind", declared.kind().name())
                            .put("visibility", declared.visibility().name());
                }
                new Statements(fact.header(), statements).of(event);
            }
        }
        if (incidents.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(KEEP_STATEMENTS)
                .execute(Tuple.of(statements))
                .chain(() -> transaction
                        .preparedQuery(SET_INCIDENTS)
                        .execute(Tuple.of(new JsonArray(List.copyOf(incidents.values())))))
                .replaceWithVoid();
    }

    /** What one event says. */
    private record Statements(EventHeader header, JsonArray all) {

        void of(IncidentEvent event) {
            switch (event) {
                case IncidentEvent.Declared e -> declared(e);
                case IncidentEvent.SeverityChanged e -> {
                    say(JUDGED, e.severity().name(), header.occurredAt());
                    observed(e.observed());
                }
                case IncidentEvent.Acknowledged e -> observed(e.observed());
                case IncidentEvent.Unacknowledged e -> observed(e.observed());
                case IncidentEvent.Escalated e -> observed(e.observed());
                case IncidentEvent.StatusUpdated e -> observed(e.observed());
                case IncidentEvent.Mitigated e -> observed(e.observed());
                case IncidentEvent.Resolved e -> observed(e.observed());
                case IncidentEvent.Reopened e -> observed(e.observed());
                case IncidentEvent.Merged e -> observed(e.observed());
                case IncidentEvent.Noted e -> observed(e.observed());
                // An alert tells about itself; it renames no incident that it was attached to.
                case IncidentEvent.AlertFired _, IncidentEvent.AlertResolved _ -> {}
                case IncidentEvent.RoleAssigned _,
                        IncidentEvent.MessagePosted _,
                        IncidentEvent.DecisionRecorded _,
                        IncidentEvent.Paged _,
                        IncidentEvent.ImpactRecorded _,
                        IncidentEvent.ImpactStarted _,
                        IncidentEvent.Detected _,
                        IncidentEvent.Closed _,
                        IncidentEvent.Canceled _ -> {}
            }
        }

        private void declared(IncidentEvent.Declared e) {
            Observed seen = e.observed();
            // What the tool left out is a default of ours, which gives way to whatever is said, of whatever moment.
            say(TITLE, e.title(), seen != null && seen.title() == null ? Instant.EPOCH : header.occurredAt());
            say(
                    MENTIONED,
                    e.severity().name(),
                    seen != null && seen.severity() == null ? Instant.EPOCH : header.occurredAt());
            services(e.services());
        }

        private void observed(@Nullable Observed seen) {
            if (seen != null) {
                if (seen.title() != null) {
                    say(TITLE, seen.title(), header.occurredAt());
                }
                if (seen.severity() != null) {
                    say(MENTIONED, seen.severity().name(), header.occurredAt());
                }
                services(seen.services());
            }
        }

        private void services(List<String> services) {
            if (!services.isEmpty()) {
                say(SERVICES, new JsonArray(services), header.occurredAt());
            }
        }

        private void say(String topic, Object said, Instant at) {
            all.add(new JsonObject()
                    .put("incident_id", header.streamId().toString())
                    .put("version", header.sequence())
                    .put("topic", topic)
                    .put("said", said)
                    .put("occurred_at", at.toString())
                    .put("source_order", header.sourceOrder()));
        }
    }
}
