package dev.hindsight.contract;

/**
 * One fact that a service has recorded. Who writes a stream owns its facts; no fact has two owners.
 *
 * <p>A reader that meets {@link Unknown} goes on and knows that it is not complete; a handler never decides on a stream
 * that holds one.
 */
public sealed interface DomainEvent
        permits IncidentEvent,
                DeployEvent,
                CatalogEvent,
                AccessEvent,
                PolicyEvent,
                CalendarEvent,
                PostmortemEvent,
                ActionItemEvent,
                Unknown {}
