package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * Reacts to others' events with commands of this service. Called in order within each stream, at least once: the command
 * commits before the event is noted as applied, so what it does must be safe to repeat. A rebuild never calls it.
 */
public interface Automation {

    /** Its name in {@code applied}; never changed. */
    String name();

    /** The topics that it listens to. */
    Set<Topic> topics();

    /** Gives the commands that follow from the event; completes when they are durable. */
    Uni<Void> react(Recorded<DomainEvent> event);
}
