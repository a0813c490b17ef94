package dev.hindsight.contract;

import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The CloudEvents 1.0 attributes of an event, on Kafka as {@code ce_…} headers (binary mode).
 *
 * @param id CloudEvents {@code id}; deterministic where a redelivery must be a no-op
 * @param type CloudEvents {@code type}: the explicit wire name
 * @param streamId CloudEvents {@code subject}: the stream that the event belongs to
 * @param sequence version of the stream after the event, counted from 1 without gaps
 * @param occurredAt CloudEvents {@code time}: when it happened in the world, UTC
 * @param sourceOrder the source's own order among facts of one {@code occurredAt}; 0 where it has none
 * @param recordedAt when the owner's database stored it, UTC, at least 1 µs after the stream's previous event
 * @param actor opaque id of a person in the catalog, or {@code integration:<uuid>}, or {@code hindsight}
 * @param source CloudEvents {@code source}: {@code /api}, {@code /api/people/<uuid>} where that person spoke for the actor, {@code /integrations/<uuid>}, {@code /imports/<name>} or
 *     {@code /automation}
 * @param deliveryId the webhook delivery that brought it, where one did
 * @param traceparent W3C Trace Context of the request that caused it
 */
public record EventHeader(
        UUID id,
        String type,
        UUID streamId,
        long sequence,
        Instant occurredAt,
        int sourceOrder,
        Instant recordedAt,
        String actor,
        String source,
        @Nullable UUID deliveryId,
        @Nullable String traceparent) {

    /** {@code source} of what came through the REST API. */
    public static final String FROM_API = "/api";

    /** {@code source} of what Hindsight decided by itself. */
    public static final String FROM_AUTOMATION = "/automation";

    /** {@code actor} of what Hindsight decided by itself, and of what was imported without a name. */
    public static final String HINDSIGHT = "hindsight";

    private static final String FROM_IMPORTS = "/imports/";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** {@code source} of what an integration delivered. */
    public static String fromIntegration(UUID integrationId) {
        return "/integrations/" + integrationId;
    }

    /** {@code source} of what was imported from that system's past. */
    public static String fromImport(String name) {
        return FROM_IMPORTS + name;
    }

    /** The person that an {@code actor} is, or null where it is a tool or Hindsight. */
    public static @Nullable UUID personIn(String actor) {
        return ID.matcher(actor).matches() ? UUID.fromString(actor) : null;
    }

    /** Whether it was imported from another system's past: every view shows it, and no automation answers it. */
    public boolean isImported() {
        return source.startsWith(FROM_IMPORTS);
    }

    /** The integration that delivered the event, or null where none did. */
    public @Nullable UUID integrationId() {
        return source.startsWith("/integrations/")
                ? UUID.fromString(source.substring("/integrations/".length()))
                : null;
    }
}
