package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.view.AlertRows.Turn;
import dev.hindsight.incident.webhook.ToolAdapter.ToolFact.OfAlert;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which incident an alert belongs to: the one that its occurrence belongs to already, else an open one of its service
 * within the grouping window, else a new one, if the integration's rule says so. Alerts storming in become one incident, also
 * where several instances take them: who declares one takes the service's next turn with it, and of two that saw the same turn
 * free the second one routes again, by what is there then.
 */
@ApplicationScoped
class AlertRouting {

    private final Pool pool;

    AlertRouting(Pool pool) {
        this.pool = pool;
    }

    private static final String WHERE = """
            select 'OWN' as what, key, incident_id as id, declares, null::text[] as services, null::timestamptz as declared_at,
                   null::bigint as turn
            from incident_alert where key = any ($1::text[])
            union all
            select 'OPEN', null, id, null, services, declared_at, null from incident
            where services && $2::text[] and status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED') and kind = 'REAL'
            union all
            select 'TURN', s, null, null, null, null,
                   coalesce((select max(d.turn) from alert_declaration d where d.service = s), 0)
            from unnest($2::text[]) s""";

    /**
     * Where an alert goes.
     *
     * @param incident null where it belongs to none and may not declare one
     * @param declares whether it declares that incident
     * @param turn taken with the declaration; null where it declares nothing new, or has no service
     */
    record Route(
            @Nullable UUID incident,
            boolean declares,
            @Nullable Turn turn) {}

    /** The route of each alert, by the occurrence's key: all by what one statement sees. */
    Uni<Map<String, Route>> routes(Integration integration, List<OfAlert> alerts) {
        String[] keys =
                alerts.stream().map(alert -> alert.alert().key()).distinct().toArray(String[]::new);
        String[] services = alerts.stream()
                .map(OfAlert::service)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
        return pool.preparedQuery(WHERE).execute(Tuple.of(keys, services)).map(rows -> {
            Map<String, Route> owners = new HashMap<>();
            List<Open> open = new ArrayList<>();
            Map<String, Long> turns = new HashMap<>();
            for (Row row : rows) {
                String key = row.getString("key");
                UUID id = row.getUUID("id");
                switch (row.getString("what")) {
                    case "OWN" -> owners.put(key, new Route(id, row.getBoolean("declares"), null));
                    case "OPEN" ->
                        open.add(new Open(
                                id,
                                List.of(row.getArrayOfStrings("services")),
                                row.getOffsetDateTime("declared_at").toInstant()));
                    default -> turns.put(key, row.getLong("turn"));
                }
            }
            return route(integration, alerts, owners, open, turns);
        });
    }

    private static Map<String, Route> route(
            Integration integration,
            List<OfAlert> alerts,
            Map<String, Route> owners,
            List<Open> open,
            Map<String, Long> turns) {
        Map<String, Route> routes = new LinkedHashMap<>();
        List<Open> within = new ArrayList<>(open);
        for (OfAlert alert : alerts) {
            String key = alert.alert().key();
            if (routes.containsKey(key)) {
                continue;
            }
            Route own = owners.get(key);
            Optional<Open> group = within.stream()
                    .filter(incident -> incident.takes(alert, integration.groupingWindow()))
                    .max(Comparator.comparing(Open::declaredAt).thenComparing(Open::id));
            if (own != null) {
                routes.put(key, own);
            } else if (group.isPresent()) {
                routes.put(key, new Route(group.get().id(), false, null));
            } else if (integration.autoDeclare()) {
                UUID id = StreamIds.incident(integration.id(), key);
                Turn turn = null;
                if (alert.service() != null) {
                    turn = new Turn(alert.service(), turns.merge(alert.service(), 1L, Long::sum), id);
                    within.add(new Open(id, List.of(alert.service()), alert.beganAt()));
                }
                routes.put(key, new Route(id, true, turn));
            } else {
                routes.put(key, new Route(null, false, null));
            }
        }
        return routes;
    }

    private record Open(UUID id, List<String> services, Instant declaredAt) {

        boolean takes(OfAlert alert, Duration window) {
            return alert.service() != null
                    && services.contains(alert.service())
                    && Duration.between(declaredAt, alert.beganAt()).abs().compareTo(window) <= 0;
        }
    }
}
