package dev.hindsight.conventions.sample;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A view that a test can break and mend. */
@Singleton
public class SampleProjection implements Projection {

    public static final String NAME = "samples";

    /** Events that it fails on. */
    public final Set<UUID> defects = ConcurrentHashMap.newKeySet();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.POSTMORTEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of();
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        return events.stream().anyMatch(event -> defects.contains(event.header().id()))
                ? Uni.createFrom().failure(new IllegalStateException("a defect of the projection"))
                : Uni.createFrom().voidItem();
    }
}
