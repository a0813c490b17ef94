package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.StreamIds;
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
 * within the grouping window, else a new one, if the integration's rule says so. Alerts storming in become one incident.
 */
@ApplicationScoped
class AlertRouting {

    private final Pool pool;

    AlertRouting(Pool pool) {
        this.pool = pool;
    }

    /**
     * Where an alert goes.
     *
     * @param incident null where it belongs to none and may not declare one
     * @param declares whether it declares that incident
     */
    record Route(@Nullable UUID incident, boolean declares) {}

    /** The route of each alert, by the occurrence's key. */
    Uni<Map<String, Route>> routes(Integration integration, List<OfAlert> alerts) {
        String[] keys =
                alerts.stream().map(alert -> alert.alert().key()).distinct().toArray(String[]::new);
        String[] services = alerts.stream()
                .map(OfAlert::service)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
        return pool.preparedQuery("""
                select id, services, alerts, sources, declared_at, true as own from incident where alerts && $1::text[]
                union all
                select id, services, alerts, sources, declared_at, false from incident
                where services && $2::text[] and status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED') and kind = 'REAL'""").execute(Tuple.of(keys, services)).map(rows -> {
            Map<String, Route> owners = new HashMap<>();
            List<Open> open = new ArrayList<>();
            for (Row row : rows) {
                UUID id = row.getUUID("id");
                if (row.getBoolean("own")) {
                    List<String> declaredBy = List.of(row.getArrayOfStrings("sources"));
                    for (String key : row.getArrayOfStrings("alerts")) {
                        owners.put(key, new Route(id, declaredBy.contains(key)));
                    }
                } else {
                    open.add(new Open(
                            id,
                            List.of(row.getArrayOfStrings("services")),
                            row.getOffsetDateTime("declared_at").toInstant()));
                }
            }
            return route(integration, alerts, owners, open);
        });
    }

    private static Map<String, Route> route(
            Integration integration, List<OfAlert> alerts, Map<String, Route> owners, List<Open> open) {
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
                routes.put(key, new Route(group.get().id(), false));
            } else if (integration.autoDeclare()) {
                UUID id = StreamIds.incident(integration.id(), key);
                routes.put(key, new Route(id, true));
                if (alert.service() != null) {
                    within.add(new Open(id, List.of(alert.service()), alert.beganAt()));
                }
            } else {
                routes.put(key, new Route(null, false));
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
