package dev.hindsight.incident.domain;

import dev.hindsight.contract.Visibility;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Who may see an incident, as far as its own events tell; who holds a role is told by the roles. Visibility and additions
 * count in the order of recording: whoever restricts it now means now, whatever time the command names.
 *
 * @param additions what was last said about each person who was ever named as a participant
 * @param pages the version of the last page of each person
 */
public record Circle(Visibility visibility, Map<UUID, Addition> additions, Map<UUID, Long> pages) {

    static final Circle OPEN = new Circle(Visibility.INTERNAL, Map.of(), Map.of());

    /** Whether they are a participant by being named, since which version. */
    public record Addition(boolean isIn, long version) {}

    /** Those who are participants because they were named. */
    public Set<UUID> added() {
        Set<UUID> added = new TreeSet<>();
        additions.forEach((person, addition) -> {
            if (addition.isIn()) {
                added.add(person);
            }
        });
        return added;
    }

    boolean has(UUID person) {
        Addition addition = additions.get(person);
        return addition != null && addition.isIn() || pages.containsKey(person);
    }

    Circle seenBy(Visibility now) {
        return new Circle(now, additions, pages);
    }

    Circle with(UUID person, long version) {
        return new Circle(visibility, and(additions, person, new Addition(true, version)), pages);
    }

    Circle without(UUID person, long version) {
        return new Circle(visibility, and(additions, person, new Addition(false, version)), pages);
    }

    Circle withPage(UUID person, long version) {
        return new Circle(visibility, additions, and(pages, person, version));
    }

    private static <V> Map<UUID, V> and(Map<UUID, V> known, UUID person, V news) {
        Map<UUID, V> more = new TreeMap<>(known);
        more.put(person, news);
        return Collections.unmodifiableMap(more);
    }
}
