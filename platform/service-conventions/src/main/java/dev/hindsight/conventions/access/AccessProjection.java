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

/**
 * Who may see what, as far as incidents and the catalog tell; incident-service itself writes it with the append.
 *
 * <p>Its name sorts before all others, so that it is applied first: what an event says about an incident is not shown before
 * it is known whether that event hides it. A service that lags behind shows what was so then; {@code Hindsight-After} waits.
 */
@ApplicationScoped
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "incident-events", enableIfMissing = true)
public class AccessProjection implements Projection {

    @Override
    public String name() {
        return "access";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(
                ViewTable.of("restricted_incident"), ViewTable.of("participation"), ViewTable.of("person_subject"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        return AccessChanges.of(events).write(transaction);
    }
}
