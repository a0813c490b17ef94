package dev.hindsight.eventstore;

import dev.hindsight.contract.DomainEvent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a domain has decided to record.
 *
 * @param id deterministic where a repetition must be recognised
 * @param occurredAt when it happened in the world
 * @param sourceOrder the source's own order among facts of one {@code occurredAt}
 * @param actor who did it, as {@link CommandContext#actor()} has it; null for whoever gives the command
 */
public record NewEvent(
        UUID id,
        DomainEvent event,
        Instant occurredAt,
        int sourceOrder,
        @Nullable String actor) {

    /** Of whoever gives the command. */
    public NewEvent(UUID id, DomainEvent event, Instant occurredAt, int sourceOrder) {
        this(id, event, occurredAt, sourceOrder, null);
    }

    /** A fact of its own. */
    public static NewEvent of(DomainEvent event, Instant occurredAt) {
        return new NewEvent(StreamIds.next(), event, occurredAt, 0);
    }

    String actorOf(CommandContext context) {
        return actor == null ? context.actor() : actor;
    }
}
