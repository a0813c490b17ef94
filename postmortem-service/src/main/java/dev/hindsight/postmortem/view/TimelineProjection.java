package dev.hindsight.postmortem.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.DeployCleared;
import dev.hindsight.contract.IncidentEvent.DeploySuspected;
import dev.hindsight.contract.IncidentEvent.ImpactRecorded;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.BatchRows;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.eventstore.consume.Projection;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.domain.TimelineEntry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The timeline, one row an event, and the incident, which is as its newest event says: every event carries the standing that
 * follows from all facts known by then. A declaration that stepped back is told no more as soon as the real one is known, nor
 * is a suspicion that was cleared or said anew.
 */
@ApplicationScoped
public class TimelineProjection implements Projection {

    private static final List<Column> ENTRY = List.of(
            new Column("id", Type.UUID),
            new Column("incident_id", Type.UUID),
            new Column("sequence", Type.BIGINT),
            new Column("kind", Type.TEXT),
            new Column("occurred_at", Type.TIMESTAMP),
            new Column("source_order", Type.INTEGER),
            new Column("recorded_at", Type.TIMESTAMP),
            new Column("actor", Type.TEXT),
            new Column("text", Type.TEXT),
            new Column("about_person", Type.UUID),
            new Column("about_incident", Type.UUID),
            new Column("is_key", Type.BOOLEAN),
            new Column("source", Type.TEXT),
            new Column("delivery_id", Type.UUID),
            new Column("url", Type.TEXT),
            new Column("fingerprint", Type.TEXT),
            new Column("provisional", Type.BOOLEAN),
            new Column("over_since", Type.TIMESTAMP),
            new Column("suspected", Type.UUID),
            new Column("superseded", Type.BOOLEAN));

    private static final String INSERT_ENTRIES =
            "insert into timeline_entry (%s) select %s from %s on conflict (id) do nothing"
                    .formatted(BatchRows.names(ENTRY), BatchRows.selected(ENTRY, "n"), BatchRows.from(ENTRY, "n"));

    private static final String SUPERSEDE = """
            update timeline_entry p set superseded = true
            where p.incident_id = any ($1::uuid[]) and p.provisional and not p.superseded
              and exists (select 1 from timeline_entry d
                          where d.incident_id = p.incident_id and d.kind = 'DECLARED' and not d.provisional)""";

    private static final String SUPERSEDE_SUSPICIONS = """
            update timeline_entry p set superseded = true
            where p.incident_id = any ($1::uuid[]) and p.suspected is not null and not p.superseded
              and exists (select 1 from timeline_entry d
                          where d.incident_id = p.incident_id and d.suspected = p.suspected and d.sequence > p.sequence)""";

    private static final List<Column> INCIDENT = List.of(
            new Column("id", Type.UUID),
            new Column("version", Type.BIGINT),
            new Column("reference", Type.TEXT),
            new Column("title", Type.TEXT),
            new Column("severity", Type.TEXT),
            new Column("status", Type.TEXT),
            new Column("kind", Type.TEXT),
            new Column("services", Type.TEXTS),
            new Column("customer_facing", Type.BOOLEAN),
            new Column("security", Type.BOOLEAN),
            new Column("imported", Type.BOOLEAN),
            new Column("roles", Type.TEXT),
            new Column("acknowledger", Type.UUID),
            new Column("impact", Type.TEXT),
            new Column("impact_started_at", Type.TIMESTAMP),
            new Column("detected_at", Type.TIMESTAMP),
            new Column("declared_at", Type.TIMESTAMP),
            new Column("acknowledged_at", Type.TIMESTAMP),
            new Column("mitigated_at", Type.TIMESTAMP),
            new Column("resolved_at", Type.TIMESTAMP),
            new Column("closed_at", Type.TIMESTAMP),
            new Column("reopenings", Type.INTEGER),
            new Column("first_alert_at", Type.TIMESTAMP),
            new Column("first_page_at", Type.TIMESTAMP),
            new Column("pages", Type.BIGINT),
            new Column("pages_judged", Type.BIGINT),
            new Column("pages_after_hours", Type.BIGINT));

    /** What an event does not say (null: impact, imported) stays as an earlier one said it. */
    private static final String SET_INCIDENTS = """
            insert into incident (%1$s, resolution_recorded_at)
            select t.id, t.version, t.reference, t.title, t.severity, t.status, t.kind, t.services::text[], t.customer_facing,
                   t.security, coalesce(t.imported, i.imported, false), t.roles, t.acknowledger,
                   coalesce(t.impact, i.impact, '{}'), t.impact_started_at, t.detected_at, t.declared_at, t.acknowledged_at,
                   t.mitigated_at, t.resolved_at, t.closed_at, t.reopenings, t.first_alert_at, t.first_page_at, t.pages,
                   t.pages_judged, t.pages_after_hours,
                   (select min(e.recorded_at) from timeline_entry e
                    where e.incident_id = t.id and e.over_since = coalesce(t.resolved_at, t.closed_at))
            from %2$s left join incident i on i.id = t.id
            order by t.id
            on conflict (id) do update set %3$s, resolution_recorded_at = excluded.resolution_recorded_at""".formatted(
                    BatchRows.names(INCIDENT),
                    BatchRows.from(INCIDENT, "t"),
                    INCIDENT.stream()
                            .map(Column::name)
                            .filter(column -> !column.equals("id"))
                            .map(column -> column + " = excluded." + column)
                            .collect(Collectors.joining(", ")));

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
        BatchRows entries = new BatchRows(ENTRY);
        // In the order of ids, so that two instances never wait for each other in a circle.
        Map<UUID, Map<String, @Nullable Object>> incidents = new TreeMap<>();
        Set<UUID> declared = new TreeSet<>();
        Set<UUID> suspected = new TreeSet<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof IncidentEvent event) {
                UUID id = recorded.header().streamId();
                entries.add(entry(recorded.header(), event));
                incidents.computeIfAbsent(id, first -> new LinkedHashMap<>()).putAll(said(recorded.header(), event));
                if (event instanceof Declared) {
                    declared.add(id);
                }
                if (event instanceof DeploySuspected || event instanceof DeployCleared) {
                    suspected.add(id);
                }
            }
        }
        if (entries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        BatchRows rows = new BatchRows(INCIDENT);
        incidents.values().forEach(rows::add);
        return transaction
                .preparedQuery(INSERT_ENTRIES)
                .execute(entries.parameters())
                .chain(() -> supersede(transaction, SUPERSEDE, declared))
                .chain(() -> supersede(transaction, SUPERSEDE_SUSPICIONS, suspected))
                .chain(() -> transaction.preparedQuery(SET_INCIDENTS).execute(rows.parameters()))
                .replaceWithVoid();
    }

    private static Uni<Void> supersede(SqlConnection transaction, String sql, Set<UUID> incidents) {
        return incidents.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(sql)
                        .execute(Tuple.of(incidents.toArray(UUID[]::new)))
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
        row.put("source", header.source());
        row.put("delivery_id", header.deliveryId());
        row.put("url", entry.url());
        row.put("fingerprint", event instanceof AlertFired fired ? fired.alert().fingerprint() : null);
        row.put("provisional", entry.provisional());
        row.put("over_since", overSince(event.lifecycle().milestones()));
        row.put("suspected", suspected(event));
        row.put("superseded", event instanceof DeployCleared);
        return row;
    }

    private static @Nullable UUID suspected(IncidentEvent event) {
        return switch (event) {
            case DeploySuspected e -> e.deploy();
            case DeployCleared e -> e.deploy();
            default -> null;
        };
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
        row.put("pages", pages == null ? 0L : (long) pages.count());
        row.put("pages_judged", pages == null ? 0L : (long) pages.judged());
        row.put("pages_after_hours", pages == null ? 0L : (long) pages.afterHours());
        if (event instanceof ImpactRecorded numbers) {
            row.put("impact", ViewJson.write(numbers.total()));
        }
        if (event instanceof Declared) {
            row.put("imported", header.isImported());
        }
        return row;
    }

    private static Map<String, UUID> roles(Standing standing) {
        Map<String, UUID> roles = new TreeMap<>();
        standing.roles().forEach(held -> roles.put(held.role(), held.person()));
        return roles;
    }
}
