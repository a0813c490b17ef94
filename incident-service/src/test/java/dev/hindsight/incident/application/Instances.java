package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.conventions.access.Access;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStoreConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

/** More write paths on the same database, as further instances of the service have them: each with its own memory. */
@ApplicationScoped
public class Instances {

    private final EventStore store;
    private final EventStoreConfig config;
    private final Catalog catalog;
    private final ReferenceNumbers numbers;
    private final Access access;
    private final PageJudgement pages;
    private final Event<MaySuspect> suspicion;
    private final ObjectMapper json;

    Instances(
            EventStore store,
            EventStoreConfig config,
            Catalog catalog,
            ReferenceNumbers numbers,
            Access access,
            PageJudgement pages,
            Event<MaySuspect> suspicion,
            ObjectMapper json) {
        this.store = store;
        this.config = config;
        this.catalog = catalog;
        this.numbers = numbers;
        this.access = access;
        this.pages = pages;
        this.suspicion = suspicion;
        this.json = json;
    }

    public IncidentHandler another() {
        return new IncidentHandler(store, config, catalog, numbers, access, pages, suspicion, json);
    }
}
