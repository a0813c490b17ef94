package dev.hindsight.incident.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.view.DeliveryView;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
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

    private static final List<String> OUTCOMES = List.of("APPLIED", "ATTACHED", "DUPLICATE", "IGNORED", "PARKED");

    private final ToolQueries queries;

    DeliveryResource(ToolQueries queries) {
        this.queries = queries;
    }

    /** A delivery; the body only where one is read by itself. */
    @Schema(name = "Delivery")
    public record DeliveryAnswer(
            UUID id,
            UUID integration,

            @Nullable @Schema(description = "The tool's own name of what happened.")
            String eventType,

            @Schema(enumeration = {"APPLIED", "ATTACHED", "DUPLICATE", "IGNORED", "PARKED"})
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
                    withBody ? new String(view.body, StandardCharsets.UTF_8) : null);
        }
    }

    @GET
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "List deliveries", description = "Newest first, without their bodies.")
    @APIResponse(responseCode = "200", description = "One page of deliveries.")
    public Uni<Page<DeliveryAnswer>> list(
            @QueryParam("integration") @Parameter(description = "Id of an integration.") @Nullable UUID integration,
            @QueryParam("outcome")
                    @Parameter(description = "One of APPLIED, ATTACHED, DUPLICATE, IGNORED, PARKED.")
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
    @Operation(summary = "Read a delivery", description = "With its body as it came.")
    @APIResponse(responseCode = "200", description = "The delivery.")
    public Uni<DeliveryAnswer> read(@PathParam("id") UUID id) {
        return queries.delivery(id).map(view -> DeliveryAnswer.of(view, true));
    }
}
