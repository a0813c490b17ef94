package dev.hindsight.postmortem.view;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.EntryMerged;
import dev.hindsight.contract.CatalogEvent.EntryUnmerged;
import dev.hindsight.contract.CatalogEvent.PersonDescribed;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonNameRemoved;
import dev.hindsight.contract.CatalogEvent.PersonUnlinked;
import dev.hindsight.contract.CatalogEvent.ServiceDescribed;
import dev.hindsight.contract.CatalogEvent.ServiceLearned;
import dev.hindsight.contract.CatalogEvent.TeamDescribed;
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

    /** Merged services and teams are among them, without a name. */
    private static final String INSERT_PEOPLE = """
            insert into person (id) select n.id from unnest($1::uuid[]) as n(id) order by n.id
            on conflict (id) do nothing""";

    private static final String SET_PEOPLE = """
            update person p
            set name = case when n.is_named then n.name else p.name end,
                merged_into = case when n.merges then n.merged_into else p.merged_into end
            from unnest($1::uuid[], $2::boolean[], $3::text[], $4::boolean[], $5::uuid[])
              as n(id, is_named, name, merges, merged_into)
            where p.id = n.id""";

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
        Map<UUID, Person> people = new TreeMap<>();
        Map<UUID, Service> services = new TreeMap<>();
        for (Recorded<DomainEvent> recorded : events) {
            if (recorded.event() instanceof CatalogEvent event) {
                UUID id = recorded.header().streamId();
                switch (event) {
                    case PersonLearned person -> of(people, id).called(person.name());
                    case PersonDescribed person -> of(people, id).called(person.name());
                    case PersonNameRemoved removed -> of(people, id).called(null);
                    case EntryMerged merged -> of(people, id).merged(merged.into());
                    case EntryUnmerged unmerged -> of(people, id).merged(null);
                    case PersonLinked _, PersonUnlinked _ -> {
                        // Who may see what: dev.hindsight.conventions.access.
                    }
                    case ServiceLearned service -> services.put(id, new Service(service.name(), service.team()));
                    case ServiceDescribed service -> services.put(id, new Service(service.name(), service.team()));
                    case TeamLearned _, TeamDescribed _ -> {
                        // Nothing here is shown by team yet.
                    }
                }
            }
        }
        return writePeople(transaction, people).chain(() -> writeServices(transaction, services));
    }

    private static Person of(Map<UUID, Person> people, UUID id) {
        return people.computeIfAbsent(id, person -> new Person());
    }

    /** What events say of one person: a name, or none any more, and who it really is. Services and teams are merged, too. */
    private static final class Person {

        private boolean isNamed;
        private @Nullable String name;
        private boolean merges;
        private @Nullable UUID into;

        void called(@Nullable String newName) {
            isNamed = true;
            name = newName;
        }

        void merged(@Nullable UUID other) {
            merges = true;
            into = other;
        }
    }

    private static Uni<Void> writePeople(SqlConnection transaction, Map<UUID, Person> people) {
        if (people.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        UUID[] ids = people.keySet().toArray(UUID[]::new);
        Tuple said = Tuple.from(List.of(
                ids,
                people.values().stream().map(person -> person.isNamed).toArray(Boolean[]::new),
                people.values().stream().map(person -> person.name).toArray(String[]::new),
                people.values().stream().map(person -> person.merges).toArray(Boolean[]::new),
                people.values().stream().map(person -> person.into).toArray(UUID[]::new)));
        return transaction
                .preparedQuery(INSERT_PEOPLE)
                .execute(Tuple.of(ids))
                .chain(() -> transaction.preparedQuery(SET_PEOPLE).execute(said))
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
