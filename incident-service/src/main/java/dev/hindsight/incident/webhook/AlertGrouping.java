package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.view.AlertRows.Turn;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which incident an alert belongs to, by what is known: the one that its occurrence belongs to already, else an open one of
 * its service (or, where nothing names one, of its rule) within the grouping window, else a new one, if the integration's rule
 * says so.
 *
 * @param owners the incidents of occurrences that belong somewhere, by the occurrence's key
 * @param running occurrences whose incident is not over, by what is watched: for tools that do not say when one began
 * @param open incidents that may take more alerts
 * @param turns how many incidents alerts have declared, by scope
 * @param names what a scope is called here, by what an alert calls it; itself where nothing is said
 */
record AlertGrouping(
        Map<String, Route> owners,
        Map<String, Route> running,
        List<Open> open,
        Map<String, Long> turns,
        Map<String, String> names) {

    /** To be told what is known. */
    static AlertGrouping ofNothing() {
        return new AlertGrouping(new HashMap<>(), new HashMap<>(), new ArrayList<>(), new HashMap<>(), new HashMap<>());
    }

    /**
     * Where an alert goes.
     *
     * @param incident null where it belongs to none and may not declare one
     * @param declares whether it declares that incident
     * @param turn taken with the declaration, by whichever alert of a new incident is recorded first; null where the incident
     *     is on record
     * @param occurrence the key of the occurrence that it turns out to be
     */
    record Route(
            @Nullable UUID incident,
            boolean declares,
            @Nullable Turn turn,
            String occurrence) {}

    /**
     * An incident that is not over.
     *
     * @param scopes of the alerts that it takes: its services, or the rule that declared it
     * @param turn that its declaration takes; null where it is on record
     */
    record Open(
            UUID id,
            List<String> scopes,
            Instant declaredAt,
            @Nullable Turn turn) {

        /** One on record. */
        Open(UUID id, List<String> scopes, Instant declaredAt) {
            this(id, scopes, declaredAt, null);
        }

        private boolean takes(OfAlert alert, String scope, Integration integration) {
            return scopes.contains(scope)
                    && Duration.between(declaredAt, alert.beganAt()).abs().compareTo(integration.groupingWindow()) <= 0;
        }
    }

    /** An occurrence of an incident that is not over; of several of one watch the last counts. */
    void runs(Route route) {
        String key = route.occurrence();
        running.merge(
                key.substring(0, key.lastIndexOf('|') + 1),
                route,
                (a, b) -> a.occurrence().compareTo(b.occurrence()) >= 0 ? a : b);
    }

    /**
     * Deliveries that may be routed by one look at the database. What an alert without a beginning means depends on what was told
     * before: of the same watch, and of ends, for they may have ended its incident. That has to be on record.
     *
     * @param alerts that a delivery tells of
     */
    static <D> List<List<D>> rounds(List<D> deliveries, Function<D, List<OfAlert>> alerts) {
        List<List<D>> rounds = new ArrayList<>();
        Set<String> watched = new HashSet<>();
        boolean ended = false;
        for (D delivery : deliveries) {
            List<OfAlert> told = alerts.apply(delivery);
            boolean seenEnds = ended;
            boolean depends = told.stream()
                    .filter(alert -> !alert.startSaid())
                    .anyMatch(alert -> watched.contains(alert.watched()) || seenEnds && !alert.isOver());
            if (rounds.isEmpty() || depends) {
                rounds.add(new ArrayList<>());
                watched.clear();
                ended = false;
            }
            rounds.getLast().add(delivery);
            told.forEach(alert -> watched.add(alert.watched()));
            ended |= told.stream().anyMatch(OfAlert::isOver);
        }
        return rounds;
    }

    /** The route of each alert, by the occurrence's key; what one of them declares takes those after it. */
    Map<String, Route> routes(Integration integration, List<OfAlert> alerts) {
        Map<String, Route> routes = new LinkedHashMap<>();
        List<Open> within = new ArrayList<>(open);
        Map<String, Long> taken = new HashMap<>(turns);
        for (OfAlert alert : alerts) {
            String key = alert.alert().key();
            if (routes.containsKey(key)) {
                continue;
            }
            Route own = alert.startSaid() ? owners.get(key) : running.get(alert.watched());
            String told = alert.scope(integration);
            String scope = names.getOrDefault(told, told);
            Optional<Open> group = within.stream()
                    .filter(incident -> incident.takes(alert, scope, integration))
                    .max(Comparator.comparing(Open::declaredAt).thenComparing(Open::id));
            if (own != null) {
                routes.put(key, own);
            } else if (!alert.startSaid() && alert.isOver()) {
                routes.put(key, new Route(null, false, null, key));
            } else if (group.isPresent()) {
                routes.put(key, new Route(group.get().id(), false, group.get().turn(), key));
            } else if (integration.autoDeclare()) {
                UUID id = StreamIds.incident(integration.id(), key);
                Turn turn = new Turn(scope, taken.merge(scope, 1L, Long::sum), id);
                within.add(new Open(id, List.of(scope), alert.beganAt(), turn));
                routes.put(key, new Route(id, true, turn, key));
            } else {
                routes.put(key, new Route(null, false, null, key));
            }
        }
        return routes;
    }
}
