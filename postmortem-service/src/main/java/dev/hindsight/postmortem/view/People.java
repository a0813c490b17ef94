package dev.hindsight.postmortem.view;

import java.util.Map;
import java.util.UUID;

/** Names by opaque id. Who is not known is shown as the id. */
public record People(Map<UUID, String> names) {

    public static final People NOBODY = new People(Map.of());

    public People {
        names = Map.copyOf(names);
    }

    /** The name, else the id. */
    public String nameOf(UUID person) {
        return names.getOrDefault(person, person.toString());
    }

    /** The name of an event's actor, which may be no person; else the actor as it is. */
    public String nameOfActor(String actor) {
        for (Map.Entry<UUID, String> known : names.entrySet()) {
            if (known.getKey().toString().equals(actor)) {
                return known.getValue();
            }
        }
        return actor;
    }
}
