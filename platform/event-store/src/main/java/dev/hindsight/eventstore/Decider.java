package dev.hindsight.eventstore;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;

/**
 * How a kind of stream is folded: {@code initial} and {@code evolve} of its domain.
 *
 * @param <S> state
 * @param <E> vocabulary
 */
public interface Decider<S, E extends DomainEvent> {

    S initial();

    S evolve(S state, Recorded<E> fact);

    Class<E> vocabulary();
}
