package dev.hindsight.eventstore.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Unknown;
import dev.hindsight.contract.Vocabulary;
import java.io.IOException;
import java.util.Optional;

/**
 * Events to bytes and back. It has a mapper of its own: what stands on disk must not change with a service's settings.
 * Reading is lenient to properties that a newer writer added.
 */
public final class EventCodec {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private EventCodec() {}

    /** The exact bytes that are stored, hashed and sent. */
    public static byte[] encode(DomainEvent event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event of the vocabulary cannot be written: " + event.getClass(), e);
        }
    }

    /**
     * The event of that wire name, or {@link Unknown} for a name that only a newer version knows.
     *
     * @throws Undecodable where the bytes are not what the name promises
     */
    public static DomainEvent decode(String type, byte[] data) {
        Optional<Class<? extends DomainEvent>> record = Vocabulary.recordOf(type);
        if (record.isEmpty()) {
            return new Unknown(type);
        }
        try {
            return JSON.readValue(data, record.get());
        } catch (IOException e) {
            throw new Undecodable(
                    "data of " + type + " cannot be read: " + firstLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** Bytes that are not what their header says. */
    public static final class Undecodable extends RuntimeException {
        public Undecodable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
