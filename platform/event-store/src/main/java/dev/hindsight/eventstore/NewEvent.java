package dev.hindsight.eventstore;

import dev.hindsight.contract.DomainEvent;
import java.time.Instant;
import java.util.UUID;

/**
 * What a domain has decided to record.
 *
 * @param id deterministic where a repetition must be recognised
 * @param occurredAt when it happened in the world
 * @param sourceOrder the source's own order among facts of one {@code occurredAt}
 */
public record NewEvent(UUID id, DomainEvent event, Instant occurredAt, int sourceOrder) {

    /** A fact of its own. */
    public static NewEvent of(DomainEvent event, Instant occurredAt) {
        return new NewEvent(StreamIds.next(), event, occurredAt, 0);
    }
}
