package dev.hindsight.actionitem.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.actionitem.application.ActionItemHandler;
import dev.hindsight.actionitem.application.ActionItemHandler.Proposal;
import dev.hindsight.actionitem.domain.ActionItemCommand;
import dev.hindsight.actionitem.domain.ActionItemCommand.AcceptActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.CancelActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.CompleteActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.StartActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.VerifyActionItem;
import dev.hindsight.actionitem.view.ActionItemQuery;
import dev.hindsight.actionitem.view.ActionItemView;
import dev.hindsight.actionitem.view.People;
import dev.hindsight.actionitem.view.Surroundings;
import dev.hindsight.actionitem.view.SurroundingsQuery;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.StoredAnswer;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Proposes, reads and drives action items. */
@Path("/api/v1/action-items")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Action items", description = "From a proposal to the proof that it works.")
public class ActionItemResource {

    static final String MERGE_PATCH = "application/merge-patch+json";

    private static final String ID = "UUID of the item, or its reference such as `ACT-7`.";

    private final ActionItemHandler handler;
    private final ActionItemQuery query;
    private final SurroundingsQuery surroundings;
    private final People people;
    private final Answers answers;
    private final RequestContext request;
    private final CurrentReader reader;
    private final ObjectMapper json;

    ActionItemResource(
            ActionItemHandler handler,
            ActionItemQuery query,
            SurroundingsQuery surroundings,
            People people,
            Answers answers,
            RequestContext request,
            CurrentReader reader,
            ObjectMapper json) {
        this.handler = handler;
        this.query = query;
        this.surroundings = surroundings;
        this.people = people;
        this.answers = answers;
        this.request = request;
        this.reader = reader;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Propose an action item",
            description =
                    "A proposal may be incomplete; `quality` says what acceptance will ask for. `warnings` tell what is worth a"
                            + " second look: too many items, or a postmortem of one category only. An owner that is a team, and a due"
                            + " date that is no date, are refused here already.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = ProposeRequest.class),
                            examples = @ExampleObject(name = "meets the quality bar", value = Examples.PROPOSAL)))
    @APIResponse(
            responseCode = "201",
            description = "The new item.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> propose(ProposeRequest body) {
        if (body.incidentId() == null) {
            throw Invalid.field(
                    "incidentId", "REQUIRED", "incidentId must name the incident that the item follows from.");
        }
        LocalDate today = today();
        return handler.propose(
                        new Proposal(
                                body.incidentId(),
                                body.postmortemId(),
                                body.owner(),
                                body.details(),
                                request.occurredAt(body.occurredAt())),
                        reader.get(),
                        request.context(body.actor()),
                        (item, beside) -> answers.created(
                                ActionItemBody.ofCommand(item, beside, today),
                                "/api/v1/action-items/" + item.id,
                                item.id,
                                item.version))
                .map(Answers::toResponse);
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "List action items",
            description = "Sorted by due date (none: last), then id. Several values of one filter mean any of them.")
    @APIResponse(
            responseCode = "200",
            description = "One page.",
            content = @Content(schema = @Schema(implementation = ActionItemPage.class)))
    public Uni<ActionItemPage> list(@BeanParam ActionItemFilter filter, @BeanParam PageQuery page) {
        LocalDate today = today();
        int limit = page.limit();
        var cursor = page.cursor(ActionItemQuery.CURSOR_SIZE).orElse(null);
        Reader asking = reader.get();
        return filter.resolve(people)
                .chain(resolved -> query.page(asking, resolved, today, limit, cursor))
                .map(rows -> ActionItemPage.of(rows.map(row -> ActionItemBody.ofRow(row, today))));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Read an action item")
    @APIResponse(
            responseCode = "200",
            description = "The item as it is now.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> read(@Parameter(description = ID) @PathParam("id") String id) {
        LocalDate today = today();
        return found(id).map(row -> Answers.read(ActionItemBody.ofRow(row, today), row.item().version));
    }

    @GET
    @Path("/{id}/quality")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "What the item misses",
            description =
                    "The quality bar as it is today: one named owner, a real due date, a described and specific change, the risk"
                            + " that it reduces, a verification step, priority, type and category. The check of wording reads English.")
    @APIResponse(
            responseCode = "200",
            description = "Every point in which it misses the bar.",
            content = @Content(schema = @Schema(implementation = QualityBody.class)))
    public Uni<Response> quality(@Parameter(description = ID) @PathParam("id") String id) {
        return found(id).map(row -> Answers.read(QualityBody.of(row.item().details()), row.item().version));
    }

    @PATCH
    @Path("/{id}")
    @Consumes({MERGE_PATCH, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Revise an action item",
            description =
                    "JSON merge patch (RFC 7396) of the details. An accepted item must still meet the quality bar afterwards (409"
                            + " with every finding); one that is done, verified or canceled is not revised any more.")
    @RequestBody(
            content = {
                @Content(
                        mediaType = MERGE_PATCH,
                        schema = @Schema(implementation = DetailsBody.class),
                        examples = @ExampleObject(name = "another owner, a later day", value = Examples.PATCH)),
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = DetailsBody.class))
            })
    @APIResponse(
            responseCode = "200",
            description = "The item as it is now.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> revise(@Parameter(description = ID) @PathParam("id") String id, ObjectNode body) {
        MergePatch patch = new MergePatch(json, body);
        return handler.revise(
                        id,
                        reader.get(),
                        request.context(patch.actor()),
                        given(patch.occurredAt()),
                        patch.newOwner(),
                        patch::apply,
                        answering())
                .map(Answers::toResponse);
    }

    @POST
    @Path("/{id}/acceptance")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Accept a proposed item",
            description =
                    "It is going to be done, by its owner. Refused with every finding while it misses the quality bar.")
    @APIResponse(
            responseCode = "200",
            description = "The accepted item.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> accept(@Parameter(description = ID) @PathParam("id") String id, StepRequests.Step body) {
        return change(id, body.occurredAt(), body.actor(), AcceptActionItem::new);
    }

    @POST
    @Path("/{id}/start")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Start an accepted item", description = "Work on it begins.")
    @APIResponse(
            responseCode = "200",
            description = "The item, in progress.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> start(@Parameter(description = ID) @PathParam("id") String id, StepRequests.Step body) {
        return change(id, body.occurredAt(), body.actor(), StartActionItem::new);
    }

    @POST
    @Path("/{id}/completion")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Complete an item", description = "The change is made. An item need not have been started.")
    @APIResponse(
            responseCode = "200",
            description = "The item, done.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> complete(
            @Parameter(description = ID) @PathParam("id") String id, StepRequests.Completion body) {
        return change(id, body.occurredAt(), body.actor(), at -> new CompleteActionItem(body.note(), at));
    }

    @POST
    @Path("/{id}/verification")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Verify a done item",
            description = "The verification step showed that it works; the evidence says how. Final.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = StepRequests.Verification.class),
                            examples = @ExampleObject(name = "load test", value = Examples.VERIFICATION)))
    @APIResponse(
            responseCode = "200",
            description = "The verified item.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> verify(
            @Parameter(description = ID) @PathParam("id") String id, StepRequests.Verification body) {
        String evidence = required("evidence", body.evidence());
        return change(id, body.occurredAt(), body.actor(), at -> new VerifyActionItem(evidence, at));
    }

    @POST
    @Path("/{id}/cancellation")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Cancel an open item",
            description =
                    "It will not be done, and the reason says why. Final. An item that is done cannot be canceled.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = StepRequests.Cancellation.class),
                            examples = @ExampleObject(name = "overtaken", value = Examples.CANCELLATION)))
    @APIResponse(
            responseCode = "200",
            description = "The canceled item.",
            content = @Content(schema = @Schema(implementation = ActionItemBody.class)))
    public Uni<Response> cancel(
            @Parameter(description = ID) @PathParam("id") String id, StepRequests.Cancellation body) {
        String reason = required("reason", body.reason());
        return change(id, body.occurredAt(), body.actor(), at -> new CancelActionItem(reason, at));
    }

    private Uni<Response> change(
            String id,
            @Nullable Instant occurredAt,
            @Nullable String actor,
            Function<Instant, ActionItemCommand> command) {
        return handler.change(id, reader.get(), request.context(actor), given(occurredAt), command, answering())
                .map(Answers::toResponse);
    }

    private ActionItemHandler.Answering answering() {
        LocalDate today = today();
        return (ActionItemView item, Surroundings beside) -> answer(item, beside, today);
    }

    private StoredAnswer answer(ActionItemView item, Surroundings beside, LocalDate today) {
        return answers.ok(ActionItemBody.ofCommand(item, beside, today), item.id, item.version);
    }

    private Uni<ActionItemQuery.Row> found(String idOrReference) {
        Reader asking = reader.get();
        return surroundings
                .idOf(idOrReference)
                .chain(id -> query.find(asking, id))
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound("action item", idOrReference));
    }

    private @Nullable Instant given(@Nullable Instant occurredAt) {
        return occurredAt == null ? null : request.occurredAt(occurredAt);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(request.now(), ZoneOffset.UTC);
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw Invalid.field(field, "REQUIRED", field + " is required.");
        }
        return value;
    }
}
