package dev.hindsight.incident.api;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.application.CatalogHandler;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.CatalogCommand;
import dev.hindsight.incident.domain.CatalogEntry;
import dev.hindsight.incident.view.CatalogEntryView;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * People, services and teams: the only place of a person's name. That there is one of a name is no secret, also where only a
 * restricted incident has mentioned it: an entry says nothing of incidents, and hiding it would leave names out of everything
 * else that mentions it.
 */
@Path("/api/v1/catalog")
@Tag(name = "Catalog")
@Produces(MediaType.APPLICATION_JSON)
public class CatalogResource {

    private static final String PERSON = "The person's id in the catalog.";
    private static final int SUBJECT = 200;

    private final ToolQueries queries;
    private final CatalogHandler handler;
    private final RequestContext request;
    private final Answers answers;

    CatalogResource(ToolQueries queries, CatalogHandler handler, RequestContext request, Answers answers) {
        this.queries = queries;
        this.handler = handler;
        this.request = request;
        this.answers = answers;
    }

    /** One entry. */
    @Schema(name = "CatalogEntry")
    public record EntryAnswer(
            UUID id,
            String name,

            @Schema(description = "What tools call it; a person's token subject is what `oidc` calls them.")
            List<Alias> aliases,

            @Nullable UUID team,

            @Schema(description = "It showed up in what arrived; nobody entered it.")
            boolean learned) {

        /** What one tool calls it. */
        public record Alias(String tool, String key) {}

        static EntryAnswer of(CatalogEntryView view) {
            return new EntryAnswer(
                    view.id, view.name, aliases(view.tool, view.key, view.subject), view.teamId, view.learned);
        }

        static EntryAnswer of(UUID id, CatalogEntry.Person person) {
            return new EntryAnswer(
                    id, person.name(), aliases(person.tool(), person.key(), person.subject()), null, true);
        }

        private static List<Alias> aliases(@Nullable String tool, @Nullable String key, @Nullable String subject) {
            List<Alias> aliases = new ArrayList<>();
            if (tool != null && key != null) {
                aliases.add(new Alias(tool, key));
            }
            if (subject != null) {
                aliases.add(new Alias(CatalogEvent.OIDC, subject));
            }
            return List.copyOf(aliases);
        }
    }

    /** Whose token a person comes with. */
    @Schema(name = "PersonSubject", description = "Whose token a person comes with.")
    public record SubjectBody(
            @NotBlank @Size(max = SUBJECT) @Schema(description = "The sub claim of their token.", examples = "maria")
            String subject) {}

    @GET
    @Path("people")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List people", description = "By name. Learned from tokens, tools and commands.")
    @APIResponse(responseCode = "200", description = "One page of people.")
    public Uni<Page<EntryAnswer>> people(@BeanParam PageQuery page) {
        return entries("PERSON", page);
    }

    @GET
    @Path("services")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List services", description = "By name. Learned from incidents and tools.")
    @APIResponse(responseCode = "200", description = "One page of services.")
    public Uni<Page<EntryAnswer>> services(@BeanParam PageQuery page) {
        return entries("SERVICE", page);
    }

    @GET
    @Path("teams")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List teams", description = "By name. Learned from tools.")
    @APIResponse(responseCode = "200", description = "One page of teams.")
    public Uni<Page<EntryAnswer>> teams(@BeanParam PageQuery page) {
        return entries("TEAM", page);
    }

    @POST
    @Path("people/{id}/subject")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Say with whose token a person comes",
            description =
                    "For people whom a tool knows as somebody of its own: who comes with a token of that subject then sees"
                            + " the restricted incidents in which this person takes part. A later one replaces it; several people"
                            + " may be linked to one subject, as several tools know the same human being.")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> linkSubject(
            @PathParam("id") @Parameter(description = PERSON) UUID id, @Valid SubjectBody body) {
        return command(id, new CatalogCommand.LinkPerson(body.subject().strip()));
    }

    @DELETE
    @Path("people/{id}/subject")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Take back with whose token a person comes")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> unlinkSubject(@PathParam("id") @Parameter(description = PERSON) UUID id) {
        return command(id, new CatalogCommand.UnlinkPerson());
    }

    private Uni<Response> command(UUID id, CatalogCommand command) {
        return handler.command(
                        id,
                        command,
                        Learned.by(request.subject(), request.displayName()),
                        request.context(),
                        after -> answers.ok(
                                EntryAnswer.of(id, (CatalogEntry.Person) after.state()), id, after.version()))
                .map(outcome -> Answers.toResponse(Objects.requireNonNull(outcome.answer())));
    }

    private Uni<Page<EntryAnswer>> entries(String kind, PageQuery page) {
        return queries.catalog(kind, page.limit(), page.cursor(2)).map(found -> found.map(EntryAnswer::of));
    }
}
