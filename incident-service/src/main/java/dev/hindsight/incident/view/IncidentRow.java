package dev.hindsight.incident.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.Milestones;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.domain.Incident.Declaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The row of an incident in the service's own view, set as a whole with each append. */
public final class IncidentRow {

    private final InlineView view;

    public IncidentRow(ObjectMapper json) {
        this.view = new InlineView(
                "incident",
                "id",
                InlineView.columns(
                        "id",
                        "reference",
                        "title",
                        "summary",
                        "severity",
                        "status",
                        "kind",
                        "visibility",
                        "customer_facing",
                        "security",
                        "services",
                        "roles",
                        "participants",
                        "impact",
                        "links",
                        "impact_started_at",
                        "detected_at",
                        "declared_at",
                        "acknowledged_at",
                        "mitigated_at",
                        "resolved_at",
                        "closed_at",
                        "pages",
                        "reopenings",
                        "sources",
                        "version"),
                json);
    }

    /** The write of these incidents' rows. */
    public StatementPart write(List<Loaded<Incident>> incidents) {
        return view.rows(incidents.stream().map(IncidentRow::columns).toList());
    }

    /** Where it is written. */
    public InlineView view() {
        return view;
    }

    /** The row of an incident, column by column. */
    public static Map<String, @Nullable Object> columns(Loaded<Incident> loaded) {
        Incident incident = loaded.state();
        Declaration declaration = Objects.requireNonNull(incident.declaration());
        Milestones milestones = incident.lifecycle().milestones();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", loaded.streamId());
        row.put("reference", declaration.reference());
        row.put("title", incident.currentTitle());
        row.put("summary", incident.currentSummary());
        row.put("severity", incident.severity());
        row.put("status", incident.lifecycle().status());
        row.put("kind", incident.kind());
        row.put("visibility", incident.visibility());
        row.put("customer_facing", incident.customerFacing());
        row.put("security", incident.security());
        row.put("services", incident.currentServices());
        row.put("roles", incident.roles());
        row.put("participants", incident.circle().added());
        row.put("impact", incident.impact());
        row.put("links", new IncidentView.Links(incident.links()));
        row.put("impact_started_at", milestones.impactStarted());
        row.put("detected_at", milestones.detected());
        row.put("declared_at", milestones.declared());
        row.put("acknowledged_at", milestones.acknowledged());
        row.put("mitigated_at", milestones.mitigated());
        row.put("resolved_at", milestones.resolved());
        row.put("closed_at", milestones.closed());
        row.put("pages", incident.pageCount());
        row.put("reopenings", incident.lifecycle().reopenings());
        row.put("sources", incident.sources());
        row.put("version", loaded.version());
        return row;
    }
}
