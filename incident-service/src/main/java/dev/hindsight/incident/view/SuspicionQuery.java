package dev.hindsight.incident.view;

import dev.hindsight.contract.Change;
import dev.hindsight.incident.domain.Imports;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which deploys of production and incidents of one service lie so close that one may be suspected of the other, and are not
 * linked yet. Whether it is, the policy says. Of imports nothing is suspected.
 */
@ApplicationScoped
public class SuspicionQuery {

    private static final String PAIRS = """
            select distinct i.id as incident, i.began, d.id as deploy, d.service, d.environment, d.ref, d.revision, d.url,
                   d.begun_at, d.ended_at
            from (select id, services, sources, declared_at, least(impact_started_at, detected_at, declared_at) as began
                  from incident where kind = 'REAL' and status not in ('CANCELED', 'MERGED')) i
            %s
            where d.production and d.begun_at <= i.began
              and coalesce(d.ended_at, d.begun_at) >= i.began - make_interval(secs => $1)
              and not exists (select 1 from deploy_link l where l.incident_id = i.id and l.deploy_id = d.id)
              and not exists (select 1 from unnest(i.sources) as s where starts_with(s, '%s'))
              and %s
            order by 1, 3""";

    // What is looked for decides which of the two is looked up for the other, by an index of its own.
    private static final String DEPLOYS_OF = "cross join lateral unnest(i.services) as n(name)"
            + " cross join lateral unnest(same_services(n.name)) as s(service) join deploy d on lower(btrim(d.service)) = s.service";
    private static final String INCIDENTS_OF = "join deploy d on service_keys(i.services) && same_services(d.service)";

    private static final String OF_INCIDENTS = pairs(DEPLOYS_OF, "i.id = any ($2::uuid[])");

    // What began after the deploy was declared after it, too: for the index.
    private static final String OF_DEPLOYS =
            pairs(INCIDENTS_OF, "d.id = any ($2::uuid[]) and i.declared_at >= d.begun_at");

    private static final String SINCE = pairs(DEPLOYS_OF, "i.declared_at >= $2");

    private static String pairs(String joined, String asked) {
        return PAIRS.formatted(joined, Imports.PREFIX, asked);
    }

    private final Pool pool;

    SuspicionQuery(Pool pool) {
        this.pool = pool;
    }

    /** @param endedAt null while the deploy goes on */
    public record Pair(
            UUID incident,
            Instant incidentBegan,
            UUID deploy,
            Change change,
            Instant begunAt,
            @Nullable Instant endedAt) {}

    /** Those of these incidents. */
    public Uni<List<Pair>> ofIncidents(Collection<UUID> incidents, Duration window) {
        return pairs(OF_INCIDENTS, Tuple.of((double) window.toSeconds(), incidents.toArray(UUID[]::new)));
    }

    /** Those of these deploys. */
    public Uni<List<Pair>> ofDeploys(Collection<UUID> deploys, Duration window) {
        return pairs(OF_DEPLOYS, Tuple.of((double) window.toSeconds(), deploys.toArray(UUID[]::new)));
    }

    /** Those of incidents declared since then. */
    public Uni<List<Pair>> since(Instant declared, Duration window) {
        return pairs(SINCE, Tuple.of((double) window.toSeconds(), declared.atOffset(ZoneOffset.UTC)));
    }

    private Uni<List<Pair>> pairs(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).map(rows -> {
            List<Pair> pairs = new ArrayList<>(rows.size());
            for (Row row : rows) {
                OffsetDateTime ended = row.getOffsetDateTime("ended_at");
                pairs.add(new Pair(
                        row.getUUID("incident"),
                        row.getOffsetDateTime("began").toInstant(),
                        row.getUUID("deploy"),
                        DeployQueries.change(row),
                        row.getOffsetDateTime("begun_at").toInstant(),
                        ended == null ? null : ended.toInstant()));
            }
            return pairs;
        });
    }
}
