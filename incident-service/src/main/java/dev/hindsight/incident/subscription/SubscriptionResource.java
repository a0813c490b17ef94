package dev.hindsight.incident.subscription;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.Unversioned;
import dev.hindsight.conventions.operations.KeptAnswers;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.AddressGuard;
import dev.hindsight.incident.domain.SubscriptionFilter;
import dev.hindsight.incident.view.OutboundAttemptView;
import dev.hindsight.incident.view.SubscriptionQueries;
import dev.hindsight.incident.view.SubscriptionView;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
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
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who is told of events by webhooks. */
@Path("/api/v1/subscriptions")
@Tag(name = "Subscriptions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.ADMIN)
public class SubscriptionResource {

    private static final String EXAMPLE = """
            {"id": "0198c0de-0000-7000-8000-0000000000c1", "name": "Portal", "format": "STANDARD",
             "url": "https://portal.example.org/hindsight", "types": ["hindsight.incident.*"], "services": ["checkout"],
             "severities": ["SEV0", "SEV1"], "includeRestricted": false, "includeImported": false, "state": "ACTIVE",
             "disabledBecause": null, "disabledAt": null, "lastSequence": 41, "failures": 0, "failingSince": null,
             "lastSuccessAt": "2026-11-21T14:05:00Z", "notBefore": null, "previousSecretUntil": null,
             "createdAt": "2026-11-20T10:00:00Z", "version": 1}""";

    private static final String CREATED = """
            {"id": "0198c0de-0000-7000-8000-0000000000c1", "name": "Portal", "format": "STANDARD",
             "url": "https://portal.example.org/hindsight", "types": ["hindsight.incident.*"], "services": ["checkout"],
             "severities": ["SEV0", "SEV1"], "includeRestricted": false, "includeImported": false, "state": "ACTIVE",
             "disabledBecause": null, "disabledAt": null, "lastSequence": 0, "failures": 0, "failingSince": null,
             "lastSuccessAt": null, "notBefore": null, "previousSecretUntil": null,
             "createdAt": "2026-11-20T10:00:00Z", "version": 1,
             "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDc2FVsBQIhrs="}""";

    private static final String ATTEMPT = """
            {"id": "0198c0de-0000-7000-8000-0000000000d2", "sequence": 41,
             "eventId": "0198c0de-0000-7000-8000-0000000000a1", "eventType": "hindsight.incident.resolved.v1",
             "key": "0198c0de-0000-7000-8000-000000000001", "attemptedAt": "2026-11-21T14:05:00Z", "tookSeconds": 0.21,
             "outcome": "RETRYING", "status": 503, "error": null, "detail": "try later",
             "nextAttemptAt": "2026-11-21T14:05:06Z"}""";

    private static final List<String> TYPES = List.of(OverdueNotices.POSTMORTEM_OVERDUE, OverdueNotices.ITEM_OVERDUE);

    private final SubscriptionSettings settings;
    private final SubscriptionQueries queries;
    private final Dispatch dispatch;
    private final AddressGuard guard;
    private final RequestContext request;
    private final Answers answers;
    private final KeptAnswers keptAnswers;
    private final SecureRandom random = new SecureRandom();

    SubscriptionResource(
            SubscriptionSettings settings,
            SubscriptionQueries queries,
            Dispatch dispatch,
            SubscriptionsConfig config,
            RequestContext request,
            Answers answers,
            KeptAnswers keptAnswers) {
        this.settings = settings;
        this.queries = queries;
        this.dispatch = dispatch;
        this.guard = config.guard();
        this.request = request;
        this.answers = answers;
        this.keptAnswers = keptAnswers;
    }

    /** Who is to be told. */
    @Schema(name = "NewSubscription")
    public record NewSubscription(
            @NotBlank @Size(max = 200) @Schema(examples = "Portal")
            String name,

            @NotBlank
            @Size(max = 2_000)
            @Schema(
                    description =
                            "Where webhooks are sent: https, and neither a private nor any other address that is not public, unless this installation allows it. Stored encrypted; shown without what may be secret in it.",
                    examples = "https://portal.example.org/hindsight")
            String url,

            @Nullable
            @Schema(
                    description =
                            "STANDARD where absent: signed, with the event. SLACK: messages for an incoming webhook of Slack, unsigned, of what was published or became overdue.")
            Format format,

            @Nullable
            @Size(max = 200)
            @Schema(
                    description =
                            "What it is signed with, whsec_ and 24 to 64 bytes in base64; one is made where absent. Shown in this answer only.")
            String secret,

            @Nullable
            @Size(max = 100)
            @Schema(
                    description = "Types of events, or beginnings of them that end with .*; all where absent or empty.",
                    examples = "[\"hindsight.incident.*\"]")
            List<@NotBlank @Size(max = 200) String> types,

            @Nullable
            @Size(max = 100)
            @Schema(description = "Only events of incidents, or deploys, of one of these services.")
            List<@NotBlank @Size(max = 200) String> services,

            @Nullable
            @Size(max = 5)
            @Schema(description = "Only events of incidents that had one of these severities then.")
            List<@NotNull Severity> severities,

            @Nullable
            @Schema(
                    description =
                            "Whether it is told of restricted incidents, too; false where absent, and never changed.")
            Boolean includeRestricted,

            @Nullable
            @Schema(description = "Whether it is told of what was imported from another system; false where absent.")
            Boolean includeImported) {}

    /** What is to be changed; what is absent stays. */
    @Schema(name = "SubscriptionChange")
    public record SubscriptionChange(
            @Nullable @Size(max = 200) @Pattern(regexp = ".*\\S.*")
            String name,

            @Nullable
            @Size(max = 2_000)
            @Pattern(regexp = ".*\\S.*")
            @Schema(description = "What waits is sent there, too.")
            String url,

            @Nullable
            @Size(max = 200)
            @Schema(description = "A new secret; the present one signs beside it for 24 hours.")
            String secret,

            @Nullable @Size(max = 100) List<@NotBlank @Size(max = 200) String> types,
            @Nullable @Size(max = 100) List<@NotBlank @Size(max = 200) String> services,
            @Nullable @Size(max = 5) List<@NotNull Severity> severities,
            @Nullable Boolean includeImported) {}

    /** Who is told. */
    @Schema(name = "Subscription")
    public record SubscriptionAnswer(
            UUID id,
            String name,
            Format format,

            @Schema(description = "Without what may be secret in it.")
            String url,

            List<String> types,
            List<String> services,
            List<Severity> severities,
            boolean includeRestricted,
            boolean includeImported,

            @Schema(enumeration = {"ACTIVE", "DISABLED"}) String state,

            @Nullable @Schema(description = "Why nothing is sent any more.")
            String disabledBecause,

            @Nullable Instant disabledAt,

            @Schema(description = "The number of the newest message that was sent.")
            long lastSequence,

            @Schema(description = "Attempts that failed since the last one that did not.")
            int failures,

            @Nullable Instant failingSince,
            @Nullable Instant lastSuccessAt,

            @Nullable @Schema(description = "Nothing is sent before, as the receiver fails or asks for it.")
            Instant notBefore,

            @Nullable @Schema(description = "Until when the secret before the last rotation signs, too.")
            Instant previousSecretUntil,

            Instant createdAt,
            long version,

            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            @Schema(description = "Only in the answer to its creation.")
            String secret) {

        static SubscriptionAnswer of(SubscriptionView view) {
            return new SubscriptionAnswer(
                    view.id,
                    view.name,
                    Format.valueOf(view.format),
                    view.shownUrl,
                    List.of(view.types),
                    List.of(view.services),
                    Arrays.stream(view.severities).map(Severity::valueOf).toList(),
                    view.includeRestricted,
                    view.includeImported,
                    view.state,
                    view.disabledBecause,
                    view.disabledAt,
                    view.lastSequence,
                    view.failures,
                    view.failingSince,
                    view.lastSuccessAt,
                    view.notBefore,
                    view.previousUntil,
                    view.createdAt,
                    view.version,
                    null);
        }
    }

    /** One request to the receiver. */
    @Schema(name = "DeliveryAttempt", examples = ATTEMPT)
    public record AttemptAnswer(
            UUID id,

            @Schema(description = "The number of the message; the same in each attempt.")
            long sequence,

            @Schema(description = "The id of the event, and of the message (webhook-id).")
            UUID eventId,

            String eventType,

            @Schema(description = "The incident that it belongs to, or the stream itself.")
            UUID key,

            Instant attemptedAt,
            double tookSeconds,

            @Schema(enumeration = {"DELIVERED", "RETRYING", "GIVEN_UP", "DISABLED"})
            String outcome,

            @Nullable @Schema(description = "As the receiver answered; null where it did not.")
            Integer status,

            @Nullable
            @Schema(
                    description =
                            "Why there is no status: TIMEOUT, UNKNOWN_HOST, NOT_CONNECTED, TLS_FAILED, CONNECTION_LOST, ADDRESS_NOT_ALLOWED, HTTPS_REQUIRED.")
            String error,

            @Nullable @Schema(description = "The beginning of the answer, or what went wrong in words.")
            String detail,

            @Nullable Instant nextAttemptAt) {

        static AttemptAnswer of(OutboundAttemptView view) {
            return new AttemptAnswer(
                    view.id,
                    view.sequence,
                    view.eventId,
                    view.eventType,
                    view.keyId,
                    view.attemptedAt,
                    view.tookMillis / 1000.0,
                    view.outcome,
                    view.status,
                    view.error,
                    view.detail,
                    view.nextAttemptAt);
        }
    }

    /** From where everything is sent again. */
    @Schema(name = "Redelivery")
    public record Redelivery(
            @NotNull @Min(1) @Schema(description = "The number of the first message to be sent again.", examples = "38")
            Long fromSequence) {}

    /** What is sent again. */
    @Schema(name = "RedeliveryAnswer")
    public record RedeliveryAnswer(
            @Schema(description = "The first that is sent again: later than asked for where earlier ones are not kept.")
            long fromSequence,

            int messages) {}

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Have events sent", description = """
            From now on every event that matches is sent as a webhook, signed as Standard Webhooks has it: \
            `{"type", "timestamp", "data": {"subscription", "sequence", "key", "event"}}`, where `event` is the event as \
            CloudEvents has it in JSON, `webhook-id` is its id, and `sequence` counts from 1 without gaps. Those of one \
            incident are sent one after the other. Anything but a 2xx within the time limit is tried again after growing \
            pauses, for days; after that the subscription is disabled if nothing got through, else the message is left. \
            410 disables at once. An event may be sent twice, with the same id.""")
    @APIResponse(
            responseCode = "201",
            description = "The subscription, with its secret: it is never shown again.",
            content =
                    @Content(
                            schema = @Schema(implementation = SubscriptionAnswer.class),
                            examples = @ExampleObject(name = "created", value = CREATED)))
    public Uni<Response> create(@Valid NewSubscription body) {
        Format format = body.format() == null ? Format.STANDARD : body.format();
        String url = checked(body.url());
        List<String> types = types(body.types());
        SigningSecret secret = secret(format, body.secret());
        if (format == Format.STANDARD && secret == null) {
            secret = SigningSecret.next(random);
        }
        UUID id = StreamIds.next();
        var context = request.context();
        SubscriptionSettings.New wanted = new SubscriptionSettings.New(
                id,
                body.name().strip(),
                format,
                url,
                secret,
                types,
                listed(body.services()),
                listed(body.severities()),
                Boolean.TRUE.equals(body.includeRestricted()),
                Boolean.TRUE.equals(body.includeImported()));
        String location = "/api/v1/subscriptions/" + id;
        return settings.create(
                        wanted,
                        context,
                        answers.created(
                                fresh(wanted, context.now(), secret == null ? null : secret.text()), location, id, 1),
                        answers.created(fresh(wanted, context.now(), null), location, id, 1))
                .map(Answers::toResponse);
    }

    private static SubscriptionAnswer fresh(SubscriptionSettings.New wanted, Instant now, @Nullable String secret) {
        return new SubscriptionAnswer(
                wanted.id(),
                wanted.name(),
                wanted.format(),
                SubscriptionSettings.shown(wanted.format(), wanted.url()),
                wanted.types(),
                wanted.services(),
                wanted.severities(),
                wanted.includeRestricted(),
                wanted.includeImported(),
                "ACTIVE",
                null,
                null,
                0,
                0,
                null,
                null,
                null,
                null,
                now,
                1,
                secret);
    }

    @GET
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "List subscriptions")
    @APIResponse(responseCode = "200", description = "One page of subscriptions.")
    public Uni<Page<SubscriptionAnswer>> list(@BeanParam PageQuery page) {
        return queries.subscriptions(page.limit(), page.cursor(1)).map(found -> found.map(SubscriptionAnswer::of));
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Read a subscription")
    @APIResponse(
            responseCode = "200",
            description = "The subscription.",
            content =
                    @Content(
                            schema = @Schema(implementation = SubscriptionAnswer.class),
                            examples = @ExampleObject(name = "active", value = EXAMPLE)))
    public Uni<Response> read(@PathParam("id") UUID id) {
        return answer(id);
    }

    @PATCH
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Change a subscription",
            description =
                    "What waits is sent to a new address, and by a new secret together with the present one for 24"
                            + " hours; filters count for what is recorded from now on.")
    @APIResponse(
            responseCode = "200",
            description = "The subscription after it.",
            content =
                    @Content(
                            schema = @Schema(implementation = SubscriptionAnswer.class),
                            examples = @ExampleObject(name = "active", value = EXAMPLE)))
    public Uni<Response> change(@PathParam("id") UUID id, @Valid SubscriptionChange body) {
        String url = body.url() == null ? null : checked(body.url());
        List<String> types = body.types() == null ? null : types(body.types());
        Long expected = request.expectedVersion();
        Instant now = request.now();
        return queries.subscription(id)
                .chain(view -> {
                    Format format = Format.valueOf(view.format);
                    return settings.change(
                            id,
                            format,
                            new SubscriptionSettings.Change(
                                    body.name() == null ? null : body.name().strip(),
                                    url,
                                    secret(format, body.secret()),
                                    types,
                                    body.services(),
                                    body.severities(),
                                    body.includeImported()),
                            expected,
                            now);
                })
                .chain(() -> answer(id));
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Have no more events sent", description = "What waits is forgotten.")
    @APIResponse(responseCode = "204", description = "Nothing is sent any more.")
    public Uni<Void> delete(@PathParam("id") UUID id) {
        return settings.delete(id, request.expectedVersion());
    }

    @GET
    @Path("{id}/attempts")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "List the attempts of a subscription",
            description = "Every request to the receiver and what came of it, newest first; kept for 30 days.")
    @APIResponse(responseCode = "200", description = "One page of attempts.")
    public Uni<Page<AttemptAnswer>> attempts(@PathParam("id") UUID id, @BeanParam PageQuery page) {
        int limit = page.limit();
        var cursor = page.cursor(1);
        return queries.subscription(id)
                .chain(view -> queries.attempts(view.id, limit, cursor))
                .map(found -> found.map(AttemptAnswer::of));
    }

    @POST
    @Path("{id}/redelivery")
    @RolesAllowed(Roles.ADMIN)
    @Unversioned
    @Operation(summary = "Send again from a number on", description = """
            Every message from that number on, under its number and its id, in the order of each incident; what has become \
            restricted since is told as `hindsight.subscription.withheld`. 409 with NOTHING_KEPT where there is none.""")
    @APIResponse(
            responseCode = "200",
            description = "What is sent again.",
            content =
                    @Content(
                            schema = @Schema(implementation = RedeliveryAnswer.class),
                            examples =
                                    @ExampleObject(
                                            name = "four messages",
                                            value = "{\"fromSequence\": 38, \"messages\": 4}")))
    public Uni<Response> redeliver(@PathParam("id") UUID id, @Valid @NotNull Redelivery body) {
        return keptAnswers
                .once(request.context(), () -> settings.redeliver(id, body.fromSequence())
                        .map(again -> new RedeliveryAnswer(again.fromSequence(), again.messages())))
                .invoke(dispatch::wake)
                .map(Answers::toResponse);
    }

    @POST
    @Path("{id}/activation")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Roles.ADMIN)
    @Unversioned
    @Operation(
            summary = "Send again after a disabling",
            description =
                    "Everything that waits is sent, from where it stopped; at once, also where it was not disabled.")
    @APIResponse(
            responseCode = "200",
            description = "The subscription after it.",
            content =
                    @Content(
                            schema = @Schema(implementation = SubscriptionAnswer.class),
                            examples = @ExampleObject(name = "active", value = EXAMPLE)))
    public Uni<Response> activate(@PathParam("id") UUID id) {
        return keptAnswers
                .once(request.context(), () -> settings.activate(id)
                        .chain(() -> queries.subscription(id))
                        .map(SubscriptionAnswer::of))
                .invoke(dispatch::wake)
                .map(Answers::toResponse);
    }

    private Uni<Response> answer(UUID id) {
        return queries.subscription(id).map(view -> Answers.read(SubscriptionAnswer.of(view), view.version));
    }

    private String checked(String url) {
        guard.against(url.strip()).ifPresent(objection -> {
            throw Invalid.field("url", objection.code(), objection.message());
        });
        return url.strip();
    }

    private static List<String> types(@Nullable List<String> types) {
        List<String> wanted = listed(types);
        for (int i = 0; i < wanted.size(); i++) {
            String type = wanted.get(i);
            boolean known = Vocabulary.all().keySet().stream().anyMatch(name -> SubscriptionFilter.isOf(type, name))
                    || TYPES.stream().anyMatch(name -> SubscriptionFilter.isOf(type, name));
            if (!known) {
                throw Invalid.field(
                        "types[" + i + "]",
                        "UNKNOWN_TYPE",
                        type
                                + " is no type of an event; hindsight.incident.declared.v1 or hindsight.incident.* would be.");
            }
        }
        return wanted;
    }

    private static @Nullable SigningSecret secret(Format format, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (format == Format.SLACK) {
            throw Invalid.field(
                    "secret", "NOT_SIGNED", "Messages for Slack are not signed; its address is the secret.");
        }
        try {
            return SigningSecret.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw Invalid.field(
                    "secret", "INVALID_SECRET", "secret must be whsec_ followed by 24 to 64 random bytes in base64.");
        }
    }

    private static <T> List<T> listed(@Nullable List<T> given) {
        return given == null ? List.of() : List.copyOf(given);
    }
}
