package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The catalog's streams, one for each team, service and person (topic {@code incident-events}, key: the stream). The only
 * place of a person's name.
 */
public sealed interface CatalogEvent extends DomainEvent {

    /** The tool of people who were learned from their tokens; they are known there by the token's subject. */
    String OIDC = "oidc";

    /**
     * A person showed up in what arrived.
     *
     * @param tool where the person is known as {@code key}; {@link #OIDC} for a token's subject
     */
    @JsonTypeName("hindsight.catalog.person-learned.v1")
    record PersonLearned(String name, String tool, String key) implements CatalogEvent {}

    /**
     * Whoever comes with this token subject is this person, whom a tool knows as somebody of its own; a later link replaces
     * the earlier one. A person that was learned from a token needs none.
     *
     * @param subject the {@code sub} claim
     */
    @JsonTypeName("hindsight.catalog.person-linked.v1")
    record PersonLinked(String subject) implements CatalogEvent {}

    /**
     * Whoever comes with that token subject is not this person, or no longer.
     *
     * @param subject that the person was linked to
     */
    @JsonTypeName("hindsight.catalog.person-unlinked.v1")
    record PersonUnlinked(String subject) implements CatalogEvent {}

    /** A service showed up in what arrived. */
    @JsonTypeName("hindsight.catalog.service-learned.v1")
    record ServiceLearned(
            String name,
            @Nullable UUID team,
            @Nullable String tool,
            @Nullable String key) implements CatalogEvent {}

    /** A team showed up in what arrived. */
    @JsonTypeName("hindsight.catalog.team-learned.v1")
    record TeamLearned(
            String name, @Nullable String tool, @Nullable String key) implements CatalogEvent {}
}
