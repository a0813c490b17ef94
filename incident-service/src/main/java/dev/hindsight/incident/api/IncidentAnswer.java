package dev.hindsight.incident.api;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.incident.domain.Imports;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.domain.Incident.Link;
import dev.hindsight.incident.view.IncidentView;
import dev.hindsight.incident.view.ListedIncident;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An incident as clients see it. People are ids of the catalog, which alone knows names. */
@Schema(name = "Incident")
public record IncidentAnswer(
        UUID id,
        @Schema(examples = "INC-42") String reference,
        String title,
        @Nullable String summary,
        Severity severity,
        IncidentStatus status,
        IncidentKind kind,
        Visibility visibility,
        List<String> services,

        @Schema(description = "Role to the catalog id of the person who holds it.")
        Map<String, UUID> roles,

        @Schema(description = "People who were added, beside those with a role, page or action item.")
        List<UUID> participants,

        boolean customerFacing,
        boolean security,
        Impact impact,

        @Schema(description = "Pages that belong to it: runbooks, dashboards, tickets.")
        List<LinkAnswer> links,

        Milestones milestones,
        int pages,
        int reopenings,
        @Schema(description = "Ids that tools know it by.") List<String> sources,

        @Schema(description = "It was imported from another system's past: nothing is drafted or owed for it.")
        boolean imported,

        long version) {

    /** A page that belongs to an incident. */
    @Schema(name = "IncidentLink")
    public record LinkAnswer(
            LinkKind kind, String url, @Nullable String title) {

        static List<LinkAnswer> of(List<Link> links) {
            return links.stream()
                    .map(link -> new LinkAnswer(link.kind(), link.url(), link.title()))
                    .toList();
        }
    }

    static IncidentAnswer of(Loaded<Incident> loaded) {
        Incident incident = loaded.state();
        Incident.Declaration declaration = Objects.requireNonNull(incident.declaration());
        return new IncidentAnswer(
                loaded.streamId(),
                declaration.reference(),
                incident.currentTitle(),
                incident.currentSummary(),
                incident.severity(),
                incident.lifecycle().status(),
                incident.kind(),
                incident.visibility(),
                incident.currentServices(),
                incident.roles(),
                List.copyOf(incident.circle().added()),
                incident.customerFacing(),
                incident.security(),
                incident.impact(),
                LinkAnswer.of(incident.links()),
                incident.lifecycle().milestones(),
                incident.pageCount(),
                incident.lifecycle().reopenings(),
                List.copyOf(incident.sources()),
                Imports.areAmong(incident.sources()),
                loaded.version());
    }

    static IncidentAnswer of(IncidentView view) {
        return of(ListedIncident.of(view));
    }

    static IncidentAnswer of(ListedIncident listed) {
        return new IncidentAnswer(
                listed.id(),
                listed.reference(),
                listed.title(),
                listed.summary(),
                listed.severity(),
                listed.status(),
                listed.kind(),
                listed.visibility(),
                listed.services(),
                listed.roles(),
                listed.participants(),
                listed.customerFacing(),
                listed.security(),
                listed.impact(),
                LinkAnswer.of(listed.links()),
                listed.milestones(),
                listed.pages(),
                listed.reopenings(),
                listed.sources(),
                Imports.areAmong(listed.sources()),
                listed.version());
    }
}
