package dev.hindsight.conventions.operations;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Events whose data name what a reader must not know: other incidents than the one that they belong to, or people whose names
 * were removed. Offered as a bean by whoever knows such a type of event; asked for readers from whom something is hidden.
 */
public interface Mentions {

    /** Whether it is hidden from everybody, admins too. */
    default boolean hidesFromAdmins() {
        return false;
    }

    /** Of those events that name what the reader must not know: their data without it, by the event's id. */
    Uni<Map<UUID, byte[]>> without(Reader reader, List<StoredEvent> events);

    /** Those of the events that are of a type, by their ids. */
    static <E extends DomainEvent> Map<UUID, E> of(Class<E> type, List<StoredEvent> events) {
        String name = Vocabulary.wireNameOf(type);
        Map<UUID, E> found = new HashMap<>();
        for (StoredEvent event : events) {
            if (event.header().type().equals(name)) {
                found.put(event.header().id(), type.cast(EventCodec.decode(name, event.data())));
            }
        }
        return found;
    }
}
