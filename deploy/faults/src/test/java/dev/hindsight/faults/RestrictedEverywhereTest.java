package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;

import dev.hindsight.faults.ApiDocument.Operation;
import dev.hindsight.local.Service;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A restricted incident with all that grows from one, and whoever takes no part in it: every operation that the four running
 * services document is asked about it. What names it, or what belongs to it, is answered as if there were no such thing; what
 * tells of many leaves it out.
 *
 * <p>An operation with a path parameter that this test does not know makes it fail: whoever adds one says here what it stands for.
 */
@Order(4)
class RestrictedEverywhereTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "a-secret-of-the-vault";
    private static final List<String> OUTSIDERS = List.of("viewer", "responder", "editor");

    /** Fields of bodies by which a request names an incident other than the one of its path. */
    private static final Set<String> NAMING = Set.of("incidentId", "incident", "into", "postmortem", "postmortemId");

    private final WholeSystem system = WholeSystem.running().healthy();

    /**
     * An incident with all that grows from one.
     *
     * @param word that is in every text about it, and nowhere else
     * @param service that it affects; that there is one of this name is no secret
     * @param parts what placeholders in paths about it stand for
     * @param streams its streams, by the service that owns them
     * @param feeds where each service's feed stood before it
     * @param openAt when everybody could see it
     */
    private record Story(
            String id,
            String reference,
            String word,
            String service,
            Map<String, String> parts,
            Map<Service, String> streams,
            Map<Service, Long> feeds,
            Instant openAt) {

        /** What no outsider may read. */
        /** Not its delivery: what was learned of a service from it bears its id, and names in the catalog are no secret. */
        List<String> secrets() {
            List<String> secrets = new ArrayList<>(List.of(id, word, "\"" + reference + "\"", parts.get("item")));
            streams.values().forEach(secrets::add);
            return secrets;
        }
    }

    private static Story vault;
    private static Story open;

    private Story vault() {
        synchronized (RestrictedEverywhereTest.class) {
            if (vault == null) {
                vault = story();
                restrict(vault);
                everyServiceKnows(vault);
            }
            return vault;
        }
    }

    private Story open() {
        synchronized (RestrictedEverywhereTest.class) {
            if (open == null) {
                open = story();
            }
            return open;
        }
    }

    private String restrict(Story story) {
        return on(story, "visibility", Map.of("visibility", "RESTRICTED")).header("Hindsight-Version");
    }

    private void everyServiceKnows(Story story) {
        String path = "/api/v1/incidents/" + story.id();
        String version =
                story.id() + "@" + admin(Service.INCIDENT).get(path).jsonPath().getLong("version");
        for (Service service : Service.values()) {
            await().atMost(PATIENCE)
                    .until(() -> admin(service)
                                    .header("Hindsight-After", version)
                                    .get("/api/v1/projections")
                                    .statusCode()
                            == 200);
        }
    }

    private Story story() {
        Map<Service, Long> feeds = new HashMap<>();
        for (Service service : List.of(Service.INCIDENT, Service.POSTMORTEM, Service.ACTION_ITEM)) {
            feeds.put(service, endOfFeed(service));
        }
        String word = "zq" + UUID.randomUUID().toString().replace("-", "");
        String affected = "vault-" + UUID.randomUUID();
        Map<String, String> parts = new HashMap<>();
        Map<Service, String> streams = new HashMap<>();

        UUID integration = system.connectPagerDuty(SECRET);
        byte[] body = WholeSystem.event(
                "triggered",
                "P" + word,
                affected,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600).toString());
        JsonPath delivered = system.pagerDuty(integration, WholeSystem.sign(SECRET, body), body)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath();
        String id = delivered.getString("incidents[0]");
        parts.put("delivery", delivered.getString("deliveryId"));
        parts.put("integration", integration.toString());
        JsonPath incident =
                admin(Service.INCIDENT).get("/api/v1/incidents/" + id).jsonPath();
        Story story =
                new Story(id, incident.getString("reference"), word, affected, parts, streams, feeds, Instant.now());
        streams.put(Service.INCIDENT, id);

        on(story, "classification", Map.of("title", "Leak of " + word, "summary", "Somebody read " + word));
        on(story, "participants", Map.of("person", insider(story)));
        on(story, "roles", Map.of("role", "INCIDENT_COMMANDER", "person", insider(story)));
        on(story, "pages", Map.of("person", insider(story)));
        on(story, "severity", Map.of("severity", "SEV1", "reason", word));
        on(story, "messages", Map.of("text", "Who knows of " + word + "?"));
        on(story, "decisions", Map.of("text", "We rotate " + word));
        on(story, "status-updates", Map.of("text", word + " is rotated"));
        on(story, "links", Map.of("url", "https://example.org/" + word));
        on(story, "impact", Map.of("impact", Map.of("tickets", 1)));
        on(story, "resolution", Map.of("text", word + " is good for nothing now"));
        parts.put("person", person(story));

        String postmortem = "/api/v1/postmortems/" + id;
        await().atMost(PATIENCE)
                .until(() -> admin(Service.POSTMORTEM).get(postmortem).statusCode() == 200);
        Response factor = admin(Service.POSTMORTEM)
                .body(Map.of("category", "PROCESS", "text", "Nobody looked after " + word))
                .post(postmortem + "/factors");
        assertThat(factor.statusCode()).as(factor.asString()).isEqualTo(201);
        streams.put(Service.POSTMORTEM, factor.header("Hindsight-Version").split("@")[0]);
        String location = factor.header("Location");
        parts.put("factor", location.substring(location.lastIndexOf('/') + 1));
        admin(Service.POSTMORTEM)
                .header("If-Match", "\"0\"")
                .body(Map.of("text", "In short: " + word))
                .put(postmortem + "/sections/summary")
                .then()
                .statusCode(200);

        JsonPath[] item = new JsonPath[1];
        await().atMost(PATIENCE).until(() -> {
            Response proposed = admin(Service.ACTION_ITEM)
                    .body(Map.of("incidentId", id, "title", "Rotate the keys of " + word + " within the vault"))
                    .post("/api/v1/action-items");
            item[0] = proposed.jsonPath();
            return proposed.statusCode() == 201;
        });
        parts.put("item", item[0].getString("id"));
        streams.put(Service.ACTION_ITEM, item[0].getString("id"));
        everyServiceKnows(story);
        return story;
    }

    private String person(Story story) {
        return admin(Service.INCIDENT)
                .get("/api/v1/incidents/" + story.id())
                .jsonPath()
                .getString("participants[0]");
    }

    /** A name in the catalog is no secret. */
    private static String insider(Story story) {
        return "insider-" + story.service();
    }

    private Response on(Story story, String command, Map<String, ?> body) {
        Response answer = admin(Service.INCIDENT).body(body).post("/api/v1/incidents/" + story.id() + "/" + command);
        assertThat(answer.statusCode()).as(command + ": " + answer.asString()).isBetween(200, 201);
        return answer;
    }

    private RequestSpecification admin(Service service) {
        return system.as("admin", "an-admin", service);
    }

    private RequestSpecification outsider(String role, Service service) {
        return system.as(role, "outsider-" + role, service);
    }

    private long endOfFeed(Service service) {
        long after = 0;
        while (true) {
            JsonPath page = admin(service)
                    .queryParam("after", after)
                    .queryParam("limit", 250)
                    .get("/api/v1/events")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            if (page.getList("items").isEmpty()) {
                return after;
            }
            after = page.getLong("next");
        }
    }

    // ------------------------------------------------------------------------------------------ what a path is about

    /** What a path is about: a restricted thing, by all its placeholders; or something that belongs to everybody. */
    private record About(boolean isOfTheIncident, Map<String, String> values) {}

    /** @throws AssertionError where nobody said what a placeholder stands for */
    private static About about(Operation operation, Story story) {
        Map<String, String> values = new LinkedHashMap<>();
        boolean ofTheIncident = false;
        for (String parameter : operation.pathParameters()) {
            String restricted = ofTheIncident(operation, parameter, story);
            ofTheIncident |= restricted != null;
            values.put(parameter, restricted != null ? restricted : ofEverybody(operation, parameter, story));
        }
        return new About(ofTheIncident, values);
    }

    private static @Nullable String ofTheIncident(Operation operation, String parameter, Story story) {
        String path = operation.path();
        if (path.startsWith("/api/v1/streams/{id}/")) {
            return story.streams().get(operation.service());
        }
        return switch (operation.service()) {
            case INCIDENT ->
                path.startsWith("/api/v1/deliveries/{id}")
                        ? story.parts().get("delivery")
                        : !path.startsWith("/api/v1/incidents/{id}")
                                ? null
                                : switch (parameter) {
                                    case "id" -> story.id();
                                    case "person" -> story.parts().get("person");
                                    case "deploy" -> "0198c0de-0000-7000-8000-000000000001";
                                    default -> null;
                                };
            case POSTMORTEM ->
                switch (parameter) {
                    case "id" -> path.startsWith("/api/v1/postmortems/{id}") ? story.id() : null;
                    case "incidentId" -> story.id();
                    case "factorId" -> story.parts().get("factor");
                    case "name" -> path.startsWith("/api/v1/postmortems/{id}/sections/") ? "summary" : null;
                    default -> null;
                };
            case ACTION_ITEM ->
                path.startsWith("/api/v1/action-items/{id}") && parameter.equals("id")
                        ? story.parts().get("item")
                        : null;
            case METRICS -> null;
        };
    }

    /** What has a place of its own, whether or not there is a restricted incident. */
    private static String ofEverybody(Operation operation, String parameter, Story story) {
        String path = operation.path();
        Map<String, String> known = new LinkedHashMap<>();
        known.put("/webhooks/{provider}/{integrationId}#provider", "pagerduty");
        known.put(
                "/webhooks/{provider}/{integrationId}#integrationId",
                story.parts().get("integration"));
        known.put("/webhooks/{provider}/{integrationId}/{secret}#secret", "not-the-secret");
        known.put("/api/v1/integrations/{id}#id", story.parts().get("integration"));
        known.put("/api/v1/catalog/people/{id}#id", story.parts().get("person"));
        String nothing = "0198c0de-0000-7000-8000-00000000000f";
        for (String collection : List.of(
                "api-tokens", "catalog/services", "catalog/teams", "deploys", "parked-events", "subscriptions")) {
            known.put("/api/v1/" + collection + "/{id}#id", nothing);
        }
        known.put("/api/v1/projections/{name}#name", "timelines");
        known.put("/api/v1/metrics/{id}#id", "time_to_restore");
        return known.entrySet().stream()
                .filter(entry -> path.startsWith(
                                entry.getKey().substring(0, entry.getKey().indexOf('#')))
                        && entry.getKey().endsWith("#" + parameter))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Say here what {" + parameter + "} of " + operation + " ("
                        + operation.service().module()
                        + ") stands for, and whether a restricted incident is to be kept from it."));
    }

    // ------------------------------------------------------------------------------------------------------- the walk

    @TestFactory
    List<DynamicContainer> noOperationOfAnyServiceTellsAnOutsiderOfIt() {
        Story story = vault();
        List<DynamicContainer> services = new ArrayList<>();
        for (Service service : Service.values()) {
            List<Operation> operations = ApiDocument.of(system, service).operations();
            assertThat(operations).as(service.module()).isNotEmpty();
            services.add(DynamicContainer.dynamicContainer(
                    service.module(),
                    operations.stream()
                            .map(operation ->
                                    DynamicContainer.dynamicContainer(operation.toString(), rows(operation, story)))));
        }
        return services;
    }

    private Stream<DynamicTest> rows(Operation operation, Story story) {
        if (operation.path().startsWith("/webhooks/")) {
            // Tools come in there, with their own proof; there is nothing to read.
            about(operation, story);
            return Stream.empty();
        }
        List<DynamicTest> rows = new ArrayList<>();
        for (String role : OUTSIDERS) {
            rows.add(DynamicTest.dynamicTest(
                    "tells nothing to an outsider who is " + role, () -> tellsNothing(operation, story, role)));
        }
        if (operation.isGet() && !operation.pathParameters().isEmpty()) {
            rows.add(DynamicTest.dynamicTest("is answered to an admin and to who takes part", () -> {
                About about = about(operation, story);
                if (about.isOfTheIncident()) {
                    for (RequestSpecification who : List.of(
                            admin(operation.service()), system.as("viewer", insider(story), operation.service()))) {
                        Response answer = who.header("Accept", "application/json, */*;q=0.1")
                                .get(operation.filled(about.values()));
                        // Deliveries are for those who tend integrations.
                        assertThat(answer.statusCode())
                                .as(answer.asString())
                                .isIn(
                                        operation.path().startsWith("/api/v1/deliveries")
                                                ? List.of(200, 403)
                                                : List.of(200));
                    }
                }
            }));
        }
        return rows.stream();
    }

    private void tellsNothing(Operation operation, Story story, String role) {
        About about = about(operation, story);
        if (about.isOfTheIncident()) {
            sameAsOfNothing(operation, role, about, Map.of(), Map.of());
            if (!operation.isGet()) {
                sameAsOfNothing(operation, role, about, Map.of(), Map.of("If-Match", "\"12345\""));
            }
            if (operation.queryParameters().contains("asOf")) {
                // As it was known before anybody restricted it.
                sameAsOfNothing(
                        operation, role, about, Map.of("asOf", story.openAt().toString()), Map.of());
            }
        } else if (operation.isGet()) {
            for (Map<String, String> query : queries(operation, story)) {
                Response answer = ask(operation, role, about.values(), query, Map.of(), null);
                assertThat(answer.asString())
                        .as(operation + " " + query)
                        .doesNotContain(story.secrets().stream()
                                .filter(secret -> !query.containsValue(secret)
                                        && !query.containsValue(secret.replace("\"", ""))
                                        && !about.values().containsValue(secret))
                                .toList());
                if (!query.isEmpty() && answer.statusCode() == 200) {
                    assertThat(answer.asString()).as(operation + " " + query).doesNotContain("\"" + story.id() + "\":");
                }
            }
        }
        naming(operation, story, role);
    }

    /** Whoever names it in a body hears what they would hear of an incident that there is not. */
    private void naming(Operation operation, Story story, String role) {
        Set<String> fields = operation.bodyFields();
        fields.retainAll(NAMING);
        if (fields.isEmpty() || operation.path().startsWith("/api/v1/integrations")) {
            return;
        }
        Map<String, String> path = about(operation, open()).values();
        Map<String, String> named = new HashMap<>();
        Map<String, String> absent = new HashMap<>();
        String nobody = UUID.randomUUID().toString();
        for (String field : fields) {
            named.put(field, story.id());
            absent.put(field, nobody);
        }
        Response answer = ask(operation, role, path, Map.of(), Map.of(), ApiDocument.with(operation.body(), named));
        Response ofNothing = ask(operation, role, path, Map.of(), Map.of(), ApiDocument.with(operation.body(), absent));
        if (operation.path().equals("/api/v1/action-items") && ofNothing.statusCode() == 201) {
            // An item may come before its incident does, so one that there is not is no mistake; whoever holds the
            // id of one that they must not know of is refused as if it were none.
            answer.then().statusCode(400).body("violations.code", contains("INCIDENT_UNKNOWN"));
            return;
        }
        assertThat(answer.statusCode())
                .as(answer.asString())
                .isEqualTo(ofNothing.statusCode())
                .isGreaterThanOrEqualTo(400);
        assertThat(normalised(answer, List.of(story.id()))).isEqualTo(normalised(ofNothing, List.of(nobody)));
    }

    private void sameAsOfNothing(
            Operation operation, String role, About about, Map<String, String> query, Map<String, String> headers) {
        Map<String, String> absent = new LinkedHashMap<>();
        about.values()
                .forEach((name, value) ->
                        absent.put(name, isId(value) ? UUID.randomUUID().toString() : value));
        String body = operation.bodyType() == null ? null : operation.body().toString();
        Response answer = ask(operation, role, about.values(), query, headers, body);
        Response ofNothing = ask(operation, role, absent, query, headers, body);
        assertThat(answer.statusCode())
                .as(answer.asString())
                .isEqualTo(ofNothing.statusCode())
                .isGreaterThanOrEqualTo(400);
        if (operation.isGet()) {
            assertThat(answer.statusCode()).isIn(404, 403);
        }
        assertThat(normalised(answer, about.values().values())).isEqualTo(normalised(ofNothing, absent.values()));
        assertThat(answer.header("ETag")).isNull();
        assertThat(answer.header("Hindsight-Version")).isNull();
    }

    /** The list as it is, and with each filter that would find it. */
    private static List<Map<String, String>> queries(Operation operation, Story story) {
        Map<String, String> finding = new LinkedHashMap<>();
        finding.put("q", story.word());
        finding.put("service", story.service());
        for (String name : List.of("incident", "incidentId", "id")) {
            finding.put(name, story.id());
        }
        finding.put("reference", story.reference());
        finding.put("postmortem", story.streams().get(Service.POSTMORTEM));
        finding.put("stream", story.streams().getOrDefault(operation.service(), story.id()));
        finding.put("person", insider(story));
        finding.put("integration", story.parts().get("integration"));
        List<Map<String, String>> queries = new ArrayList<>();
        if (operation.queryParameters().contains("after") && story.feeds().containsKey(operation.service())) {
            long after = story.feeds().get(operation.service());
            for (int page = 0; page < 4; page++) {
                queries.add(Map.of("after", "" + (after + 250L * page), "limit", "250"));
            }
        } else {
            queries.add(Map.of());
        }
        operation.queryParameters().forEach(name -> {
            if (finding.containsKey(name)) {
                queries.add(Map.of(name, finding.get(name)));
            }
        });
        return queries;
    }

    private Response ask(
            Operation operation,
            String role,
            Map<String, String> path,
            Map<String, String> query,
            Map<String, String> headers,
            @Nullable String body) {
        RequestSpecification request = outsider(role, operation.service())
                // The feed answers with a page, not with a stream that goes on.
                .header("Accept", "application/json, */*;q=0.1")
                .urlEncodingEnabled(false)
                .headers(headers)
                .queryParams(query);
        if (body != null && operation.bodyType() != null) {
            request.contentType(operation.bodyType()).body(body.getBytes(StandardCharsets.UTF_8));
        }
        return request.request(operation.verb(), operation.filled(path));
    }

    /** What names a thing rather than a part of one. */
    private static boolean isId(String value) {
        return value.length() == 36;
    }

    /** The text without the ids that the request itself named. */
    private static String normalised(Response answer, Iterable<String> named) {
        String text = answer.asString();
        for (String value : named) {
            text = isId(value) ? text.replace(value, "…") : text;
        }
        return text.replaceAll("\"traceId\":\"[0-9a-f]+\"", "");
    }

    // ---------------------------------------------------------------------------------------------- what goes beside
    // it

    @Test
    void everyMetricAndEveryPageForMachinesAndPeopleKeepsItToItself() {
        Story story = vault();
        List<String> ids = system.get(Service.METRICS, "/api/v1/metrics").getList("items.id");
        assertThat(ids).isNotEmpty();
        for (String id : ids) {
            for (String query : List.of("", "?service=" + story.service(), "?groupBy=service")) {
                assertThat(outsider("editor", Service.METRICS)
                                .get("/api/v1/metrics/" + id + query)
                                .asString())
                        .as(id + query)
                        .doesNotContain(story.secrets());
            }
        }
        for (Service service : Service.values()) {
            for (String page : List.of("/q/metrics", "/")) {
                assertThat(outsider("viewer", service)
                                .header("Accept", "text/html, */*;q=0.5")
                                .redirects()
                                .follow(false)
                                .get(page)
                                .asString())
                        .as(service.module() + page)
                        .doesNotContain(story.secrets());
            }
        }
    }

    @Test
    void whateverOutsidersTriedNothingChanged() {
        Story story = vault();
        String path = "/api/v1/incidents/" + story.id();
        long version = admin(Service.INCIDENT).get(path).jsonPath().getLong("version");
        for (Operation operation : ApiDocument.of(system, Service.INCIDENT).operations()) {
            if (!operation.isGet() && operation.path().startsWith("/api/v1/incidents/{id}")) {
                String body =
                        operation.bodyType() == null ? null : operation.body().toString();
                ask(operation, "editor", about(operation, story).values(), Map.of(), Map.of(), body);
            }
        }
        assertThat(admin(Service.INCIDENT).get(path).jsonPath().getLong("version"))
                .isEqualTo(version);
    }

    @Test
    void anIncidentThatIsRestrictedMidWayDisappearsForOutsidersAtOnce() {
        Story story = story();
        List<String> ofIt = List.of(
                "/api/v1/postmortems/" + story.id(),
                "/api/v1/timelines/" + story.id(),
                "/api/v1/requirements/" + story.id());
        String incident = "/api/v1/incidents/" + story.id();
        String item = "/api/v1/action-items/" + story.parts().get("item");
        assertThat(outsider("viewer", Service.INCIDENT).get(incident).statusCode())
                .isEqualTo(200);
        ofIt.forEach(path -> assertThat(
                        outsider("viewer", Service.POSTMORTEM).get(path).statusCode())
                .as(path)
                .isEqualTo(200));
        assertThat(outsider("viewer", Service.ACTION_ITEM).get(item).statusCode())
                .isEqualTo(200);
        assertThat(outsider("viewer", Service.INCIDENT)
                        .queryParam("service", story.service())
                        .get("/api/v1/incidents")
                        .asString())
                .contains(story.word());

        String version = restrict(story);

        // In the service that was told, for the very next reader.
        assertThat(outsider("viewer", Service.INCIDENT).get(incident).statusCode())
                .isEqualTo(404);
        for (String list : List.of(
                "/api/v1/incidents?service=" + story.service(),
                "/api/v1/events?limit=250&after=" + story.feeds().get(Service.INCIDENT))) {
            assertThat(outsider("viewer", Service.INCIDENT)
                            .urlEncodingEnabled(false)
                            .get(list)
                            .asString())
                    .as(list)
                    .doesNotContain(story.secrets());
        }
        // In the others for whoever knows of it, at the first request.
        ofIt.forEach(path -> assertThat(outsider("viewer", Service.POSTMORTEM)
                        .header("Hindsight-After", version)
                        .get(path)
                        .statusCode())
                .as(path)
                .isEqualTo(404));
        assertThat(outsider("viewer", Service.ACTION_ITEM)
                        .header("Hindsight-After", version)
                        .get(item)
                        .statusCode())
                .isEqualTo(404);
        assertThat(outsider("viewer", Service.ACTION_ITEM)
                        .queryParam("q", story.word())
                        .get("/api/v1/action-items")
                        .jsonPath()
                        .getList("items"))
                .isEmpty();
        assertThat(outsider("viewer", Service.POSTMORTEM)
                        .queryParam("q", story.word())
                        .get("/api/v1/postmortems")
                        .jsonPath()
                        .getList("items"))
                .isEmpty();
        // Who takes part sees it as before.
        assertThat(system.as("viewer", insider(story), Service.INCIDENT)
                        .get(incident)
                        .statusCode())
                .isEqualTo(200);
        assertThat(system.as("viewer", insider(story), Service.POSTMORTEM)
                        .get(ofIt.getFirst())
                        .statusCode())
                .isEqualTo(200);
    }
}
