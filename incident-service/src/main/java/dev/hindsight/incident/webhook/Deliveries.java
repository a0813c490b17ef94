package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.StatementPart;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every authentic delivery as it came, with what became of it. */
@ApplicationScoped
class Deliveries {

    /** The constraint that says that a delivery came before. */
    static final String CAME_BEFORE = "delivery_id";

    private static final String INSERT = """
            insert into delivery (id, integration_id, event_type, outcome, reason, incidents, headers, body, received_at, \
            last_received_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)""";

    private final Pool pool;

    Deliveries(Pool pool) {
        this.pool = pool;
    }

    /** What became of a delivery. */
    enum Outcome {
        /** At least one fact was new. */
        APPLIED,
        /** New facts, all of them alerts that belong to incidents which something else declared. */
        ATTACHED,
        /** Nothing in it was new. */
        DUPLICATE,
        /** It says nothing about an incident. */
        IGNORED,
        /** Authentic, but not of the tool's shape: kept for somebody to look at. */
        PARKED
    }

    /** The write of one delivery, in the statement that records its facts. */
    static StatementPart row(
            UUID id,
            Integration integration,
            WebhookRequest request,
            @Nullable String eventType,
            Outcome outcome,
            @Nullable String reason,
            List<UUID> incidents) {
        JsonObject headers = new JsonObject();
        request.keptHeaders().forEach(headers::put);
        return new StatementPart(
                "delivery_row",
                INSERT,
                Arrays.asList(
                        id,
                        integration.id(),
                        eventType,
                        outcome.name(),
                        reason,
                        incidents.toArray(UUID[]::new),
                        headers,
                        Buffer.buffer(request.body()),
                        request.receivedAt().atOffset(ZoneOffset.UTC)));
    }

    /** Counts one more attempt of a delivery that came before; its incidents. */
    Uni<List<UUID>> cameAgain(UUID id, WebhookRequest request) {
        return pool.preparedQuery("update delivery set attempts = attempts + 1, last_received_at = $2 where id = $1"
                        + " returning incidents")
                .execute(Tuple.of(id, request.receivedAt().atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().hasNext()
                        ? List.of(rows.iterator().next().getArrayOfUUIDs("incidents"))
                        : List.of());
    }
}
