package dev.hindsight.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.local.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a running service says of its operations, at {@code /q/openapi}. */
final class ApiDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VERBS = List.of("get", "post", "put", "patch", "delete");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");

    private final Service service;
    private final JsonNode document;

    private ApiDocument(Service service, JsonNode document) {
        this.service = service;
        this.document = document;
    }

    static ApiDocument of(WholeSystem system, Service service) {
        try {
            return new ApiDocument(
                    service,
                    JSON.readTree(system.at(service)
                            .queryParam("format", "JSON")
                            .get("/q/openapi")
                            .then()
                            .statusCode(200)
                            .extract()
                            .asString()));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** One operation of one service. */
    final class Operation {

        private final String verb;
        private final String path;
        private final JsonNode described;

        private Operation(String verb, String path, JsonNode described) {
            this.verb = verb.toUpperCase(Locale.ROOT);
            this.path = path;
            this.described = described;
        }

        Service service() {
            return service;
        }

        String verb() {
            return verb;
        }

        String path() {
            return path;
        }

        boolean isGet() {
            return verb.equals("GET");
        }

        List<String> pathParameters() {
            List<String> names = new ArrayList<>();
            Matcher parameters = PARAMETER.matcher(path);
            while (parameters.find()) {
                names.add(parameters.group(1));
            }
            return names;
        }

        String filled(Map<String, String> values) {
            return PARAMETER
                    .matcher(path)
                    .replaceAll(parameter -> Matcher.quoteReplacement(values.get(parameter.group(1))));
        }

        Set<String> queryParameters() {
            Set<String> names = new TreeSet<>();
            described.path("parameters").forEach(parameter -> {
                if (parameter.path("in").asText().equals("query")) {
                    names.add(parameter.path("name").asText());
                }
            });
            return names;
        }

        /** The media type of its body; null where it takes none. */
        @Nullable
        String bodyType() {
            var types = described.path("requestBody").path("content").fieldNames();
            return types.hasNext() ? types.next() : null;
        }

        /** Names of the fields that a body may have. */
        Set<String> bodyFields() {
            Set<String> names = new TreeSet<>();
            resolved(content().path("schema")).path("properties").fieldNames().forEachRemaining(names::add);
            return names;
        }

        /** A body as the document shows it, else one of what is required, with the examples of its parts. */
        ObjectNode body() {
            JsonNode shown = content()
                    .path("examples")
                    .path(firstField(content().path("examples")))
                    .path("value");
            JsonNode made = shown.isObject() ? shown : example(content().path("schema"));
            return made.isObject() ? made.deepCopy() : JSON.createObjectNode();
        }

        private JsonNode content() {
            String type = bodyType();
            return type == null
                    ? JsonNodeFactory.instance.missingNode()
                    : described.path("requestBody").path("content").path(type);
        }

        @Override
        public String toString() {
            return verb + " " + path;
        }
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(verb -> {
                    if (VERBS.contains(verb.getKey())) {
                        operations.add(new Operation(verb.getKey(), path.getKey(), verb.getValue()));
                    }
                }));
        return operations;
    }

    private JsonNode resolved(JsonNode schema) {
        JsonNode known = schema;
        while (known.has("$ref")) {
            known = document.at(known.get("$ref").asText().substring(1));
        }
        for (String choice : List.of("allOf", "anyOf", "oneOf")) {
            for (JsonNode one : known.path(choice)) {
                if (!one.path("type").asText().equals("null")) {
                    return resolved(one);
                }
            }
        }
        return known;
    }

    private JsonNode example(JsonNode unresolved) {
        JsonNode schema = resolved(unresolved);
        if (schema.path("examples").isArray() && !schema.path("examples").isEmpty()) {
            return schema.path("examples").get(0);
        }
        if (schema.has("example")) {
            return schema.get("example");
        }
        if (schema.path("enum").isArray()) {
            return schema.path("enum").get(0);
        }
        JsonNode declared = schema.path("type");
        String type = declared.isArray() ? declared.path(0).asText() : declared.asText();
        return switch (type) {
            case "object" -> {
                ObjectNode made = JSON.createObjectNode();
                schema.path("required")
                        .forEach(name -> made.set(
                                name.asText(), example(schema.path("properties").path(name.asText()))));
                yield made;
            }
            case "array" -> {
                ArrayNode made = JSON.createArrayNode();
                yield made.add(example(schema.path("items")));
            }
            case "integer", "number" -> JsonNodeFactory.instance.numberNode(1);
            case "boolean" -> JsonNodeFactory.instance.booleanNode(true);
            default ->
                JsonNodeFactory.instance.textNode(
                        switch (schema.path("format").asText()) {
                            case "uuid" -> "0198c0de-0000-7000-8000-000000000001";
                            case "date-time" -> "2026-11-20T10:00:00Z";
                            case "date" -> "2026-11-20";
                            default -> "text";
                        });
        };
    }

    private static String firstField(JsonNode object) {
        var names = object.fieldNames();
        return names.hasNext() ? names.next() : "";
    }

    /** The body with other values in some of its fields. */
    static String with(ObjectNode body, Map<String, String> values) {
        ObjectNode changed = body.deepCopy();
        values.forEach(changed::put);
        return changed.toString();
    }
}
