package dev.hindsight.conventions.operations;

import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The one place where raw events, in feeds and streams, are left out for those who may not see them; and where an event that
 * they may see is told without what it names beside, where they must not know that.
 */
@ApplicationScoped
public class Disclosure {

    private final CurrentReader reader;
    private final Access access;
    private final List<Mentions> mentions;

    Disclosure(CurrentReader reader, Access access, @All List<Mentions> mentions) {
        this.reader = reader;
        this.access = access;
        this.mentions = mentions;
    }

    /** Who asks in the present request; good for as long as its answer lasts. */
    public Audience audience() {
        return audience(reader.get());
    }

    /** Somebody who asks in no request, such as a receiver of webhooks. */
    public Audience audience(Reader asking) {
        return new Audience(asking);
    }

    /**
     * An event as somebody may read it.
     *
     * @param data as it stands on disk, or without what they must not know; then the hash does not follow from it
     */
    public record Told(StoredEvent event, String data) {}

    /** What whoever asks may see, judged anew each time. */
    public final class Audience {

        private final Reader asking;

        private Audience(Reader asking) {
            this.asking = asking;
        }

        /** Those Kafka keys whose events must be left out. */
        public Uni<Set<UUID>> withheld(Collection<UUID> keys) {
            return access.hidden(asking, keys);
        }

        /** Those of the events that may be seen, as they may be read. */
        public Uni<List<Told>> told(List<StoredEvent> events) {
            return withheld(events.stream().map(StoredEvent::keyId).collect(Collectors.toSet()))
                    .chain(hidden -> readable(events.stream()
                            .filter(event -> !hidden.contains(event.keyId()))
                            .toList()));
        }

        private Uni<List<Told>> readable(List<StoredEvent> events) {
            Uni<Map<UUID, byte[]>> without = Uni.createFrom().item(new HashMap<>());
            for (Mentions kind : mentions) {
                if (!events.isEmpty() && (kind.hidesFromAdmins() || !asking.seesAll())) {
                    without = without.chain(found ->
                            kind.without(asking, events).invoke(found::putAll).replaceWith(found));
                }
            }
            return without.map(changed -> {
                List<Told> told = new ArrayList<>(events.size());
                for (StoredEvent event : events) {
                    byte[] data = changed.getOrDefault(event.header().id(), event.data());
                    told.add(new Told(event, new String(data, StandardCharsets.UTF_8)));
                }
                return told;
            });
        }
    }
}
