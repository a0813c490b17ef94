package dev.hindsight.incident.webhook;

import dev.hindsight.incident.webhook.AlertGrouping.Open;
import dev.hindsight.incident.webhook.AlertGrouping.Route;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Groups alerts by what the database knows. Alerts storming in become one incident, also where several instances take them:
 * who declares one takes the scope's next turn with it, and of two that saw the same turn free the second one routes again,
 * by what is there then. A service is the same however it is spelt, and under each name that the catalog has merged.
 *
 * <p>Only alerts take turns. Where a person declares at the same moment, the outcome is one of the two that there would be one
 * after the other: an alert that comes later joins the person's incident; a person who declares later declares an incident of
 * their own, as they may at any time, for what they see may be another disturbance. Whether two are one is for people to say.
 */
@ApplicationScoped
class AlertRouting {

    private final Pool pool;

    AlertRouting(Pool pool) {
        this.pool = pool;
    }

    private static final String WHERE = """
            with scope as (
              select told, keys, (select min(k) from unnest(keys) k) as name
              from unnest($2::text[]) told cross join lateral (select same_services(told) as keys) same)
            select 'NAME' as what, told as key, null::uuid as id, null::boolean as declares, null::timestamptz as declared_at,
                   null::bigint as turn, name as scope
            from scope
            union all
            select 'OWN', key, incident_id, declares, null, null, null from incident_alert where key = any ($1::text[])
            union all
            select 'RUNS', a.key, a.incident_id, a.declares, null, null, null
            from unnest($3::text[]) w
            join incident_alert a on a.key >= w and a.key < w || '~'
            join incident i on i.id = a.incident_id and i.status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED')
            union all
            select 'OPEN', null, i.id, null, i.declared_at, null, s.name
            from scope s
            join incident i on i.service_keys && s.keys
                and i.status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED') and i.kind = 'REAL'
            union all
            select 'OPEN', null, i.id, null, i.declared_at, null, s.name
            from scope s
            cross join lateral (
                select incident_id from alert_declaration where scope = s.name order by turn desc limit 1) d
            join incident i on i.id = d.incident_id and i.services = '{}'
                and i.status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED') and i.kind = 'REAL'
            union all
            select 'TURN', null, null, null, null,
                   coalesce((select max(d.turn) from alert_declaration d where d.scope = s.name), 0), s.name
            from scope s""";

    /** The route of each alert, by the occurrence's key: all by what one statement sees. */
    Uni<Map<String, Route>> routes(Integration integration, List<OfAlert> alerts) {
        String[] keys =
                alerts.stream().map(alert -> alert.alert().key()).distinct().toArray(String[]::new);
        String[] scopes = alerts.stream()
                .map(alert -> alert.scope(integration))
                .distinct()
                .toArray(String[]::new);
        String[] watched = alerts.stream()
                .filter(alert -> !alert.startSaid())
                .map(OfAlert::watched)
                .distinct()
                .toArray(String[]::new);
        return pool.preparedQuery(WHERE)
                .execute(Tuple.of(keys, scopes, watched))
                .map(rows -> {
                    AlertGrouping known = AlertGrouping.ofNothing();
                    for (Row row : rows) {
                        String key = row.getString("key");
                        String scope = row.getString("scope");
                        UUID id = row.getUUID("id");
                        switch (row.getString("what")) {
                            case "NAME" -> known.names().put(key, scope);
                            case "OWN" -> known.owners().put(key, new Route(id, row.getBoolean("declares"), null, key));
                            case "RUNS" -> known.runs(new Route(id, row.getBoolean("declares"), null, key));
                            case "OPEN" ->
                                known.open()
                                        .add(new Open(
                                                id,
                                                List.of(scope),
                                                row.getOffsetDateTime("declared_at")
                                                        .toInstant()));
                            default -> known.turns().put(scope, row.getLong("turn"));
                        }
                    }
                    return known.routes(integration, alerts);
                });
    }
}
