package dev.hindsight.incident.api;

import dev.hindsight.contract.DeployState;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.TimeParam;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.domain.DeployLink.Verdict;
import dev.hindsight.incident.view.DeployQueries;
import dev.hindsight.incident.view.IncidentQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Deploys, as GitHub and GitLab tell of them, with the incidents that they may have contributed to. */
@Path("/api/v1/deploys")
@Tag(name = "Deploys")
@Produces(MediaType.APPLICATION_JSON)
public class DeployResource {

    private final DeployQueries queries;
    private final IncidentQueries incidents;
    private final CurrentReader reader;

    DeployResource(DeployQueries queries, IncidentQueries incidents, CurrentReader reader) {
        this.queries = queries;
        this.incidents = incidents;
        this.reader = reader;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List deploys", description = "By the time they were first heard of, newest first.")
    @APIResponse(responseCode = "200", description = "One page of deploys.")
    public Uni<Page<DeployAnswer>> list(
            @QueryParam("service")
                    @Parameter(
                            description =
                                    "The service that it changes, by any name that the catalog has merged and in any spelling.")
                    @Nullable
                    String service,
            @QueryParam("environment") @Parameter(description = "As the tool calls it.") @Nullable String environment,
            @QueryParam("state") @Nullable DeployState state,
            @QueryParam("incident")
                    @Parameter(description = "Linked to the incident of that id or reference, such as INC-42.")
                    @Nullable
                    String incident,
            @QueryParam("verdict") @Parameter(description = "Linked to an incident with that verdict.") @Nullable
                    Verdict verdict,
            @QueryParam("from")
                    @Parameter(description = "Heard of at or after: RFC 3339 instant or UTC date.")
                    @Nullable
                    String from,
            @QueryParam("to") @Parameter(description = "Heard of before: RFC 3339 instant or UTC date.") @Nullable
                    String to,
            @BeanParam PageQuery page) {
        Reader asking = reader.get();
        Uni<@Nullable UUID> linked = incident == null
                ? Uni.createFrom().nullItem()
                : incidents.find(asking, incident).map(view -> view.id);
        return linked.chain(id -> queries.list(
                        asking,
                        new DeployQueries.Filter(
                                service,
                                environment,
                                state,
                                id,
                                verdict,
                                TimeParam.parse("from", from),
                                TimeParam.parse("to", to)),
                        page.limit(),
                        page.cursor(2)))
                .map(found -> found.map(DeployAnswer::of));
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Read a deploy")
    @APIResponse(
            responseCode = "200",
            description = "The deploy, as far as its tool has told.",
            content = @Content(schema = @Schema(implementation = DeployAnswer.class)))
    public Uni<Response> read(@PathParam("id") UUID id) {
        return queries.find(reader.get(), id).map(found -> Answers.read(DeployAnswer.of(found), found.version()));
    }
}
