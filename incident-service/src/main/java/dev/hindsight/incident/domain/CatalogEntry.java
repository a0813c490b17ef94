package dev.hindsight.incident.domain;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonUnlinked;
import dev.hindsight.contract.CatalogEvent.ServiceLearned;
import dev.hindsight.contract.CatalogEvent.TeamLearned;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person, service or team. What was learned first stays: an entry is mentioned again and again. */
public sealed interface CatalogEntry {

    CatalogEntry UNKNOWN = new Unknown();

    /** Nobody has mentioned it. */
    record Unknown() implements CatalogEntry {}

    /**
     * Somebody whom a tool knows as {@code key}.
     *
     * @param tool {@link CatalogEvent#OIDC} where they were learned from a token, whose subject {@code key} is then
     * @param subject of the token that they are linked to; null where nobody said so
     */
    record Person(
            String name, String tool, String key, @Nullable String subject) implements CatalogEntry {

        /** Whether who comes with a token of that subject is this person. */
        boolean comesAs(String asked) {
            return asked.equals(subject) || subject == null && tool.equals(CatalogEvent.OIDC) && key.equals(asked);
        }

        private Person linkedTo(@Nullable String newSubject) {
            return new Person(name, tool, key, newSubject);
        }
    }

    /** What is affected by incidents. */
    record Service(
            String name,
            @Nullable UUID team,
            @Nullable String tool,
            @Nullable String key) implements CatalogEntry {}

    /** Who owns services. */
    record Team(
            String name, @Nullable String tool, @Nullable String key) implements CatalogEntry {}

    /** What the command changes; nothing of what is no person. */
    static List<CatalogEvent> decide(CatalogEntry entry, CatalogCommand command) {
        return entry instanceof Person person
                ? switch (command) {
                    case CatalogCommand.LinkPerson(String subject) ->
                        person.comesAs(subject) ? List.of() : List.of(new PersonLinked(subject));
                    case CatalogCommand.UnlinkPerson() ->
                        person.subject() == null ? List.of() : List.of(new PersonUnlinked(person.subject()));
                }
                : List.of();
    }

    static CatalogEntry evolve(CatalogEntry entry, CatalogEvent event) {
        return switch (event) {
            case PersonLinked(String subject) -> entry instanceof Person person ? person.linkedTo(subject) : entry;
            case PersonUnlinked unlinked -> entry instanceof Person person ? person.linkedTo(null) : entry;
            case PersonLearned(String name, String tool, String key) -> first(entry, new Person(name, tool, key, null));
            case ServiceLearned(String name, UUID team, String tool, String key) ->
                first(entry, new Service(name, team, tool, key));
            case TeamLearned(String name, String tool, String key) -> first(entry, new Team(name, tool, key));
        };
    }

    private static CatalogEntry first(CatalogEntry known, CatalogEntry learned) {
        return known instanceof Unknown ? learned : known;
    }
}
