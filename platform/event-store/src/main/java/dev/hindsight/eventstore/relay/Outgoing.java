package dev.hindsight.eventstore.relay;

import dev.hindsight.contract.EventHeader;
import java.util.UUID;

/**
 * An event on its way to the broker.
 *
 * @param position in {@code published}: where it will stand there, or where it stands already
 * @param outbox its place in the outbox; 0 where it is sent again
 */
record Outgoing(long position, long outbox, UUID keyId, EventHeader header, byte[] data) {}
