/**
 * From the store to the broker. {@link dev.hindsight.eventstore.relay.Relay} is one leader among the instances of a
 * service ({@link dev.hindsight.eventstore.relay.Leadership}): it hands the outbox to Kafka, oldest first, and forgets only
 * after the broker's acknowledgement; what it has sent stands in {@code published}, without gaps. From there
 * {@link dev.hindsight.eventstore.relay.Repairs} sends again what consumers miss, and the leader everything where the topic
 * was lost ({@link dev.hindsight.eventstore.relay.Republications}). {@link dev.hindsight.eventstore.relay.Topics} makes and
 * mends topics. {@link dev.hindsight.eventstore.relay.EventFeed} is the same log for readers without Kafka, and
 * {@link dev.hindsight.eventstore.relay.Doorbell} lets instances wake each other.
 */
@NullMarked
package dev.hindsight.eventstore.relay;

import org.jspecify.annotations.NullMarked;
