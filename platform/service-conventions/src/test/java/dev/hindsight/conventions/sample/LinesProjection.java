package dev.hindsight.conventions.sample;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes down each stream of a topic that nothing else here reads. */
@Singleton
public class LinesProjection implements Projection {

    @Override
    public String name() {
        return "sample-lines";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("sample_line").nonDeterministic("text"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        UUID[] streams = events.stream()
                .map(event -> event.header().streamId())
                .distinct()
                .toArray(UUID[]::new);
        return transaction
                .preparedQuery(
                        "insert into sample_line (id, text) select id, now()::text from unnest($1::uuid[]) as n(id)"
                                + " order by id on conflict do nothing")
                .execute(Tuple.tuple().addArrayOfUUID(streams))
                .replaceWithVoid();
    }
}
