/**
 * An event as bytes: its JSON as it stands on disk and on the wire, its attributes as CloudEvents headers (binary mode of
 * the Kafka binding), and the key that keeps the events of one incident in one partition.
 */
@NullMarked
package dev.hindsight.eventstore.wire;

import org.jspecify.annotations.NullMarked;
