package dev.hindsight.incident.webhook;

import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every authentic delivery as it came, with what became of it. */
final class Deliveries {

    /**
     * Of one that comes twice in a statement the attempts are added up, and the first that something came of counts: as it would
     * where one came after the other.
     */
    private static final String INSERT = """
            insert into delivery (id, integration_id, event_type, outcome, reason, incidents, headers, body, received_at, \
            last_received_at, attempts)
            select distinct on (id) id, integration_id, event_type, outcome, reason, incidents::uuid[], headers::jsonb, body,
              min(at) over same, max(at) over same, sum(attempts) over same
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], \
            $9::timestamptz[], $10::integer[]) with ordinality \
            as n(id, integration_id, event_type, outcome, reason, incidents, headers, body, at, attempts, place)
            window same as (partition by id)
            order by id, outcome in ('IGNORED', 'PARKED'), place
            on conflict (id) do update set attempts = delivery.attempts + excluded.attempts,
              last_received_at = greatest(delivery.last_received_at, excluded.last_received_at),
              outcome = case when delivery.outcome in ('IGNORED', 'PARKED') then excluded.outcome else delivery.outcome end,
              reason = case when delivery.outcome in ('IGNORED', 'PARKED') then excluded.reason else delivery.reason end,
              incidents = case when delivery.outcome in ('IGNORED', 'PARKED') then excluded.incidents \
            else delivery.incidents end""";

    private Deliveries() {}

    /** What became of a delivery. */
    enum Outcome {
        /** At least one fact was new. */
        APPLIED,
        /** New facts, all of them alerts that belong to incidents which something else declared. */
        ATTACHED,
        /** Nothing in it was new. */
        DUPLICATE,
        /** It says nothing about an incident or a deploy. */
        IGNORED,
        /** Not authentic: only that such deliveries came is kept, nothing of them. */
        REJECTED,
        /** Authentic, but not of the tool's shape: kept for somebody to look at. */
        PARKED
    }

    /**
     * The write of one delivery, in the statement that records its facts. One that comes again is counted, and judged again
     * where nothing came of it before: the incident that it belongs to may be open by now. So is one that is replayed, which is
     * not counted.
     */
    static StatementPart row(
            UUID id,
            Arrival arrival,
            @Nullable String eventType,
            Outcome outcome,
            @Nullable String reason,
            List<UUID> incidents) {
        WebhookRequest request = arrival.request();
        JsonObject headers = new JsonObject();
        request.keptHeaders().forEach(headers::put);
        return StatementPart.ofEachRow(
                "delivery_row",
                INSERT,
                List.of(
                        new UUID[] {id},
                        new UUID[] {arrival.integration().id()},
                        new @Nullable String[] {eventType},
                        new String[] {outcome.name()},
                        new @Nullable String[] {reason},
                        // An array of arrays would have to have equal lengths.
                        new String[] {incidents.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"))
                        },
                        new String[] {headers.encode()},
                        new Buffer[] {Buffer.buffer(request.body())},
                        new OffsetDateTime[] {request.receivedAt().atOffset(ZoneOffset.UTC)},
                        new Integer[] {arrival.replayOf() == null ? 1 : 0}));
    }
}
