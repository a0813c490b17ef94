package dev.hindsight.conventions.operations;

import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/** The one place where raw events, in feeds and streams, are left out for those who may not see them. */
@ApplicationScoped
public class Disclosure {

    /** What whoever asks may see; made while the request is there, and good for as long as its answer lasts. */
    @FunctionalInterface
    public interface Audience {

        /** Those Kafka keys whose events must be left out, judged now. */
        Uni<Set<UUID>> withheld(Collection<UUID> keys);
    }

    private final CurrentReader reader;
    private final Access access;

    Disclosure(CurrentReader reader, Access access) {
        this.reader = reader;
        this.access = access;
    }

    /** Who asks in the present request. */
    public Audience audience() {
        Reader asking = reader.get();
        return keys -> access.hidden(asking, keys);
    }
}
