/**
 * What can be read: the own view of incidents ({@link dev.hindsight.incident.view.IncidentRow} writes it in the statement
 * that appends, {@link dev.hindsight.incident.view.IncidentView} reads it with Panache), the catalog's entries, integrations,
 * webhook deliveries, subscriptions and their attempts. What the closure policy asks of others grows from their topics
 * ({@link dev.hindsight.incident.view.ClosureItemProjection}, {@link dev.hindsight.incident.view.ClosurePostmortemProjection}).
 * Entities here are immutable: nothing is written through Hibernate but what is not an event.
 */
@NullMarked
package dev.hindsight.incident.view;

import org.jspecify.annotations.NullMarked;
