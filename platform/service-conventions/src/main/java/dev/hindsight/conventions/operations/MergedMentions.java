package dev.hindsight.conventions.operations;

import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The incident that another one was merged into. */
@ApplicationScoped
public class MergedMentions implements Mentions {

    private final Access access;

    MergedMentions(Access access) {
        this.access = access;
    }

    @Override
    public Uni<Map<UUID, byte[]>> without(Reader reader, List<StoredEvent> events) {
        Map<UUID, Merged> merged = Mentions.of(Merged.class, events);
        Set<UUID> named = new HashSet<>();
        merged.values().forEach(event -> {
            if (event.into() != null) {
                named.add(event.into());
            }
        });
        return access.hidden(reader, named).map(hidden -> {
            Map<UUID, byte[]> without = new HashMap<>();
            merged.forEach((id, event) -> {
                if (event.into() != null && hidden.contains(event.into())) {
                    // The tool's own id of it leads there as well.
                    without.put(id, EventCodec.encode(new Merged(null, null, event.observed(), event.standing())));
                }
            });
            return without;
        });
    }
}
