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
 * Which deploys of production and incidents of one service lie so close that one may be suspected of the other, and which
 * suspicions have not been judged yet. Of imports nothing is suspected.
 */
@ApplicationScoped
public class SuspicionQuery {

    private static final String REAL =
            "i.kind = 'REAL' and i.status not in ('CANCELED', 'MERGED') and not exists (select 1 from unnest(i.sources) as s"
                    + " where starts_with(s, '" + Imports.PREFIX + "'))";

    private static final String INCIDENTS =
            "(select *, least(impact_started_at, detected_at, declared_at) as began from incident) i";

    private static final String DEPLOY = "d.id as deploy, d.service, d.environment, d.ref, d.revision, d.url";

    /** Not those that are suspected already, and of what was deployed then; nor those that people have judged. */
    private static final String TO_SUSPECT = """
            select distinct i.id as incident, i.began, %s, d.begun_at, d.ended_at, true as possible
            from %s %%s
            where d.production and d.begun_at <= i.began
              and coalesce(d.ended_at, d.begun_at) >= i.began - make_interval(secs => $1)
              and not exists (select 1 from deploy_link l where l.incident_id = i.id and l.deploy_id = d.id
                              and (l.verdict <> 'SUSPECT'
                                   or (l.deployed_at, l.service, l.environment, l.ref, l.revision, l.url)
                                      is not distinct from (d.begun_at, d.service, d.environment, d.ref, d.revision, d.url)))
              and %s
              and %%s
            order by 1, 3""".formatted(DEPLOY, INCIDENTS, REAL);

    private static final String SUSPECTED = """
            select i.id as incident, i.began, %s, d.begun_at, d.ended_at,
                   d.production and %s and i.service_keys && same_services(d.service) as possible
            from %s join deploy_link l on l.incident_id = i.id and l.verdict = 'SUSPECT' join deploy d on d.id = l.deploy_id
            where %%s
            order by 1, 3""".formatted(DEPLOY, REAL, INCIDENTS);

    // What is looked for decides which of the two is looked up for the other, by an index of its own.
    private static final String DEPLOYS_OF = "cross join lateral unnest(i.services) as n(name)"
            + " cross join lateral unnest(same_services(n.name)) as s(service) join deploy d on lower(btrim(d.service)) = s.service";
    private static final String INCIDENTS_OF = "join deploy d on i.service_keys && same_services(d.service)";

    private static final String OF_INCIDENTS = "i.id = any (%s::uuid[])";
    private static final String OF_DEPLOYS = "d.id = any (%s::uuid[])";
    private static final String SINCE = "i.declared_at >= %s";

    private final Pool pool;

    SuspicionQuery(Pool pool) {
        this.pool = pool;
    }

    /**
     * A deploy and an incident.
     *
     * @param begunAt null while the deploy has not begun
     * @param endedAt null while the deploy goes on
     * @param possible whether they are of one service, and of the kind of which there are suspicions
     */
    public record Pair(
            UUID incident,
            Instant incidentBegan,
            UUID deploy,
            Change change,
            @Nullable Instant begunAt,
            @Nullable Instant endedAt,
            boolean possible) {}

    /**
     * What a look found.
     *
     * @param close pairs that lie close; nothing is said of them yet, or of something else that was deployed
     * @param suspected all pairs with a suspicion that nobody has judged
     */
    public record Looked(List<Pair> close, List<Pair> suspected) {}

    /** At these incidents. */
    public Uni<Looked> ofIncidents(Collection<UUID> incidents, Duration window) {
        return look(DEPLOYS_OF, OF_INCIDENTS, "", incidents.toArray(UUID[]::new), window);
    }

    /** At these deploys. */
    public Uni<Looked> ofDeploys(Collection<UUID> deploys, Duration window) {
        // What began after the deploy was declared after it, too: for the index.
        return look(INCIDENTS_OF, OF_DEPLOYS, " and i.declared_at >= d.begun_at", deploys.toArray(UUID[]::new), window);
    }

    /** At incidents declared since then. */
    public Uni<Looked> since(Instant declared, Duration window) {
        return look(DEPLOYS_OF, SINCE, "", declared.atOffset(ZoneOffset.UTC), window);
    }

    private Uni<Looked> look(String joined, String asked, String moreOfClose, Object about, Duration window) {
        return pairs(
                        TO_SUSPECT.formatted(joined, asked.formatted("$2") + moreOfClose),
                        Tuple.of((double) window.toSeconds(), about))
                .chain(close -> pairs(SUSPECTED.formatted(asked.formatted("$1")), Tuple.of(about))
                        .map(suspected -> new Looked(close, suspected)));
    }

    private Uni<List<Pair>> pairs(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).map(rows -> {
            List<Pair> pairs = new ArrayList<>(rows.size());
            for (Row row : rows) {
                pairs.add(new Pair(
                        row.getUUID("incident"),
                        row.getOffsetDateTime("began").toInstant(),
                        row.getUUID("deploy"),
                        DeployQueries.change(row),
                        instant(row, "begun_at"),
                        instant(row, "ended_at"),
                        row.getBoolean("possible")));
            }
            return pairs;
        });
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
