package dev.hindsight.incident.domain;

/** Everything that can be asked of an entry of the catalog. */
public sealed interface CatalogCommand {

    /**
     * Says whose token a person comes with whom a tool knows as somebody of its own.
     *
     * @param subject the {@code sub} claim
     */
    record LinkPerson(String subject) implements CatalogCommand {}

    /** Takes that back. */
    record UnlinkPerson() implements CatalogCommand {}
}
