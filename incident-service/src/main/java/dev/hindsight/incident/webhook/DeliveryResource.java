package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.Unversioned;
import dev.hindsight.conventions.operations.KeptAnswers;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.view.DeliveryView;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Every webhook delivery as it came, and what became of it. */
@Path("/api/v1/deliveries")
@Tag(name = "Deliveries")
@Produces(MediaType.APPLICATION_JSON)
public class DeliveryResource {

    private static final List<String> OUTCOMES =
            List.of("APPLIED", "ATTACHED", "DUPLICATE", "IGNORED", "REJECTED", "PARKED");

    private final ToolQueries queries;

    private final WebhookIntake intake;
    private final RequestContext request;
    private final KeptAnswers answers;

    DeliveryResource(ToolQueries queries, WebhookIntake intake, RequestContext request, KeptAnswers answers) {
        this.queries = queries;
        this.intake = intake;
        this.request = request;
        this.answers = answers;
    }

    /** A delivery; the body only where one is read by itself. */
    @Schema(name = "Delivery")
    public record DeliveryAnswer(
            UUID id,
            UUID integration,

            @Nullable @Schema(description = "The tool's own name of what happened.")
            String eventType,

            @Schema(enumeration = {"APPLIED", "ATTACHED", "DUPLICATE", "IGNORED", "REJECTED", "PARKED"})
            String outcome,

            @Nullable @Schema(description = "Why, where nothing was applied.")
            String reason,

            List<UUID> incidents,

            @Schema(description = "Those that do not authenticate.")
            Map<String, String> headers,

            @Schema(description = "How often the tool sent it.")
            int attempts,

            Instant receivedAt,
            Instant lastReceivedAt,

            @Nullable @Schema(description = "Since when headers and body are no longer kept.")
            Instant forgottenAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable @Schema(description = "As it came.")
            String body) {

        static DeliveryAnswer of(DeliveryView view, boolean withBody) {
            return new DeliveryAnswer(
                    view.id,
                    view.integrationId,
                    view.eventType,
                    view.outcome,
                    view.reason,
                    List.of(view.incidents),
                    view.headers,
                    view.attempts,
                    view.receivedAt,
                    view.lastReceivedAt,
                    view.forgottenAt,
                    withBody && view.forgottenAt == null ? new String(view.body, StandardCharsets.UTF_8) : null);
        }
    }

    @GET
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "List deliveries", description = "Newest first, without their bodies.")
    @APIResponse(responseCode = "200", description = "One page of deliveries.")
    public Uni<Page<DeliveryAnswer>> list(
            @QueryParam("integration") @Parameter(description = "Id of an integration.") @Nullable UUID integration,
            @QueryParam("outcome")
                    @Parameter(description = "One of APPLIED, ATTACHED, DUPLICATE, IGNORED, REJECTED, PARKED.")
                    @Nullable
                    String outcome,
            @BeanParam PageQuery page) {
        if (outcome != null && !OUTCOMES.contains(outcome)) {
            throw Invalid.field(
                    "outcome", "UNKNOWN_OUTCOME", "outcome must be one of " + String.join(", ", OUTCOMES) + ".");
        }
        return queries.deliveries(integration, outcome, page.limit(), page.cursor(2))
                .map(found -> found.map(view -> DeliveryAnswer.of(view, false)));
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Read a delivery", description = "With its body as it came, as long as that is kept.")
    @APIResponse(responseCode = "200", description = "The delivery.")
    public Uni<DeliveryAnswer> read(@PathParam("id") UUID id) {
        return queries.delivery(id).map(view -> DeliveryAnswer.of(view, true));
    }

    @POST
    @Path("{id}/replay")
    @RolesAllowed(Roles.ADMIN)
    @Unversioned
    @Operation(summary = "Judge a delivery again", description = """
            As it is on record, with the integration's settings of now: after an upgrade that understands what was \
            parked, or once the incident that an alert belongs to is there. What it told before is not told twice. \
            A REJECTED one is a 409 with the code NOT_KEPT, an old one whose body is no longer kept a 409 with the code \
            NO_LONGER_KEPT.""")
    @APIResponse(
            responseCode = "200",
            description = "What becomes of it.",
            content =
                    @Content(
                            schema = @Schema(implementation = WebhookAnswer.class),
                            examples =
                                    @ExampleObject(
                                            name = "applied",
                                            value =
                                                    "{\"deliveryId\":\"1f0e4dd5-52d8-5e0a-8f0f-3a4a3b1f4f10\",\"outcome\":\"APPLIED\",\"reason\":null,\"incidents\":[\"5b1c8f0e-0c53-5f0e-9e54-0d5d7d0c2f11\"],\"deploys\":[]}")))
    public Uni<Response> replay(@PathParam("id") UUID id) {
        return answers.once(request.context(), () -> queries.delivery(id)
                        .chain(delivery -> intake.replay(delivery, request.traceparent())))
                .map(Answers::toResponse);
    }
}
