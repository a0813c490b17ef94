/**
 * The only write path of the service. {@link dev.hindsight.incident.application.IncidentHandler} loads an incident, lets
 * the domain decide, and appends events, own view and catalog entries in one statement;
 * {@link dev.hindsight.incident.application.Catalog} turns what people and tools call things into the ids that events carry.
 * {@link dev.hindsight.incident.application.ApiTokenHandler} does the same for API tokens,
 * {@link dev.hindsight.incident.application.CatalogHandler} for what people say about the catalog,
 * {@link dev.hindsight.incident.application.DeployHandler} for what tools say about deploys,
 * {@link dev.hindsight.incident.application.ClosurePolicyHandler} for what is owed before an incident may be closed.
 */
@NullMarked
package dev.hindsight.incident.application;

import org.jspecify.annotations.NullMarked;
