package dev.hindsight.metrics.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.BatchRows;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.eventstore.consume.Projection;
import dev.hindsight.metrics.domain.PageFact;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps {@code page_fact}: a row each page, which nothing changes any more. */
@ApplicationScoped
public class PageProjection implements Projection {

    private static final List<Column> COLUMNS = List.of(
            new Column("incident_id", Type.UUID),
            new Column("version", Type.BIGINT),
            new Column("recorded_at", Type.TIMESTAMP),
            new Column("person", Type.UUID),
            new Column("paged_at", Type.TIMESTAMP),
            new Column("after_hours", Type.BOOLEAN));

    private static final String INSERT = "insert into page_fact (" + BatchRows.names(COLUMNS) + ") select "
            + BatchRows.selected(COLUMNS, "n") + " from " + BatchRows.from(COLUMNS, "n");

    @Override
    public String name() {
        return "metrics-pages";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("page_fact"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        BatchRows rows = new BatchRows(COLUMNS);
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof Paged paged) {
                rows.add(row(new Recorded<>(recorded.header(), paged)));
            }
        }
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction.preparedQuery(INSERT).execute(rows.parameters()).replaceWithVoid();
    }

    private static Map<String, @Nullable Object> row(Recorded<Paged> recorded) {
        PageFact fact = PageFact.of(recorded);
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("incident_id", recorded.header().streamId());
        row.put("version", recorded.header().sequence());
        row.put("recorded_at", recorded.header().recordedAt());
        row.put("person", fact.person());
        row.put("paged_at", fact.pagedAt());
        row.put("after_hours", fact.afterHours());
        return row;
    }
}
