package dev.hindsight.incident.view;

import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.StatementPart;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which incident an alert belongs to, and whose turn it is to let one declare an incident; written by the statement that
 * appends. Two writers that routed alerts by what they saw at the same moment meet at the constraints: the second one routes
 * again.
 */
public final class AlertRows {

    private static final Set<String> CONSTRAINTS = Set.of("incident_alert_key", "alert_declaration_turn");

    private static final String INSERT_ALERTS = """
            insert into incident_alert (key, incident_id, declares)
            select * from unnest($1::text[], $2::uuid[], $3::boolean[]) order by 1""";

    private static final String INSERT_TURNS = """
            insert into alert_declaration (scope, turn, incident_id)
            select * from unnest($1::text[], $2::bigint[], $3::uuid[]) order by 1, 2""";

    private AlertRows() {}

    /**
     * An occurrence that is told of for the first time.
     *
     * @param declares whether it declared its incident
     */
    public record Belonging(String key, UUID incidentId, boolean declares) {}

    /** The {@code number}-th time that an alert declares an incident of a scope: a service, or a rule. */
    public record Turn(String scope, long number, UUID incidentId) {}

    /** The rows of new occurrences; in the order of their keys, so that two writers do not wait for each other in a circle. */
    public static StatementPart belonging(List<Belonging> occurrences) {
        return StatementPart.ofEachRow(
                "view_incident_alert",
                INSERT_ALERTS,
                List.of(
                        occurrences.stream().map(Belonging::key).toArray(String[]::new),
                        occurrences.stream().map(Belonging::incidentId).toArray(UUID[]::new),
                        occurrences.stream().map(Belonging::declares).toArray(Boolean[]::new)));
    }

    /** The rows of turns that are taken; in the order of the scopes. */
    public static StatementPart taken(List<Turn> turns) {
        return StatementPart.ofEachRow(
                "alert_turn",
                INSERT_TURNS,
                List.of(
                        turns.stream().map(Turn::scope).toArray(String[]::new),
                        turns.stream().map(Turn::number).toArray(Long[]::new),
                        turns.stream().map(Turn::incidentId).toArray(UUID[]::new)));
    }

    /** Whether somebody else routed an alert, or had the turn, in the meantime; then nothing was written. */
    public static boolean wereTaken(Throwable failure) {
        return failure instanceof AlreadyDone done && CONSTRAINTS.contains(done.constraint());
    }
}
