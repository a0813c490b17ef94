/**
 * From the store to the broker. {@link dev.hindsight.eventstore.relay.Relay} is one leader among the instances of a
 * service: it hands the outbox to Kafka, oldest first, and forgets only after the broker's acknowledgement; what it has
 * sent stands in {@code published}, without gaps. {@link dev.hindsight.eventstore.relay.Topics} creates what is missing.
 */
@NullMarked
package dev.hindsight.eventstore.relay;

import org.jspecify.annotations.NullMarked;
