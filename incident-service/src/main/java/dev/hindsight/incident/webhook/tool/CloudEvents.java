package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * CloudEvents 1.0 over HTTP in its three modes: structured, batched, and binary with {@code ce-…} headers (their values are
 * percent-encoded). Each becomes an object of its attributes with {@code data} beside them; {@code data_base64} is decoded, and
 * read as JSON where it is JSON. An attribute that is null is absent.
 */
final class CloudEvents {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ATTRIBUTE = "ce-";
    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

    private CloudEvents() {}

    /** Whether the request is one, by its media type or headers, or because the body has all that one must have. */
    static boolean isOne(WebhookRequest request) {
        return request.mediaType().startsWith("application/cloudevents")
                || request.header(ATTRIBUTE + "specversion") != null
                || looksLikeOne(request);
    }

    private static boolean looksLikeOne(WebhookRequest request) {
        try {
            JsonNode body = JSON.readTree(request.body());
            return body != null && REQUIRED.stream().allMatch(body::has);
        } catch (IOException e) {
            return false;
        }
    }

    /** Identity of an event, which stays when it is sent again. */
    static String identity(JsonNode event) {
        return Fields.idOr(event.path("source"), "") + '|' + Fields.idOr(event.path("id"), "");
    }

    static List<JsonNode> of(WebhookRequest request) {
        List<JsonNode> events = new ArrayList<>();
        if (request.header(ATTRIBUTE + "specversion") != null
                && !request.mediaType().startsWith("application/cloudevents")) {
            events.add(complete(binary(request)));
        } else if (request.mediaType().startsWith("application/cloudevents-batch")) {
            JsonNode batch = Bodies.json(request);
            if (!batch.isArray()) {
                throw new Untranslatable("not a batch of CloudEvents: the body is no array");
            }
            Generic.bounded(batch).forEach(each -> events.add(complete(structured(each))));
        } else {
            events.add(complete(structured(Bodies.json(request))));
        }
        return events;
    }

    private static ObjectNode complete(ObjectNode event) {
        for (String attribute : REQUIRED) {
            if (Fields.id(event.path(attribute)) == null) {
                throw new Untranslatable("not a CloudEvent: it has no \"" + attribute + "\"");
            }
        }
        return event;
    }

    private static ObjectNode structured(JsonNode sent) {
        if (!sent.isObject()) {
            throw new Untranslatable("not a CloudEvent: it is no object");
        }
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        sent.properties().forEach(attribute -> {
            if (!attribute.getValue().isNull()) {
                event.set(attribute.getKey(), attribute.getValue());
            }
        });
        JsonNode encoded = event.remove("data_base64");
        if (encoded != null) {
            try {
                event.set("data", data(Base64.getDecoder().decode(encoded.asText())));
            } catch (IllegalArgumentException e) {
                throw new Untranslatable(
                        "the event " + Fields.idOr(event.path("id"), "") + " has a data_base64 that is none");
            }
        }
        return event;
    }

    private static ObjectNode binary(WebhookRequest request) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        request.headers().forEach((name, value) -> {
            if (name.startsWith(ATTRIBUTE)) {
                event.put(name.substring(ATTRIBUTE.length()), decoded(value));
            }
        });
        if (!request.mediaType().isEmpty()) {
            event.put("datacontenttype", request.mediaType());
        }
        if (request.body().length > 0) {
            event.set("data", data(request.body()));
        }
        return event;
    }

    /** A plus is a plus here, unlike in forms; what is not encoded rightly stays as it is. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static JsonNode data(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return json == null || json.isMissingNode() ? TextNode.valueOf("") : json;
        } catch (IOException e) {
            return TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
