package dev.hindsight.conventions.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.conventions.http.NumberParam;
import dev.hindsight.conventions.operations.Disclosure.Audience;
import dev.hindsight.conventions.operations.FeedAnswer.Published;
import dev.hindsight.conventions.problem.TooManyRequests;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.relay.EventFeed;
import dev.hindsight.eventstore.relay.EventFeed.Entry;
import dev.hindsight.eventstore.relay.EventFeed.Filter;
import dev.hindsight.eventstore.relay.EventFeed.Slice;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Everything that this service has published, in order, for whoever has no Kafka. Viewers read it: it tells nothing that the
 * lists and streams do not tell them, as restricted incidents are left out and people are ids.
 */
@Path("/api/v1/events")
@Tag(name = "Events")
@UnlessBuildProperty(name = "hindsight.event-store.topic", stringValue = "none")
public class EventFeedResource {

    /** Of server-sent events, on one instance. */
    static final int STREAMS = 100;

    private static final int PIECE = 100;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** Then the client comes back with its Last-Event-ID, and with a token that is judged again. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration WHEN_THERE_ARE_TOO_MANY = Duration.ofSeconds(10);

    private final EventFeed feed;
    private final Disclosure disclosure;
    private final ObjectMapper json;
    private final AtomicInteger streams = new AtomicInteger();

    EventFeedResource(EventFeed feed, Disclosure disclosure, ObjectMapper json) {
        this.feed = feed;
        this.disclosure = disclosure;
        this.json = json;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Read what was published",
            description =
                    "In the order of publishing; nothing is left out but what you may not see. Ask again with `after` ="
                            + " `next`; with `wait` the answer comes as soon as there is something. With `Accept: text/event-stream`"
                            + " the same as server-sent events whose `id` is the position, with a comment every 15 seconds; after ten"
                            + " minutes the stream ends, and the client comes back with `Last-Event-ID`.")
    @APIResponse(
            responseCode = "200",
            description = "What comes next; nothing where nothing came.",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = FeedAnswer.class),
                        examples = @ExampleObject(name = "one event", value = FeedAnswer.EXAMPLE)),
                @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = Published.class))
            })
    @APIResponse(responseCode = "429", ref = "#/components/responses/TooManyRequests")
    public Uni<FeedAnswer> page(
            @BeanParam FeedQuery query,
            @HeaderParam("Last-Event-ID")
                    @Parameter(
                            description =
                                    "Of server-sent events: the position that was seen last; goes before `after`.")
                    @Nullable
                    String lastEventId) {
        Audience audience = disclosure.audience();
        int limit = query.limit();
        Filter filter = query.filter();
        long deadline = System.nanoTime() + query.patience().toNanos();
        return seen(audience, query.after(), limit, filter, deadline)
                .map(seen -> new FeedAnswer(seen.items(), seen.next()));
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed(Roles.VIEWER)
    @Operation(hidden = true)
    public Multi<OutboundSseEvent> stream(
            @BeanParam FeedQuery query, @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context Sse sse) {
        Audience audience = disclosure.audience();
        Filter filter = query.filter();
        query.limit();
        query.patience();
        long after = lastEventId == null
                ? query.after()
                : NumberParam.parse("Last-Event-ID", lastEventId, 0, Long.MAX_VALUE, 0);
        if (streams.incrementAndGet() > STREAMS) {
            streams.decrementAndGet();
            throw new TooManyRequests(WHEN_THERE_ARE_TOO_MANY);
        }
        long end = System.nanoTime() + LONGEST.toNanos();
        AtomicLong position = new AtomicLong(after);
        AtomicBoolean ended = new AtomicBoolean();
        return Multi.createBy()
                .repeating()
                .uni(() -> seen(audience, position.get(), PIECE, filter, System.nanoTime() + HEARTBEAT.toNanos()))
                .whilst(seen -> System.nanoTime() < end)
                .onItem()
                .invoke(seen -> position.set(seen.next()))
                .onItem()
                .transformToIterable(seen -> events(seen, sse))
                .onTermination()
                .invoke(() -> {
                    if (ended.compareAndSet(false, true)) {
                        streams.decrementAndGet();
                    }
                });
    }

    private record Seen(List<Published> items, long next) {}

    /** Waits for something that may be told, until the deadline. */
    private Uni<Seen> seen(Audience audience, long after, int limit, Filter filter, long deadline) {
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        return feed.await(after, limit, filter, left)
                .chain(slice -> told(audience, slice))
                .chain(seen -> seen.items().isEmpty() && seen.next() > after && System.nanoTime() < deadline
                        ? seen(audience, seen.next(), limit, filter, deadline)
                        : Uni.createFrom().item(seen));
    }

    private static Uni<Seen> told(Audience audience, Slice slice) {
        Map<UUID, Long> positions = new HashMap<>();
        slice.entries().forEach(entry -> positions.put(entry.event().header().id(), entry.position()));
        return audience.told(slice.entries().stream().map(Entry::event).toList())
                .map(told -> new Seen(
                        told.stream()
                                .map(event -> Published.of(
                                        Objects.requireNonNull(positions.get(
                                                event.event().header().id())),
                                        event))
                                .toList(),
                        slice.scannedTo()));
    }

    private List<OutboundSseEvent> events(Seen seen, Sse sse) {
        if (seen.items().isEmpty()) {
            return List.of(sse.newEventBuilder().comment("still here").build());
        }
        return seen.items().stream()
                .map(published -> sse.newEventBuilder()
                        .id(Long.toString(published.position()))
                        .mediaType(MediaType.TEXT_PLAIN_TYPE)
                        .data(text(published))
                        .build())
                .toList();
    }

    private String text(Published published) {
        try {
            return json.writeValueAsString(published);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
