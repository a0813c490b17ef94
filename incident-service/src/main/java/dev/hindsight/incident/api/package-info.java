/**
 * The REST API. A resource only translates: request record, command, handler, answer with its ETag.
 * {@link dev.hindsight.incident.api.IncidentResource} holds one operation a command;
 * {@link dev.hindsight.incident.api.CatalogResource} shows whom and what tools and requests spoke of. Webhooks, what was
 * delivered, and the integrations that let tools in, are in the {@code webhook} package.
 * {@link dev.hindsight.incident.api.PolicyResource} holds what is owed before an incident may be closed,
 * {@link dev.hindsight.incident.api.ApiTokenResource} lets machines in, at all four services.
 */
@NullMarked
package dev.hindsight.incident.api;

import org.jspecify.annotations.NullMarked;
