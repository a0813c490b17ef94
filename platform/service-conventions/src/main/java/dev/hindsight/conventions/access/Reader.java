package dev.hindsight.conventions.access;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.eventstore.StreamIds;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who reads, as far as it decides what they may see. */
public sealed interface Reader {

    /** An admin: nothing is hidden. @param self null for a machine */
    record Admin(@Nullable Person self) implements Reader {}

    /** A person with a token of their own. @param subject its {@code sub} claim */
    record Person(String subject) implements Reader {

        /** As the catalog learns people from tokens; others may be linked to the subject. */
        public UUID id() {
            return StreamIds.person(CatalogEvent.OIDC, subject);
        }
    }

    /** A machine that is no admin: it takes part in nothing, so it sees what is not restricted. */
    record Machine() implements Reader {}

    /** Nothing is hidden from them. */
    default boolean seesAll() {
        return this instanceof Admin;
    }

    /** The person whom the catalog learned from their token; null for a machine. */
    default @Nullable UUID personId() {
        return switch (this) {
            case Person person -> person.id();
            case Admin(Person self) when self != null -> self.id();
            case Admin _, Machine _ -> null;
        };
    }
}
