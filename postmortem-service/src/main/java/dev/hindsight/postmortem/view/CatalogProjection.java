package dev.hindsight.postmortem.view;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonUnlinked;
import dev.hindsight.contract.CatalogEvent.ServiceLearned;
import dev.hindsight.contract.CatalogEvent.TeamLearned;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Names of people and services. */
@ApplicationScoped
public class CatalogProjection implements Projection {

    private record Service(String name, @Nullable UUID team) {}

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("person"), ViewTable.of("service"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Map<UUID, String> people = new TreeMap<>();
        Map<UUID, Service> services = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof CatalogEvent event) {
                UUID id = recorded.header().streamId();
                switch (event) {
                    case PersonLearned person -> people.put(id, person.name());
                    case PersonLinked _, PersonUnlinked _ -> {
                        // Who may see what: dev.hindsight.conventions.access.
                    }
                    case ServiceLearned service -> services.put(id, new Service(service.name(), service.team()));
                    case TeamLearned team -> {
                        // Nothing here is shown by team yet.
                    }
                }
            }
        }
        return writePeople(transaction, people).chain(() -> writeServices(transaction, services));
    }

    private static Uni<Void> writePeople(SqlConnection transaction, Map<UUID, String> people) {
        if (people.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery("insert into person (id, name) select * from unnest($1::uuid[], $2::text[])"
                        + " on conflict (id) do update set name = excluded.name")
                .execute(Tuple.of(
                        people.keySet().toArray(UUID[]::new), people.values().toArray(String[]::new)))
                .replaceWithVoid();
    }

    private static Uni<Void> writeServices(SqlConnection transaction, Map<UUID, Service> services) {
        if (services.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery("insert into service (id, name, team) select * from unnest($1::uuid[], $2::text[],"
                        + " $3::uuid[]) on conflict (id) do update set name = excluded.name, team = excluded.team")
                .execute(Tuple.of(
                        services.keySet().toArray(UUID[]::new),
                        services.values().stream().map(Service::name).toArray(String[]::new),
                        services.values().stream().map(Service::team).toArray(UUID[]::new)))
                .replaceWithVoid();
    }
}
