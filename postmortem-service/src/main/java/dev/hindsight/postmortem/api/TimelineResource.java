package dev.hindsight.postmortem.api;

import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.view.TimelineQuery;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Timelines, as incidents wrote them. */
@Path("/api/v1/timelines")
@Produces(MediaType.APPLICATION_JSON)
@Tag(
        name = "Timelines",
        description = "The ordered, provable record of an incident: both times, actor, text, provenance.")
public class TimelineResource {

    private static final String EXAMPLE = """
            {"incidentId": "0198c0de-0000-7000-8000-000000000042", "reference": "INC-42",
             "entries": [{"id": "0198c0de-0000-7000-8000-000000000101", "kind": "ACKNOWLEDGED",
               "occurredAt": "2026-05-04T10:14:00Z", "recordedAt": "2026-05-04T10:14:01.204Z", "actor": "Mira Okafor",
               "actorId": "4b6f1c1e-7d5a-5d0c-9a31-0c8f6f1d2e3a", "text": "Acknowledged", "person": null, "key": true,
               "source": {"eventId": "0198c0de-0000-7000-8000-000000000101", "sequence": 2,
                 "integration": "0198c0de-0000-7000-8000-000000000007",
                 "deliveryId": "a2a3f7f4-2b1c-5f0e-8a6e-6b6a2f3c4d5e", "url": "https://acme.pagerduty.com/incidents/Q1"}}],
             "next": null,
             "milestones": {"impactStarted": null, "detected": null, "declared": "2026-05-04T10:12:30Z",
               "acknowledged": "2026-05-04T10:14:00Z", "mitigated": null, "resolved": "2026-05-04T10:44:30Z", "closed": null},
             "durations": {"timeToDetectSeconds": null, "timeToAcknowledgeSeconds": 90.0, "timeToMitigateSeconds": null,
               "timeToRestoreSeconds": 1920.0}}""";

    private final TimelineQuery timelines;
    private final CurrentReader reader;

    TimelineResource(TimelineQuery timelines, CurrentReader reader) {
        this.timelines = timelines;
        this.reader = reader;
    }

    @GET
    @Path("/{incidentId}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Timeline of an incident",
            description =
                    "Entries in the order in which things happened: (occurredAt, the source's own order, sequence). The"
                            + " order in which signals arrived makes no difference. A declaration that was only inferred from another"
                            + " signal is left out once the real one is there.")
    @APIResponse(
            responseCode = "200",
            description = "A page of it, with milestones and durations of the whole incident.",
            content =
                    @Content(
                            schema = @Schema(implementation = TimelineBody.class),
                            examples = @ExampleObject(name = "acknowledged", value = EXAMPLE)))
    public Uni<TimelineBody> timeline(
            @PathParam("incidentId") UUID incidentId,
            @Parameter(description = "Only entries of this kind.") @QueryParam("kind") @Nullable EntryKind kind,
            @Parameter(description = "Only key entries, or only the others.") @QueryParam("key") @Nullable Boolean key,
            @BeanParam PageQuery page) {
        return timelines
                .page(reader.get(), incidentId, kind, key, page.limit(), page.cursor(3))
                .map(TimelineBody::of);
    }
}
