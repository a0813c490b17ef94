package dev.hindsight.incident.api;

import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.view.CatalogEntryView;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** People, services and teams: the only place of a person's name. */
@Path("/api/v1/catalog")
@Tag(name = "Catalog")
@Produces(MediaType.APPLICATION_JSON)
public class CatalogResource {

    private final ToolQueries queries;

    CatalogResource(ToolQueries queries) {
        this.queries = queries;
    }

    /** One entry. */
    @Schema(name = "CatalogEntry")
    public record EntryAnswer(
            UUID id,
            String name,
            @Schema(description = "What tools call it.") List<Alias> aliases,
            @Nullable UUID team,

            @Schema(description = "It showed up in what arrived; nobody entered it.")
            boolean learned) {

        /** What one tool calls it. */
        public record Alias(String tool, String key) {}

        static EntryAnswer of(CatalogEntryView view) {
            return new EntryAnswer(
                    view.id,
                    view.name,
                    view.tool == null || view.key == null ? List.of() : List.of(new Alias(view.tool, view.key)),
                    view.teamId,
                    view.learned);
        }
    }

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

    private Uni<Page<EntryAnswer>> entries(String kind, PageQuery page) {
        return queries.catalog(kind, page.limit(), page.cursor(2)).map(found -> found.map(EntryAnswer::of));
    }
}
