package dev.hindsight.incident.domain;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.incident.domain.CatalogEntry.Kind;
import dev.hindsight.incident.domain.CatalogEntry.Known;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of an entry of the catalog. */
public sealed interface CatalogCommand {

    /**
     * Enters it, or says more of it.
     *
     * @param isNew whether nobody may have entered or mentioned it before
     * @param description what it is from now on
     */
    record Describe(boolean isNew, Description description) implements CatalogCommand {}

    /** What is said of an entry. */
    sealed interface Description {

        Kind kind();

        String name();
    }

    /**
     * Of a person.
     *
     * @param timeZone of the IANA database
     */
    record OfPerson(
            String name,
            @Nullable String timeZone,
            @Nullable UUID team) implements Description {
        @Override
        public Kind kind() {
            return Kind.PERSON;
        }
    }

    /** Of a service. */
    record OfService(String name, @Nullable UUID team) implements Description {
        @Override
        public Kind kind() {
            return Kind.SERVICE;
        }
    }

    /** Of a team. */
    record OfTeam(String name, @Nullable UUID lead) implements Description {
        @Override
        public Kind kind() {
            return Kind.TEAM;
        }
    }

    /**
     * Says that it is another entry.
     *
     * @param into the other one's id
     * @param other as it is now
     * @param hasDuplicates whether others are this one
     */
    record Merge(UUID into, CatalogEntry other, boolean hasDuplicates) implements CatalogCommand {}

    /** Takes that back. */
    record Unmerge() implements CatalogCommand {}

    /**
     * Says by which aliases tools mean this entry, and which other one that really is. An entry that nobody has mentioned
     * begins so.
     *
     * @param aliases of this entry, not those of the other one; at least one where nobody has mentioned it
     * @param whole the other one's id; null: none but itself
     * @param other as it is now, of which this is another name; this one itself, where there is no other
     * @param hasDuplicates whether others are this one
     */
    record Call(List<CatalogEvent.Alias> aliases, @Nullable UUID whole, Known other, boolean hasDuplicates)
            implements CatalogCommand {}

    /** Takes that back: no tool means the other one by it any more. */
    record CallNoMore() implements CatalogCommand {}

    /** Removes the name of a person for good. */
    record RemoveName(String reason) implements CatalogCommand {}

    /**
     * Says whose token a person comes with whom a tool knows as somebody of its own.
     *
     * @param subject the {@code sub} claim
     */
    record LinkPerson(String subject) implements CatalogCommand {}

    /** Takes that back. */
    record UnlinkPerson() implements CatalogCommand {}
}
