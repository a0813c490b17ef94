package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.PureCall;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.webhook.tool.DeployReport;
import dev.hindsight.incident.webhook.tool.GenericMapping;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolFact;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
import dev.hindsight.incident.webhook.tool.ToolFact.OfChannel;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.tool.Translation;
import dev.hindsight.incident.webhook.tool.Untranslatable;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a sample would say if its tool sent it: nothing is verified, nothing is kept. */
@Path("/api/v1/integrations/{id}/dry-run")
@Tag(name = "Integrations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.ADMIN)
public class DryRunResource {

    private final Integrations integrations;
    private final WebhookUrls urls;
    private final RequestContext request;

    DryRunResource(Integrations integrations, WebhookUrls urls, RequestContext request) {
        this.integrations = integrations;
        this.urls = urls;
        this.request = request;
    }

    /** A delivery to try. */
    @Schema(name = "DryRun")
    public record DryRun(
            @NotNull
            @Schema(
                    description = "The body: JSON as it is, or a text that is the body byte for byte.",
                    implementation = Object.class)
            JsonNode sample,

            @Nullable
            @Size(max = 100)
            @Schema(
                    description =
                            "Headers that say something, such as Content-Type and ce-…; application/json where absent.")
            Map<String, String> headers,

            @Nullable @Schema(description = "To be tried instead of the integration's; for the provider generic only.")
            GenericMapping mapping) {}

    /** What the sample would say. */
    @Schema(name = "DryRunAnswer")
    public record DryRunAnswer(
            @Schema(
                    description =
                            "TRANSLATED where it says something, IGNORED where it says nothing about an incident, PARKED where it cannot be read.",
                    enumeration = {"TRANSLATED", "IGNORED", "PARKED"})
            String outcome,

            @Nullable @Schema(description = "Why, where it says nothing.")
            String reason,

            @Nullable @Schema(description = "Identity of the delivery: the same when it is sent again.")
            String deliveryKey,

            @Nullable String eventType,
            List<FactAnswer> facts,
            List<DeployReport> deploys) {}

    /** One thing that the sample says. */
    @Schema(name = "DryRunFact")
    public record FactAnswer(
            @Schema(
                    description =
                            "Whether it is told of an INCIDENT of the tool or of an ALERT, which joins an incident of its service, or of a chat's CHANNEL, which belongs to one.")
            String of,

            @Schema(description = "How the tool knows the incident or the alert.")
            String externalId,

            @Nullable
            @Schema(
                    description =
                            "The incident that it would belong to; null for an alert, as that depends on what is open.")
            UUID incidentId,

            @Schema(description = "What happened, such as TRIGGERED or RESOLVED.")
            String signal,

            Instant occurredAt,

            @Schema(description = "What an incident that nobody had heard of would be called.")
            String fallbackTitle,

            @Nullable String title,
            @Nullable Severity severity,
            List<String> services,
            @Nullable IncidentStatus status,
            @Nullable String url) {}

    @POST
    @PureCall
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Try a sample",
            description =
                    "Shows what a delivery would say, with the mapping that the integration has or with another one. Nothing"
                            + " is verified and nothing is kept.")
    @APIResponse(responseCode = "200", description = "What it would say.")
    public Uni<DryRunAnswer> dryRun(@PathParam("id") UUID id, @Valid DryRun body) {
        if (body.sample().isNull()) {
            throw Invalid.field("sample", "REQUIRED", "sample must be the body of a delivery.");
        }
        if (body.mapping() != null) {
            body.mapping().check("mapping");
        }
        Instant now = request.now();
        return integrations
                .find(id, now)
                .map(found -> found.orElseThrow(() -> new NotFound("integration", id)))
                .map(integration -> answer(
                        body.mapping() == null ? integration : trying(integration, body.mapping()),
                        sample(integration, body, now)));
    }

    private static Integration trying(Integration integration, GenericMapping mapping) {
        if (integration.provider() != Provider.GENERIC) {
            throw Invalid.field(
                    "mapping",
                    "ONLY_GENERIC",
                    "Webhooks of " + integration.provider().displayName() + " are understood without a mapping.");
        }
        return integration.with(mapping);
    }

    private WebhookRequest sample(Integration integration, DryRun body, Instant now) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("content-type", MediaType.APPLICATION_JSON);
        if (body.headers() != null) {
            body.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        }
        String text = body.sample().isTextual()
                ? body.sample().asText()
                : body.sample().toString();
        return new WebhookRequest(
                urls.of(integration.provider(), integration.id()),
                headers,
                null,
                text.getBytes(StandardCharsets.UTF_8),
                now);
    }

    static DryRunAnswer answer(Integration integration, WebhookRequest sample) {
        try {
            Translation said = integration.provider().adapter().translate(integration, sample);
            return new DryRunAnswer(
                    said.because() != null ? "IGNORED" : "TRANSLATED",
                    said.because(),
                    said.deliveryKey(),
                    said.eventType(),
                    said.facts().stream().map(fact -> fact(integration, fact)).toList(),
                    said.deploys());
        } catch (Untranslatable e) {
            return new DryRunAnswer("PARKED", e.getMessage(), null, null, List.of(), List.of());
        }
    }

    private static FactAnswer fact(Integration integration, ToolFact fact) {
        Observed seen = fact.signal().observed();
        String externalId =
                switch (fact) {
                    case OfIncident of -> of.externalId();
                    case OfAlert of -> of.alert().key();
                    case OfChannel of -> of.channel();
                };
        return new FactAnswer(
                switch (fact) {
                    case OfIncident of -> "INCIDENT";
                    case OfAlert of -> "ALERT";
                    case OfChannel of -> "CHANNEL";
                },
                externalId,
                fact instanceof OfIncident ? StreamIds.incident(integration.id(), externalId) : null,
                fact.signal()
                        .getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toUpperCase(Locale.ROOT),
                fact.occurredAt(),
                fact.fallbackTitle(),
                seen.title(),
                seen.severity(),
                seen.services(),
                seen.status(),
                seen.url());
    }
}
