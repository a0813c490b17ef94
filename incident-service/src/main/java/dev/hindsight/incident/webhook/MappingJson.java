package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.incident.webhook.tool.GenericMapping;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mapping as the database keeps it. */
final class MappingJson {

    /** What a later version kept is no reason to refuse deliveries. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private MappingJson() {}

    static @Nullable GenericMapping read(@Nullable JsonObject kept) {
        try {
            return kept == null ? null : JSON.readValue(kept.encode(), GenericMapping.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static @Nullable GenericMapping read(@Nullable Map<String, Object> kept) {
        return kept == null ? null : JSON.convertValue(kept, GenericMapping.class);
    }

    static @Nullable JsonObject written(@Nullable GenericMapping mapping) {
        try {
            return mapping == null ? null : new JsonObject(JSON.writeValueAsString(mapping));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
