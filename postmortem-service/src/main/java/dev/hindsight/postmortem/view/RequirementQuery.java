package dev.hindsight.postmortem.view;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.postmortem.domain.RequirementFacts;
import dev.hindsight.postmortem.domain.RequirementPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the decision table needs to know about an incident. On the reactive client, as automations ask outside of any
 * request.
 */
@ApplicationScoped
public class RequirementQuery {

    private static final String COMMANDER = "INCIDENT_COMMANDER";

    /** A failure mode is a service, under every name that the catalog has merged, with an alert's fingerprint; false alarms and merged incidents are no occurrences. */
    private static final String FACTS = """
            select i.severity, i.customer_facing, i.security, i.impact, i.pages, i.pages_judged, i.pages_after_hours, i.kind, i.imported,
                   i.status, i.reopenings,
                   coalesce(i.resolved_at, i.closed_at) as over_since, i.resolution_recorded_at, i.roles, i.acknowledger,
                   array(select j.reference from incident j
                         where j.id in (select b.incident_id from timeline_entry a
                                        join timeline_entry b on b.fingerprint = a.fingerprint
                                        where a.incident_id = i.id and a.fingerprint is not null
                                          and b.incident_id <> i.id)
                           and exists (select 1 from unnest(i.services) s(service)
                                       where service_keys(j.services) && same_services(s.service))
                           and j.kind = 'REAL' and j.status not in ('CANCELED', 'MERGED')
                           and j.declared_at < i.declared_at
                           and j.declared_at >= i.declared_at - make_interval(secs => $2)
                         order by j.declared_at, j.reference) as repeat_of
            from incident i where i.id = $1""";

    private final Pool pool;

    RequirementQuery(Pool pool) {
        this.pool = pool;
    }

    /**
     * What is known about an incident.
     *
     * @param owner of its postmortem: the incident commander, else the acknowledger, else nobody
     */
    public record Known(RequirementFacts facts, @Nullable UUID owner) {}

    /** Empty where no event of the incident has arrived. */
    public Uni<Optional<Known>> of(UUID incidentId) {
        return pool.preparedQuery(FACTS)
                .execute(Tuple.of(incidentId, (double) RequirementPolicy.REPEAT_WINDOW.toSeconds()))
                .map(RequirementQuery::known);
    }

    /** Whether the incident has a postmortem. */
    public Uni<Boolean> drafted(UUID incidentId) {
        return pool.preparedQuery("select 1 from postmortem where incident_id = $1")
                .execute(Tuple.of(incidentId))
                .map(rows -> rows.size() > 0);
    }

    private static Optional<Known> known(RowSet<Row> rows) {
        if (!rows.iterator().hasNext()) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        @SuppressWarnings("unchecked")
        Map<String, String> roles = ViewJson.read(row.getString("roles"), Map.class);
        String commander = roles.get(COMMANDER);
        return Optional.of(new Known(
                new RequirementFacts(
                        Severity.valueOf(row.getString("severity")),
                        row.getBoolean("customer_facing"),
                        row.getBoolean("security"),
                        ViewJson.read(row.getString("impact"), Impact.class),
                        row.getLong("pages"),
                        row.getLong("pages_judged"),
                        row.getLong("pages_after_hours"),
                        List.copyOf(Arrays.asList(row.getArrayOfStrings("repeat_of"))),
                        IncidentKind.valueOf(row.getString("kind")),
                        row.getBoolean("imported"),
                        IncidentStatus.valueOf(row.getString("status")),
                        row.getInteger("reopenings"),
                        instant(row.getOffsetDateTime("over_since")),
                        instant(row.getOffsetDateTime("resolution_recorded_at"))),
                commander == null ? row.getUUID("acknowledger") : UUID.fromString(commander)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
