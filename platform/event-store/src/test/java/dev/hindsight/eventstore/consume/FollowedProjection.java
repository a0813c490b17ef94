package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads a topic through a channel, as a service does, and writes down what it is handed; a test may hold it up. */
@Singleton
public class FollowedProjection implements Projection {

    public static final String NAME = "followed";

    /** A stream whose events are not applied before this completes. */
    public final Map<UUID, CompletableFuture<Void>> held = new ConcurrentHashMap<>();

    private final OrderedApply orderedApply;

    FollowedProjection(OrderedApply orderedApply) {
        this.orderedApply = orderedApply;
    }

    @Incoming("postmortem-events")
    Uni<Void> take(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.POSTMORTEM_EVENTS, records);
    }

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
        return Multi.createFrom()
                .iterable(events)
                .onItem()
                .transformToUniAndConcatenate(event -> transaction
                        .preparedQuery("insert into followed (stream_id, version) values ($1, $2)")
                        .execute(Tuple.of(
                                event.header().streamId(), event.header().sequence()))
                        .chain(() -> {
                            CompletableFuture<Void> hold =
                                    held.get(event.header().streamId());
                            return hold == null
                                    ? Uni.createFrom().voidItem()
                                    : Uni.createFrom().completionStage(hold);
                        }))
                .collect()
                .last();
    }
}
