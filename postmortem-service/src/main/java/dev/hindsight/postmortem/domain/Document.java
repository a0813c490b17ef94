package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.FactorCategory;
import dev.hindsight.contract.PostmortemSection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is written in a postmortem, whatever its status.
 *
 * @param owner null: nobody, and visible as such
 * @param ownerChosen a person chose the owner, so facts that arrive later do not
 * @param resolvedAt the resolution that opened the draft
 * @param requirement null only between the first two events of the stream
 * @param sections those that somebody has written, in the document's order
 * @param publishedRevisions how many revisions have been published
 * @param touchedAt when people last did something to it; nothing can be published before that
 */
public record Document(
        UUID incidentId,
        @Nullable UUID owner,
        boolean ownerChosen,
        Instant draftedAt,
        Instant resolvedAt,
        @Nullable Requirement requirement,
        @Nullable Waiver waiver,
        List<Section> sections,
        List<Factor> factors,
        int publishedRevisions,
        Instant touchedAt) {

    public Document {
        sections = List.copyOf(sections);
        factors = List.copyOf(factors);
    }

    /**
     * A section that somebody has written.
     *
     * @param revision counted from 1
     * @param text CommonMark
     * @param writtenBy opaque id
     */
    public record Section(PostmortemSection section, int revision, String text, Instant writtenAt, String writtenBy) {}

    /**
     * A contributing factor.
     *
     * @param whys each the reason of the one before
     */
    public record Factor(
            UUID id, FactorCategory category, @Nullable String key, String text, List<String> whys) {

        public Factor {
            whys = List.copyOf(whys);
        }

        Factor because(String why) {
            List<String> longer = new ArrayList<>(whys);
            longer.add(why);
            return new Factor(id, category, key, text, longer);
        }
    }

    /** Who released the people from the duty, and why. */
    public record Waiver(String reason, Instant at, String by) {}

    /** The section, where somebody has written it. */
    public Optional<Section> section(PostmortemSection name) {
        return sections.stream().filter(section -> section.section() == name).findFirst();
    }

    /** Whether the section says anything. */
    public boolean says(PostmortemSection name) {
        return section(name).filter(section -> !section.text().isBlank()).isPresent();
    }

    /** Revision of the section; 0 where nobody has written it. */
    public int revisionOf(PostmortemSection name) {
        return section(name).map(Section::revision).orElse(0);
    }

    /** The factor of that id. */
    public Optional<Factor> factor(UUID factorId) {
        return factors.stream().filter(factor -> factor.id().equals(factorId)).findFirst();
    }

    Document ownedBy(@Nullable UUID person, boolean chosen) {
        return new Document(
                incidentId,
                person,
                chosen,
                draftedAt,
                resolvedAt,
                requirement,
                waiver,
                sections,
                factors,
                publishedRevisions,
                touchedAt);
    }

    Document requiredAs(Requirement decided) {
        return new Document(
                incidentId,
                owner,
                ownerChosen,
                draftedAt,
                resolvedAt,
                decided,
                waiver,
                sections,
                factors,
                publishedRevisions,
                touchedAt);
    }

    Document waivedBy(Waiver given) {
        return new Document(
                incidentId,
                owner,
                ownerChosen,
                draftedAt,
                resolvedAt,
                requirement,
                given,
                sections,
                factors,
                publishedRevisions,
                touchedAt);
    }

    Document with(Section written) {
        List<Section> others = new ArrayList<>(sections);
        others.removeIf(section -> section.section() == written.section());
        others.add(written);
        others.sort((left, right) -> left.section().compareTo(right.section()));
        return new Document(
                incidentId,
                owner,
                ownerChosen,
                draftedAt,
                resolvedAt,
                requirement,
                waiver,
                others,
                factors,
                publishedRevisions,
                touchedAt);
    }

    Document withFactors(UnaryOperator<List<Factor>> change) {
        return new Document(
                incidentId,
                owner,
                ownerChosen,
                draftedAt,
                resolvedAt,
                requirement,
                waiver,
                sections,
                change.apply(new ArrayList<>(factors)),
                publishedRevisions,
                touchedAt);
    }

    Document publishedAs(int revision) {
        return new Document(
                incidentId,
                owner,
                ownerChosen,
                draftedAt,
                resolvedAt,
                requirement,
                waiver,
                sections,
                factors,
                revision,
                touchedAt);
    }

    Document touched(Instant at) {
        return new Document(
                incidentId,
                owner,
                ownerChosen,
                draftedAt,
                resolvedAt,
                requirement,
                waiver,
                sections,
                factors,
                publishedRevisions,
                at.isAfter(touchedAt) ? at : touchedAt);
    }
}
