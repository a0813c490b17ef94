package dev.hindsight.incident.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.view.IncidentView.Links;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Incidents from rows of the client itself: of a page's cost most would be its fifty entities, of 28 columns each. */
final class IncidentViews {

    /** As text, which Jackson reads at once, and numbers as exactly as they were written. */
    static final String COLUMNS =
            "id, reference, title, summary, severity, status, kind, visibility, customer_facing, security,"
                    + " services, cast(roles as text) as roles, participants, cast(impact as text) as impact,"
                    + " cast(links as text) as links, impact_started_at, detected_at, declared_at, acknowledged_at, mitigated_at,"
                    + " resolved_at, closed_at, pages, reopenings, sources, version";

    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader ROLES = JSON.readerFor(new TypeReference<Map<String, String>>() {});
    private static final ObjectReader IMPACT = JSON.readerFor(Impact.class);
    private static final ObjectReader LINKS = JSON.readerFor(Links.class);
    private static final String NOTHING = "{}";
    private static final String NO_LINKS = "{\"items\": []}";
    private static final Links NONE = new Links(List.of());

    private IncidentViews() {}

    /** @param row of {@link #COLUMNS} */
    static IncidentView of(Row row) {
        IncidentView view = new IncidentView();
        view.id = row.getUUID("id");
        view.reference = row.getString("reference");
        view.title = row.getString("title");
        view.summary = row.getString("summary");
        view.severity = Severity.valueOf(row.getString("severity"));
        view.status = IncidentStatus.valueOf(row.getString("status"));
        view.kind = IncidentKind.valueOf(row.getString("kind"));
        view.visibility = Visibility.valueOf(row.getString("visibility"));
        view.customerFacing = row.getBoolean("customer_facing");
        view.security = row.getBoolean("security");
        view.services = row.getArrayOfStrings("services");
        view.roles = read(ROLES, row.getString("roles"), NOTHING, Map.of());
        view.participants = row.getArrayOfUUIDs("participants");
        view.impact = read(IMPACT, row.getString("impact"), NOTHING, Impact.NONE);
        view.links = read(LINKS, row.getString("links"), NO_LINKS, NONE);
        view.impactStartedAt = time(row, "impact_started_at");
        view.detectedAt = time(row, "detected_at");
        view.declaredAt = Objects.requireNonNull(time(row, "declared_at"));
        view.acknowledgedAt = time(row, "acknowledged_at");
        view.mitigatedAt = time(row, "mitigated_at");
        view.resolvedAt = time(row, "resolved_at");
        view.closedAt = time(row, "closed_at");
        view.pages = row.getInteger("pages");
        view.reopenings = row.getInteger("reopenings");
        view.sources = row.getArrayOfStrings("sources");
        view.version = row.getLong("version");
        return view;
    }

    private static @Nullable Instant time(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static <T> T read(ObjectReader reader, String text, String empty, T nothing) {
        if (text.equals(empty)) {
            return nothing;
        }
        try {
            return reader.readValue(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what the service wrote itself cannot be read", e);
        }
    }
}
