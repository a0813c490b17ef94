package dev.hindsight.incident.view;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which incident is talked about in a chat channel, and by whom. */
@ApplicationScoped
public class ChatQueries {

    /** Clocks differ: what is said at the moment of linking belongs to it already. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final Pool pool;

    ChatQueries(Pool pool) {
        this.pool = pool;
    }

    /** An incident as a chat tells of it. */
    public record Talked(UUID id, String reference, String title, Severity severity, IncidentStatus status) {}

    /** The incident that the channel belonged to at that time. */
    public Uni<Optional<UUID>> incidentOf(UUID integration, String channel, Instant at) {
        return pool.preparedQuery("select incident_id from incident_channel"
                        + " where integration_id = $1 and channel = $2 and linked_at <= $3"
                        + " order by linked_at desc, incident_id desc limit 1")
                .execute(Tuple.of(integration, channel, at.plus(CLOCKS).atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getUUID("incident_id")));
    }

    /**
     * The incident that is meant, if the person may know of it.
     *
     * @param person as the chat's tool is known to the catalog; whoever comes with the token that they are linked to is the
     *     same
     * @param reference null for the one that the channel belongs to now
     */
    public Uni<Optional<Talked>> meant(UUID integration, String channel, UUID person, @Nullable String reference) {
        return pool.preparedQuery("select subject from person_subject where person = $1")
                .execute(Tuple.of(person))
                .map(ChatQueries::subject)
                .chain(subject -> {
                    List<@Nullable Object> parameters = new ArrayList<>();
                    String which;
                    if (reference == null) {
                        parameters.add(integration);
                        parameters.add(channel);
                        which =
                                "i.id = (select incident_id from incident_channel where integration_id = $1 and channel = $2"
                                        + " order by linked_at desc, incident_id desc limit 1)";
                    } else {
                        parameters.add(reference);
                        which = "i.reference = $1";
                    }
                    parameters.add(person);
                    String takesPart =
                            "exists (select 1 from participation pa where pa.incident_id = i.id and pa.person = $"
                                    + parameters.size() + ")";
                    Reader reader = subject.isPresent() ? new Reader.Person(subject.get()) : new Reader.Machine();
                    String sql = "select i.id, i.reference, i.title, i.severity, i.status from incident i where "
                            + which + " and (" + takesPart + " or true" + Visible.sql(reader, "i.id", parameters) + ")";
                    return pool.preparedQuery(sql).execute(Tuple.from(parameters));
                })
                .map(rows -> rows.rowCount() == 0
                        ? Optional.empty()
                        : Optional.of(talked(rows.iterator().next())));
    }

    private static Optional<String> subject(RowSet<Row> rows) {
        return rows.rowCount() == 0
                ? Optional.empty()
                : Optional.of(rows.iterator().next().getString("subject"));
    }

    private static Talked talked(Row row) {
        return new Talked(
                row.getUUID("id"),
                row.getString("reference"),
                row.getString("title"),
                Severity.valueOf(row.getString("severity")),
                IncidentStatus.valueOf(row.getString("status")));
    }
}
