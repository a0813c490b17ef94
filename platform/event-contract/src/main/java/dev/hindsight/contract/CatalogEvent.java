package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
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

    /**
     * Somebody said who a person is; replaces what was learned and said before.
     *
     * @param timeZone of the IANA database, such as {@code Europe/Berlin}; null where nobody said
     * @param team that they belong to; null where nobody said
     */
    @JsonTypeName("hindsight.catalog.person-described.v1")
    record PersonDescribed(
            String name,
            @Nullable String timeZone,
            @Nullable UUID team) implements CatalogEvent {}

    /**
     * The name of a person is shown nowhere any more, nor what tools call them: by no view, and in no event that was recorded
     * before. For good.
     *
     * @param reason names nobody
     */
    @JsonTypeName("hindsight.catalog.person-name-removed.v1")
    record PersonNameRemoved(String reason) implements CatalogEvent {}

    /**
     * Somebody said whose a service is; replaces what was learned and said before.
     *
     * @param team null where it is nobody's
     */
    @JsonTypeName("hindsight.catalog.service-described.v1")
    record ServiceDescribed(String name, @Nullable UUID team) implements CatalogEvent {}

    /**
     * Somebody said who leads a team; replaces what was learned and said before.
     *
     * @param lead a person; null where nobody does
     */
    @JsonTypeName("hindsight.catalog.team-described.v1")
    record TeamDescribed(String name, @Nullable UUID lead) implements CatalogEvent {}

    /**
     * It is another entry of the same kind, which tools or people call something else.
     *
     * @param into an entry that is none but itself
     */
    @JsonTypeName("hindsight.catalog.entry-merged.v1")
    record EntryMerged(UUID into) implements CatalogEvent {}

    /**
     * Somebody said by which aliases tools mean a service or team, beside that by which it was learned; replaces what was said
     * before. What is called something else by a tool is another entry, merged into it; so is a person that another tool knows.
     *
     * @param aliases each once
     */
    @JsonTypeName("hindsight.catalog.aliases-said.v1")
    record AliasesSaid(List<Alias> aliases) implements CatalogEvent {

        public AliasesSaid {
            aliases = List.copyOf(aliases);
        }
    }

    /** By which a tool means an entry. */
    record Alias(String tool, String key) {}

    /**
     * It is none but itself again.
     *
     * @param from what it was taken for
     */
    @JsonTypeName("hindsight.catalog.entry-unmerged.v1")
    record EntryUnmerged(UUID from) implements CatalogEvent {}
}
