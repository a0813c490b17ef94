package dev.hindsight.conventions.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.IdempotencyKey;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.rebuild.RebuildStatus;
import dev.hindsight.eventstore.rebuild.Rebuilds;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The views of this service, and their rebuilding from the events. */
@Path("/api/v1/projections")
@Tag(name = "Operations")
@Produces(MediaType.APPLICATION_JSON)
public class ProjectionResource {

    private static final String RUNNING = """
            {"projection": "timelines", "state": "READING", "eventsDone": 412000, "eventsTotal": 1000000, "streams": 51200,
             "eventsPerSecond": 41200.0, "startedAt": "2026-11-21T14:05:00Z", "finishedAt": null, "by": "alice",
             "failure": null}""";

    private static final String FAILED = """
            {"projection": "timelines", "state": "FAILED", "eventsDone": 1000000, "eventsTotal": 1000000, "streams": 125000,
             "eventsPerSecond": 40000.0, "startedAt": "2026-11-21T14:05:00Z", "finishedAt": "2026-11-21T14:05:25Z",
             "by": "alice", "failure": "1 streams would be less far than the live view, such as \
            0198c0de-0000-7000-8000-000000000001 at version 3 of 5: the topic no longer holds its events."}""";

    private final Rebuilds rebuilds;
    private final EventStore store;
    private final RequestContext request;
    private final ObjectMapper json;

    ProjectionResource(Rebuilds rebuilds, EventStore store, RequestContext request, ObjectMapper json) {
        this.rebuilds = rebuilds;
        this.store = store;
        this.request = request;
        this.json = json;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "List the projections of this service",
            description = "Everything that can be made anew from events, by name: what grows from topics, and what is"
                    + " written with the service's own events.")
    @APIResponse(responseCode = "200", description = "One page of projections.")
    public Uni<Page<ProjectionAnswer>> list(@BeanParam PageQuery page) {
        int limit = page.limit();
        String after = page.cursor(1).map(cursor -> cursor.text(0)).orElse("");
        return rebuilds.standings()
                .map(all -> Page.of(
                        all.stream()
                                .map(ProjectionAnswer::of)
                                .filter(projection -> projection.name().compareTo(after) > 0)
                                .limit(limit + 1L)
                                .toList(),
                        limit,
                        projection -> Cursor.of(projection.name())));
    }

    @POST
    @Path("/{name}/rebuild")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Rebuild a projection from the events",
            description =
                    "Beside the live one, which goes on untouched until the new one takes its place at once. One at a"
                            + " time for each projection: 409 with REBUILD_RUNNING while there is one.")
    @APIResponse(
            responseCode = "202",
            description = "It has begun.",
            headers = @Header(name = "Location", description = "Where to look how far it is."),
            content =
                    @Content(
                            schema = @Schema(implementation = RebuildStatus.class),
                            examples = @ExampleObject(name = "begun", value = """
                                    {"projection": "timelines", "state": "PREPARING", "eventsDone": 0, "eventsTotal": null,
                                     "streams": 0, "eventsPerSecond": 0.0, "startedAt": "2026-11-21T14:05:00Z",
                                     "finishedAt": null, "by": "alice", "failure": null}""")))
    public Uni<Response> start(@PathParam("name") String name) {
        require(name);
        CommandContext context = request.context();
        String by = request.subject();
        StoredAnswer answer = accepted(RebuildStatus.begun(name, by, context.now()));
        IdempotencyKey key = context.idempotencyKey();
        if (key == null) {
            return rebuilds.start(name, by, context, List.of()).replaceWith(() -> response(answer));
        }
        return store.answerOf(key).chain(kept -> kept.map(
                        first -> Uni.createFrom().item(response(first)))
                .orElseGet(() -> rebuilds.start(name, by, context, List.of(EventStore.keep(key, answer)))
                        .replaceWith(() -> response(answer))
                        .onFailure(AlreadyDone.class)
                        .recoverWithUni(() -> store.answerOf(key).map(first -> response(first.orElse(answer))))
                        // The one that is under way may be what was asked for, by the same request sent before.
                        .onFailure(Refused.class)
                        .recoverWithUni(refused -> store.answerOf(key).chain(since -> since.map(
                                        first -> Uni.createFrom().item(response(first)))
                                .orElseGet(() -> Uni.createFrom().failure(refused))))));
    }

    @GET
    @Path("/{name}/rebuild")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "How far the newest rebuild of a projection is")
    @APIResponse(
            responseCode = "200",
            description = "Its state and figures; 404 where there was none.",
            content =
                    @Content(
                            schema = @Schema(implementation = RebuildStatus.class),
                            examples = {
                                @ExampleObject(name = "running", value = RUNNING),
                                @ExampleObject(name = "failed", value = FAILED)
                            }))
    public Uni<RebuildStatus> status(@PathParam("name") String name) {
        require(name);
        return rebuilds.status(name).map(status -> status.orElseThrow(() -> new NotFound("rebuild of", name)));
    }

    @DELETE
    @Path("/{name}/rebuild")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Cancel the rebuild that is under way",
            description =
                    "On whichever instance it is; it ends as CANCELED within a second or so, and the live projection"
                            + " stays as it was. 409 with NOT_RUNNING where there is none.")
    @APIResponse(
            responseCode = "202",
            description = "It was asked to end.",
            content =
                    @Content(
                            schema = @Schema(implementation = RebuildStatus.class),
                            examples = @ExampleObject(name = "running", value = RUNNING)))
    public Uni<Response> cancel(@PathParam("name") String name) {
        require(name);
        return rebuilds.cancel(name).map(status -> Response.accepted(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build());
    }

    private void require(String name) {
        if (rebuilds.view(name).isEmpty()) {
            throw new NotFound("projection", name);
        }
    }

    private StoredAnswer accepted(RebuildStatus status) {
        try {
            return new StoredAnswer(
                    202,
                    null,
                    "/api/v1/projections/" + status.projection() + "/rebuild",
                    null,
                    json.writeValueAsBytes(status));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response response(StoredAnswer answer) {
        return Answers.toResponse(answer);
    }
}
