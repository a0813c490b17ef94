package dev.hindsight.postmortem.view;

import java.util.Map;
import java.util.UUID;

/** Names by opaque id. Whoever is not known is an unknown person; the id stands beside the name wherever it is needed. */
public record People(Map<UUID, String> names) {

    /** Whoever the catalog does not know, or no longer. */
    public static final String UNKNOWN = "unknown person";

    public static final People NOBODY = new People(Map.of());

    public People {
        names = Map.copyOf(names);
    }

    /** The name, else {@link #UNKNOWN}. */
    public String nameOf(UUID person) {
        return names.getOrDefault(person, UNKNOWN);
    }

    /** The name of an event's actor; an actor that is no person stays as it is. */
    public String nameOfActor(String actor) {
        return PeopleQuery.personOf(actor).map(this::nameOf).orElse(actor);
    }
}
