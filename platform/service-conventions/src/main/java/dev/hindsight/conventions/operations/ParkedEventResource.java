package dev.hindsight.conventions.operations;

import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.Unversioned;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.consume.ParkedEvent;
import dev.hindsight.eventstore.consume.ParkedEvents;
import dev.hindsight.eventstore.consume.Reason;
import dev.hindsight.eventstore.consume.Settling;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
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

/** Events that a projection or automation of this service could not apply. They may tell of restricted incidents. */
@Path("/api/v1/parked-events")
@Tag(name = "Parked events")
@RolesAllowed(Roles.ADMIN)
@Produces(MediaType.APPLICATION_JSON)
public class ParkedEventResource {

    private static final String EXAMPLE = """
            {"id": 17, "consumer": "timelines", "streamId": "0198c0de-0000-7000-8000-000000000001", "version": 4,
             "eventId": "0198c0de-0000-7000-8000-0000000000a4", "type": "hindsight.incident.message-posted.v1",
             "reason": "UNDECODABLE", "detail": "Undecodable: data of hindsight.incident.message-posted.v1 cannot be read",
             "topic": "incident-events", "partition": 3, "offset": 1042, "parkedAt": "2026-11-21T14:05:00Z",
             "headers": {"ce_id": "0198c0de-0000-7000-8000-0000000000a4", "ce_sequence": "4"},
             "data": "{\\"text\\":", "dataEncoding": "UTF-8", "repairRequestedAt": null, "repairRequests": 0,
             "settlement": null}""";

    private static final String SETTLED_EXAMPLE = """
            {"event": {"id": 17, "consumer": "timelines", "streamId": "0198c0de-0000-7000-8000-000000000001", "version": 4,
             "eventId": "0198c0de-0000-7000-8000-0000000000a4", "type": "hindsight.incident.message-posted.v1",
             "reason": "UNDECODABLE", "detail": "Undecodable: data of hindsight.incident.message-posted.v1 cannot be read",
             "topic": "incident-events", "partition": 3, "offset": 1042, "parkedAt": "2026-11-21T14:05:00Z",
             "headers": {"ce_id": "0198c0de-0000-7000-8000-0000000000a4", "ce_sequence": "4"},
             "data": "{\\"text\\":", "dataEncoding": "UTF-8", "repairRequestedAt": null, "repairRequests": 0,
             "settlement": {"outcome": "DISCARDED", "at": "2026-11-21T15:00:00Z",
                            "by": "0198c0de-0000-7000-8000-0000000000b0", "reason": "Sent by a broken script."}},
             "appliedAfterwards": 2, "nowParkedAt": null}""";

    private final ParkedEvents parked;
    private final RequestContext request;
    private final KeptAnswers answers;

    ParkedEventResource(ParkedEvents parked, RequestContext request, KeptAnswers answers) {
        this.parked = parked;
        this.request = request;
        this.answers = answers;
    }

    /** How data is written in JSON. */
    public enum DataEncoding {
        UTF_8("UTF-8"),
        BASE64("base64");

        private final String text;

        DataEncoding(String text) {
            this.text = text;
        }

        @com.fasterxml.jackson.annotation.JsonValue
        public String text() {
            return text;
        }
    }

    /** What was decided about it. */
    @Schema(name = "ParkedEventSettlement")
    public record SettlementAnswer(
            ParkedEvent.Outcome outcome,
            Instant at,

            @Schema(description = "A person of the catalog, or `hindsight`.")
            String by,

            @Nullable @Schema(description = "Why it was discarded.")
            String reason) {}

    /** An event as it came, and why it is parked. */
    @Schema(name = "ParkedEvent")
    public record ParkedEventAnswer(
            long id,

            @Schema(description = "The projection or automation that could not apply it.")
            String consumer,

            @Nullable @Schema(description = "Null, as are version, eventId and type, where its headers do not say.")
            UUID streamId,

            @Nullable Long version,
            @Nullable UUID eventId,
            @Nullable String type,

            @Schema(description = """
                            GAP: an earlier event of its stream has not come; its owner is asked for it by itself. BEHIND: it \
                            stands behind another parked event of its stream. UNDECODABLE: its data is not what its type \
                            promises. DEFECT: the consumer fails on it. CONFLICT: another event came as the same version. \
                            UNATTRIBUTABLE: its headers do not say which stream it belongs to.""") Reason reason,

            @Nullable String detail,
            String topic,
            int partition,
            long offset,
            Instant parkedAt,
            Map<String, String> headers,

            @Schema(description = "As text where it is UTF-8, else as base64.")
            String data,

            @Schema(
                    enumeration = {"UTF-8", "base64"},
                    type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING)
            DataEncoding dataEncoding,

            @Nullable @Schema(description = "When the owner was last asked to send again what is missing before it.")
            Instant repairRequestedAt,

            int repairRequests,

            @Nullable @Schema(description = "Null while it is parked.")
            SettlementAnswer settlement) {

        static ParkedEventAnswer of(ParkedEvent event) {
            String text = text(event.data());
            ParkedEvent.Settlement settlement = event.settlement();
            return new ParkedEventAnswer(
                    event.id(),
                    event.consumer(),
                    event.streamId(),
                    event.version(),
                    event.eventId(),
                    event.type(),
                    event.reason(),
                    event.detail(),
                    event.topic(),
                    event.partition(),
                    event.offset(),
                    event.parkedAt(),
                    event.headers(),
                    text == null ? Base64.getEncoder().encodeToString(event.data()) : text,
                    text == null ? DataEncoding.BASE64 : DataEncoding.UTF_8,
                    event.repairRequestedAt(),
                    event.repairRequests(),
                    settlement == null
                            ? null
                            : new SettlementAnswer(
                                    settlement.outcome(), settlement.at(), settlement.by(), settlement.reason()));
        }

        private static @Nullable String text(byte[] data) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(data))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }
    }

    /** What a retry or a discard set free. */
    @Schema(name = "SettledParkedEvent")
    public record SettledAnswer(
            ParkedEventAnswer event,

            @Schema(description = "How many later events of its stream were applied because of it.")
            long appliedAfterwards,

            @Nullable
            @Schema(description = "The next one of its stream that somebody has to look at; null where there is none.")
            ParkedEventAnswer nowParkedAt) {}

    /** Why it is given up. */
    public record Discard(
            @NotBlank
            @Size(max = 2000)
            @Schema(description = "Kept with your name.", examples = "Sent by a broken script.")
            String reason) {}

    @GET
    @Operation(
            summary = "List parked events",
            description = "Newest first. Those that wait (GAP, BEHIND) go by themselves; the others need somebody.")
    @APIResponse(
            responseCode = "200",
            description = "One page of parked events.",
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "page",
                                            value = "{\"items\": [" + EXAMPLE + "], \"next\": null}")))
    public Uni<Page<ParkedEventAnswer>> list(
            @QueryParam("consumer") @Parameter(description = "Name of a projection or automation.") @Nullable
                    String consumer,
            @QueryParam("stream") @Parameter(description = "Id of a stream.") @Nullable UUID stream,
            @QueryParam("reason") @Nullable Reason reason,
            @QueryParam("settled")
                    @Parameter(description = "`true`: those that were retried with success or discarded, instead.")
                    @Nullable
                    Boolean settled,
            @BeanParam PageQuery page) {
        Long before = page.cursor(1).map(cursor -> cursor.number(0)).orElse(null);
        return parked.list(
                        new ParkedEvents.Filter(consumer, stream, reason, Boolean.TRUE.equals(settled)),
                        before,
                        page.limit() + 1)
                .map(events -> Page.of(events, page.limit(), event -> Cursor.of(event.id()))
                        .map(ParkedEventAnswer::of));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Read a parked event", description = "Also one that is settled.")
    @APIResponse(
            responseCode = "200",
            description = "The event.",
            content = @Content(examples = @ExampleObject(name = "event", value = EXAMPLE)))
    public Uni<ParkedEventAnswer> read(@PathParam("id") String id) {
        return parked.find(number(id))
                .map(found -> found.map(ParkedEventAnswer::of).orElseThrow(() -> notFound(id)));
    }

    @POST
    @Path("{id}/retry")
    @Unversioned
    @Operation(summary = "Try a parked event again", description = """
                    Applies it, and then the later events of its stream that stood behind it, in order. Where it still fails \
                    it stays parked, with what was wrong this time, and the answer is a 409 with one of the codes \
                    STILL_DEFECT, STILL_UNDECODABLE, STILL_CONFLICT, STILL_UNATTRIBUTABLE, WAITS_FOR_EARLIER, STANDS_BEHIND, \
                    NO_SUCH_CONSUMER, ALREADY_SETTLED.""")
    @APIResponse(
            responseCode = "200",
            description = "It is applied; so are those behind it, up to the next one that cannot be.",
            content =
                    @Content(
                            schema = @Schema(implementation = SettledAnswer.class),
                            examples = @ExampleObject(name = "settled", value = SETTLED_EXAMPLE)))
    public Uni<Response> retry(@PathParam("id") String id) {
        CommandContext context = request.context();
        return answers.once(
                        context, () -> parked.retry(number(id), context.actor()).map(result -> answer(id, result)))
                .map(Answers::toResponse);
    }

    @POST
    @Path("{id}/discard")
    @Consumes(MediaType.APPLICATION_JSON)
    @Unversioned
    @Operation(summary = "Give a parked event up", description = """
                    For good: the consumer passes over it, and over any redelivery of it, and applies what stood behind it. \
                    Possible for UNDECODABLE, DEFECT, CONFLICT and UNATTRIBUTABLE. GAP and BEHIND are a 409 with the code \
                    WAITS_FOR_EARLIER or STANDS_BEHIND, which says what to do instead; what is settled is a 409 with the \
                    code ALREADY_SETTLED.""")
    @APIResponse(
            responseCode = "200",
            description = "It is discarded, and kept with your name and reason.",
            content =
                    @Content(
                            schema = @Schema(implementation = SettledAnswer.class),
                            examples = @ExampleObject(name = "settled", value = SETTLED_EXAMPLE)))
    public Uni<Response> discard(@PathParam("id") String id, @Valid @NotNull Discard discard) {
        CommandContext context = request.context();
        return answers.once(context, () -> parked.discard(number(id), context.actor(), discard.reason())
                        .map(result -> answer(id, result)))
                .map(Answers::toResponse);
    }

    private static SettledAnswer answer(String id, Settling result) {
        return switch (result) {
            case Settling.NotThere() -> throw notFound(id);
            case Settling.AlreadySettled(ParkedEvent event) ->
                throw Refused.because("ALREADY_SETTLED", "Somebody has settled parked event " + event.id() + ".");
            case Settling.Refused(String code, String detail) -> throw Refused.because(code, detail);
            case Settling.Settled(ParkedEvent event, long applied, ParkedEvent next) ->
                new SettledAnswer(
                        ParkedEventAnswer.of(event), applied, next == null ? null : ParkedEventAnswer.of(next));
        };
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw notFound(id);
        }
    }

    private static NotFound notFound(String id) {
        return new NotFound("parked event", id);
    }
}
