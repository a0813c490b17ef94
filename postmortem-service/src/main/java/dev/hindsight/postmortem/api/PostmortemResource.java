package dev.hindsight.postmortem.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.FactorCategory;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.RequiresIfMatch;
import dev.hindsight.conventions.http.TimeParam;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.application.PostmortemHandler;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.PostmortemCommand;
import dev.hindsight.postmortem.domain.PostmortemCommand.AddFactor;
import dev.hindsight.postmortem.domain.PostmortemCommand.AddWhy;
import dev.hindsight.postmortem.domain.PostmortemCommand.Approve;
import dev.hindsight.postmortem.domain.PostmortemCommand.AssignOwner;
import dev.hindsight.postmortem.domain.PostmortemCommand.Publish;
import dev.hindsight.postmortem.domain.PostmortemCommand.RemoveFactor;
import dev.hindsight.postmortem.domain.PostmortemCommand.Reopen;
import dev.hindsight.postmortem.domain.PostmortemCommand.StartReview;
import dev.hindsight.postmortem.domain.PostmortemCommand.Waive;
import dev.hindsight.postmortem.domain.PostmortemCommand.WriteSection;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import dev.hindsight.postmortem.view.PeopleQuery;
import dev.hindsight.postmortem.view.PostmortemContent;
import dev.hindsight.postmortem.view.PostmortemQuery;
import dev.hindsight.postmortem.view.PostmortemQuery.Filter;
import dev.hindsight.postmortem.view.PostmortemReading;
import dev.hindsight.postmortem.view.TimelineQuery;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The documents. Responders write sections and factors, as they hold the facts; what binds or releases others (owner,
 * review, approval, publication, reopening, waiver) is for editors.
 */
@Path("/api/v1/postmortems")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Postmortems", description = "The document about an incident; its draft opens by itself at the resolution.")
public class PostmortemResource {

    private static final String MARKDOWN = "text/markdown";
    private static final String ID = "The postmortem's id, or its incident's.";
    private static final String SECTION_NAMES = "summary|customer-impact|went-well|went-poorly|learnings|risks";
    private static final int TEXT = 20_000;

    private final PostmortemQuery postmortems;
    private final TimelineQuery timelines;
    private final PeopleQuery people;
    private final PostmortemHandler handler;
    private final RequestContext request;
    private final CurrentReader reader;
    private final Answers answers;
    private final ObjectMapper json;

    PostmortemResource(
            PostmortemQuery postmortems,
            TimelineQuery timelines,
            PeopleQuery people,
            PostmortemHandler handler,
            RequestContext request,
            CurrentReader reader,
            Answers answers,
            ObjectMapper json) {
        this.postmortems = postmortems;
        this.timelines = timelines;
        this.people = people;
        this.handler = handler;
        this.request = request;
        this.reader = reader;
        this.answers = answers;
        this.json = json;
    }

    // ------------------------------------------------------------------------------------------------------- bodies

    /** A section's new text. */
    @Schema(name = "WriteSection")
    public record WriteSectionBody(
            @NotNull
            @Size(max = TEXT)
            @Schema(
                    description = "CommonMark; empty takes the text away.",
                    examples = "Checkout answered 5xx for one order in four for 32 minutes.")
            String text,

            @Nullable Instant occurredAt) {}

    /** A contributing factor. */
    @Schema(name = "AddFactor")
    public record AddFactorBody(
            @NotNull FactorCategory category,

            @Pattern(regexp = "[a-z0-9]+(-[a-z0-9]+)*")
            @Size(max = 100)
            @Schema(description = "Key of the taxonomy, such as `missing-load-test`; none for UNKNOWN.")
            @Nullable
            String key,

            @NotBlank @Size(max = 2_000) String text,
            @Nullable Instant occurredAt) {}

    /** Why a factor, or the last why, was there. */
    @Schema(name = "AddWhy")
    public record AddWhyBody(
            @NotBlank @Size(max = 2_000) String text,
            @Nullable Instant occurredAt) {}

    /** Who drives the document. */
    @Schema(name = "AssignOwner")
    public record AssignOwnerBody(
            @Size(min = 1, max = 200)
            @Schema(description = "Id of a person, or a name that only one person of the catalog has; null: nobody.")
            @Nullable
            String owner,

            @Nullable Instant occurredAt) {}

    /** Who reviews, and when. */
    @Schema(name = "StartReview")
    public record StartReviewBody(
            @Size(max = 50) @Schema(description = "Ids of people, or names that only one person has.") @Nullable
            List<@NotBlank @Size(max = 200) String> reviewers,

            @Schema(description = "None for a review in writing.") @Nullable
            Instant meetingAt,

            @Nullable Instant occurredAt) {}

    /** A command that needs nothing but, perhaps, its time. */
    @Schema(name = "AtTime")
    public record AtTimeBody(@Nullable Instant occurredAt) {}

    /** A command that needs a reason. */
    @Schema(name = "WithReason")
    public record WithReasonBody(
            @NotBlank @Size(max = 2_000) String reason,
            @Nullable Instant occurredAt) {}

    // -------------------------------------------------------------------------------------------------------- reading

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Postmortems", description = "The latest resolution first.")
    @APIResponse(responseCode = "200", description = "A page of them.")
    public Uni<Page<PostmortemListed>> list(
            @Parameter(
                            description =
                                    "A service of the incident: by any name that the catalog has merged, in any spelling.")
                    @QueryParam("service")
                    @Nullable
                    String service,
            @Parameter(description = "Name of a team whose services the incident affects.")
                    @QueryParam("team")
                    @Nullable
                    String team,
            @QueryParam("severity") @Nullable Severity severity,
            @QueryParam("status") @Nullable PostmortemStatus status,
            @Parameter(description = "Id of the person who drives it.") @QueryParam("owner") @Nullable UUID owner,
            @Parameter(description = "The incident was declared at this time (RFC 3339) or UTC date, or later.")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "The incident was declared before this time or UTC date.")
                    @QueryParam("to")
                    @Nullable
                    String to,
            @Parameter(description = "Words of the title, the reference, the sections or the factors.")
                    @QueryParam("q")
                    @Nullable
                    String q,
            @BeanParam PageQuery page) {
        return postmortems
                .list(
                        reader.get(),
                        new Filter(
                                service,
                                team,
                                severity,
                                status,
                                owner,
                                TimeParam.parse("from", from),
                                TimeParam.parse("to", to),
                                q == null || q.isBlank() ? null : q),
                        page.limit(),
                        page.cursor(2))
                .map(found -> found.map(PostmortemListed::of));
    }

    @GET
    @Path("/{id}")
    @Produces({MediaType.APPLICATION_JSON, MARKDOWN})
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "A postmortem",
            description = "As JSON, or as Markdown when `Accept: text/markdown` asks for it. The timeline stands in the"
                    + " Markdown with every entry; as JSON it has an address of its own.")
    @APIResponse(
            responseCode = "200",
            description = "Everything about it.",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = PostmortemDocument.class)),
                @Content(mediaType = MARKDOWN, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(responseCode = "406", ref = "NotAcceptable")
    public Uni<Response> read(@Parameter(description = ID) @PathParam("id") UUID id, @Context Request negotiation) {
        Variant wanted = negotiation.selectVariant(
                Variant.mediaTypes(MediaType.APPLICATION_JSON_TYPE, MediaType.valueOf(MARKDOWN))
                        .build());
        return wanted != null && wanted.getMediaType().getSubtype().equals("markdown") ? markdown(id) : json(id);
    }

    @GET
    @Path("/{id}.md")
    @Produces(MARKDOWN)
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "A postmortem as Markdown", description = "For a browser, or for a file.")
    @APIResponse(
            responseCode = "200",
            description = "The whole document with its timeline.",
            content = @Content(mediaType = MARKDOWN, schema = @Schema(type = SchemaType.STRING)))
    public Uni<Response> readMarkdown(@Parameter(description = ID) @PathParam("id") UUID id) {
        return markdown(id);
    }

    @GET
    @Path("/{id}/sections/{name}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "A section",
            description =
                    "With its revision as ETag, to be sent as If-Match when it is written; \"0\" while unwritten.")
    @APIResponse(
            responseCode = "200",
            description = "The section.",
            content = @Content(schema = @Schema(implementation = SectionBody.class)))
    public Uni<Response> section(
            @Parameter(description = ID) @PathParam("id") UUID id,
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = SECTION_NAMES)) @PathParam("name")
                    String name) {
        PostmortemSection section = named(name);
        return postmortems.read(reader.get(), id, Set.of()).map(found -> {
            SectionBody body = SectionBody.of(found.content().document(), section, found.people());
            return Answers.read(body, body.revision());
        });
    }

    @GET
    @Path("/{id}/factors/{factorId}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "A contributing factor")
    @APIResponse(
            responseCode = "200",
            description = "The factor, with its chain of whys.",
            content = @Content(schema = @Schema(implementation = FactorBody.class)))
    public Uni<Response> factor(
            @Parameter(description = ID) @PathParam("id") UUID id, @PathParam("factorId") UUID factorId) {
        return postmortems.read(reader.get(), id, Set.of()).map(found -> {
            Document document = found.content().document();
            return Answers.read(
                    document.factor(factorId).map(FactorBody::of).orElseThrow(() -> new NotFound("factor", factorId)),
                    found.content().version());
        });
    }

    // -------------------------------------------------------------------------------------------------------- writing

    @PUT
    @Path("/{id}/sections/{name}")
    @RequiresIfMatch
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Write a section",
            description =
                    "If-Match carries the revision that the writer saw, \"0\" for an unwritten section. Responders may,"
                            + " too: they hold the facts.")
    @APIResponse(
            responseCode = "200",
            description = "The section as it stands now; its ETag is the new revision.",
            content = @Content(schema = @Schema(implementation = SectionBody.class)))
    public Uni<Response> writeSection(
            @Parameter(description = ID) @PathParam("id") UUID id,
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = SECTION_NAMES)) @PathParam("name")
                    String name,
            @Valid @NotNull WriteSectionBody body) {
        PostmortemSection section = named(name);
        CommandContext context = request.context();
        Long revision = context.expectedVersion();
        Instant at = request.occurredAt(body.occurredAt());
        return reading(id, Set.of())
                .chain(found -> handler.write(
                        incidentOf(found),
                        withoutExpectedVersion(context),
                        at,
                        new WriteSection(section, body.text()),
                        revision,
                        content -> sectionAnswer(found.with(content), section)))
                .map(Answers::toResponse);
    }

    @POST
    @Path("/{id}/factors")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Add a contributing factor",
            description =
                    "A systemic condition. UNKNOWN is legal, and obliges to an INVESTIGATIVE action item with a due"
                            + " date before publication. Refused where the key is in the document already.")
    @APIResponse(
            responseCode = "201",
            description = "The postmortem as it stands now.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> addFactor(
            @Parameter(description = ID) @PathParam("id") UUID id,
            @org.eclipse.microprofile.openapi.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            examples =
                                                    @ExampleObject(
                                                            name = "process",
                                                            value = "{\"category\": \"PROCESS\", \"key\":"
                                                                    + " \"load-test-too-small\", \"text\": \"The load"
                                                                    + " test stays below the size of the pool.\"}")))
                    @Valid
                    @NotNull
                    AddFactorBody body) {
        CommandContext context = request.context();
        Instant at = request.occurredAt(body.occurredAt());
        UUID factorId = StreamIds.next();
        return reading(id, Set.of())
                .chain(found -> handler.handle(
                        incidentOf(found),
                        context,
                        at,
                        new AddFactor(factorId, body.category(), body.key(), body.text()),
                        content -> answers.created(
                                PostmortemDocument.of(found.with(content), context.now()),
                                "/api/v1/postmortems/" + content.id() + "/factors/" + factorId,
                                content.id(),
                                content.version())))
                .map(Answers::toResponse);
    }

    @POST
    @Path("/{id}/factors/{factorId}/whys")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(
            summary = "Say why a factor was there",
            description = "One more \"because\" below the last one: 5 Whys as a structure, not as prose.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem as it stands now.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> addWhy(
            @Parameter(description = ID) @PathParam("id") UUID id,
            @PathParam("factorId") UUID factorId,
            @Valid @NotNull AddWhyBody body) {
        return command(id, body.occurredAt(), new AddWhy(factorId, body.text()), Set.of());
    }

    @DELETE
    @Path("/{id}/factors/{factorId}")
    @RolesAllowed(Roles.RESPONDER)
    @Operation(summary = "Remove a contributing factor", description = "It stays in the history.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem as it stands now.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> removeFactor(
            @Parameter(description = ID) @PathParam("id") UUID id, @PathParam("factorId") UUID factorId) {
        return command(id, null, new RemoveFactor(factorId), Set.of());
    }

    @POST
    @Path("/{id}/owner")
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Make somebody drive the document",
            description = "From then on the owner is no longer taken from the incident's roles.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem as it stands now.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> assignOwner(
            @Parameter(description = ID) @PathParam("id") UUID id, @Valid @NotNull AssignOwnerBody body) {
        CommandContext context = request.context();
        Instant at = request.occurredAt(body.occurredAt());
        Uni<@Nullable UUID> owner = body.owner() == null
                ? Uni.createFrom().nullItem()
                : people.named("owner", body.owner()).map(person -> person);
        return owner.chain(person ->
                command(id, context, at, new AssignOwner(person), person == null ? Set.of() : Set.of(person)));
    }

    @POST
    @Path("/{id}/review")
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Start the review",
            description = "The draft is complete enough to be read by others; that meets the draft's deadline.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem, IN_REVIEW.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> startReview(
            @Parameter(description = ID) @PathParam("id") UUID id, @Valid @NotNull StartReviewBody body) {
        CommandContext context = request.context();
        Instant at = request.occurredAt(body.occurredAt());
        List<String> references = body.reviewers() == null ? List.of() : body.reviewers();
        List<Uni<UUID>> reviewers = new ArrayList<>();
        for (int i = 0; i < references.size(); i++) {
            reviewers.add(people.named("reviewers[" + i + "]", references.get(i)));
        }
        Uni<List<UUID>> resolved = reviewers.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(reviewers).usingConcurrencyOf(1).andFailFast();
        return resolved.chain(
                all -> command(id, context, at, new StartReview(all, body.meetingAt()), new HashSet<>(all)));
    }

    @POST
    @Path("/{id}/approval")
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Agree with publication",
            description =
                    "In the name of the token's person. Refused unless IN_REVIEW. A later change of a section or factor takes it"
                            + " away.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem as it stands now.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> approve(
            @Parameter(description = ID) @PathParam("id") UUID id, @Valid @NotNull AtTimeBody body) {
        UUID reviewer = request.person();
        return command(id, body.occurredAt(), new Approve(reviewer), Set.of(reviewer));
    }

    @POST
    @Path("/{id}/publication")
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Publish",
            description = "Refused with every reason at once: NOT_IN_REVIEW or NOT_APPROVED (by"
                    + " nobody, or before its last change), OUT_OF_ORDER (before the resolution, the review or the"
                    + " last change), OWNER_MISSING, SUMMARY_MISSING,"
                    + " IMPACT_MISSING (neither numbers nor words), FACTOR_MISSING, INVESTIGATION_MISSING (a factor is"
                    + " UNKNOWN, and no INVESTIGATIVE action item has a due date), ITEM_BELOW_BAR (once for each action item"
                    + " that is not canceled and misses the quality bar).")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem, PUBLISHED.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> publish(
            @Parameter(description = ID) @PathParam("id") UUID id, @Valid @NotNull AtTimeBody body) {
        CommandContext context = request.context();
        Instant at = request.occurredAt(body.occurredAt());
        return reading(id, Set.of()).chain(found -> run(found, context, at, new Publish(at, found.surroundings())));
    }

    @POST
    @Path("/{id}/reopening")
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Work on a published postmortem again",
            description = "It is a draft again; its next publication is a new revision.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem, DRAFT.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> reopen(
            @Parameter(description = ID) @PathParam("id") UUID id, @Valid @NotNull WithReasonBody body) {
        return command(id, body.occurredAt(), new Reopen(body.reason()), Set.of());
    }

    @POST
    @Path("/{id}/waiver")
    @RolesAllowed(Roles.EDITOR)
    @Operation(
            summary = "Waive the duty to write it",
            description = "Deadlines no longer apply; the waiver is reported. Refused where nobody is obliged.")
    @APIResponse(
            responseCode = "200",
            description = "The postmortem as it stands now.",
            content = @Content(schema = @Schema(implementation = PostmortemDocument.class)))
    public Uni<Response> waive(
            @Parameter(description = ID) @PathParam("id") UUID id, @Valid @NotNull WithReasonBody body) {
        UUID by = request.person();
        return command(id, body.occurredAt(), new Waive(body.reason()), Set.of(by));
    }

    // ----------------------------------------------------------------------------------------------------- translation

    private Uni<Response> json(UUID id) {
        Instant now = request.now();
        return postmortems
                .read(reader.get(), id, Set.of())
                .map(found -> Answers.read(
                        PostmortemDocument.of(found, now), found.content().version()));
    }

    private Uni<Response> markdown(UUID id) {
        Reader asking = reader.get();
        return postmortems.read(asking, id, Set.of()).chain(found -> timelines
                .all(asking, incidentOf(found))
                .map(lines -> Response.ok(MarkdownDocument.of(found, lines), MARKDOWN + ";charset=UTF-8")
                        .header("ETag", "\"" + found.content().version() + '"')
                        .build()));
    }

    private Uni<Response> command(
            UUID id, @Nullable Instant occurredAt, PostmortemCommand command, Set<UUID> mentioned) {
        return command(id, request.context(), request.occurredAt(occurredAt), command, mentioned);
    }

    private Uni<Response> command(
            UUID id, CommandContext context, Instant at, PostmortemCommand command, Set<UUID> mentioned) {
        return reading(id, mentioned).chain(found -> run(found, context, at, command));
    }

    private Uni<Response> run(PostmortemReading found, CommandContext context, Instant at, PostmortemCommand command) {
        return handler.handle(
                        incidentOf(found),
                        context,
                        at,
                        command,
                        content -> answers.ok(
                                PostmortemDocument.of(found.with(content), context.now()),
                                content.id(),
                                content.version()))
                .map(Answers::toResponse);
    }

    /** The names of the writer and of whom the command mentions are needed for the answer, too. */
    private Uni<PostmortemReading> reading(UUID id, Set<UUID> mentioned) {
        Set<UUID> all = new HashSet<>(mentioned);
        all.add(request.person());
        return postmortems.read(reader.get(), id, all);
    }

    private StoredAnswer sectionAnswer(PostmortemReading reading, PostmortemSection section) {
        PostmortemContent content = reading.content();
        SectionBody body = SectionBody.of(content.document(), section, reading.people());
        try {
            return new StoredAnswer(
                    200,
                    Integer.toString(body.revision()),
                    null,
                    content.id() + "@" + content.version(),
                    json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** If-Match of a section names the section's revision, not the version of the stream. */
    private static CommandContext withoutExpectedVersion(CommandContext context) {
        return new CommandContext(
                context.actor(),
                context.source(),
                context.now(),
                null,
                context.idempotencyKey(),
                context.deliveryId(),
                context.traceparent());
    }

    private static UUID incidentOf(PostmortemReading reading) {
        return reading.content().document().incidentId();
    }

    private static PostmortemSection named(String name) {
        return PostmortemSection.named(name).orElseThrow(() -> new NotFound("section", name));
    }
}
