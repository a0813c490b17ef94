/**
 * What an incident is and how it changes; pure Java.
 *
 * <p>{@link dev.hindsight.incident.domain.IncidentCommand} is the table of contents,
 * {@link dev.hindsight.incident.domain.Incident} the behaviour: {@code decide} and {@code evolve}.
 * {@link dev.hindsight.incident.domain.LifecycleFacts} holds the rule that the order of arrival does not matter: status,
 * milestones and reopenings are a function of all facts sorted by when they happened. What else an incident says of itself
 * follows from the facts in the same manner, here and nowhere else: every event carries the result as its
 * {@link dev.hindsight.contract.Standing}. What tools say comes as a {@link dev.hindsight.incident.domain.Signal}, which is
 * recorded whatever the status; what people command may be refused. Collections that grow with a stream are persistent ones
 * (PCollections), so that states stay values and one more fact is cheap.
 *
 * <p>{@link dev.hindsight.incident.domain.ApiToken} is a stream of its own: which machines may come in; and so is each
 * {@link dev.hindsight.incident.domain.CatalogEntry}: a person, service or team.
 * {@link dev.hindsight.incident.domain.ClosurePolicy} says what is owed before an incident may be closed.
 */
@NullMarked
package dev.hindsight.incident.domain;

import org.jspecify.annotations.NullMarked;
