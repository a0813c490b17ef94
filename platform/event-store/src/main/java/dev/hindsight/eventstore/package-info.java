/**
 * The write path and the way of events, the same in every service.
 *
 * <p>{@link dev.hindsight.eventstore.CommandHandler} loads a stream, lets the domain decide, and appends by
 * {@link dev.hindsight.eventstore.EventStore} in one SQL statement: events, outbox, own view, idempotency key or webhook
 * delivery. How such an event then travels: {@link dev.hindsight.eventstore.wire} as bytes, {@link
 * dev.hindsight.eventstore.relay} to the broker, {@link dev.hindsight.eventstore.consume} to the views and automations of
 * every service. The tables are in {@code db/eventstore}.
 */
@NullMarked
package dev.hindsight.eventstore;

import org.jspecify.annotations.NullMarked;
