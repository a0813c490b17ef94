package dev.hindsight.conventions.operations;

import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The streams that this service owns, as they stand on disk. Viewers see them: they hold ids of people, and no names. */
@Path("/api/v1/streams")
@Tag(name = "Events")
@Produces(MediaType.APPLICATION_JSON)
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "none")
public class StreamResource {

    private final StreamReading streams;

    StreamResource(StreamReading streams) {
        this.streams = streams;
    }

    @GET
    @Path("{id}/events")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Read a stream",
            description =
                    "Any stream that this service owns, in the order of recording, with provenance and hash chain.")
    @APIResponse(
            responseCode = "200",
            description = "One page of events.",
            content = @Content(examples = @ExampleObject(name = "page", value = EventAnswer.EXAMPLE)))
    public Uni<Page<EventAnswer>> events(@PathParam("id") UUID id, @BeanParam PageQuery page) {
        return streams.events(id, page, "stream", id);
    }

    @GET
    @Path("{id}/verification")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Verify a stream",
            description =
                    "Computes the chain of hashes anew: each covers the one before it, every attribute and the data.")
    @APIResponse(
            responseCode = "200",
            description = "Whether it is as it was recorded.",
            content =
                    @Content(
                            schema = @Schema(implementation = VerificationAnswer.class),
                            examples = {
                                @ExampleObject(name = "intact", value = VerificationAnswer.INTACT),
                                @ExampleObject(name = "changed", value = VerificationAnswer.BROKEN)
                            }))
    public Uni<VerificationAnswer> verification(@PathParam("id") UUID id) {
        return streams.verification(id, "stream", id);
    }
}
