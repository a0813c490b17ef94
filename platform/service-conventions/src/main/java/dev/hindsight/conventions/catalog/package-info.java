/**
 * The catalog, as every service knows it: people, services and teams, under which names, and what is merged into what.
 *
 * <p>One table and one set of SQL functions for all services (V4__catalog.sql). {@link
 * dev.hindsight.conventions.catalog.CatalogProjection} grows it from the events of the incident-service, which keeps it with its
 * own commands. A filter asks by {@link dev.hindsight.conventions.catalog.OfCatalog}, so that a service is found under every name
 * that it has; a person's name is joined when somebody reads, by way of {@code merged_into}.
 */
@NullMarked
package dev.hindsight.conventions.catalog;

import org.jspecify.annotations.NullMarked;
