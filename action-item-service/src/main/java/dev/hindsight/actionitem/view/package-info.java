/**
 * What is read: the service's own items, which {@code application} writes with their events, and what incident-events tell of
 * incidents and of the catalog, which {@link dev.hindsight.actionitem.view.IncidentProjection} and {@link
 * dev.hindsight.conventions.catalog.CatalogProjection} write. The entities are read only.
 */
@NullMarked
package dev.hindsight.actionitem.view;

import org.jspecify.annotations.NullMarked;
