package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the body of an authentic request. */
final class Bodies {

    private static final JsonMapper JSON = new JsonMapper();

    private Bodies() {}

    /** Any JSON. */
    static JsonNode json(WebhookRequest request) {
        return parsed(request.body());
    }

    /** A JSON object; where the operator chose to send a form, the one in its field {@code payload}. */
    static JsonNode object(WebhookRequest request) {
        String payload = request.isForm() ? request.form().get("payload") : null;
        JsonNode body = payload == null ? parsed(request.body()) : parsed(payload.getBytes(StandardCharsets.UTF_8));
        if (!body.isObject()) {
            throw new Untranslatable("the body is JSON, but not an object");
        }
        return body;
    }

    private static JsonNode parsed(byte[] bytes) {
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body == null || body.isMissingNode()) {
                throw new Untranslatable("the body is empty");
            }
            return body;
        } catch (IOException e) {
            throw new Untranslatable("the body cannot be read as JSON");
        }
    }
}
