package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.hindsight.incident.webhook.tool.GenericMapping;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a PATCH says of a mapping; that it says nothing is null in its place.
 *
 * @param to null where it is to be taken off
 */
@JsonDeserialize(using = MappingChange.Json.class)
record MappingChange(@Nullable GenericMapping to) {

    /** Tells a null from what is not there. */
    static final class Json extends JsonDeserializer<MappingChange> {

        @Override
        public MappingChange deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new MappingChange(context.readValue(parser, GenericMapping.class));
        }

        @Override
        public MappingChange getNullValue(DeserializationContext context) {
            return new MappingChange(null);
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
