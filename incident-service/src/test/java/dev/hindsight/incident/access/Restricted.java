package dev.hindsight.incident.access;

import static io.restassured.RestAssured.given;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Others;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A restricted incident, and the people around it. Every subject of a token is a person of its own. */
final class Restricted {

    static final String DECLARER = "declarer";
    static final String COMMANDER = "commander";
    static final String PAGED = "paged-one";
    static final String ADDED = "added-one";
    static final String ITEM_OWNER = "item-owner";
    static final String OUTSIDER = "outsider";

    final String id;
    final String reference;
    final String word;
    /** Services are the catalog's: that there is one of this name is no secret. */
    final String service;

    private Restricted(String id, String reference, String word, String service) {
        this.service = service;
        this.id = id;
        this.reference = reference;
        this.word = word;
    }

    static RequestSpecification as(String role, String subject) {
        return given().header("Authorization", Tokens.bearer(role, subject)).contentType(ContentType.JSON);
    }

    /** Declared by {@link #DECLARER}, with a word in its title that no other incident has. */
    static Restricted declared(Map<String, ?> more) {
        String word = "zq" + UUID.randomUUID().toString().replace("-", "");
        String service = "service-" + UUID.randomUUID();
        Map<String, Object> body = new HashMap<>(Map.of(
                "title", "Leak " + word, "severity", "SEV1", "services", List.of(service), "summary", word + " read"));
        body.putAll(more);
        JsonPath declared = as("responder", DECLARER)
                .body(body)
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        return new Restricted(declared.getString("id"), declared.getString("reference"), word, service);
    }

    static Restricted incident() {
        return declared(Map.of("visibility", "RESTRICTED"));
    }

    static Restricted open() {
        return declared(Map.of());
    }

    String path() {
        return "/api/v1/incidents/" + id;
    }

    ValidatableResponse command(String subject, String command, Map<String, ?> body) {
        return post(subject, command, body).then();
    }

    Response post(String subject, String command, Map<String, ?> body) {
        return as("responder", subject).body(body).post(path() + "/" + command);
    }

    int seenBy(String role, String subject) {
        return as(role, subject).get(path()).statusCode();
    }

    int seenBy(String subject) {
        return seenBy("viewer", subject);
    }

    List<String> listedFor(String subject, String parameter, String value) {
        return as("viewer", subject)
                .queryParam(parameter, value)
                .get("/api/v1/incidents")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.id");
    }

    /** As action-item-service publishes it: somebody owns an item that follows from the incident. */
    UUID item(String owner) {
        UUID item = UUID.randomUUID();
        publish(item, 1, new ActionItemEvent.Proposed(UUID.fromString(id), null, "ACT-1", owned(owner), List.of()));
        return item;
    }

    void canceled(UUID item) {
        publish(item, 2, new ActionItemEvent.Canceled(UUID.fromString(id), "overtaken"));
    }

    void revised(UUID item, String owner) {
        publish(item, 2, new ActionItemEvent.Revised(UUID.fromString(id), owned(owner), List.of()));
    }

    private static ActionItemDetails owned(String owner) {
        return new ActionItemDetails(
                "Rotate the keys", null, StreamIds.person("oidc", owner), null, null, null, null, null, null);
    }

    private void publish(UUID item, long version, ActionItemEvent event) {
        Others.publish(Topic.ACTION_ITEM_EVENTS, UUID.fromString(id), item, version, event);
    }
}
