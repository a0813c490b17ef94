package dev.hindsight.conventions.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.eventstore.StoredAnswer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers of commands: made once, stored with the Idempotency-Key, and sent from the same bytes every time. */
@ApplicationScoped
public class Answers {

    /** How far the answer's stream is; any service given it as {@link HindsightAfter} waits until it is as far. */
    public static final String HINDSIGHT_VERSION = "Hindsight-Version";

    private final ObjectMapper json;

    Answers(ObjectMapper json) {
        this.json = json;
    }

    /** 201 with the new state. */
    public StoredAnswer created(Object body, String location, UUID stream, long version) {
        return answer(201, body, location, stream, version);
    }

    /** 200 with the new state. */
    public StoredAnswer ok(Object body, UUID stream, long version) {
        return answer(200, body, null, stream, version);
    }

    /** As it goes to the client. */
    public static Response toResponse(StoredAnswer answer) {
        // A text, as bytes would be written as base64 by the JSON writer.
        Response.ResponseBuilder response = Response.status(answer.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new String(answer.body(), StandardCharsets.UTF_8));
        if (answer.etag() != null) {
            response.header(HttpHeaders.ETAG, '"' + answer.etag() + '"');
        }
        if (answer.location() != null) {
            response.header(HttpHeaders.LOCATION, answer.location());
        }
        if (answer.position() != null) {
            response.header(HINDSIGHT_VERSION, answer.position());
        }
        return response.build();
    }

    /** A state that was read, with its ETag. */
    public static Response read(Object body, long version) {
        return Response.ok(body, MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.ETAG, "\"" + version + '"')
                .build();
    }

    private StoredAnswer answer(int status, Object body, @Nullable String location, UUID stream, long version) {
        try {
            return new StoredAnswer(
                    status, Long.toString(version), location, stream + "@" + version, json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
