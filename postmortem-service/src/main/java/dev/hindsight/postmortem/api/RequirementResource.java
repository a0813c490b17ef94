package dev.hindsight.postmortem.api;

import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Requirement;
import dev.hindsight.postmortem.domain.RequirementPolicy;
import dev.hindsight.postmortem.view.PostmortemQuery;
import dev.hindsight.postmortem.view.ReferenceQuery;
import dev.hindsight.postmortem.view.RequirementQuery;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Whether a postmortem is due. */
@Path("/api/v1/requirements")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Requirements", description = "Whether a postmortem is due, by which rules, and until when.")
public class RequirementResource {

    private final PostmortemQuery postmortems;
    private final RequirementQuery requirements;
    private final ReferenceQuery references;
    private final Access access;
    private final CurrentReader reader;

    RequirementResource(
            PostmortemQuery postmortems,
            RequirementQuery requirements,
            ReferenceQuery references,
            Access access,
            CurrentReader reader) {
        this.postmortems = postmortems;
        this.requirements = requirements;
        this.references = references;
        this.access = access;
        this.reader = reader;
    }

    @GET
    @Path("/{incidentId}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Whether a postmortem is due for an incident",
            description =
                    "What was decided at the resolution. Before it, what would be decided now (`decided` is false).")
    @APIResponse(
            responseCode = "200",
            description = "The answer, with every rule of the decision table.",
            content = @Content(schema = @Schema(implementation = RequirementBody.class)))
    public Uni<RequirementBody> requirement(@PathParam("incidentId") UUID incidentId) {
        Reader asking = reader.get();
        return access.require(asking, incidentId, "incident", incidentId)
                .chain(() -> postmortems.documentOf(incidentId))
                .chain(found -> {
                    Document document = found.orElse(null);
                    Requirement decided = document == null ? null : document.requirement();
                    return document == null || decided == null
                            ? preview(asking, incidentId)
                            : references
                                    .hidden(asking, decided)
                                    .map(hidden -> RequirementBody.of(
                                            incidentId, decided, true, document.waiver() != null, hidden));
                });
    }

    private Uni<RequirementBody> preview(Reader asking, UUID incidentId) {
        return requirements.of(incidentId).chain(known -> {
            Requirement now =
                    RequirementPolicy.FIRST.decide(known.orElseThrow(() -> new NotFound("incident", incidentId))
                            .facts());
            return references
                    .hidden(asking, now)
                    .map(hidden -> RequirementBody.of(incidentId, now, false, false, hidden));
        });
    }
}
