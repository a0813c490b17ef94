package dev.hindsight.actionitem.view;

import dev.hindsight.actionitem.domain.BalancePolicy.Weighed;
import dev.hindsight.actionitem.view.People.Person;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is shown beside an item and is not its own.
 *
 * @param incident null while none of its events has come here
 * @param owner null where there is none
 * @param siblings the other items of its postmortem, without canceled ones
 */
public record Surroundings(
        @Nullable Incident incident, @Nullable Person owner, List<Weighed> siblings) {

    /** The incident as far as it is known here. */
    public record Incident(
            UUID id,
            @Schema(nullable = true) @Nullable String reference,
            @Schema(nullable = true) @Nullable String title,
            @Schema(nullable = true) @Nullable Severity severity,
            IncidentStatus status,
            List<String> services) {}

    /** With somebody else as the owner. */
    public Surroundings ownedBy(@Nullable Person person) {
        return new Surroundings(incident, person, siblings);
    }
}
