package dev.hindsight.postmortem.view;

import dev.hindsight.contract.refusal.Invalid;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of people, joined when somebody reads. */
@ApplicationScoped
public class PeopleQuery {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Those names that the catalog knows. */
    public Uni<People> of(Set<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(People.NOBODY)
                : Panache.withSession(
                        () -> PersonView.<PersonView>list("id in ?1", ids).chain(known -> {
                            Set<UUID> selves = known.stream()
                                    .map(person -> person.mergedInto)
                                    .filter(Objects::nonNull)
                                    .collect(Collectors.toSet());
                            return selves.isEmpty()
                                    ? Uni.createFrom().item(people(known, Map.of()))
                                    : PersonView.<PersonView>list("id in ?1", selves)
                                            .map(whole -> people(
                                                    known,
                                                    whole.stream()
                                                            .collect(Collectors.toMap(
                                                                    person -> person.id, person -> person))));
                        }));
    }

    /** The people of that name, exactly as the catalog writes it but for upper and lower case. */
    private static Uni<List<UUID>> named(String name) {
        return Panache.withSession(() ->
                        PersonView.<PersonView>list("kind = 'PERSON' and lower(name) = lower(?1) order by id", name))
                .map(people -> people.stream().map(PersonView::self).distinct().toList());
    }

    /**
     * The person that a request names.
     *
     * @param field of the request, to blame where nobody or more than one is meant
     * @param reference the catalog's id, or a name that only one person has
     */
    public Uni<UUID> named(String field, String reference) {
        if (UUID_TEXT.matcher(reference).matches()) {
            return Uni.createFrom().item(UUID.fromString(reference));
        }
        return named(reference).map(found -> {
            if (found.size() == 1) {
                return found.getFirst();
            }
            throw found.isEmpty()
                    ? Invalid.field(
                            field, "PERSON_UNKNOWN", "The catalog knows nobody of that name; give the person's id.")
                    : Invalid.field(
                            field,
                            "PERSON_AMBIGUOUS",
                            "The catalog knows " + found.size() + " people of that name; give the person's id.");
        });
    }

    /** Each by the name of who they really are. */
    private static People people(List<PersonView> known, Map<UUID, PersonView> selves) {
        Map<UUID, String> names = new HashMap<>();
        for (PersonView person : known) {
            PersonView self = person.mergedInto == null ? person : selves.get(person.mergedInto);
            if (self != null && self.name != null) {
                names.put(person.id, self.name);
            }
        }
        return new People(names);
    }

    /** Adds the actor where it is a person, and not an integration or Hindsight itself. */
    static void addPerson(Collection<UUID> people, String actor) {
        personOf(actor).ifPresent(people::add);
    }

    /** The person, where the actor is one. */
    static Optional<UUID> personOf(String actor) {
        return UUID_TEXT.matcher(actor).matches() ? Optional.of(UUID.fromString(actor)) : Optional.empty();
    }
}
