package dev.hindsight.incident.webhook;

import dev.hindsight.conventions.http.AcceptsAnyQuery;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.incident.webhook.WebhookIntake.Taken;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolReply;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Where paging tools post to. Open to all, as each tool proves itself in its own way; whatever is not authentic is answered
 * 401 and only counted.
 */
@Path("/webhooks/{provider}/{integrationId}")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@PermitAll
public class WebhookResource {

    private static final String PROBLEM = "application/problem+json";

    private final WebhookIntake intake;
    private final WebhookUrls urls;
    private final RequestContext request;

    WebhookResource(WebhookIntake intake, WebhookUrls urls, RequestContext request) {
        this.intake = intake;
        this.urls = urls;
        this.request = request;
    }

    @POST
    @AcceptsAnyQuery
    @Operation(
            summary = "Deliver a webhook",
            description =
                    "Answered after facts and delivery are durable. What we do not know is recorded and answered 202,"
                            + " never 4xx.")
    @APIResponse(
            responseCode = "202",
            description = "Durable.",
            content =
                    @Content(
                            schema = @Schema(implementation = WebhookAnswer.class),
                            examples =
                                    @ExampleObject(
                                            name = "applied",
                                            value =
                                                    "{\"deliveryId\":\"1f0e4dd5-52d8-5e0a-8f0f-3a4a3b1f4f10\",\"outcome\":\"APPLIED\",\"reason\":null,\"incidents\":[\"5b1c8f0e-0c53-5f0e-9e54-0d5d7d0c2f11\"],\"deploys\":[]}")))
    @APIResponse(
            responseCode = "401",
            description =
                    "The request does not prove that it comes from the integration's tool; that it came is counted"
                            + " among the deliveries, nothing of it is kept.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            examples =
                                    @ExampleObject(
                                            name = "unauthenticated",
                                            value =
                                                    "{\"type\":\"/problems/unauthenticated\",\"title\":\"Unauthenticated\",\"status\":401}")))
    @APIResponse(
            responseCode = "404",
            description = "There is no such integration of that provider.",
            content =
                    @Content(
                            mediaType = PROBLEM,
                            examples =
                                    @ExampleObject(
                                            name = "not-found",
                                            value = "{\"type\":\"/problems/not-found\",\"title\":\"Not"
                                                    + " found\",\"status\":404}")))
    public Uni<Response> deliver(
            @PathParam("provider") String provider,
            @PathParam("integrationId") String integrationId,
            @Context HttpHeaders headers,
            byte[] body) {
        return deliver(provider, integrationId, null, headers, body);
    }

    @POST
    @Path("{secret}")
    @AcceptsAnyQuery
    @Operation(
            summary = "Deliver a webhook, with the secret in the path",
            description = "For tools that can send neither a signature nor a header.")
    @APIResponse(
            responseCode = "202",
            description = "Durable.",
            content = @Content(schema = @Schema(implementation = WebhookAnswer.class)))
    @APIResponse(
            responseCode = "401",
            description = "The secret is not the integration's; nothing of the request is kept.")
    @APIResponse(responseCode = "404", description = "There is no such integration of that provider.")
    public Uni<Response> deliverWithSecret(
            @PathParam("provider") String provider,
            @PathParam("integrationId") String integrationId,
            @PathParam("secret") String secret,
            @Context HttpHeaders headers,
            byte[] body) {
        return deliver(provider, integrationId, secret, headers, body);
    }

    private Uni<Response> deliver(
            String provider, String integrationId, @Nullable String secret, HttpHeaders headers, byte[] body) {
        Provider known = Provider.named(provider).orElseThrow(() -> new NotFound("provider", provider));
        Map<String, String> lowerCase = new TreeMap<>();
        headers.getRequestHeaders()
                .forEach((name, values) -> lowerCase.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        UUID id = uuid(integrationId);
        return intake.take(
                        known,
                        id,
                        new WebhookRequest(urls.of(known, id), lowerCase, secret, body, request.now()),
                        request.traceparent())
                .map(WebhookResource::response);
    }

    private static Response response(Taken taken) {
        ToolReply reply = taken.reply();
        return reply == null
                ? Response.accepted(taken.receipt()).build()
                : Response.status(reply.status())
                        .entity(reply.body())
                        .type(reply.mediaType())
                        .build();
    }

    private static UUID uuid(String integrationId) {
        try {
            return UUID.fromString(integrationId);
        } catch (IllegalArgumentException e) {
            throw new NotFound("integration", integrationId);
        }
    }
}
