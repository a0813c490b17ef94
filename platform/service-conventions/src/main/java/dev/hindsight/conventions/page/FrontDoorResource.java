package dev.hindsight.conventions.page;

import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Whoever comes to the address of another service is led to the front page, which the incident-service has. */
@Path("/")
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "incident-events", enableIfMissing = true)
public class FrontDoorResource {

    private final Frames frames;

    FrontDoorResource(Frames frames) {
        this.frames = frames;
    }

    @GET
    @PermitAll
    @Operation(hidden = true)
    public Response toTheFrontPage() {
        return Response.seeOther(URI.create(frames.home())).build();
    }
}
