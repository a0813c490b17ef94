package dev.hindsight.conventions.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.Unversioned;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.IdempotencyKey;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.relay.Republication;
import dev.hindsight.eventstore.relay.Republications;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Everything that was ever published, sent to the topic again. */
@Path(RepublicationResource.PATH)
@Tag(name = "Operations")
@RolesAllowed(Roles.ADMIN)
@Produces(MediaType.APPLICATION_JSON)
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "none")
public class RepublicationResource {

    static final String PATH = "/api/v1/topic/republication";

    private static final String RUNNING = """
            {"topic": "incident-events", "running": true, "sent": 412000, "total": 1000000, "reason": "The topic was made anew.",
             "startedAt": "2026-11-21T14:05:00Z", "endedAt": null}""";

    /** Why everything is sent again. */
    public record Republish(
            @Nullable
            @Size(max = 2000)
            @Schema(description = "Kept with your name.", examples = "The disks of the broker were lost.")
            String reason) {}

    private final Republications republications;
    private final EventStore store;
    private final RequestContext request;
    private final ObjectMapper json;

    RepublicationResource(Republications republications, EventStore store, RequestContext request, ObjectMapper json) {
        this.republications = republications;
        this.store = store;
        this.request = request;
        this.json = json;
    }

    @GET
    @Operation(
            summary = "See how far the republication is",
            description = "The present one, or the last one; without `startedAt` there never was one.")
    @APIResponse(
            responseCode = "200",
            description = "The progress.",
            content =
                    @Content(
                            schema = @Schema(implementation = Republication.class),
                            examples = @ExampleObject(name = "running", value = RUNNING)))
    public Uni<Republication> progress() {
        return republications.progress();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Unversioned
    @Operation(
            summary = "Send everything to the topic again",
            description =
                    "For a topic that lost its records and kept its id; a topic that is made anew, or found empty, is"
                            + " filled by itself. In the order of publishing and before anything new; consumers skip what they have.")
    @APIResponse(
            responseCode = "202",
            description = "It is going to be done; the same address tells how far it is.",
            headers = @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            schema = @Schema(implementation = Republication.class),
                            examples = @ExampleObject(name = "begun", value = RUNNING)))
    @APIResponse(responseCode = "409", description = "One is running (REPUBLICATION_RUNNING).")
    public Uni<Response> begin(@NotNull @Valid Republish body) {
        CommandContext context = request.context();
        IdempotencyKey key = context.idempotencyKey();
        Uni<Optional<StoredAnswer>> kept = key == null ? Uni.createFrom().item(Optional.empty()) : store.answerOf(key);
        return kept.chain(answer -> answer.map(given -> Uni.createFrom().item(given))
                        .orElseGet(() -> begin(context, key, body.reason())))
                .map(Answers::toResponse);
    }

    private Uni<StoredAnswer> begin(CommandContext context, @Nullable IdempotencyKey key, @Nullable String given) {
        return republications.progress().chain(before -> {
            if (before.running()) {
                throw new Refused(List.of(new Refused.Reason(
                        "REPUBLICATION_RUNNING", "A republication is running; it has to end before the next one.")));
            }
            List<StatementPart> parts = new ArrayList<>();
            String reason =
                    "Asked for by " + context.actor() + (given == null || given.isBlank() ? "." : ": " + given.strip());
            parts.add(republications.begin(reason));
            StoredAnswer begun = answer(new Republication(before.topic(), true, 0, null, reason, context.now(), null));
            if (key != null) {
                parts.add(EventStore.keep(key, begun));
            }
            return store.append(context, List.of(), parts)
                    .replaceWith(begun)
                    .onFailure(AlreadyDone.class)
                    .recoverWithUni(
                            () -> store.answerOf(Objects.requireNonNull(key)).map(first -> first.orElse(begun)));
        });
    }

    private StoredAnswer answer(Republication progress) {
        try {
            return new StoredAnswer(202, null, PATH, null, json.writeValueAsBytes(progress));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
