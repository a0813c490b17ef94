package dev.hindsight.eventstore.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer asks the owner of a topic to send again, as JSON on the topic {@code hindsight-repairs}. Whoever consumes
 * applies by stream version, so that sending again does no harm.
 */
public sealed interface RepairRequest {

    /** Wire name of the topic, without the installation's prefix. */
    String topic();

    /** Versions of one stream, both ends included. */
    record Versions(String topic, UUID streamId, long fromVersion, long toVersion) implements RepairRequest {}

    /**
     * What {@code published} holds in {@code (afterPosition, untilPosition]}.
     *
     * @param untilPosition null for everything up to the newest
     * @param partition only records of this partition; null for all
     */
    record Positions(
            String topic,
            long afterPosition,
            @Nullable Long untilPosition,
            @Nullable Integer partition) implements RepairRequest {}

    /** The value of a record is no request. */
    final class Malformed extends Exception {
        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** The value of a record. */
    default byte[] json() {
        try {
            return new JsonMapper().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request for repair cannot be written", e);
        }
    }

    /**
     * Empty where another topic is meant.
     *
     * @param topic the wire name of the topic that is answered for
     */
    static Optional<RepairRequest> parse(byte @Nullable [] value, String topic) throws Malformed {
        JsonNode json;
        try {
            json = value == null ? null : new JsonMapper().readTree(value);
        } catch (IOException e) {
            throw new Malformed("it is no JSON");
        }
        if (json == null || !json.isObject() || !json.path("topic").isTextual()) {
            throw new Malformed("it names no topic");
        }
        if (!json.path("topic").textValue().equals(topic)) {
            return Optional.empty();
        }
        if (json.hasNonNull("streamId")) {
            long from = number(json, "fromVersion", 1);
            return Optional.of(new Versions(topic, streamId(json), from, number(json, "toVersion", from)));
        }
        long after = number(json, "afterPosition", 0);
        return Optional.of(new Positions(
                topic,
                after,
                json.hasNonNull("untilPosition") ? number(json, "untilPosition", after) : null,
                json.hasNonNull("partition") ? Math.toIntExact(number(json, "partition", 0)) : null));
    }

    private static UUID streamId(JsonNode json) throws Malformed {
        try {
            return UUID.fromString(json.path("streamId").asText());
        } catch (IllegalArgumentException e) {
            throw new Malformed("streamId is no UUID");
        }
    }

    private static long number(JsonNode json, String name, long least) throws Malformed {
        JsonNode number = json.path(name);
        long most = name.equals("partition") ? Integer.MAX_VALUE : Long.MAX_VALUE;
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < least
                || number.longValue() > most) {
            throw new Malformed(name + " is no whole number from " + least + " on");
        }
        return number.longValue();
    }
}
