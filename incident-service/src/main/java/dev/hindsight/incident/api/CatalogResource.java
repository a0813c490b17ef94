package dev.hindsight.incident.api;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.CatalogHandler;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.CatalogCommand;
import dev.hindsight.incident.domain.CatalogEntry;
import dev.hindsight.incident.domain.CatalogEntry.Kind;
import dev.hindsight.incident.view.CatalogEntryView;
import dev.hindsight.incident.view.CatalogRow;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
 * else that mentions it. Services and teams are what they are called: incidents name them. One that tools call by several
 * names is several entries, merged into one.
 */
@Path("/api/v1/catalog")
@Tag(name = "Catalog")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class CatalogResource {

    private static final String ID = "The entry's id.";
    private static final int NAME = 200;
    private static final int MOST_ALIASES = 50;
    private static final String ALIASES =
            "What tools call it; all that there are from now on. Left out: as they are. A tool's alias is an entry of its own,"
                    + " merged into this one, so that what mentions it is understood; an alias that is left out is taken apart"
                    + " from it again. Of `oidc` none is changed here: with whose token a person comes is said by"
                    + " `POST …/subject`.";
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

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

    /** What one tool calls it. */
    @Schema(name = "Alias")
    public record Alias(
            @NotBlank @Size(max = NAME) @Schema(examples = "pagerduty")
            String tool,

            @NotBlank @Size(max = NAME) @Schema(description = "What it is there.", examples = "PVE0ZR9")
            String key) {

        private static Alias of(CatalogEvent.Alias alias) {
            return new Alias(alias.tool(), alias.key());
        }
    }

    /** One entry. */
    @Schema(name = "CatalogEntry")
    public record EntryAnswer(
            UUID id,
            String name,

            @Schema(
                    description =
                            "What tools call it, and what they call entries that are merged into it; a person's token subject"
                                    + " is what `oidc` calls them.")
            List<Alias> aliases,

            @Nullable @Schema(description = "Whose it is, or where they belong: the id of a team.")
            UUID team,

            @Nullable @Schema(description = "Who leads a team: the id of a person.")
            UUID lead,

            @Nullable @Schema(description = "Of a person, in the IANA database.", examples = "Europe/Berlin")
            String timeZone,

            @Schema(description = "It showed up in what arrived; nobody has said anything of it.")
            boolean learned,

            @Nullable @Schema(description = "The entry that it really is; null: none but itself.")
            UUID mergedInto,

            long version) {

        static EntryAnswer of(CatalogEntryView view, List<CatalogEntryView> duplicates) {
            List<Alias> aliases = new ArrayList<>(aliases(view.tool, view.key, view.aliases.items(), view.subject));
            duplicates.forEach(duplicate ->
                    addMissing(aliases, aliases(duplicate.tool, duplicate.key, duplicate.aliases.items(), null)));
            return new EntryAnswer(
                    view.id,
                    view.name,
                    List.copyOf(aliases),
                    view.teamId,
                    view.leadId,
                    view.timeZone,
                    view.learned,
                    view.mergedInto,
                    view.version);
        }

        static EntryAnswer of(Loaded<CatalogEntry> loaded) {
            return of(List.of(loaded));
        }

        /** @param entries the entry itself, and then others that are merged into it */
        static EntryAnswer of(List<Loaded<CatalogEntry>> entries) {
            Loaded<CatalogEntry> loaded = entries.getFirst();
            CatalogEntry.Known known = (CatalogEntry.Known) loaded.state();
            CatalogEntry.Person person = known instanceof CatalogEntry.Person somebody ? somebody : null;
            boolean isShown = person == null || !person.nameRemoved();
            List<Alias> aliases = new ArrayList<>();
            if (isShown) {
                aliases.addAll(aliases(known, person == null ? null : person.subject()));
                entries.stream()
                        .skip(1)
                        .forEach(other -> addMissing(aliases, aliases((CatalogEntry.Known) other.state(), null)));
            }
            return new EntryAnswer(
                    loaded.streamId(),
                    isShown ? known.name() : CatalogRow.NAME_REMOVED,
                    List.copyOf(aliases),
                    switch (known) {
                        case CatalogEntry.Person somebody -> somebody.team();
                        case CatalogEntry.Service service -> service.team();
                        case CatalogEntry.Team team -> null;
                    },
                    known instanceof CatalogEntry.Team team ? team.lead() : null,
                    person == null ? null : person.timeZone(),
                    known.isLearned(),
                    known.into(),
                    loaded.version());
        }

        private static List<Alias> aliases(CatalogEntry.Known known, @Nullable String subject) {
            return aliases(known.alias().tool(), known.alias().key(), known.said(), subject);
        }

        private static void addMissing(List<Alias> aliases, List<Alias> further) {
            further.stream().filter(alias -> !aliases.contains(alias)).forEach(aliases::add);
        }

        private static List<Alias> aliases(
                @Nullable String tool, @Nullable String key, List<CatalogEvent.Alias> said, @Nullable String subject) {
            List<Alias> aliases = new ArrayList<>();
            if (tool != null && key != null) {
                aliases.add(new Alias(tool, key));
            }
            addMissing(aliases, said.stream().map(Alias::of).toList());
            if (subject != null && !aliases.contains(new Alias(CatalogEvent.OIDC, subject))) {
                aliases.add(new Alias(CatalogEvent.OIDC, subject));
            }
            return List.copyOf(aliases);
        }
    }

    /** Whose token a person comes with. */
    @Schema(name = "PersonSubject", description = "Whose token a person comes with.")
    public record SubjectBody(
            @NotBlank @Size(max = NAME) @Schema(description = "The sub claim of their token.", examples = "maria")
            String subject) {}

    /** What is said of a person. */
    @Schema(name = "PersonDescription", description = "Replaces all that was said of them before.")
    public record PersonBody(
            @NotBlank @Size(max = NAME) @Schema(examples = "\"Maria Lindqvist\"")
            String name,

            @Nullable @Size(max = NAME) @Schema(description = "Of the IANA database.", examples = "Europe/Stockholm")
            String timeZone,

            @Nullable @Size(max = NAME) @Schema(description = "A team's id or name.", examples = "Payments")
            String team,

            @Nullable
            @Size(max = MOST_ALIASES)
            @Schema(description = ALIASES, examples = "[{\"tool\":\"pagerduty\",\"key\":\"PVE0ZR9\"}]")
            List<@NotNull @Valid Alias> aliases) {}

    /** A service to enter. */
    @Schema(name = "NewService")
    public record NewService(
            @NotBlank @Size(max = NAME) @Schema(examples = "checkout-api")
            String name,

            @Nullable @Size(max = NAME) @Schema(description = "A team's id or name.", examples = "Payments")
            String team,

            @Nullable
            @Size(max = MOST_ALIASES)
            @Schema(description = ALIASES, examples = "[{\"tool\":\"pagerduty\",\"key\":\"checkout-api\"}]")
            List<@NotNull @Valid Alias> aliases) {}

    /** What is said of a service. */
    @Schema(
            name = "ServiceDescription",
            description = "Replaces all that was said of it before; its name is what it is.")
    public record ServiceBody(
            @Nullable
            @Size(max = NAME)
            @Schema(description = "A team's id or name; nobody's without.", examples = "Payments")
            String team,

            @Nullable
            @Size(max = MOST_ALIASES)
            @Schema(description = ALIASES, examples = "[{\"tool\":\"pagerduty\",\"key\":\"checkout-api\"}]")
            List<@NotNull @Valid Alias> aliases) {}

    /** A team to enter. */
    @Schema(name = "NewTeam")
    public record NewTeam(
            @NotBlank @Size(max = NAME) @Schema(examples = "Payments")
            String name,

            @Nullable
            @Size(max = NAME)
            @Schema(description = "A person's id in the catalog, or the subject of their token.", examples = "maria")
            String lead,

            @Nullable
            @Size(max = MOST_ALIASES)
            @Schema(description = ALIASES, examples = "[{\"tool\":\"pagerduty\",\"key\":\"payments-oncall\"}]")
            List<@NotNull @Valid Alias> aliases) {}

    /** What is said of a team. */
    @Schema(name = "TeamDescription", description = "Replaces all that was said of it before; its name is what it is.")
    public record TeamBody(
            @Nullable
            @Size(max = NAME)
            @Schema(
                    description =
                            "A person's id in the catalog, or the subject of their token; nobody leads it without.",
                    examples = "maria")
            String lead,

            @Nullable
            @Size(max = MOST_ALIASES)
            @Schema(description = ALIASES, examples = "[{\"tool\":\"pagerduty\",\"key\":\"payments-oncall\"}]")
            List<@NotNull @Valid Alias> aliases) {}

    /** The entry that it really is. */
    @Schema(name = "CatalogMerge")
    public record MergeBody(
            @NotNull @Schema(description = "The id of an entry of the same kind.")
            UUID into) {}

    /** Why a name is removed. */
    @Schema(name = "NameRemoval")
    public record NameRemovalBody(
            @NotBlank
            @Size(max = NAME)
            @Schema(
                    description = "Stays on record: name nobody.",
                    examples = "\"Asked for by the person, ticket 4711.\"")
            String reason) {}

    @GET
    @Path("people")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List people", description = "By name. Learned from tokens, tools and commands, or entered.")
    @APIResponse(responseCode = "200", description = "One page of people.")
    public Uni<Page<EntryAnswer>> people(@BeanParam PageQuery page) {
        return entries(Kind.PERSON, page);
    }

    @GET
    @Path("people/{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Read a person")
    @APIResponse(
            responseCode = "200",
            description = "The person.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> person(@PathParam("id") @Parameter(description = ID) UUID id) {
        return entry(Kind.PERSON, id);
    }

    @POST
    @Path("people")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Enter a person")
    @APIResponse(
            responseCode = "201",
            description = "The person.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> enterPerson(@Valid PersonBody body) {
        Learned learned = learned();
        return described(body, learned)
                .chain(person -> enter(StreamIds.next(), "people", person, body.aliases(), learned));
    }

    @PUT
    @Path("people/{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say who a person is")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> describePerson(@PathParam("id") @Parameter(description = ID) UUID id, @Valid PersonBody body) {
        Learned learned = learned();
        return described(body, learned)
                .chain(person -> describe(
                        Kind.PERSON, id, entry -> new CatalogCommand.Describe(false, person), body.aliases(), learned));
    }

    @POST
    @Path("people/{id}/merge")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Say which person it really is",
            description =
                    "Of somebody whom several tools know: they are called what the other one is called, and come with the"
                            + " other one's token, so that restricted incidents in which either takes part are seen with it. The"
                            + " other one must be none but itself.")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> mergePerson(@PathParam("id") @Parameter(description = ID) UUID id, @Valid MergeBody body) {
        return merge(Kind.PERSON, id, body);
    }

    @DELETE
    @Path("people/{id}/merge")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say that it is a person of its own")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> unmergePerson(@PathParam("id") @Parameter(description = ID) UUID id) {
        return command(Kind.PERSON, id, entry -> new CatalogCommand.Unmerge(), learned());
    }

    @GET
    @Path("services")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List services", description = "By name. Learned from incidents and tools, or entered.")
    @APIResponse(responseCode = "200", description = "One page of services.")
    public Uni<Page<EntryAnswer>> services(@BeanParam PageQuery page) {
        return entries(Kind.SERVICE, page);
    }

    @GET
    @Path("services/{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Read a service")
    @APIResponse(
            responseCode = "200",
            description = "The service.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> service(@PathParam("id") @Parameter(description = ID) UUID id) {
        return entry(Kind.SERVICE, id);
    }

    @POST
    @Path("services")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Enter a service")
    @APIResponse(
            responseCode = "201",
            description = "The service.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> enterService(@Valid NewService body) {
        Learned learned = learned();
        String name = body.name().strip();
        return team(body.team(), learned)
                .chain(team -> enter(
                        StreamIds.service(name),
                        "services",
                        new CatalogCommand.OfService(name, team.orElse(null)),
                        body.aliases(),
                        learned));
    }

    @PUT
    @Path("services/{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say whose a service is")
    @APIResponse(
            responseCode = "200",
            description = "The service after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> describeService(
            @PathParam("id") @Parameter(description = ID) UUID id, @Valid ServiceBody body) {
        Learned learned = learned();
        return team(body.team(), learned)
                .chain(team -> describe(
                        Kind.SERVICE,
                        id,
                        entry -> new CatalogCommand.Describe(
                                false, new CatalogCommand.OfService(entry.name(), team.orElse(null))),
                        body.aliases(),
                        learned));
    }

    @POST
    @Path("services/{id}/merge")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say which service it really is", description = "Where tools call it something else.")
    @APIResponse(
            responseCode = "200",
            description = "The service after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> mergeService(@PathParam("id") @Parameter(description = ID) UUID id, @Valid MergeBody body) {
        return merge(Kind.SERVICE, id, body);
    }

    @DELETE
    @Path("services/{id}/merge")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say that it is a service of its own")
    @APIResponse(
            responseCode = "200",
            description = "The service after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> unmergeService(@PathParam("id") @Parameter(description = ID) UUID id) {
        return command(Kind.SERVICE, id, entry -> new CatalogCommand.Unmerge(), learned());
    }

    @GET
    @Path("teams")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List teams", description = "By name. Learned from tools, or entered.")
    @APIResponse(responseCode = "200", description = "One page of teams.")
    public Uni<Page<EntryAnswer>> teams(@BeanParam PageQuery page) {
        return entries(Kind.TEAM, page);
    }

    @GET
    @Path("teams/{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Read a team")
    @APIResponse(
            responseCode = "200",
            description = "The team.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> team(@PathParam("id") @Parameter(description = ID) UUID id) {
        return entry(Kind.TEAM, id);
    }

    @POST
    @Path("teams")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Enter a team")
    @APIResponse(
            responseCode = "201",
            description = "The team.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> enterTeam(@Valid NewTeam body) {
        Learned learned = learned();
        String name = body.name().strip();
        return enter(
                StreamIds.team(name),
                "teams",
                new CatalogCommand.OfTeam(name, lead(body.lead(), learned)),
                body.aliases(),
                learned);
    }

    @PUT
    @Path("teams/{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say who leads a team")
    @APIResponse(
            responseCode = "200",
            description = "The team after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> describeTeam(@PathParam("id") @Parameter(description = ID) UUID id, @Valid TeamBody body) {
        Learned learned = learned();
        UUID lead = lead(body.lead(), learned);
        return describe(
                Kind.TEAM,
                id,
                entry -> new CatalogCommand.Describe(false, new CatalogCommand.OfTeam(entry.name(), lead)),
                body.aliases(),
                learned);
    }

    @POST
    @Path("teams/{id}/merge")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say which team it really is", description = "Where tools call it something else.")
    @APIResponse(
            responseCode = "200",
            description = "The team after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> mergeTeam(@PathParam("id") @Parameter(description = ID) UUID id, @Valid MergeBody body) {
        return merge(Kind.TEAM, id, body);
    }

    @DELETE
    @Path("teams/{id}/merge")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Say that it is a team of its own")
    @APIResponse(
            responseCode = "200",
            description = "The team after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> unmergeTeam(@PathParam("id") @Parameter(description = ID) UUID id) {
        return command(Kind.TEAM, id, entry -> new CatalogCommand.Unmerge(), learned());
    }

    @POST
    @Path("people/{id}/name-removal")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Remove a person's name for good",
            description =
                    "It is shown nowhere any more, nor what tools call them, also for entries that are merged into this one: in"
                            + " no timeline, document or item, and in no raw event that was recorded before. History stays as it is,"
                            + " with the person's id. Texts that people wrote, and deliveries as long as they are kept, are not"
                            + " searched for the name.")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> removeName(
            @PathParam("id") @Parameter(description = ID) UUID id, @Valid NameRemovalBody body) {
        return handler.removeName(id, body.reason().strip(), learned(), request.context(), answer(id))
                .map(CatalogResource::response);
    }

    @POST
    @Path("people/{id}/subject")
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
    public Uni<Response> linkSubject(@PathParam("id") @Parameter(description = ID) UUID id, @Valid SubjectBody body) {
        return link(id, new CatalogCommand.LinkPerson(body.subject().strip()));
    }

    @DELETE
    @Path("people/{id}/subject")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Take back with whose token a person comes")
    @APIResponse(
            responseCode = "200",
            description = "The person after it.",
            content = @Content(schema = @Schema(implementation = EntryAnswer.class)))
    public Uni<Response> unlinkSubject(@PathParam("id") @Parameter(description = ID) UUID id) {
        return link(id, new CatalogCommand.UnlinkPerson());
    }

    private Uni<Response> link(UUID person, CatalogCommand command) {
        return handler.link(person, command, learned(), request.context(), answer(person))
                .map(CatalogResource::response);
    }

    private Learned learned() {
        return Learned.by(request.subject(), request.displayName());
    }

    private Uni<CatalogCommand.Description> described(PersonBody body, Learned learned) {
        String zone = zone(body.timeZone());
        return team(body.team(), learned)
                .map(team -> new CatalogCommand.OfPerson(body.name().strip(), zone, team.orElse(null)));
    }

    private static @Nullable String zone(@Nullable String given) {
        if (given == null || ZoneId.getAvailableZoneIds().contains(given)) {
            return given;
        }
        throw Invalid.field(
                "timeZone", "UNKNOWN_TIME_ZONE", "timeZone must be one of the IANA database, such as Europe/Berlin.");
    }

    private static @Nullable UUID lead(@Nullable String given, Learned learned) {
        return given == null || given.isBlank() ? null : learned.person(given);
    }

    /** A team by its id, which the catalog must know, or by its name, which makes one where there is none. */
    private Uni<Optional<UUID>> team(@Nullable String given, Learned learned) {
        if (given == null || given.isBlank()) {
            return Uni.createFrom().item(Optional.empty());
        }
        String text = given.strip();
        if (!UUID_TEXT.matcher(text).matches()) {
            return Uni.createFrom().item(Optional.of(learned.team(text, null, null)));
        }
        return queries.catalogEntry(Kind.TEAM, UUID.fromString(text))
                .onFailure(NotFound.class)
                .transform(none -> Invalid.field("team", "UNKNOWN_TEAM", "The catalog knows no team of that id."))
                .map(team -> Optional.of(team.id));
    }

    private Uni<Response> enter(
            UUID id,
            String where,
            CatalogCommand.Description description,
            @Nullable List<Alias> aliases,
            Learned learned) {
        String location = "/api/v1/catalog/" + where + "/" + id;
        if (aliases == null) {
            return handler.enter(
                            id,
                            description,
                            learned,
                            request.context(),
                            after -> answers.created(EntryAnswer.of(after), location, id, after.version()))
                    .map(CatalogResource::response);
        }
        return handler.call(
                        description.kind(),
                        id,
                        entry -> new CatalogCommand.Describe(true, description),
                        told(aliases, List.of()),
                        learned,
                        request.context(),
                        after -> answers.created(
                                EntryAnswer.of(after),
                                location,
                                id,
                                after.getFirst().version()))
                .map(CatalogResource::response);
    }

    private Uni<Response> describe(
            Kind kind,
            UUID id,
            Function<CatalogEntry.Known, CatalogCommand> command,
            @Nullable List<Alias> aliases,
            Learned learned) {
        if (aliases == null) {
            return command(kind, id, command, learned);
        }
        return queries.catalogEntry(kind, id)
                .chain(view -> queries.duplicates(Set.of(id))
                        .map(duplicates -> EntryAnswer.of(view, duplicates).aliases()))
                .chain(known -> handler.call(
                        kind,
                        id,
                        entry -> {
                            if (!(entry instanceof CatalogEntry.Known there)) {
                                throw new NotFound(kind.name().toLowerCase(Locale.ROOT), id);
                            }
                            return command.apply(there);
                        },
                        told(aliases, known),
                        learned,
                        request.context(),
                        after -> answers.ok(
                                EntryAnswer.of(after), id, after.getFirst().version())))
                .map(CatalogResource::response);
    }

    /** @param known aliases that it has, of which those of tokens may be sent back as they were read */
    private static List<CatalogEvent.Alias> told(List<Alias> aliases, List<Alias> known) {
        List<Invalid.Violation> violations = new ArrayList<>();
        Set<CatalogEvent.Alias> told = new LinkedHashSet<>();
        for (int i = 0; i < aliases.size(); i++) {
            Alias alias = aliases.get(i);
            if (!CatalogEvent.OIDC.equals(alias.tool().strip())) {
                told.add(
                        new CatalogEvent.Alias(alias.tool().strip(), alias.key().strip()));
            } else if (!known.contains(alias)) {
                violations.add(new Invalid.Violation(
                        "aliases[" + i + "].tool",
                        "USE_SUBJECT",
                        "With whose token a person comes is said by POST …/subject."));
            }
        }
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
        return List.copyOf(told);
    }

    private Uni<Response> merge(Kind kind, UUID id, MergeBody body) {
        if (id.equals(body.into())) {
            throw Invalid.field("into", "ITSELF", "An entry is itself without being merged.");
        }
        return handler.merge(kind, id, body.into(), learned(), request.context(), answer(id))
                .map(CatalogResource::response);
    }

    private Uni<Response> command(
            Kind kind, UUID id, Function<CatalogEntry.Known, CatalogCommand> command, Learned learned) {
        return handler.command(kind, id, command, learned, request.context(), answer(id))
                .map(CatalogResource::response);
    }

    private Function<Loaded<CatalogEntry>, StoredAnswer> answer(UUID id) {
        return after -> answers.ok(EntryAnswer.of(after), id, after.version());
    }

    private static Response response(Outcome<CatalogEntry> outcome) {
        return Answers.toResponse(Objects.requireNonNull(outcome.answer()));
    }

    private Uni<Response> entry(Kind kind, UUID id) {
        return queries.catalogEntry(kind, id).chain(view -> queries.duplicates(Set.of(id))
                .map(duplicates -> Answers.read(EntryAnswer.of(view, duplicates), view.version)));
    }

    private Uni<Page<EntryAnswer>> entries(Kind kind, PageQuery page) {
        return queries.catalog(kind, page.limit(), page.cursor(2)).chain(found -> queries.duplicates(
                        found.items().stream().map(view -> view.id).collect(Collectors.toSet()))
                .map(duplicates -> {
                    Map<UUID, List<CatalogEntryView>> of = duplicates.stream()
                            .collect(Collectors.groupingBy(duplicate -> Objects.requireNonNull(duplicate.mergedInto)));
                    return found.map(view -> EntryAnswer.of(view, of.getOrDefault(view.id, List.of())));
                }));
    }
}
