package dev.hindsight.incident.application;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.eventstore.StreamIds;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * People, services and teams that one request or delivery mentions. Each gets the id that the same name always gets, so
 * that events can carry the id at once and the catalog entry is written beside them, where it is new.
 */
public final class Learned {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Map<UUID, CatalogEvent> entries = new LinkedHashMap<>();

    /** Who asks: known to the catalog from their first command on. */
    public static Learned by(String subject, String name) {
        Learned learned = new Learned();
        learned.person(CatalogEvent.OIDC, subject, name);
        return learned;
    }

    /** Nobody and nothing yet. */
    public static Learned nothing() {
        return new Learned();
    }

    /** Whom and what the other one mentions, too. */
    void and(Learned other) {
        other.entries.forEach(entries::putIfAbsent);
    }

    /** A person that a tool knows as {@code key}. */
    public UUID person(String tool, String key, @Nullable String name) {
        UUID id = StreamIds.person(tool, key);
        entries.putIfAbsent(
                id, new CatalogEvent.PersonLearned(name == null || name.isBlank() ? key : name.strip(), tool, key));
        return id;
    }

    /** A person as a request names one: by the catalog's id, or by the subject of their token. */
    public UUID person(String idOrSubject) {
        String text = idOrSubject.strip();
        return UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : person(CatalogEvent.OIDC, text, text);
    }

    /** The services of these names. */
    public void services(Collection<String> names) {
        names.forEach(name -> service(name, null, null, null));
    }

    /** A service that a tool knows as {@code key}. */
    public void service(String name, @Nullable UUID team, @Nullable String tool, @Nullable String key) {
        entries.putIfAbsent(StreamIds.service(name), new CatalogEvent.ServiceLearned(name, team, tool, key));
    }

    /** A team that a tool knows as {@code key}. */
    public UUID team(String name, @Nullable String tool, @Nullable String key) {
        UUID id = StreamIds.team(name);
        entries.putIfAbsent(id, new CatalogEvent.TeamLearned(name, tool, key));
        return id;
    }

    Map<UUID, CatalogEvent> entries() {
        return Collections.unmodifiableMap(entries);
    }
}
