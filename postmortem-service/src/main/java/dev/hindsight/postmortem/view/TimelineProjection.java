package dev.hindsight.postmortem.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.ImpactRecorded;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.domain.TimelineEntry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The timeline, one row an event, and the incident, which is as its newest event says: every event carries the standing that
 * follows from all facts known by then. A declaration that stepped back is told no more as soon as the real one is known.
 */
@ApplicationScoped
public class TimelineProjection implements Projection {

    private static final String INSERT_ENTRIES = """
            insert into timeline_entry
            select * from jsonb_populate_recordset(null::timeline_entry, $1::text::jsonb)
            on conflict (id) do nothing""";

    private static final String SUPERSEDE = """
            update timeline_entry p set superseded = true
            where p.incident_id = any ($1::uuid[]) and p.provisional and not p.superseded
              and exists (select 1 from timeline_entry d
                          where d.incident_id = p.incident_id and d.kind = 'DECLARED' and not d.provisional)""";

    /** What an event does not say (null: impact, imported) stays as an earlier one said it. */
    private static final String SET_INCIDENTS = """
            insert into incident (id, version, reference, title, severity, status, kind, services, customer_facing,
              security, imported, roles, acknowledger, impact, impact_started_at, detected_at, declared_at, acknowledged_at,
              mitigated_at, resolved_at, closed_at, reopenings, first_alert_at, first_page_at, pages, pages_judged,
              pages_after_hours, resolution_recorded_at)
            select t.id, t.version, t.reference, t.title, t.severity, t.status, t.kind,
                   array(select jsonb_array_elements_text(t.services)), t.customer_facing, t.security,
                   coalesce(t.imported, i.imported, false), t.roles, t.acknowledger, coalesce(t.impact, i.impact, '{}'),
                   t.impact_started_at, t.detected_at, t.declared_at, t.acknowledged_at, t.mitigated_at, t.resolved_at, t.closed_at, t.reopenings,
                   t.first_alert_at, t.first_page_at, t.pages, t.pages_judged, t.pages_after_hours,
                   (select min(e.recorded_at) from timeline_entry e
                    where e.incident_id = t.id and e.over_since = coalesce(t.resolved_at, t.closed_at))
            from jsonb_to_recordset($1::text::jsonb) as t(id uuid, version bigint, reference text, title text, severity text,
                   status text, kind text, services jsonb, customer_facing boolean, security boolean, imported boolean,
                   roles text, acknowledger uuid, impact text, impact_started_at timestamptz, detected_at timestamptz,
                   declared_at timestamptz, acknowledged_at timestamptz, mitigated_at timestamptz, resolved_at timestamptz,
                   closed_at timestamptz, reopenings integer, first_alert_at timestamptz, first_page_at timestamptz,
                   pages bigint, pages_judged bigint, pages_after_hours bigint)
            left join incident i on i.id = t.id
            order by t.id
            on conflict (id) do update set
              version = excluded.version, reference = excluded.reference, title = excluded.title,
              severity = excluded.severity, status = excluded.status, kind = excluded.kind, services = excluded.services,
              customer_facing = excluded.customer_facing, security = excluded.security,
              imported = excluded.imported, roles = excluded.roles, acknowledger = excluded.acknowledger,
              impact = excluded.impact,
              impact_started_at = excluded.impact_started_at, detected_at = excluded.detected_at,
              declared_at = excluded.declared_at, acknowledged_at = excluded.acknowledged_at,
              mitigated_at = excluded.mitigated_at, resolved_at = excluded.resolved_at, closed_at = excluded.closed_at,
              reopenings = excluded.reopenings, first_alert_at = excluded.first_alert_at,
              first_page_at = excluded.first_page_at, pages = excluded.pages,
              pages_judged = excluded.pages_judged, pages_after_hours = excluded.pages_after_hours,
              resolution_recorded_at = excluded.resolution_recorded_at""";

    @Override
    public String name() {
        return "timelines";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(
                ViewTable.of("timeline_entry").readWhileWriting("timeline_entry_order", "timeline_entry_over"),
                ViewTable.of("incident"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        // In the order of ids, so that two instances never wait for each other in a circle.
        Map<UUID, Map<String, @Nullable Object>> incidents = new TreeMap<>();
        Set<UUID> declared = new TreeSet<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof IncidentEvent event) {
                UUID id = recorded.header().streamId();
                entries.add(entry(recorded.header(), event));
                incidents.computeIfAbsent(id, first -> new LinkedHashMap<>()).putAll(said(recorded.header(), event));
                if (event instanceof Declared) {
                    declared.add(id);
                }
            }
        }
        if (entries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(INSERT_ENTRIES)
                .execute(Tuple.of(ViewJson.write(entries)))
                .chain(() -> declared.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : transaction
                                .preparedQuery(SUPERSEDE)
                                .execute(Tuple.of(declared.toArray(UUID[]::new)))
                                .replaceWithVoid())
                .chain(() ->
                        transaction.preparedQuery(SET_INCIDENTS).execute(Tuple.of(ViewJson.write(incidents.values()))))
                .replaceWithVoid();
    }

    private static Map<String, @Nullable Object> entry(EventHeader header, IncidentEvent event) {
        TimelineEntry entry = TimelineEntry.of(event);
        EntryKind kind = entry.kind();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", header.id());
        row.put("incident_id", header.streamId());
        row.put("sequence", header.sequence());
        row.put("kind", kind);
        row.put("occurred_at", header.occurredAt());
        row.put("source_order", header.sourceOrder());
        row.put("recorded_at", header.recordedAt());
        row.put("actor", header.actor());
        row.put("text", entry.text());
        row.put("about_person", entry.person());
        row.put("about_incident", entry.incident());
        row.put("is_key", kind.isKey());
        row.put("superseded", false);
        row.put("source", header.source());
        row.put("delivery_id", header.deliveryId());
        row.put("url", entry.url());
        row.put("fingerprint", event instanceof AlertFired fired ? fired.alert().fingerprint() : null);
        row.put("provisional", entry.provisional());
        row.put("over_since", overSince(event.lifecycle().milestones()));
        return row;
    }

    private static @Nullable Instant overSince(Milestones milestones) {
        return milestones.resolved() != null ? milestones.resolved() : milestones.closed();
    }

    /** What the incident is from this event on. */
    private static Map<String, @Nullable Object> said(EventHeader header, IncidentEvent event) {
        Standing standing = event.standing();
        Milestones milestones = standing.lifecycle().milestones();
        Standing.Pages pages = standing.pages();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", header.streamId());
        row.put("version", header.sequence());
        row.put("reference", standing.reference());
        row.put("title", standing.title());
        row.put("severity", standing.severity());
        row.put("status", standing.lifecycle().status());
        row.put("kind", standing.kind());
        row.put("services", standing.services());
        row.put("customer_facing", standing.customerFacing());
        row.put("security", standing.security());
        row.put("roles", ViewJson.write(roles(standing)));
        row.put("acknowledger", standing.acknowledger());
        row.put("impact_started_at", milestones.impactStarted());
        row.put("detected_at", milestones.detected());
        row.put("declared_at", milestones.declared());
        row.put("acknowledged_at", milestones.acknowledged());
        row.put("mitigated_at", milestones.mitigated());
        row.put("resolved_at", milestones.resolved());
        row.put("closed_at", milestones.closed());
        row.put("reopenings", standing.lifecycle().reopenings());
        row.put("first_alert_at", standing.firstAlert());
        row.put("first_page_at", standing.firstPage());
        row.put("pages", pages == null ? 0 : pages.count());
        row.put("pages_judged", pages == null ? 0 : pages.judged());
        row.put("pages_after_hours", pages == null ? 0 : pages.afterHours());
        if (event instanceof ImpactRecorded numbers) {
            row.put("impact", ViewJson.write(numbers.total()));
        }
        if (event instanceof Declared) {
            row.put("imported", header.source().startsWith("/imports/"));
        }
        return row;
    }

    private static Map<String, UUID> roles(Standing standing) {
        Map<String, UUID> roles = new TreeMap<>();
        standing.roles().forEach(held -> roles.put(held.role(), held.person()));
        return roles;
    }
}
