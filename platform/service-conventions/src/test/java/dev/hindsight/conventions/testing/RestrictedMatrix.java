package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.conventions.security.Roles;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation of the running service's OpenAPI document, asked about a restricted incident: to outsiders of every role it
 * is answered as if there were none, status and body alike, and those who are admitted can read it.
 */
public abstract class RestrictedMatrix {

    private static final List<String> VERBS = List.of("get", "post", "put", "patch", "delete");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");

    /** The restricted incident and what belongs to it, made once before the first row. */
    protected interface Case {

        /** What the placeholder stands for in the restricted case; null where the path is about something else. */
        @Nullable
        String value(String path, String parameter);

        /** Texts that no outsider may ever read: ids, references, words of titles. */
        List<String> secrets();

        /** Values of the Authorization header by a word for who it is. */
        Map<String, String> admitted();

        /** A body that the operation would take, by "POST /api/v1/…"; an empty object otherwise. */
        default Map<String, String> bodies() {
            return Map.of();
        }

        /** GETs that are not about the incident although they have its placeholder, by "GET /api/v1/…". */
        default List<String> notRead() {
            return List.of();
        }
    }

    /** Makes it. */
    protected abstract Case restricted();

    @TestFactory
    List<DynamicContainer> everyOperationKeepsARestrictedIncidentFromOutsiders() {
        JsonPath document = RestAssured.given()
                .queryParam("format", "JSON")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = document.getMap("paths");
        Case restricted = restricted();
        List<DynamicContainer> operations = new ArrayList<>();
        new TreeMap<>(paths).forEach((path, item) -> new TreeMap<>(item).forEach((verb, operation) -> {
            if (VERBS.contains(verb) && path.startsWith("/api/")) {
                String name = verb.toUpperCase(Locale.ROOT) + " " + path;
                List<DynamicTest> rows = rows(name, verb, path, operation, restricted);
                if (!rows.isEmpty()) {
                    operations.add(DynamicContainer.dynamicContainer(name, rows));
                }
            }
        }));
        assertThat(operations).as("operations of the document").isNotEmpty();
        return operations;
    }

    private static List<DynamicTest> rows(
            String name, String verb, String path, Map<String, Object> operation, Case restricted) {
        String about = fill(path, parameter -> restricted.value(path, parameter));
        boolean isList = !path.contains("{");
        if (about == null || isList && !verb.equals("get")) {
            return List.of();
        }
        List<DynamicTest> rows = new ArrayList<>();
        String type = bodyType(operation);
        String body = restricted.bodies().getOrDefault(name, "{}");
        Map<String, String> outsiders = new LinkedHashMap<>();
        for (String role : Roles.ALL) {
            if (!role.equals(Roles.ADMIN)) {
                outsiders.put("an outsider who is " + role, Tokens.bearer(role, "outsider-" + role));
            }
        }
        outsiders.forEach((who, authorization) -> {
            rows.add(DynamicTest.dynamicTest("does not exist for " + who, () -> {
                Response answer = ask(verb, about, authorization, type, body, null);
                assertThat(answer.asString()).doesNotContain(withoutThoseAsked(restricted.secrets(), about));
                if (!isList) {
                    sameAsOfNothing(verb, path, answer, restricted, authorization, type, body, null);
                }
            }));
            if (!isList && !verb.equals("get")) {
                rows.add(DynamicTest.dynamicTest("tells no version to " + who, () -> {
                    Response answer = ask(verb, about, authorization, type, body, "\"12345\"");
                    sameAsOfNothing(verb, path, answer, restricted, authorization, type, body, "\"12345\"");
                }));
            }
        });
        if (verb.equals("get") && !restricted.notRead().contains(name)) {
            restricted
                    .admitted()
                    .forEach((who, authorization) -> rows.add(DynamicTest.dynamicTest(
                            "is answered to " + who, () -> assertThat(ask(verb, about, authorization, type, body, null)
                                            .statusCode())
                                    .isIn(isList ? List.of(200, 400, 403) : List.of(200)))));
        }
        return rows;
    }

    private static void sameAsOfNothing(
            String verb,
            String path,
            Response answer,
            Case restricted,
            String authorization,
            @Nullable String type,
            String body,
            @Nullable String ifMatch) {
        Map<String, String> asked = new LinkedHashMap<>();
        Map<String, String> absent = new LinkedHashMap<>();
        Matcher parameters = PARAMETER.matcher(path);
        while (parameters.find()) {
            String value = String.valueOf(restricted.value(path, parameters.group(1)));
            asked.put(parameters.group(1), value);
            absent.put(parameters.group(1), isId(value) ? UUID.randomUUID().toString() : value);
        }
        Response ofNothing = ask(verb, String.valueOf(fill(path, absent::get)), authorization, type, body, ifMatch);
        assertThat(answer.statusCode()).isEqualTo(ofNothing.statusCode());
        assertThat(normalised(answer, asked)).isEqualTo(normalised(ofNothing, absent));
        assertThat(answer.header("ETag")).isNull();
    }

    /** What names a thing rather than a part of one. */
    private static boolean isId(String value) {
        return value.length() == 36;
    }

    /** The text without the ids that the request itself named. */
    private static String normalised(Response answer, Map<String, String> named) {
        String text = answer.asString();
        for (String value : named.values()) {
            text = isId(value) ? text.replace(value, "…") : text;
        }
        return text.replaceAll("\"traceId\":\"[0-9a-f]+\"", "");
    }

    private static List<String> withoutThoseAsked(List<String> secrets, String path) {
        return secrets.stream().filter(secret -> !path.contains(secret)).toList();
    }

    private static Response ask(
            String verb,
            String path,
            String authorization,
            @Nullable String type,
            String body,
            @Nullable String ifMatch) {
        RequestSpecification request = RestAssured.given()
                .urlEncodingEnabled(false)
                .header("Authorization", authorization)
                // The feed answers with a page, not with a stream that goes on.
                .header("Accept", "application/json, */*;q=0.1");
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        if (type != null) {
            request.header("Content-Type", type).body(body.getBytes(StandardCharsets.UTF_8));
        }
        return request.request(verb.toUpperCase(Locale.ROOT), path);
    }

    private static @Nullable String fill(String path, java.util.function.Function<String, @Nullable String> values) {
        StringBuilder filled = new StringBuilder();
        Matcher parameters = PARAMETER.matcher(path);
        while (parameters.find()) {
            String value = values.apply(parameters.group(1));
            if (value == null) {
                return null;
            }
            parameters.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return parameters.appendTail(filled).toString();
    }

    @SuppressWarnings("unchecked")
    private static @Nullable String bodyType(Map<String, Object> operation) {
        return operation.get("requestBody") instanceof Map<?, ?> body
                        && body.get("content") instanceof Map<?, ?> content
                        && !content.isEmpty()
                ? ((Map<String, ?>) content).keySet().iterator().next()
                : null;
    }
}
