package dev.hindsight.conventions.operations;

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

    /** Who asks in the present request. */
    public Audience audience() {
        return keys -> Uni.createFrom().item(Set.of());
    }
}
