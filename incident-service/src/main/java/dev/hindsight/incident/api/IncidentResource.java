package dev.hindsight.incident.api;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.TimeParam;
import dev.hindsight.conventions.operations.EventAnswer;
import dev.hindsight.conventions.operations.StreamReading;
import dev.hindsight.conventions.operations.VerificationAnswer;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.api.IncidentRequests.ClassificationChange;
import dev.hindsight.incident.api.IncidentRequests.Closure;
import dev.hindsight.incident.api.IncidentRequests.CommandBody;
import dev.hindsight.incident.api.IncidentRequests.Correction;
import dev.hindsight.incident.api.IncidentRequests.DeclareIncident;
import dev.hindsight.incident.api.IncidentRequests.Escalation;
import dev.hindsight.incident.api.IncidentRequests.ImpactRecording;
import dev.hindsight.incident.api.IncidentRequests.LinkToAdd;
import dev.hindsight.incident.api.IncidentRequests.MergeInto;
import dev.hindsight.incident.api.IncidentRequests.Message;
import dev.hindsight.incident.api.IncidentRequests.PageSent;
import dev.hindsight.incident.api.IncidentRequests.Participant;
import dev.hindsight.incident.api.IncidentRequests.Plain;
import dev.hindsight.incident.api.IncidentRequests.Reason;
import dev.hindsight.incident.api.IncidentRequests.Remark;
import dev.hindsight.incident.api.IncidentRequests.RoleAssignment;
import dev.hindsight.incident.api.IncidentRequests.ServicesChange;
import dev.hindsight.incident.api.IncidentRequests.SeverityChange;
import dev.hindsight.incident.api.IncidentRequests.Text;
import dev.hindsight.incident.api.IncidentRequests.VisibilityChange;
import dev.hindsight.incident.application.ClosurePolicyHandler;
import dev.hindsight.incident.application.IncidentHandler;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.IncidentCommand;
import dev.hindsight.incident.view.ClosureQueries;
import dev.hindsight.incident.view.DeployQueries;
import dev.hindsight.incident.view.IncidentQueries;
import dev.hindsight.incident.view.IncidentView;
import io.quarkus.security.ForbiddenException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Incidents: declared, driven and read. */
@Path("/api/v1/incidents")
@Tag(name = "Incidents")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class IncidentResource {

    private static final String ID = "The incident's id or its reference, such as INC-42.";
    private static final String DEPLOY = "Id of a deploy, see GET /api/v1/deploys.";

    private final IncidentHandler handler;
    private final IncidentQueries queries;
    private final ClosurePolicyHandler policies;
    private final ClosureQueries closures;
    private final DeployQueries deploys;
    private final StreamReading streams;
    private final RequestContext request;
    private final CurrentReader reader;
    private final Answers answers;

    IncidentResource(
            IncidentHandler handler,
            IncidentQueries queries,
            ClosurePolicyHandler policies,
            ClosureQueries closures,
            DeployQueries deploys,
            StreamReading streams,
            RequestContext request,
            CurrentReader reader,
            Answers answers) {
        this.handler = handler;
        this.queries = queries;
        this.policies = policies;
        this.closures = closures;
        this.deploys = deploys;
        this.streams = streams;
        this.request = request;
        this.reader = reader;
        this.answers = answers;
    }

    @POST
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Declare an incident")
    @APIResponse(
            responseCode = "201",
            description = "The incident.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> declare(@Valid DeclareIncident body) {
        if (Boolean.TRUE.equals(body.security()) && body.visibility() == Visibility.INTERNAL) {
            throw Invalid.field(
                    "visibility",
                    "SECURITY_IS_RESTRICTED",
                    "A security incident is RESTRICTED; it can be opened with the next command.");
        }
        Reader asking = reader.get();
        UUID id = StreamIds.next();
        CommandContext context = request.context(body.actor());
        Learned learned = Learned.by(request.subject(), request.displayName());
        learned.services(body.services());
        Instant at = request.occurredAt(body.occurredAt());
        return handler.declare(
                        id,
                        reference -> new IncidentCommand.Declare(
                                reference,
                                body.title().strip(),
                                body.severity(),
                                body.services().stream()
                                        .map(String::strip)
                                        .distinct()
                                        .toList(),
                                body.summary(),
                                Boolean.TRUE.equals(body.customerFacing()),
                                Boolean.TRUE.equals(body.security()),
                                body.kind() == null ? IncidentKind.REAL : body.kind(),
                                body.visibility() == null ? Visibility.INTERNAL : body.visibility(),
                                insiders(asking, body.actor()),
                                body.impact() == null ? null : body.impact().toImpact(),
                                past("impactStartedAt", body.impactStartedAt()),
                                past("detectedAt", body.detectedAt()),
                                at),
                        learned,
                        asking,
                        context,
                        incident -> answers.created(
                                IncidentAnswer.of(incident), "/api/v1/incidents/" + id, id, incident.version()))
                .map(outcome -> Answers.toResponse(answered(outcome.answer())));
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List incidents", description = "By the time they were declared, newest first.")
    @APIResponse(responseCode = "200", description = "One page of incidents.")
    public Uni<Page<IncidentAnswer>> list(@BeanParam IncidentFilter filter, @BeanParam PageQuery page) {
        return queries.list(reader.get(), filter.toFilter(), page.limit(), page.cursor(2))
                .map(found -> found.map(IncidentAnswer::of));
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Read an incident",
            description =
                    "With asOf, as it was known then: folded from the events that were recorded by that moment. Who may see it is"
                            + " judged now all the same.")
    @APIResponse(
            responseCode = "200",
            description = "The incident as it stands now, or as it was known at that moment.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> read(
            @PathParam("id") @Parameter(description = ID) String id,
            @QueryParam("asOf")
                    @Parameter(
                            description =
                                    "RFC 3339 instant or UTC date, by when things were recorded; 404 where nothing was yet.",
                            example = "2026-11-01T02:14:00Z")
                    @Nullable
                    String asOf) {
        Instant moment = TimeParam.parse("asOf", asOf);
        Uni<IncidentView> found = queries.find(reader.get(), id);
        return moment == null
                ? found.map(view -> Answers.read(IncidentAnswer.of(view), view.version))
                : found.chain(view -> handler.asOf(view.id, moment)).map(then -> {
                    if (!then.state().exists()) {
                        throw new NotFound("incident", id);
                    }
                    return Answers.read(IncidentAnswer.of(then), then.version());
                });
    }

    @GET
    @Path("{id}/events")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Read the incident's events",
            description = "The raw stream in the order of recording, with provenance and hash chain.")
    @APIResponse(responseCode = "200", description = "One page of events.")
    public Uni<Page<EventAnswer>> events(
            @PathParam("id") @Parameter(description = ID) String id, @BeanParam PageQuery page) {
        return queries.idOf(reader.get(), id).chain(stream -> streams.events(stream, page, "incident", id));
    }

    @GET
    @Path("{id}/verification")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Verify the incident's events",
            description =
                    "Computes the chain of hashes anew: each covers the one before it, every attribute and the data.")
    @APIResponse(responseCode = "200", description = "Whether it is as it was recorded.")
    public Uni<VerificationAnswer> verification(@PathParam("id") @Parameter(description = ID) String id) {
        return queries.idOf(reader.get(), id).chain(stream -> streams.verification(stream, "incident", id));
    }

    @POST
    @Path("{id}/acknowledgement")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Acknowledge", description = "Somebody takes it on.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> acknowledge(@PathParam("id") @Parameter(description = ID) String id, @Valid Plain body) {
        return command(id, body, (at, learned) -> new IncidentCommand.Acknowledge(at));
    }

    @POST
    @Path("{id}/escalation")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Escalate", description = "It is handed on to somebody who can do more.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> escalate(@PathParam("id") @Parameter(description = ID) String id, @Valid Escalation body) {
        return command(
                id, body, (at, learned) -> new IncidentCommand.Escalate(person(body.to(), learned), body.text(), at));
    }

    @POST
    @Path("{id}/roles")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Assign a role")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> assignRole(
            @PathParam("id") @Parameter(description = ID) String id, @Valid RoleAssignment body) {
        return command(
                id,
                body,
                (at, learned) ->
                        new IncidentCommand.AssignRole(body.role().strip(), person(body.person(), learned), at));
    }

    @POST
    @Path("{id}/severity")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Change the severity")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> changeSeverity(
            @PathParam("id") @Parameter(description = ID) String id, @Valid SeverityChange body) {
        return command(
                id, body, (at, learned) -> new IncidentCommand.ChangeSeverity(body.severity(), body.reason(), at));
    }

    @POST
    @Path("{id}/classification")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Say what it is called, and what sort of incident it is",
            description =
                    "What is not given stays as it is; what is given stands above what tools mention later. security restricts"
                            + " the incident as well, and whoever does it is added, unless they are an admin.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> classify(
            @PathParam("id") @Parameter(description = ID) String id, @Valid ClassificationChange body) {
        if (body.saysNothing()) {
            throw Invalid.field(
                    "", "NOTHING_GIVEN", "Give at least one of title, summary, customerFacing, security and kind.");
        }
        Reader asking = reader.get();
        return command(
                id,
                body,
                (at, learned) -> new IncidentCommand.Classify(
                        body.title() == null ? null : body.title().strip(),
                        body.summary() == null ? null : body.summary().strip(),
                        body.customerFacing(),
                        body.security(),
                        body.kind(),
                        losingSight(asking, body.actor()),
                        at));
    }

    @POST
    @Path("{id}/status-updates")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Tell those who wait", description = "News for those who are not working on it.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> updateStatus(@PathParam("id") @Parameter(description = ID) String id, @Valid Text body) {
        return command(id, body, (at, learned) -> new IncidentCommand.UpdateStatus(body.text(), at));
    }

    @POST
    @Path("{id}/messages")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Record a message", description = "Of those who work on it.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> postMessage(@PathParam("id") @Parameter(description = ID) String id, @Valid Message body) {
        return command(id, body, (at, learned) -> new IncidentCommand.PostMessage(body.text(), body.channel(), at));
    }

    @POST
    @Path("{id}/decisions")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Record a decision", description = "What was decided, and why.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> recordDecision(@PathParam("id") @Parameter(description = ID) String id, @Valid Text body) {
        return command(id, body, (at, learned) -> new IncidentCommand.RecordDecision(body.text(), at));
    }

    @POST
    @Path("{id}/links")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Add a link",
            description = "To a page that belongs to it: a runbook, a dashboard, the call, a ticket.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> addLink(@PathParam("id") @Parameter(description = ID) String id, @Valid LinkToAdd body) {
        return command(
                id,
                body,
                (at, learned) -> new IncidentCommand.AddLink(
                        body.kind() == null ? LinkKind.OTHER : body.kind(),
                        body.url(),
                        body.title() == null || body.title().isBlank()
                                ? null
                                : body.title().strip(),
                        at));
    }

    @POST
    @Path("{id}/services")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Add and remove affected services",
            description = "What you say of a service stands above what the declaration and tools say, also later.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> changeServices(
            @PathParam("id") @Parameter(description = ID) String id, @Valid ServicesChange body) {
        if (body.added().isEmpty() && body.removed().isEmpty()) {
            throw Invalid.field("", "NOTHING_GIVEN", "Give at least one service to add or to remove.");
        }
        if (body.added().stream().anyMatch(name -> body.removed().stream().anyMatch(name::equalsIgnoreCase))) {
            throw Invalid.field("remove", "ADDED_AND_REMOVED", "A service is either added or removed, and not both.");
        }
        return command(id, body, (at, learned) -> {
            learned.services(body.added());
            return new IncidentCommand.ChangeServices(body.added(), body.removed(), at);
        });
    }

    @POST
    @Path("{id}/corrections")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Correct the time of a milestone",
            description =
                    "The wrong time stays on record; milestones, durations and metrics go by the right one from now on. A"
                            + " correction moves no status. IMPACT_STARTED and DETECTED may be filled in this way; what else is"
                            + " missing is told by its own command, with its occurredAt.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> correct(@PathParam("id") @Parameter(description = ID) String id, @Valid Correction body) {
        past("at", body.at());
        return command(
                id,
                body,
                (at, learned) -> new IncidentCommand.CorrectMilestone(body.milestone(), body.at(), body.reason(), at));
    }

    @POST
    @Path("{id}/merge")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Merge into another incident",
            description = "It is part of another one, which goes on; final, and counted in no metric.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> merge(@PathParam("id") @Parameter(description = ID) String id, @Valid MergeInto body) {
        CommandContext context = request.context(body.actor());
        Reader asking = reader.get();
        return queries.find(asking, body.into())
                .onFailure(NotFound.class)
                .transform(none -> Invalid.field(
                        "into", "UNKNOWN_INCIDENT", "There is no incident " + body.into() + " to be merged into."))
                .chain(other -> queries.idOf(asking, id).chain(incidentId -> {
                    if (incidentId.equals(other.id)) {
                        throw Invalid.field("into", "ITSELF", "An incident cannot be merged into itself.");
                    }
                    Learned learned = Learned.by(request.subject(), request.displayName());
                    return handler.merge(
                            incidentId,
                            other.id,
                            request.occurredAt(body.occurredAt()),
                            learned,
                            asking,
                            context,
                            incident -> answers.ok(IncidentAnswer.of(incident), incidentId, incident.version()));
                }))
                .map(outcome -> Answers.toResponse(answered(outcome.answer())));
    }

    @POST
    @Path("{id}/pages")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Record a page", description = "One notification of one responder.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> recordPage(@PathParam("id") @Parameter(description = ID) String id, @Valid PageSent body) {
        return command(
                id, body, (at, learned) -> new IncidentCommand.Page(learned.person(body.person()), body.channel(), at));
    }

    @POST
    @Path("{id}/impact")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Record the impact in numbers",
            description = "Also after the resolution; each number given replaces the earlier one.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> recordImpact(
            @PathParam("id") @Parameter(description = ID) String id, @Valid ImpactRecording body) {
        return command(
                id,
                body,
                (at, learned) -> new IncidentCommand.RecordImpact(body.impact().toImpact(), at));
    }

    @POST
    @Path("{id}/mitigation")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Mitigate", description = "The suffering ended; the cause may remain.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> mitigate(@PathParam("id") @Parameter(description = ID) String id, @Valid Remark body) {
        return command(id, body, (at, learned) -> new IncidentCommand.Mitigate(body.text(), at));
    }

    @POST
    @Path("{id}/resolution")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Resolve", description = "Service is restored; the postmortem's draft follows by itself.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> resolve(@PathParam("id") @Parameter(description = ID) String id, @Valid Remark body) {
        return command(id, body, (at, learned) -> new IncidentCommand.Resolve(body.text(), at));
    }

    @POST
    @Path("{id}/reopening")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Reopen", description = "It came back, or was never gone; counted, and one incident still.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> reopen(@PathParam("id") @Parameter(description = ID) String id, @Valid Reason body) {
        return command(id, body, (at, learned) -> new IncidentCommand.Reopen(body.reason(), at));
    }

    @POST
    @Path("{id}/closure")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Close",
            description =
                    "Nothing more is owed. The closure policy says what is: 409 names all of it at once, whatever of it is"
                            + " known here; Hindsight-After waits for what another service was told. An admin may close it all the"
                            + " same, with overrideReason.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> close(@PathParam("id") @Parameter(description = ID) String id, @Valid Closure body) {
        if (body.overrideReason() != null && !request.roles().contains(Roles.ADMIN)) {
            throw new ForbiddenException();
        }
        return queries.idOf(reader.get(), id)
                .chain(incident -> Uni.combine()
                        .all()
                        .unis(policies.current(), closures.facts(incident))
                        .asTuple())
                .chain(owed -> command(
                        id,
                        body,
                        (at, learned) -> new IncidentCommand.Close(
                                body.text(), owed.getItem1(), owed.getItem2(), body.overrideReason(), at)));
    }

    @POST
    @Path("{id}/cancellation")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Cancel", description = "It was a false alarm; final.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> cancel(@PathParam("id") @Parameter(description = ID) String id, @Valid Reason body) {
        return command(id, body, (at, learned) -> new IncidentCommand.Cancel(body.reason(), at));
    }

    @POST
    @Path("{id}/deploys/{deploy}/confirmation")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Confirm that a deploy contributed",
            description = "Whether it was suspected or not; it counts for change_failure_rate.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> confirmDeploy(
            @PathParam("id") @Parameter(description = ID) String id,
            @PathParam("deploy") @Parameter(description = DEPLOY) UUID deploy,
            @Valid Reason body) {
        return about(
                deploy,
                change -> command(
                        id,
                        body,
                        (at, learned) -> new IncidentCommand.ConfirmDeploy(deploy, change, body.reason(), at)));
    }

    @POST
    @Path("{id}/deploys/{deploy}/dismissal")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Dismiss a deploy as a suspect",
            description =
                    "It has nothing to do with the incident, and is never suspected of it again. Of one that is not linked:"
                            + " 409 with the code NOT_LINKED.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> dismissDeploy(
            @PathParam("id") @Parameter(description = ID) String id,
            @PathParam("deploy") @Parameter(description = DEPLOY) UUID deploy,
            @Valid Reason body) {
        return about(
                deploy,
                change -> command(
                        id,
                        body,
                        (at, learned) -> new IncidentCommand.DismissDeploy(deploy, change, body.reason(), at)));
    }

    private Uni<Response> about(UUID deploy, Function<Change, Uni<Response>> command) {
        return deploys.find(reader.get(), deploy).chain(found -> command.apply(found.change()));
    }

    @POST
    @Path("{id}/visibility")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Restrict, or open again",
            description =
                    "RESTRICTED: from now on only admins and participants see the incident and all that belongs to it; to all"
                            + " others it does not exist. Participants are people with a role, page or action item on it, and those"
                            + " who were added. Who restricts it is added, unless they are an admin. The other services follow within"
                            + " moments; Hindsight-After waits for them.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> changeVisibility(
            @PathParam("id") @Parameter(description = ID) String id, @Valid VisibilityChange body) {
        Reader asking = reader.get();
        return command(
                id,
                body,
                (at, learned) -> new IncidentCommand.ChangeVisibility(
                        body.visibility(), body.reason(), losingSight(asking, body.actor()), at));
    }

    @POST
    @Path("{id}/participants")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Add a participant",
            description = "Who may see the incident although it is, or will be, restricted.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> addParticipant(
            @PathParam("id") @Parameter(description = ID) String id, @Valid Participant body) {
        return command(
                id, body, (at, learned) -> new IncidentCommand.AddParticipant(learned.person(body.person()), at));
    }

    @DELETE
    @Path("{id}/participants/{person}")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Take back that somebody was added",
            description = "A role, a page or an action item on the incident still makes a participant.")
    @APIResponse(
            responseCode = "200",
            description = "The incident after it.",
            content = @Content(schema = @Schema(implementation = IncidentAnswer.class)))
    public Uni<Response> removeParticipant(
            @PathParam("id") @Parameter(description = ID) String id,
            @PathParam("person")
                    @Parameter(description = "The person's id in the catalog, or the subject of their token.")
                    String person) {
        return command(
                id,
                new Plain(null, null),
                (at, learned) -> new IncidentCommand.RemoveParticipant(learned.person(person), at));
    }

    private Uni<Response> command(String id, CommandBody body, BiFunction<Instant, Learned, IncidentCommand> command) {
        CommandContext context = request.context(body.actor());
        Learned learned = Learned.by(request.subject(), request.displayName());
        IncidentCommand asked = command.apply(request.occurredAt(body.occurredAt()), learned);
        Reader asking = reader.get();
        return queries.idOf(asking, id)
                .chain(incidentId -> handler.command(
                        incidentId,
                        asked,
                        learned,
                        asking,
                        context,
                        incident -> answers.ok(IncidentAnswer.of(incident), incidentId, incident.version())))
                .map(outcome -> Answers.toResponse(answered(outcome.answer())));
    }

    /** Who asks, and in whose name: they must not lose sight of what they restrict. */
    private static Set<UUID> insiders(Reader reader, @Nullable String actor) {
        Set<UUID> insiders = new HashSet<>();
        if (reader.personId() != null) {
            insiders.add(reader.personId());
        }
        if (actor != null) {
            insiders.add(UUID.fromString(actor));
        }
        return insiders;
    }

    /** Those of them who would lose sight of it. */
    private static Set<UUID> losingSight(Reader reader, @Nullable String actor) {
        return reader.seesAll() ? Set.of() : insiders(reader, actor);
    }

    private static @Nullable UUID person(@Nullable String idOrSubject, Learned learned) {
        return idOrSubject == null || idOrSubject.isBlank() ? null : learned.person(idOrSubject);
    }

    private @Nullable Instant past(String field, @Nullable Instant given) {
        if (given != null && given.isAfter(request.now())) {
            throw Invalid.field(field, "IN_THE_FUTURE", field + " must not be in the future.");
        }
        return given;
    }

    private static <T> T answered(@Nullable T answer) {
        if (answer == null) {
            throw new IllegalStateException("the command has no answer");
        }
        return answer;
    }

    /** The filters of the list; take it as {@code @BeanParam}. */
    public static class IncidentFilter {

        @QueryParam("service")
        @Parameter(
                description =
                        "Name of a service that is affected, in any spelling; what the catalog has merged with it counts, too.")
        @Nullable
        String service;

        @QueryParam("team")
        @Parameter(description = "Name of a team; the catalog says which services are its own.")
        @Nullable
        String team;

        @QueryParam("severity")
        @Nullable
        Severity severity;

        @QueryParam("status")
        @Nullable
        IncidentStatus status;

        @QueryParam("kind")
        @Nullable
        IncidentKind kind;

        @QueryParam("from")
        @Parameter(description = "Declared at or after: RFC 3339 instant or UTC date.", example = "2026-11-01")
        @Nullable
        String from;

        @QueryParam("to")
        @Parameter(description = "Declared before: RFC 3339 instant or UTC date.", example = "2026-12-01")
        @Nullable
        String to;

        @QueryParam("q")
        @Parameter(description = "Words of title or summary; \"quoted phrases\", -exclusions.")
        @Nullable
        String text;

        @QueryParam("role")
        @Parameter(description = "Name of a role that somebody holds.", example = "COMMUNICATIONS")
        @Nullable
        String role;

        @QueryParam("owner")
        @Parameter(description = "Id of the person who holds the role; without `role`, who is the incident commander.")
        @Nullable
        UUID owner;

        @QueryParam("sort")
        @Parameter(
                description = "`-declaredAt` (default) or `declaredAt`.",
                schema =
                        @Schema(
                                type = SchemaType.STRING,
                                enumeration = {"-declaredAt", "declaredAt"}))
        @Nullable
        String sort;

        IncidentQueries.Filter toFilter() {
            if (sort != null && !sort.equals("declaredAt") && !sort.equals("-declaredAt")) {
                throw Invalid.field("sort", "UNKNOWN_SORT", "sort must be declaredAt or -declaredAt.");
            }
            return new IncidentQueries.Filter(
                    service,
                    team,
                    severity,
                    status,
                    kind,
                    TimeParam.parse("from", from),
                    TimeParam.parse("to", to),
                    text,
                    role,
                    owner,
                    !"declaredAt".equals(sort));
        }
    }
}
