package dev.hindsight.conventions.access;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Who may see an incident because they own an action item of it; action-item-service itself writes it with the append. */
@ApplicationScoped
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "action-item-events", enableIfMissing = true)
public class ItemAccessProjection implements Projection {

    @Override
    public String name() {
        return "access-by-items";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("item_participation"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        return AccessChanges.of(events).write(transaction);
    }
}
