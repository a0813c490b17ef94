package dev.hindsight.incident.api;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ClosureRule;
import dev.hindsight.contract.ClosureRule.ItemNeed;
import dev.hindsight.contract.ClosureRule.ItemState;
import dev.hindsight.contract.ClosureRule.PostmortemNeed;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.application.ClosurePolicyHandler;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.ClosurePolicy;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How this house works: what is owed before an incident may be closed. */
@Path("/api/v1/policies")
@Tag(name = "Policies")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PolicyResource {

    private static final int SEVERITIES = 5;
    private static final int PRIORITIES = 3;

    private final ClosurePolicyHandler closure;
    private final RequestContext request;
    private final Answers answers;

    PolicyResource(ClosurePolicyHandler closure, RequestContext request, Answers answers) {
        this.closure = closure;
        this.request = request;
        this.answers = answers;
    }

    /** What is owed before an incident of a severity may be closed. */
    @Schema(name = "ClosureRule")
    public record RuleBody(
            @NotNull Severity severity,

            @NotNull
            @Schema(
                    description =
                            "Whose postmortem must be published: EVERYBODYS, that of those where it is a duty"
                                    + " (WHERE_REQUIRED), or NOBODYS. One that was waived, or told of too late to be a duty, is not owed.")
            PostmortemNeed postmortem,

            @NotNull @Valid @Size(max = PRIORITIES) @Schema(description = "Of other priorities, items may stay open.")
            List<@NotNull ItemBody> items) {

        static RuleBody of(ClosureRule rule) {
            return new RuleBody(
                    rule.severity(),
                    rule.postmortem(),
                    rule.items().stream()
                            .map(need -> new ItemBody(need.priority(), need.until()))
                            .toList());
        }

        ClosureRule toRule() {
            return new ClosureRule(
                    severity,
                    postmortem,
                    items.stream()
                            .map(item -> new ItemNeed(item.priority(), item.until()))
                            .toList());
        }
    }

    /** How far action items of a priority must be. */
    @Schema(name = "ClosureItemNeed", description = "Canceled items are not owed.")
    public record ItemBody(
            @NotNull Priority priority, @NotNull ItemState until) {}

    /** The rules to go by from now on. */
    @Schema(name = "ClosurePolicyChange")
    public record ClosurePolicyBody(
            @NotNull
            @Valid
            @Size(max = SEVERITIES)
            @Schema(description = "At most one a severity; of one that is not named, nothing is owed.")
            List<@NotNull RuleBody> rules) {}

    /** The closure policy. */
    @Schema(name = "ClosurePolicy")
    public record ClosurePolicyAnswer(
            @Schema(description = "Its stream: /api/v1/streams/{id}/events tells who changed what, and when.")
            UUID id,

            @Schema(description = "One a severity, the worst first.")
            List<RuleBody> rules,

            @Schema(description = "0 for the one that Hindsight begins with.")
            long version) {

        static ClosurePolicyAnswer of(ClosurePolicy policy) {
            return new ClosurePolicyAnswer(
                    ClosurePolicyHandler.STREAM,
                    policy.everyRule().stream().map(RuleBody::of).toList(),
                    policy.version());
        }
    }

    @GET
    @Path("closure")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Read what is owed before an incident may be closed")
    @APIResponse(
            responseCode = "200",
            description = "The policy as it is now.",
            content = @Content(schema = @Schema(implementation = ClosurePolicyAnswer.class)))
    public Uni<Response> closure() {
        return closure.current().map(policy -> Answers.read(ClosurePolicyAnswer.of(policy), policy.version()));
    }

    @PUT
    @Path("closure")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Change what is owed before an incident may be closed",
            description = "Replaces all rules, from now on; what is closed stays closed.")
    @APIResponse(
            responseCode = "200",
            description = "The policy after it.",
            content = @Content(schema = @Schema(implementation = ClosurePolicyAnswer.class)))
    public Uni<Response> changeClosure(@Valid ClosurePolicyBody body) {
        return closure.change(
                        body.rules().stream().map(RuleBody::toRule).toList(),
                        Learned.by(request.subject(), request.displayName()),
                        request.context(),
                        policy ->
                                answers.ok(ClosurePolicyAnswer.of(policy.state()), policy.streamId(), policy.version()))
                .map(outcome -> Answers.toResponse(Objects.requireNonNull(outcome.answer())));
    }
}
