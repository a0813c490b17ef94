/**
 * The REST API. A resource only translates: request record, command, handler, answer with its ETag.
 * {@link dev.hindsight.incident.api.IncidentResource} holds one operation a command;
 * {@link dev.hindsight.incident.api.IntegrationResource} and {@link dev.hindsight.incident.api.DeliveryResource} are for
 * those who connect paging tools. Webhooks themselves come in at the {@code webhook} package.
 */
@NullMarked
package dev.hindsight.incident.api;

import org.jspecify.annotations.NullMarked;
