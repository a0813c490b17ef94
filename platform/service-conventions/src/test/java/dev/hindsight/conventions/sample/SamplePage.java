package dev.hindsight.conventions.sample;

import dev.hindsight.conventions.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What a browser opens. */
@Path("/pages")
@Produces(MediaType.TEXT_HTML)
public class SamplePage {

    private final SecurityIdentity identity;

    SamplePage(SecurityIdentity identity) {
        this.identity = identity;
    }

    @GET
    @Path("/read")
    @RolesAllowed(Roles.VIEWER)
    @Operation(hidden = true)
    public String read() {
        return "<p>" + identity.getPrincipal().getName() + "</p>";
    }

    @GET
    @Path("/edit")
    @RolesAllowed(Roles.EDITOR)
    @Operation(hidden = true)
    public String edit() {
        return "<p>edit</p>";
    }

    /** A command, even if it answers HTML. */
    @POST
    @Path("/read")
    @RolesAllowed(Roles.VIEWER)
    @Operation(hidden = true)
    public String change() {
        return "<p>changed</p>";
    }
}
