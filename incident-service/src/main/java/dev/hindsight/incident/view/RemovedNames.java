package dev.hindsight.incident.view;

import dev.hindsight.contract.CatalogEvent.PersonDescribed;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonUnlinked;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.operations.Mentions;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A name that was removed from the catalog is shown in no raw event either, to nobody: the event stays on disk as it was
 * recorded, and is told without the name.
 */
@ApplicationScoped
public class RemovedNames implements Mentions {

    private final Pool pool;

    RemovedNames(Pool pool) {
        this.pool = pool;
    }

    @Override
    public boolean hidesFromAdmins() {
        return true;
    }

    @Override
    public Uni<Map<UUID, byte[]>> without(Reader reader, List<StoredEvent> events) {
        Map<UUID, DomainEvent> naming = new HashMap<>();
        Mentions.of(PersonLearned.class, events)
                .forEach((id, event) -> naming.put(
                        id, new PersonLearned(CatalogRow.NAME_REMOVED, event.tool(), CatalogRow.NAME_REMOVED)));
        Mentions.of(PersonDescribed.class, events)
                .forEach((id, event) ->
                        naming.put(id, new PersonDescribed(CatalogRow.NAME_REMOVED, event.timeZone(), event.team())));
        Mentions.of(PersonLinked.class, events)
                .forEach((id, event) -> naming.put(id, new PersonLinked(CatalogRow.NAME_REMOVED)));
        Mentions.of(PersonUnlinked.class, events)
                .forEach((id, event) -> naming.put(id, new PersonUnlinked(CatalogRow.NAME_REMOVED)));
        if (naming.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Map<UUID, UUID> people = new HashMap<>();
        events.stream()
                .filter(event -> naming.containsKey(event.header().id()))
                .forEach(event -> people.put(event.header().id(), event.header().streamId()));
        return pool.preparedQuery("select id from catalog_entry where id = any ($1::uuid[]) and name_removed")
                .execute(Tuple.of(new HashSet<>(people.values()).toArray(UUID[]::new)))
                .map(rows -> {
                    Set<UUID> removed = new HashSet<>();
                    rows.forEach(row -> removed.add(row.getUUID("id")));
                    Map<UUID, byte[]> without = new HashMap<>();
                    naming.forEach((id, told) -> {
                        if (removed.contains(people.get(id))) {
                            without.put(id, EventCodec.encode(told));
                        }
                    });
                    return without;
                });
    }
}
