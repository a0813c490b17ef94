package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
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
import java.util.concurrent.ConcurrentHashMap;

/** Writes down what it is handed, each time that it is; and meets the trouble that a test has laid for it. */
@Singleton
public class SeenProjection implements Projection {

    public static final String NAME = "seen";

    /** Met after the last write, where an event of the stream was among those that were applied. */
    public final Map<UUID, Trouble> troubles = new ConcurrentHashMap<>();

    public interface Trouble {
        Uni<Void> meet(SqlConnection transaction, List<Long> versions);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("seen").nonDeterministic("position"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        return Multi.createFrom()
                .iterable(events)
                .onItem()
                .transformToUniAndConcatenate(event -> transaction
                        .preparedQuery("insert into seen (stream_id, version, event_id, text) values ($1, $2, $3, $4)")
                        .execute(Tuple.of(
                                event.header().streamId(),
                                event.header().sequence(),
                                event.header().id(),
                                event.event() instanceof MessagePosted posted ? posted.text() : null)))
                .collect()
                .last()
                .chain(() -> Multi.createFrom()
                        .iterable(troubles.entrySet())
                        .onItem()
                        .transformToUniAndConcatenate(
                                trouble -> meet(transaction, trouble.getKey(), trouble.getValue(), events))
                        .collect()
                        .last());
    }

    private static Uni<Void> meet(
            SqlConnection transaction, UUID stream, Trouble trouble, List<Recorded<DomainEvent>> events) {
        List<Long> versions = events.stream()
                .filter(event -> event.header().streamId().equals(stream))
                .map(event -> event.header().sequence())
                .toList();
        return versions.isEmpty() ? Uni.createFrom().voidItem() : trouble.meet(transaction, versions);
    }
}
