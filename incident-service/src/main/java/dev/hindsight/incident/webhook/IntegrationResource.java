package dev.hindsight.incident.webhook;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.view.IntegrationView;
import dev.hindsight.incident.view.ToolQueries;
import dev.hindsight.incident.webhook.tool.GenericMapping;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolAdapter;
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
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How paging tools are connected. */
@Path("/api/v1/integrations")
@Tag(name = "Integrations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.ADMIN)
public class IntegrationResource {

    private final IntegrationSettings settings;
    private final ToolQueries queries;
    private final WebhookUrls urls;
    private final RequestContext request;
    private final Answers answers;

    IntegrationResource(
            IntegrationSettings settings,
            ToolQueries queries,
            WebhookUrls urls,
            RequestContext request,
            Answers answers) {
        this.settings = settings;
        this.queries = queries;
        this.urls = urls;
        this.request = request;
        this.answers = answers;
    }

    /** A tool to connect. */
    @Schema(name = "NewIntegration")
    public record NewIntegration(
            @NotBlank @Size(max = 200) @Schema(examples = "PagerDuty production")
            String name,

            @NotNull Provider provider,

            @NotBlank
            @Size(min = 8, max = 512)
            @Schema(description = "What the tool signs or authenticates with; stored encrypted, never shown again.")
            String secret,

            @Nullable @Size(max = 200) @Schema(description = "For deliveries that name no service.")
            String defaultService,

            @Nullable @Schema(description = "For deliveries that name no severity; SEV3 where absent.")
            Severity defaultSeverity,

            @Nullable
            @Size(max = 100)
            @Schema(description = "The tool's word to a severity; P1 to P5, critical, warning and the like are known.")
            Map<@NotBlank @Size(max = 100) String, @NotNull Severity> severityMapping,

            @Nullable
            @Schema(description = "Whether an alert without an open incident declares one; true where absent.")
            Boolean autoDeclare,

            @Nullable
            @Min(0)
            @Max(43_200)
            @Schema(
                    description =
                            "Minutes after its declaration in which an open incident takes further alerts of its services; 240 where absent.")
            Integer groupingWindowMinutes,

            @Nullable @Schema(description = "How JSON other than CloudEvents is read; for the provider generic only.")
            GenericMapping mapping) {}

    /** What is to be changed; what is absent stays. */
    @Schema(name = "IntegrationChange")
    public record IntegrationChange(
            @Nullable @Size(max = 200) @Pattern(regexp = ".*\\S.*")
            String name,

            @Nullable
            @Size(min = 8, max = 512)
            @Schema(description = "A new secret; the present one stays valid for 24 hours.")
            String secret,

            @Nullable @Size(max = 200) String defaultService,
            @Nullable Severity defaultSeverity,
            @Nullable @Size(max = 100) Map<@NotBlank @Size(max = 100) String, @NotNull Severity> severityMapping,
            @Nullable Boolean autoDeclare,
            @Nullable @Min(0) @Max(43_200) Integer groupingWindowMinutes,

            @Nullable
            @Schema(
                    description = "The whole mapping anew, for the provider generic only; null takes it off.",
                    implementation = GenericMapping.class)
            MappingChange mapping) {}

    /** A connected tool, with what to do in the tool. */
    @Schema(name = "Integration")
    public record IntegrationAnswer(
            UUID id,
            String name,
            Provider provider,

            @Schema(description = "What to paste into the tool.")
            String url,

            @Schema(description = "What to do in the tool, step by step.")
            List<String> setup,

            @Nullable String defaultService,
            Severity defaultSeverity,
            Map<String, Severity> severityMapping,
            boolean autoDeclare,
            int groupingWindowMinutes,

            @Nullable @Schema(description = "How JSON other than CloudEvents is read.")
            GenericMapping mapping,

            @Nullable @Schema(description = "Until when the secret before the last rotation is valid.")
            Instant previousSecretUntil,

            Instant createdAt,
            long version) {}

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Connect a tool", description = "Answers with the URL to paste and the tool's own steps.")
    @APIResponse(
            responseCode = "201",
            description = "The integration.",
            content = @Content(schema = @Schema(implementation = IntegrationAnswer.class)))
    public Uni<Response> create(@Valid NewIntegration body) {
        checkMapping(body.provider(), body.mapping());
        UUID id = StreamIds.next();
        var context = request.context();
        IntegrationSettings.Settings wanted = new IntegrationSettings.Settings(
                body.name().strip(),
                body.secret(),
                body.defaultService(),
                body.defaultSeverity(),
                body.severityMapping(),
                body.autoDeclare(),
                body.groupingWindowMinutes(),
                body.mapping());
        ToolAdapter adapter = body.provider().adapter();
        String url = urls.of(body.provider(), id);
        IntegrationAnswer created = new IntegrationAnswer(
                id,
                body.name().strip(),
                body.provider(),
                url,
                adapter.setupSteps(url),
                body.defaultService(),
                body.defaultSeverity() == null ? Severity.SEV3 : body.defaultSeverity(),
                body.severityMapping() == null ? Map.of() : body.severityMapping(),
                body.autoDeclare() == null || body.autoDeclare(),
                body.groupingWindowMinutes() == null ? 240 : body.groupingWindowMinutes(),
                body.mapping(),
                null,
                context.now(),
                1);
        return settings.create(
                        id,
                        body.provider(),
                        body.name().strip(),
                        body.secret(),
                        wanted,
                        context,
                        answers.created(created, "/api/v1/integrations/" + id, id, 1))
                .map(Answers::toResponse);
    }

    @GET
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "List connected tools")
    @APIResponse(responseCode = "200", description = "One page of integrations.")
    public Uni<Page<IntegrationAnswer>> list(@BeanParam PageQuery page) {
        return queries.integrations(page.limit(), page.cursor(1)).map(found -> found.map(this::answer));
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Read a connected tool")
    @APIResponse(
            responseCode = "200",
            description = "The integration.",
            content = @Content(schema = @Schema(implementation = IntegrationAnswer.class)))
    public Uni<Response> read(@PathParam("id") UUID id) {
        return queries.integration(id).map(view -> Answers.read(answer(view), view.version));
    }

    @PATCH
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Change a connected tool",
            description = "A new secret leaves the present one valid for 24 hours, so that the tool can follow.")
    @APIResponse(
            responseCode = "200",
            description = "The integration after it.",
            content = @Content(schema = @Schema(implementation = IntegrationAnswer.class)))
    public Uni<Response> change(@PathParam("id") UUID id, @Valid IntegrationChange body) {
        GenericMapping mapping = body.mapping() == null ? null : body.mapping().to();
        IntegrationSettings.Settings to = new IntegrationSettings.Settings(
                body.name(),
                body.secret(),
                body.defaultService(),
                body.defaultSeverity(),
                body.severityMapping(),
                body.autoDeclare(),
                body.groupingWindowMinutes(),
                mapping);
        Uni<Void> checked = mapping == null
                ? Uni.createFrom().voidItem()
                : queries.integration(id)
                        .invoke(view ->
                                checkMapping(Provider.named(view.provider).orElseThrow(), mapping))
                        .replaceWithVoid();
        boolean withoutMapping = body.mapping() != null && mapping == null;
        return checked.chain(() -> settings.change(id, to, withoutMapping, request.expectedVersion(), request.now()))
                .chain(() -> queries.integration(id))
                .map(view -> Answers.read(answer(view), view.version));
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Disconnect a tool",
            description = "From now on its deliveries are answered 404; what it delivered stays.")
    @APIResponse(responseCode = "204", description = "It is disconnected.")
    public Uni<Void> delete(@PathParam("id") UUID id) {
        return settings.delete(id, request.expectedVersion(), request.now());
    }

    private IntegrationAnswer answer(IntegrationView view) {
        Provider provider = Provider.named(view.provider).orElseThrow();
        String url = urls.of(provider, view.id);
        Map<String, Severity> mapping = new TreeMap<>();
        view.severityMapping.forEach((word, severity) -> mapping.put(word, Severity.valueOf(severity)));
        return new IntegrationAnswer(
                view.id,
                view.name,
                provider,
                url,
                provider.adapter().setupSteps(url),
                view.defaultService,
                view.defaultSeverity,
                mapping,
                view.autoDeclare,
                view.groupingMinutes,
                MappingJson.read(view.mapping),
                view.previousUntil,
                view.createdAt,
                view.version);
    }

    private static void checkMapping(Provider provider, @Nullable GenericMapping mapping) {
        if (mapping == null) {
            return;
        }
        if (provider != Provider.GENERIC) {
            throw Invalid.field(
                    "mapping",
                    "ONLY_GENERIC",
                    "Webhooks of " + provider.displayName() + " are understood without a mapping.");
        }
        mapping.check("mapping");
    }
}
