package dev.hindsight.conventions.sample;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.PureCall;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.RequiresIfMatch;
import dev.hindsight.conventions.http.TimeParam;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.problem.TooManyRequests;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.IdempotencyKeyReused;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StoredAnswer;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/samples")
public class SampleResource {

    static final UUID STREAM = UUID.fromString("00000000-0000-7000-8000-000000000001");

    public record Part(@NotBlank String name, int count) {
        public Part {
            if ("impossible".equals(name)) {
                throw Invalid.field("name", "IMPOSSIBLE", "name must be possible.");
            }
        }
    }

    public record Declare(
            @NotBlank @Size(max = 20) String title,
            Severity severity,
            @Nullable List<@Valid Part> parts,
            @Nullable Instant occurredAt,
            @Nullable String actor) {}

    public record Note(@Nullable String text, @Nullable Instant occurredAt) {}

    public record Seen(@Nullable String text, Instant at) {}

    private final RequestContext request;
    private final Answers answers;
    private final Pool absent;

    SampleResource(RequestContext request, Answers answers, Vertx vertx) {
        this.absent = Pool.pool(
                vertx,
                new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(1)
                        .setUser("u")
                        .setDatabase("d"),
                new PoolOptions());
        this.request = request;
        this.answers = answers;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public Page<Integer> list(
            @BeanParam PageQuery page,
            @QueryParam("severity") @Nullable Severity severity,
            @QueryParam("overdue") @Nullable Boolean overdue,
            @QueryParam("from") @Nullable String from) {
        TimeParam.parse("from", from);
        int start = page.cursor(1).map(cursor -> (int) cursor.number(0) + 1).orElse(0);
        List<Integer> rows =
                IntStream.range(start, 120).limit(page.limit() + 1L).boxed().toList();
        return Page.of(rows, page.limit(), Cursor::of);
    }

    @POST
    @RolesAllowed(Roles.RESPONDER)
    public Uni<Response> declare(@Valid @NotNull Declare declare) {
        CommandContext context = request.context(declare.actor());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("title", declare.title());
        body.put("nothing", null);
        body.put("occurredAt", request.occurredAt(declare.occurredAt()));
        StoredAnswer answer = answers.created(body, "/api/v1/samples/" + STREAM, STREAM, 1);
        return Uni.createFrom().item(Answers.toResponse(answer)).map(response -> Response.fromResponse(response)
                .header("X-Actor", context.actor())
                .build());
    }

    /** Says what the context of the command is. */
    @POST
    @Path("/{id}/context")
    @RolesAllowed(Roles.RESPONDER)
    public Uni<Map<String, Object>> context(@PathParam("id") UUID id, Note note) {
        return Uni.createFrom().item(said(request.context()));
    }

    @POST
    @Path("/{id}/blocking-context")
    @RolesAllowed(Roles.RESPONDER)
    @Blocking
    public Map<String, Object> blockingContext(@PathParam("id") UUID id, Note note) {
        return said(request.context());
    }

    @POST
    @Path("/{id}/raw")
    @Consumes("*/*")
    @RolesAllowed(Roles.RESPONDER)
    public Map<String, Object> raw(@PathParam("id") UUID id, byte[] body) {
        Map<String, Object> said = said(request.context());
        said.put("length", body.length);
        return said;
    }

    private Map<String, Object> said(CommandContext context) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("actor", context.actor());
        said.put("source", context.source());
        said.put("expectedVersion", context.expectedVersion());
        said.put("traceparent", context.traceparent());
        said.put("displayName", request.displayName());
        var key = context.idempotencyKey();
        said.put("key", key == null ? null : key.key());
        said.put("path", key == null ? null : key.path());
        said.put("subject", key == null ? null : key.subject());
        said.put("fingerprint", key == null ? null : HexFormat.of().formatHex(key.fingerprint()));
        return said;
    }

    @PUT
    @Path("/{id}/section")
    @RequiresIfMatch
    @RolesAllowed(Roles.EDITOR)
    public Response section(@PathParam("id") UUID id, Note note) {
        return Answers.read(note, request.context().expectedVersion() + 1);
    }

    @POST
    @Path("/check")
    @PureCall
    @RolesAllowed(Roles.VIEWER)
    public Note check(Note note) {
        return note;
    }

    @GET
    @Path("/note")
    @RolesAllowed(Roles.VIEWER)
    public Seen note() {
        return new Seen(null, Instant.parse("2026-11-21T14:05:00Z"));
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed(Roles.ADMIN)
    public Response delete(@PathParam("id") UUID id) {
        return Response.noContent().build();
    }

    /** Fails as it is told to. */
    @GET
    @Path("/failures/{kind}")
    @RolesAllowed(Roles.VIEWER)
    public Uni<String> fail(@PathParam("kind") String kind) {
        return Uni.createFrom()
                .failure(
                        switch (kind) {
                            case "refused" ->
                                new Refused(List.of(
                                        new Refused.Reason("ONE", "First."), new Refused.Reason("TWO", "Second.")));
                            case "stale" -> new StaleVersion(3, 5);
                            case "reused" -> new IdempotencyKeyReused("k");
                            case "contended" -> new Contended();
                            case "away" -> new ConnectException("Connection refused: secret-host:5432");
                            case "postgres" -> new PgException("terminating connection", "FATAL", "57P01", null);
                            case "defect-in-sql" -> new PgException("syntax error secret", "ERROR", "42601", null);
                            case "pool" -> new io.vertx.core.impl.NoStackTraceThrowable("Timeout");
                            case "too-many" -> new TooManyRequests(Duration.ofMillis(1500));
                            case "missing" -> new NotFound("sample", "INC-7");
                            default -> new IllegalStateException("secret of the house");
                        });
    }

    /** Asks a database that is not there. */
    @GET
    @Path("/absent-database")
    @RolesAllowed(Roles.VIEWER)
    public Uni<Integer> absentDatabase() {
        return absent.query("select 1").execute().map(rows -> rows.size());
    }

    /** Nobody said who may: nobody may. */
    @GET
    @Path("/unannotated")
    public String unannotated() {
        return "in";
    }
}
