package dev.hindsight.incident.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.domain.Incident.Link;
import dev.hindsight.incident.view.IncidentView.Links;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An incident as it stands now, from a row of the client itself: of a page's cost most would be its fifty entities, of 26
 * columns each, which are read by their places for the same reason.
 *
 * @param roles to the person who holds each
 */
public record ListedIncident(
        UUID id,
        String reference,
        String title,
        @Nullable String summary,
        Severity severity,
        IncidentStatus status,
        IncidentKind kind,
        Visibility visibility,
        boolean customerFacing,
        boolean security,
        List<String> services,
        Map<String, UUID> roles,
        List<UUID> participants,
        Impact impact,
        List<Link> links,
        Milestones milestones,
        int pages,
        int reopenings,
        List<String> sources,
        long version) {

    /** As text, which Jackson reads at once, and numbers as exactly as they were written. */
    static final String COLUMNS =
            "id, reference, title, summary, severity, status, kind, visibility, customer_facing, security,"
                    + " services, cast(roles as text) as roles, participants, cast(impact as text) as impact,"
                    + " cast(links as text) as links, impact_started_at, detected_at, declared_at, acknowledged_at, mitigated_at,"
                    + " resolved_at, closed_at, pages, reopenings, sources, version";

    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader ROLES = JSON.readerFor(new TypeReference<TreeMap<String, UUID>>() {});
    private static final ObjectReader IMPACT = JSON.readerFor(Impact.class);
    private static final ObjectReader LINKS = JSON.readerFor(Links.class);
    private static final String NOTHING = "{}";
    private static final String NO_LINKS = "{\"items\": []}";
    private static final Links NONE = new Links(List.of());

    /** @param row of {@link #COLUMNS} */
    static ListedIncident of(Row row) {
        return new ListedIncident(
                row.getUUID(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Severity.valueOf(row.getString(4)),
                IncidentStatus.valueOf(row.getString(5)),
                IncidentKind.valueOf(row.getString(6)),
                Visibility.valueOf(row.getString(7)),
                row.getBoolean(8),
                row.getBoolean(9),
                List.of(row.getArrayOfStrings(10)),
                read(ROLES, row.getString(11), NOTHING, Map.of()),
                List.of(row.getArrayOfUUIDs(12)),
                read(IMPACT, row.getString(13), NOTHING, Impact.NONE),
                read(LINKS, row.getString(14), NO_LINKS, NONE).items(),
                new Milestones(
                        time(row, 15),
                        time(row, 16),
                        Objects.requireNonNull(time(row, 17)),
                        time(row, 18),
                        time(row, 19),
                        time(row, 20),
                        time(row, 21)),
                row.getInteger(22),
                row.getInteger(23),
                List.of(row.getArrayOfStrings(24)),
                row.getLong(25));
    }

    /** The same, where it was read as an entity. */
    public static ListedIncident of(IncidentView view) {
        Map<String, UUID> roles = new TreeMap<>();
        view.roles.forEach((role, person) -> roles.put(role, UUID.fromString(person)));
        return new ListedIncident(
                view.id,
                view.reference,
                view.title,
                view.summary,
                view.severity,
                view.status,
                view.kind,
                view.visibility,
                view.customerFacing,
                view.security,
                List.of(view.services),
                roles,
                List.of(view.participants),
                view.impact,
                view.links.items(),
                new Milestones(
                        view.impactStartedAt,
                        view.detectedAt,
                        view.declaredAt,
                        view.acknowledgedAt,
                        view.mitigatedAt,
                        view.resolvedAt,
                        view.closedAt),
                view.pages,
                view.reopenings,
                List.of(view.sources),
                view.version);
    }

    private static @Nullable Instant time(Row row, int column) {
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
