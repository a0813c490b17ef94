package dev.hindsight.incident.api;

import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.conventions.security.token.ApiTokenSecret;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.ApiTokenHandler;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.ApiToken;
import dev.hindsight.incident.view.ApiTokenView;
import io.quarkus.security.ForbiddenException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** API tokens: what machines such as Prometheus, Grafana and scripts come in with, at all four services. */
@Path("/api/v1/api-tokens")
@Tag(name = "API tokens")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.ADMIN)
public class ApiTokenResource {

    private final ApiTokenHandler handler;
    private final ApiTokenView.Queries queries;
    private final RequestContext request;
    private final Answers answers;

    ApiTokenResource(ApiTokenHandler handler, ApiTokenView.Queries queries, RequestContext request, Answers answers) {
        this.handler = handler;
        this.queries = queries;
        this.request = request;
        this.answers = answers;
    }

    /** A token to issue. */
    @Schema(name = "NewApiToken", description = "Exactly one of expiresAt and expiresInDays is needed.")
    public record NewApiToken(
            @NotBlank @Size(max = 200) @Schema(examples = "Grafana")
            String name,

            @NotNull
            @Pattern(regexp = "viewer|responder|editor|admin")
            @Schema(
                    enumeration = {"viewer", "responder", "editor", "admin"},
                    description = "Never higher than your own.")
            String role,

            @Nullable @Schema(description = "At most 366 days from now.")
            Instant expiresAt,

            @Nullable @Min(1) @Max(366) Integer expiresInDays) {}

    /** A token, and, in the one answer that shows it, its secret. */
    @Schema(name = "ApiToken")
    public record ApiTokenAnswer(
            UUID id,
            String name,
            String role,

            @Nullable
            @Schema(
                    description =
                            "Send it as Authorization: Bearer. Shown in the answer that issues it and never again; null"
                                    + " in every other answer, also in one that an Idempotency-Key repeats.",
                    examples = "hst_…")
            String secret,

            @Schema(description = "Who issued it: the id of a person in the catalog.")
            String createdBy,

            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant revokedAt,
            long version) {}

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Issue an API token",
            description = "The secret is in this answer and nowhere else: only its SHA-256 is stored. Repeated with an"
                    + " Idempotency-Key, the answer comes without it; revoke the token and issue another one then. The token is"
                    + " valid at all four services.")
    @APIResponse(
            responseCode = "201",
            description = "The token, with its secret.",
            content = @Content(schema = @Schema(implementation = ApiTokenAnswer.class)))
    public Uni<Response> issue(@Valid NewApiToken body) {
        if (!request.roles().contains(body.role())) {
            throw new ForbiddenException();
        }
        UUID id = StreamIds.next();
        ApiTokenSecret secret = ApiTokenSecret.generate();
        String location = "/api/v1/api-tokens/" + id;
        return handler.issue(
                        id,
                        body.name().strip(),
                        body.role(),
                        secret,
                        expiry(body),
                        Learned.by(request.subject(), request.displayName()),
                        request.context(),
                        // What an Idempotency-Key keeps stands in the database, so it is the answer without the secret.
                        token -> answers.created(answer(token, null), location, id, token.version()))
                .map(outcome -> {
                    var kept = Objects.requireNonNull(outcome.answer());
                    var shown = outcome.replayed()
                            ? kept
                            : answers.created(
                                    answer(
                                            Objects.requireNonNull(
                                                    outcome.states().get(id)),
                                            secret.reveal()),
                                    location,
                                    id,
                                    1);
                    return Response.fromResponse(Answers.toResponse(shown))
                            .cacheControl(neverStored())
                            .build();
                });
    }

    @GET
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "List API tokens", description = "Newest first; expired and revoked ones too.")
    @APIResponse(responseCode = "200", description = "One page of tokens, without their secrets.")
    public Uni<Page<ApiTokenAnswer>> list(@BeanParam PageQuery page) {
        return queries.list(page.limit(), page.cursor(1)).map(found -> found.map(ApiTokenResource::answer));
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Read an API token")
    @APIResponse(
            responseCode = "200",
            description = "The token, without its secret.",
            content = @Content(schema = @Schema(implementation = ApiTokenAnswer.class)))
    public Uni<Response> read(@PathParam("id") UUID id) {
        return queries.byId(id).map(view -> Answers.read(answer(view), view.version));
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Revoke an API token",
            description =
                    "Refused at once here, and within about two seconds by other instances and services. Revoking a"
                            + " revoked one changes nothing.")
    @APIResponse(responseCode = "204", description = "It is revoked; Hindsight-Version says from where on.")
    public Uni<Response> revoke(@PathParam("id") UUID id) {
        return handler.revoke(id, Learned.by(request.subject(), request.displayName()), request.context())
                .map(after -> Response.noContent()
                        .header(HttpHeaders.ETAG, "\"" + after.version() + '"')
                        .header(Answers.HINDSIGHT_VERSION, id + "@" + after.version())
                        .build());
    }

    private Instant expiry(NewApiToken body) {
        if ((body.expiresAt() == null) == (body.expiresInDays() == null)) {
            throw Invalid.field(
                    "expiresAt",
                    "EXACTLY_ONE",
                    "Say when it expires: either expiresAt or expiresInDays, and not both.");
        }
        return body.expiresAt() != null
                ? body.expiresAt().truncatedTo(ChronoUnit.MICROS)
                : request.now().plus(Duration.ofDays(Objects.requireNonNull(body.expiresInDays())));
    }

    private static ApiTokenAnswer answer(Loaded<ApiToken> loaded, @Nullable String secret) {
        if (!(loaded.state() instanceof ApiToken.Issued issued)) {
            throw new IllegalStateException("a token that was just issued is " + loaded.state());
        }
        return new ApiTokenAnswer(
                loaded.streamId(),
                issued.name(),
                issued.role(),
                secret,
                issued.issuedBy(),
                issued.issuedAt(),
                issued.expiresAt(),
                null,
                loaded.version());
    }

    private static ApiTokenAnswer answer(ApiTokenView view) {
        return new ApiTokenAnswer(
                view.id,
                view.name,
                view.role,
                null,
                view.createdBy,
                view.createdAt,
                view.expiresAt,
                view.revokedAt,
                view.version);
    }

    private static CacheControl neverStored() {
        CacheControl control = new CacheControl();
        control.setNoStore(true);
        return control;
    }
}
