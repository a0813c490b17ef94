/**
 * The write path and the way of events, the same in every service.
 *
 * <p>{@link dev.hindsight.eventstore.CommandHandler} loads a stream, lets the domain decide, and appends by
 * {@link dev.hindsight.eventstore.EventStore} in one SQL statement: events, outbox, own view, idempotency key or webhook
 * delivery. {@link dev.hindsight.eventstore.Relay} hands the outbox to Kafka, oldest first, and forgets only after the
 * broker's acknowledgement. {@link dev.hindsight.eventstore.OrderedApply} takes consumed events to
 * {@link dev.hindsight.eventstore.Projection}s and {@link dev.hindsight.eventstore.Automation}s, in order and once per
 * stream. The tables are in {@code db/eventstore}.
 */
@NullMarked
package dev.hindsight.eventstore;

import org.jspecify.annotations.NullMarked;
