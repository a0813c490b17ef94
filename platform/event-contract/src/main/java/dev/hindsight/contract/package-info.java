/**
 * The public events of Hindsight: what stands on disk is what goes over the wire.
 *
 * <p>Start with {@link dev.hindsight.contract.IncidentEvent}, {@link dev.hindsight.contract.CatalogEvent},
 * {@link dev.hindsight.contract.DeployEvent}, {@link dev.hindsight.contract.AccessEvent}, {@link dev.hindsight.contract.PolicyEvent},
 * {@link dev.hindsight.contract.CalendarEvent},
 * {@link dev.hindsight.contract.PostmortemEvent} and {@link dev.hindsight.contract.ActionItemEvent}: each is a sealed
 * interface whose records are the whole vocabulary of its streams. {@link dev.hindsight.contract.EventHeader} holds the
 * CloudEvents attributes of an event, {@link dev.hindsight.contract.Vocabulary} knows every wire name. The wire names are
 * explicit ({@code @JsonTypeName}) and never change. With the records come, under {@code META-INF/hindsight}, the
 * {@code asyncapi.yaml} of the topics and for each wire name a JSON Schema and golden files; tests hold them together.
 *
 * <p><b>A new event</b>: its record, its golden file, its message in {@code asyncapi.yaml}, and the schema, written by
 * {@code mvn -pl platform/event-contract test -Dtest=SchemasTest -Dhindsight.contract.update=true}. A golden file tells a
 * piece of the outage of INC-42 with every optional property; where there are any, a {@code .minimal.json} has none.
 *
 * <p><b>A new version</b>: where readers of the old shape could not go on (a property less or renamed, another type or
 * meaning, a new required property, a new constant of an enum), a new record such as {@code DeclaredV2} named
 * {@code hindsight.incident.declared.v2}. The old record, its schema, its message and its golden files stay as they are for
 * ever, as the old events do: readers know both, writers only the new one, and every reader is deployed before the first
 * writer. A property that may be absent ({@code @Nullable}) can be added to a released record as it is: its golden file gains
 * it, and its {@code .minimal.json} shows that events without it still read.
 */
@NullMarked
package dev.hindsight.contract;

import org.jspecify.annotations.NullMarked;
