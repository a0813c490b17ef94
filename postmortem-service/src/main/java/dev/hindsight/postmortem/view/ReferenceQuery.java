package dev.hindsight.postmortem.view;

import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.postmortem.domain.Requirement;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Other incidents that are mentioned in what somebody reads: by reference where they may see them, not at all otherwise. */
@ApplicationScoped
public class ReferenceQuery {

    private static final Pattern REFERENCE = Pattern.compile("INC-\\d+");

    private final Access access;

    ReferenceQuery(Access access) {
        this.access = access;
    }

    /** What stands in a text for an incident that the reader must not know of. */
    public static final String HIDDEN = "another incident";

    /** What each of them is called; {@link #HIDDEN} for those that the reader must not know of. */
    Uni<Map<UUID, String>> of(Reader reader, Set<UUID> incidents) {
        if (incidents.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return access.hidden(reader, incidents)
                .chain(hidden -> Panache.withSession(() -> IncidentView.<IncidentView>list("id in ?1", incidents))
                        .map(known -> {
                            Map<UUID, String> names = new HashMap<>();
                            known.forEach(incident -> names.put(incident.id, incident.reference));
                            hidden.forEach(id -> names.put(id, HIDDEN));
                            return names;
                        }));
    }

    /** The references in what a requirement is because of, as far as the reader must not know them. */
    public Uni<Set<String>> hidden(Reader reader, @Nullable Requirement requirement) {
        Set<String> mentioned = new HashSet<>();
        if (requirement != null && !reader.seesAll()) {
            requirement
                    .rules()
                    .forEach(rule ->
                            REFERENCE.matcher(rule.because()).results().forEach(match -> mentioned.add(match.group())));
        }
        return hidden(reader, mentioned);
    }

    private Uni<Set<String>> hidden(Reader reader, Collection<String> references) {
        if (references.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return Panache.withSession(() -> IncidentView.<IncidentView>list("reference in ?1", references))
                .chain(known -> {
                    Map<UUID, String> names = new HashMap<>();
                    known.forEach(incident -> names.put(incident.id, incident.reference));
                    return access.hidden(reader, names.keySet()).map(hidden -> {
                        Set<String> texts = new HashSet<>();
                        hidden.forEach(id -> texts.add(names.get(id)));
                        return texts;
                    });
                });
    }
}
