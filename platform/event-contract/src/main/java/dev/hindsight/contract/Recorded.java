package dev.hindsight.contract;

/**
 * An event together with what is known about its recording.
 *
 * @param <E> the vocabulary that the event belongs to
 */
public record Recorded<E extends DomainEvent>(EventHeader header, E event) {}
