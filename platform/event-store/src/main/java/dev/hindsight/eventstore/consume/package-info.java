/**
 * From the broker to views and automations: {@link dev.hindsight.eventstore.consume.OrderedApply} takes consumed events to
 * every {@link dev.hindsight.eventstore.consume.Projection} and {@link dev.hindsight.eventstore.consume.Automation}, in
 * order and once for each stream. What cannot be applied is kept in
 * {@link dev.hindsight.eventstore.consume.ParkedEvents}; everything else goes on.
 */
@NullMarked
package dev.hindsight.eventstore.consume;

import org.jspecify.annotations.NullMarked;
