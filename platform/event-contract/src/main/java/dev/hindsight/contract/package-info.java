/**
 * The public events of Hindsight: what stands on disk is what goes over the wire.
 *
 * <p>Start with {@link dev.hindsight.contract.IncidentEvent}, {@link dev.hindsight.contract.CatalogEvent},
 * {@link dev.hindsight.contract.PostmortemEvent} and {@link dev.hindsight.contract.ActionItemEvent}: each is a sealed
 * interface whose records are the whole vocabulary of its streams. {@link dev.hindsight.contract.EventHeader} holds the
 * CloudEvents attributes of an event, {@link dev.hindsight.contract.Vocabulary} knows every wire name. The wire names are
 * explicit ({@code @JsonTypeName}) and never change; a new shape is a new version with a name of its own, and the golden
 * files under {@code META-INF/hindsight/golden} keep every version ever released readable.
 */
@NullMarked
package dev.hindsight.contract;

import org.jspecify.annotations.NullMarked;
