/**
 * Webhooks that go out: who asked for events ({@link dev.hindsight.incident.subscription.SubscriptionResource}) is told of them
 * until it has them.
 *
 * <p>What some subscription wants is kept as rows: of this service's own events by reading along in the log of what was
 * published ({@link dev.hindsight.incident.subscription.OwnEvents}), of the others' in the transaction that notes them as applied
 * ({@link dev.hindsight.incident.subscription.OthersEvents}). {@link dev.hindsight.incident.subscription.Dispatch} sends, on every
 * instance: it leases an incident of a subscription, sends what waits there one after the other, and notes what came of it.
 * Pure rules are in the domain: what matches, when it is tried again, and where nothing may be sent to.
 */
@NullMarked
package dev.hindsight.incident.subscription;

import org.jspecify.annotations.NullMarked;
