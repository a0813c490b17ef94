package dev.hindsight.metrics.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Projection;
import dev.hindsight.metrics.domain.PostmortemFact;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps {@code postmortem_fact}. */
@ApplicationScoped
public class PostmortemProjection implements Projection {

    private static final HistoryRows.Table TABLE = new HistoryRows.Table(
            "postmortem_fact",
            "postmortem_id",
            List.of("incident_id", "required", "duty", "waived", "resolved_at", "published_at"));

    @Override
    public String name() {
        return "metrics-postmortems";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.POSTMORTEM_EVENTS);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        UUID[] postmortems = events.stream()
                .filter(recorded -> recorded.event() instanceof PostmortemEvent)
                .map(recorded -> recorded.header().streamId())
                .distinct()
                .toArray(UUID[]::new);
        if (postmortems.length == 0) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(
                        "select postmortem_id, incident_id, required, duty, waived, resolved_at, published_at"
                                + " from postmortem_fact where postmortem_id = any ($1) and superseded_at = 'infinity'")
                .execute(Tuple.of(postmortems))
                .chain(rows -> {
                    Map<UUID, PostmortemFact> facts = new HashMap<>();
                    rows.forEach(row -> facts.put(row.getUUID("postmortem_id"), fact(row)));
                    HistoryRows history = new HistoryRows(TABLE);
                    events.forEach(recorded -> fold(facts, history, recorded));
                    return history.write(transaction);
                });
    }

    private static void fold(
            Map<UUID, PostmortemFact> facts, HistoryRows history, Recorded<DomainEvent> recorded) {
        if (recorded.event() instanceof PostmortemEvent event) {
            EventHeader header = recorded.header();
            PostmortemFact before = facts.get(header.streamId());
            PostmortemFact after = PostmortemFact.evolve(before, new Recorded<>(header, event));
            if (!after.equals(before)) {
                facts.put(header.streamId(), after);
                history.add(header, columns(after));
            }
        }
    }

    private static PostmortemFact fact(Row row) {
        return new PostmortemFact(
                row.getUUID("incident_id"),
                row.getBoolean("required"),
                row.getBoolean("duty"),
                row.getBoolean("waived"),
                instant(row, "resolved_at"),
                instant(row, "published_at"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }

    private static Map<String, @Nullable Object> columns(PostmortemFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("incident_id", fact.incidentId().toString());
        columns.put("required", fact.required());
        columns.put("duty", fact.duty());
        columns.put("waived", fact.waived());
        columns.put("resolved_at", HistoryRows.text(fact.resolvedAt()));
        columns.put("published_at", HistoryRows.text(fact.publishedAt()));
        return columns;
    }
}
