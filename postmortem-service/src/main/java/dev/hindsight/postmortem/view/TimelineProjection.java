package dev.hindsight.postmortem.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.domain.IncidentSaying;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The timeline, one row an event, and the incident, which is computed from its rows: what happened last counts, in
 * whatever order it arrived. A declaration that stepped back says nothing any more, and a fallback is said by nobody as long
 * as anybody says something else. Status and milestones come from the newest event, which carries them.
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

    private static final String SET_INCIDENTS = """
            insert into incident (id, version, reference, title, severity, status, kind, services, customer_facing, security,
              imported, roles, acknowledger, impact, impact_started_at, detected_at, declared_at, acknowledged_at,
              mitigated_at, resolved_at, closed_at, reopenings, first_alert_at, first_page_at, pages, pages_judged,
              pages_after_hours, resolution_recorded_at)
            select t.id, t.version, coalesce(d.declaration ->> 'reference', ''), coalesce(a.title, ''),
                   coalesce(a.judged, a.seen, 'SEV3'), t.status, coalesce(d.declaration ->> 'kind', 'REAL'),
                   array(select jsonb_array_elements_text(coalesce(a.services, '[]'))),
                   coalesce((d.declaration ->> 'customerFacing')::boolean, false),
                   coalesce((d.declaration ->> 'security')::boolean, false),
                   coalesce(d.source like '/imports/%', false),
                   r.roles, a.acknowledger, m.impact,
                   t."impactStarted", t.detected, t.declared, t.acknowledged, t.mitigated, t.resolved, t.closed, t.reopenings,
                   a.first_alert_at, a.first_page_at, a.pages, a.pages_judged, a.pages_after_hours, a.resolution_recorded_at
            from jsonb_to_recordset($1::text::jsonb) as t(id uuid, version bigint, status text, "impactStarted" timestamptz,
                   detected timestamptz, declared timestamptz, acknowledged timestamptz, mitigated timestamptz,
                   resolved timestamptz, closed timestamptz, reopenings integer)
            cross join lateral (
              select
                (array_agg(e.title order by e.title_fallback, e.occurred_at desc, e.source_order desc, e.sequence desc)
                   filter (where e.title is not null and not e.superseded))[1] as title,
                (array_agg(e.judged_severity order by e.occurred_at desc, e.source_order desc, e.sequence desc)
                   filter (where e.judged_severity is not null))[1] as judged,
                (array_agg(e.seen_severity order by e.severity_fallback, e.occurred_at desc, e.source_order desc,
                                                e.sequence desc)
                   filter (where e.seen_severity is not null and not e.superseded))[1] as seen,
                (jsonb_agg(to_jsonb(e.services) order by e.occurred_at desc, e.source_order desc, e.sequence desc)
                   filter (where cardinality(e.services) > 0 and not e.superseded)) -> 0 as services,
                (array_agg(e.actor order by e.occurred_at, e.source_order, e.sequence)
                   filter (where e.kind = 'ACKNOWLEDGED' and e.actor ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'))[1]::uuid
                   as acknowledger,
                min(e.occurred_at) filter (where e.kind = 'ALERT_FIRED') as first_alert_at,
                min(e.occurred_at) filter (where e.kind = 'PAGED') as first_page_at,
                count(*) filter (where e.kind = 'PAGED') as pages,
                count(*) filter (where e.kind = 'PAGED' and e.after_hours is not null) as pages_judged,
                count(*) filter (where e.kind = 'PAGED' and e.after_hours) as pages_after_hours,
                min(e.recorded_at) filter (where e.lifecycle_resolved = coalesce(t.resolved, t.closed))
                   as resolution_recorded_at
              from timeline_entry e where e.incident_id = t.id
            ) a
            cross join lateral (
              select coalesce(jsonb_object_agg(held.role, held.about_person), '{}')::text as roles
              from (select distinct on (e.role) e.role, e.about_person from timeline_entry e
                    where e.incident_id = t.id and e.role is not null
                    order by e.role, e.occurred_at desc, e.source_order desc, e.sequence desc) held
              where held.about_person is not null
            ) r
            cross join lateral (
              select coalesce(jsonb_object_agg(n.key, n.value order by e.occurred_at, e.source_order, e.sequence), '{}')::text
                       as impact
              from timeline_entry e cross join lateral jsonb_each(e.impact) n
              where e.incident_id = t.id and n.value <> 'null'
            ) m
            left join lateral (
              select e.declaration, e.source from timeline_entry e
              where e.incident_id = t.id and e.kind = 'DECLARED'
              order by e.provisional, e.sequence desc limit 1
            ) d on true
            on conflict (id) do update set
              version = excluded.version, reference = excluded.reference, title = excluded.title,
              severity = excluded.severity, status = excluded.status, kind = excluded.kind, services = excluded.services,
              customer_facing = excluded.customer_facing, security = excluded.security, imported = excluded.imported,
              roles = excluded.roles, acknowledger = excluded.acknowledger, impact = excluded.impact,
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
                ViewTable.of("timeline_entry").readWhileWriting("timeline_entry_order"), ViewTable.of("incident"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        // In the order of ids, so that two instances never wait for each other in a circle.
        Map<UUID, Map<String, @Nullable Object>> incidents = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof IncidentEvent event) {
                entries.add(entry(recorded.header(), event));
                incidents.put(recorded.header().streamId(), standing(recorded.header(), event));
            }
        }
        if (entries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        UUID[] ids = incidents.keySet().toArray(UUID[]::new);
        return transaction
                .preparedQuery(INSERT_ENTRIES)
                .execute(Tuple.of(ViewJson.write(entries)))
                .chain(() -> transaction.preparedQuery(SUPERSEDE).execute(Tuple.of(ids)))
                .chain(() ->
                        transaction.preparedQuery(SET_INCIDENTS).execute(Tuple.of(ViewJson.write(incidents.values()))))
                .replaceWithVoid();
    }

    private static Map<String, @Nullable Object> entry(EventHeader header, IncidentEvent event) {
        TimelineEntry entry = TimelineEntry.of(event);
        IncidentSaying saying = IncidentSaying.of(event);
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
        row.put("title", saying.title());
        row.put("title_fallback", saying.titleIsFallback());
        row.put("judged_severity", saying.judgedSeverity());
        row.put("seen_severity", saying.seenSeverity());
        row.put("severity_fallback", saying.severityIsFallback());
        row.put("services", saying.services());
        row.put("role", saying.role());
        row.put("after_hours", saying.afterHours());
        row.put("impact", saying.impact());
        row.put("fingerprint", saying.fingerprint());
        row.put("provisional", entry.provisional());
        row.put("declaration", saying.declaration());
        row.put("lifecycle_resolved", overSince(event));
        return row;
    }

    private static @Nullable Instant overSince(IncidentEvent event) {
        Milestones milestones = event.lifecycle().milestones();
        return milestones.resolved() != null ? milestones.resolved() : milestones.closed();
    }

    private static Map<String, @Nullable Object> standing(EventHeader header, IncidentEvent event) {
        Milestones milestones = event.lifecycle().milestones();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", header.streamId());
        row.put("version", header.sequence());
        row.put("status", event.lifecycle().status());
        row.put("impactStarted", milestones.impactStarted());
        row.put("detected", milestones.detected());
        row.put("declared", milestones.declared());
        row.put("acknowledged", milestones.acknowledged());
        row.put("mitigated", milestones.mitigated());
        row.put("resolved", milestones.resolved());
        row.put("closed", milestones.closed());
        row.put("reopenings", event.lifecycle().reopenings());
        return row;
    }
}
