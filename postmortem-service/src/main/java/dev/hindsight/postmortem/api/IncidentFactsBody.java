package dev.hindsight.postmortem.api;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.postmortem.view.IncidentView;
import dev.hindsight.postmortem.view.People;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What the incident's own events tell. */
@Schema(name = "IncidentFacts")
record IncidentFactsBody(
        UUID id,
        @Schema(examples = "INC-42") String reference,
        String title,
        Severity severity,
        IncidentStatus status,
        IncidentKind kind,
        List<String> services,
        boolean customerFacing,
        boolean security,

        @Schema(description = "It comes from another system's past.")
        boolean imported,

        @Schema(description = "Who holds which role.") SortedMap<String, PersonBody> roles,
        Milestones milestones,
        int reopenings,

        @Schema(description = "Notifications of responders.")
        long pages,

        @Schema(description = "How many of them a calendar judged at all; the others are unknown.")
        long pagesJudged,

        @Schema(description = "How many of them a calendar judged as after hours.")
        long pagesAfterHours) {

    static IncidentFactsBody of(IncidentView incident, People people) {
        SortedMap<String, PersonBody> roles = new TreeMap<>();
        incident.roles().forEach((role, person) -> roles.put(role, PersonBody.of(person, people)));
        return new IncidentFactsBody(
                incident.id,
                incident.reference,
                incident.title,
                incident.severity,
                incident.status,
                incident.kind,
                incident.services(),
                incident.customerFacing,
                incident.security,
                incident.imported,
                roles,
                incident.milestones(),
                incident.reopenings,
                incident.pages,
                incident.pagesJudged,
                incident.pagesAfterHours);
    }
}
