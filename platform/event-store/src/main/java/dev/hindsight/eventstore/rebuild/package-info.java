/**
 * Any view anew from its events, beside the live one, which goes on untouched until the new one takes its place in one
 * transaction. {@link dev.hindsight.eventstore.rebuild.Rebuilds} starts, watches and cancels; a
 * {@link dev.hindsight.eventstore.consume.Projection} is read from its topics, an
 * {@link dev.hindsight.eventstore.rebuild.OwnView} from the service's own event store. Automations are never run.
 * {@link dev.hindsight.eventstore.rebuild.ProjectionHash} tells whether two tables hold the same.
 */
@NullMarked
package dev.hindsight.eventstore.rebuild;

import org.jspecify.annotations.NullMarked;
