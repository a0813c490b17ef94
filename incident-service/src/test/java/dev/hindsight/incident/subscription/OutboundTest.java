package dev.hindsight.incident.subscription;

import static dev.hindsight.incident.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.operations.Disclosure;
import dev.hindsight.conventions.security.Secrets;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.Api;
import dev.hindsight.incident.Others;
import dev.hindsight.incident.subscription.Receiver.Answer;
import dev.hindsight.incident.subscription.Receiver.Received;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks that go out to a receiver that is slow, fails, redirects, and goes away for a while. */
@QuarkusTest
@TestProfile(OutboundProfile.class)
@WithTestResource(HindsightBackends.class)
class OutboundTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    @Inject
    Lanes lanes;

    @Inject
    Disclosure disclosure;

    @Inject
    Secrets secrets;

    @Inject
    Pool pool;

    @Inject
    Vertx vertx;

    @Inject
    Clock clock;

    @Inject
    HindsightConfig addresses;

    @Inject
    SubscriptionsConfig config;

    @Inject
    Names names;

    @Inject
    MeterRegistry meters;

    private final Receiver receiver = new Receiver();
    private final String service = "shop-" + UUID.randomUUID();
    private final List<String> subscriptions = new ArrayList<>();

    @AfterEach
    void end() {
        subscriptions.forEach(id -> as("admin").delete("/api/v1/subscriptions/" + id));
        receiver.close();
    }

    // --- acting

    private String subscribe(Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(Map.of("name", "of a test", "url", receiver.url()));
        body.putAll(more);
        JsonPath created = as("admin")
                .body(body)
                .post("/api/v1/subscriptions")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        String id = created.getString("id");
        subscriptions.add(id);
        if (created.getString("secret") != null) {
            receiver.secret(created.getString("secret"));
        }
        return id;
    }

    private String subscribe() {
        return subscribe(Map.of("services", List.of(service)));
    }

    private UUID declared() {
        return UUID.fromString(
                Api.declare(Map.of("title", "Shop is down", "severity", "SEV2", "services", List.of(service)))
                        .getString("id"));
    }

    private static void command(UUID incident, String command, Map<String, ?> body) {
        as("responder")
                .body(body)
                .post("/api/v1/incidents/" + incident + "/" + command)
                .then()
                .statusCode(200);
    }

    private static void say(UUID incident, String text) {
        command(incident, "messages", Map.of("text", text));
    }

    private static JsonPath subscription(String id) {
        return as("admin")
                .get("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what).atMost(SOON).pollInterval(Duration.ofMillis(100)).until(condition);
    }

    /** What was tried before was tried four days ago: longer than anything is tried. */
    private void fourDaysPass(String id) {
        pool.preparedQuery("update outbound_message set first_attempt_at = first_attempt_at - interval '4 days'"
                        + " where subscription_id = $1")
                .execute(Tuple.of(UUID.fromString(id)))
                .await()
                .atMost(SOON);
    }

    /** The ids of an incident's own events, in their order. */
    private static List<String> events(UUID incident) {
        return as("admin")
                .get("/api/v1/incidents/" + incident + "/events?limit=250")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.id");
    }

    /** Each message once, as it was accepted first. */
    private List<Received> once() {
        Map<String, Received> first = new LinkedHashMap<>();
        receiver.accepted().forEach(one -> first.putIfAbsent(one.id(), one));
        return List.copyOf(first.values());
    }

    private List<String> idsOf(UUID incident) {
        return once().stream()
                .filter(one -> one.key().equals(incident.toString()))
                .map(Received::id)
                .toList();
    }

    private void assertNumbersHaveNoGap() {
        assertThat(once().stream().map(Received::sequence).sorted().toList())
                .isEqualTo(LongStream.rangeClosed(1, once().size()).boxed().toList());
    }

    // --- order, completeness, signature

    @Test
    void everythingArrivesInOrderAndSignedFromAReceiverThatIsSlowFailsRedirectsAndGoesAwayForAWhile() {
        String id = subscribe();
        Random chance = new Random(4);
        receiver.answers(body -> {
            synchronized (chance) {
                return switch (chance.nextInt(8)) {
                    case 0 -> new Answer(500, 0);
                    case 1 -> new Answer(302, 0);
                    case 2 -> new Answer(307, 20);
                    case 3 -> new Answer(204, 300);
                    case 4 -> new Answer(200, chance.nextInt(4) == 0 ? 3_300 : 50);
                    default -> Answer.OK;
                };
            }
        });
        // A second instance of the service sends, too.
        Dispatch other = new Dispatch(lanes, disclosure, secrets, pool, vertx, clock, addresses, config, names, meters);
        other.start(new StartupEvent());

        List<UUID> incidents = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            incidents.add(declared());
        }
        for (int round = 0; round < 6; round++) {
            if (round == 2) {
                receiver.goesAway();
            }
            for (UUID incident : incidents) {
                say(incident, "message " + round);
            }
        }
        UUID postmortem = StreamIds.postmortem(incidents.getFirst());
        Others.publish(
                Topic.POSTMORTEM_EVENTS,
                incidents.getFirst(),
                postmortem,
                1,
                new PostmortemEvent.Drafted(incidents.getFirst(), null, Instant.now()));
        await("the receiver is seen to be away", () -> subscription(id).getInt("failures") >= 1);
        receiver.comesBack();
        await("everything arrives", () -> once().size() == 6 * 7 + 1);
        other.stop(new ShutdownEvent());

        for (UUID incident : incidents) {
            List<String> own = new ArrayList<>(idsOf(incident));
            own.removeIf(one -> !events(incident).contains(one));
            assertThat(own).as("order of " + incident).isEqualTo(events(incident));
        }
        assertThat(once())
                .anyMatch(one -> one.type().equals("hindsight.postmortem.drafted.v1")
                        && one.event().path("subject").asText().equals(postmortem.toString()));
        assertNumbersHaveNoGap();
        assertThat(receiver.received()).allMatch(Received::verified);
        assertThat(receiver.elsewhere()).isZero();
        // Whatever comes again bears its number and its id.
        Map<String, Set<Long>> numbers = new HashMap<>();
        receiver.received().forEach(one -> numbers.computeIfAbsent(one.id(), none -> new HashSet<>())
                .add(one.sequence()));
        assertThat(numbers.values()).allMatch(all -> all.size() == 1);
        as("admin")
                .get("/api/v1/subscriptions/" + id)
                .then()
                .body("state", equalTo("ACTIVE"))
                .body("lastSequence", equalTo(6 * 7 + 1));
        assertThat(attempts(id).stream().map(one -> one.get("outcome")).distinct())
                .contains("DELIVERED", "RETRYING");
    }

    private static List<Map<String, Object>> attempts(String id) {
        List<Map<String, Object>> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonPath page = as("admin")
                    .get("/api/v1/subscriptions/" + id + "/attempts?limit=20" + cursor)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            all.addAll(page.getList("items"));
            cursor = page.getString("next") == null ? "" : "&cursor=" + page.getString("next");
        } while (!cursor.isEmpty());
        return all;
    }

    @Test
    void whileOneIncidentIsHeldUpTheOthersGoOnAndItFollowsInOrder() {
        String id = subscribe();
        UUID held = declared();
        AtomicInteger refused = new AtomicInteger();
        boolean[] refusing = {true};
        receiver.answers(body -> {
            if (refusing[0] && body.at("/data/key").asText().equals(held.toString())) {
                refused.incrementAndGet();
                return new Answer(400, 0);
            }
            return Answer.OK;
        });
        UUID other = declared();
        say(held, "one");
        say(other, "one");
        say(held, "two");
        await("the other's arrive", () -> idsOf(other).equals(events(other)));
        await("it is refused again and again", () -> refused.get() >= 3);
        assertThat(idsOf(held)).isEmpty();
        refusing[0] = false;
        await("it follows", () -> idsOf(held).equals(events(held)));
        assertNumbersHaveNoGap();
        await("it is well again", () -> subscription(id).getInt("failures") == 0);
    }

    @Test
    void aMessageThatIsRefusedForDaysIsLeftAndItsIncidentGoesOn() {
        String id = subscribe();
        UUID poisoned = declared();
        receiver.answers(
                body -> body.at("/data/event/data/text").asText().equals("poison") ? new Answer(422, 0) : Answer.OK);
        say(poisoned, "poison");
        say(poisoned, "after");
        await("it is refused", () -> receiver.received().stream().anyMatch(one -> one.status() == 422));
        fourDaysPass(id);
        UUID other = declared();
        await("it is given up", () -> {
            say(other, "still here");
            return attempts(id).stream().anyMatch(one -> "GIVEN_UP".equals(one.get("outcome")));
        });
        await("its incident goes on", () -> once().stream()
                .anyMatch(one -> one.event().at("/data/text").asText().equals("after")));
        assertThat(subscription(id).getString("state")).isEqualTo("ACTIVE");
    }

    @Test
    void whatAnInstanceHeldThatWasEndedIsSentWhenItsLeaseIsOver() {
        String id = subscribe();
        receiver.answers(body -> new Answer(500, 0));
        UUID incident = declared();
        say(incident, "one");
        await("it is tried", () -> !receiver.received().isEmpty());
        // As another instance leaves it that leased the lane and was killed.
        pool.preparedQuery(
                        "update outbound_lane set lease = gen_random_uuid(), leased_until = now() + interval '3 seconds'"
                                + " where subscription_id = $1")
                .execute(Tuple.of(UUID.fromString(id)))
                .await()
                .atMost(SOON);
        Instant held = Instant.now();
        receiver.answers(body -> Answer.OK);
        await("it goes on", () -> idsOf(incident).equals(events(incident)));
        assertThat(Duration.between(held, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        assertNumbersHaveNoGap();
    }

    // --- disabled, and again

    @Test
    void goneDisablesAtOnceAndNothingIsLostUntilSomebodyActivatesIt() {
        String id = subscribe();
        receiver.answers(body -> new Answer(410, 0));
        UUID incident = declared();
        await("it is disabled", () -> "DISABLED".equals(subscription(id).getString("state")));
        int sent = receiver.received().size();
        say(incident, "meanwhile");
        as("admin")
                .get("/api/v1/subscriptions/" + id)
                .then()
                .body("disabledBecause", containsString("410"))
                .body("disabledAt", notNullValue());
        assertThat(receiver.received()).hasSize(sent);

        receiver.answers(body -> Answer.OK);
        as("admin")
                .post("/api/v1/subscriptions/" + id + "/activation")
                .then()
                .statusCode(200)
                .body("state", equalTo("ACTIVE"))
                .body("disabledBecause", nullValue());
        await("what waited arrives", () -> idsOf(incident).equals(events(incident)));
        assertNumbersHaveNoGap();
    }

    @Test
    void whereNothingGetsThroughForDaysItIsDisabledAndSaysWhy() {
        String id = subscribe();
        receiver.answers(body -> new Answer(503, 0));
        declared();
        await("it is tried", () -> !receiver.received().isEmpty());
        assertThat(subscription(id).getString("state")).isEqualTo("ACTIVE");
        fourDaysPass(id);
        await("it is disabled", () -> "DISABLED".equals(subscription(id).getString("state")));
        as("admin")
                .get("/api/v1/subscriptions/" + id)
                .then()
                .body("disabledBecause", containsString("answered 503"))
                .body("failingSince", notNullValue());
        assertThat(attempts(id).getFirst()).containsEntry("outcome", "DISABLED").containsEntry("status", 503);
    }

    @Test
    void everythingFromANumberOnIsSentAgainUnderItsNumberAndId() {
        String id = subscribe();
        UUID incident = declared();
        say(incident, "one");
        say(incident, "two");
        await("all arrive", () -> receiver.accepted().size() == 3);
        as("admin")
                .body(Map.of("fromSequence", 2))
                .post("/api/v1/subscriptions/" + id + "/redelivery")
                .then()
                .statusCode(200)
                .body("fromSequence", equalTo(2))
                .body("messages", equalTo(2));
        await("two come again", () -> receiver.accepted().size() == 5);
        List<Received> all = receiver.accepted();
        assertThat(all.subList(3, 5).stream().map(Received::id).toList())
                .isEqualTo(all.subList(1, 3).stream().map(Received::id).toList());
        assertThat(all.subList(3, 5).stream().map(Received::sequence).toList()).containsExactly(2L, 3L);
        assertThat(all).allMatch(Received::verified);
        as("admin")
                .body(Map.of("fromSequence", 4))
                .post("/api/v1/subscriptions/" + id + "/redelivery")
                .then()
                .statusCode(409)
                .body("reasons[0].code", equalTo("NOTHING_KEPT"));
    }

    @Test
    void duringARotationBothSecretsSign() {
        String id = subscribe();
        as("admin")
                .body(Map.of("secret", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDc2FVsBQIhrs="))
                .patch("/api/v1/subscriptions/" + id)
                .then()
                .statusCode(200)
                .body("previousSecretUntil", notNullValue())
                .body("secret", nullValue());
        declared();
        await("it arrives", () -> receiver.accepted().size() == 1);
        // Whoever still has the secret before verifies, too.
        assertThat(receiver.accepted()).allMatch(Received::verified);
        assertThat(receiver.accepted()
                        .getFirst()
                        .headers()
                        .firstValue("webhook-signature")
                        .orElseThrow()
                        .split(" "))
                .hasSize(2);
        receiver.secret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDc2FVsBQIhrs=");
        declared();
        await("the next arrives", () -> receiver.accepted().size() == 2);
        assertThat(receiver.accepted().getLast().verified()).isTrue();
    }

    // --- what may be told

    @Test
    void aRestrictedIncidentIsToldOnlyToThoseWhoWereGivenIt() {
        subscribe();
        UUID hidden = declared();
        UUID open = declared();
        await("both are told", () -> receiver.accepted().size() == 2);
        as("responder")
                .body(Map.of("visibility", "RESTRICTED"))
                .post("/api/v1/incidents/" + hidden + "/visibility")
                .then()
                .statusCode(200);
        say(hidden, "a secret");
        say(open, "no secret");
        await("the open one is told", () -> idsOf(open).equals(events(open)));
        UUID born = UUID.fromString(Api.declare(Map.of(
                        "title", "Leak", "severity", "SEV1", "services", List.of(service), "visibility", "RESTRICTED"))
                .getString("id"));
        say(open, "still none");
        await("the open one goes on", () -> idsOf(open).equals(events(open)));
        assertThat(receiver.received()).noneMatch(one -> one.text().contains("a secret"));
        assertThat(receiver.received()).noneMatch(one -> one.text().contains(born.toString()));
        assertThat(idsOf(hidden)).hasSize(1);
        assertNumbersHaveNoGap();

        // What was told before it was restricted is not told again, but by its number.
        as("admin")
                .body(Map.of("fromSequence", 1))
                .post("/api/v1/subscriptions/" + subscriptions.getFirst() + "/redelivery")
                .then()
                .statusCode(200)
                .body("messages", equalTo(4));
        await("four come again", () -> receiver.accepted().size() == 8);
        List<Received> again = receiver.accepted().subList(4, 8);
        assertThat(again.stream()
                        .filter(one -> one.type().equals(Payload.WITHHELD))
                        .map(Received::sequence)
                        .toList())
                .hasSize(1);
        assertThat(again).noneMatch(one -> one.text().contains(hidden.toString()));

        try (Receiver trusted = new Receiver()) {
            JsonPath created = as("admin")
                    .body(Map.of(
                            "name",
                            "trusted",
                            "url",
                            trusted.url(),
                            "includeRestricted",
                            true,
                            "services",
                            List.of(service)))
                    .post("/api/v1/subscriptions")
                    .then()
                    .statusCode(201)
                    .extract()
                    .jsonPath();
            subscriptions.add(created.getString("id"));
            say(hidden, "another secret");
            await("who was given it is told", () -> trusted.accepted().stream()
                    .anyMatch(one -> one.text().contains("another secret")));
        }
    }

    @Test
    void aNameThatWasRemovedIsNotToldAnyMore() {
        String id = subscribe(Map.of("types", List.of("hindsight.catalog.*")));
        String name = "Somebody " + UUID.randomUUID();
        String person = as("admin")
                .body(Map.of("name", name))
                .post("/api/v1/catalog/people")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        await("it is told", () -> receiver.accepted().stream()
                .anyMatch(one -> one.text().contains(name)));
        as("admin")
                .body(Map.of("reason", "asked for"))
                .post("/api/v1/catalog/people/" + person + "/name-removal")
                .then()
                .statusCode(200);
        await("the removal is told", () -> receiver.accepted().stream()
                .anyMatch(one -> one.type().equals("hindsight.catalog.person-name-removed.v1")));
        int before = receiver.received().size();
        as("admin")
                .body(Map.of("fromSequence", 1))
                .post("/api/v1/subscriptions/" + id + "/redelivery")
                .then()
                .statusCode(200);
        await("everything comes again", () -> receiver.accepted().size() >= 2 * once().size());
        assertThat(receiver.received().subList(before, receiver.received().size()))
                .noneMatch(one -> one.text().contains(name));
    }

    @Test
    void onlyWhatMatchesIsTold() {
        subscribe(Map.of(
                "types",
                List.of("hindsight.incident.severity-changed.v1"),
                "severities",
                List.of("SEV1"),
                "services",
                List.of(service)));
        UUID incident = declared();
        command(incident, "severity", Map.of("severity", "SEV3"));
        command(incident, "severity", Map.of("severity", "SEV1"));
        await("it arrives", () -> receiver.accepted().size() == 1);
        say(incident, "and nothing else");
        UUID other = UUID.fromString(
                Api.declare(Map.of("title", "Another", "severity", "SEV2", "services", List.of("another-" + service)))
                        .getString("id"));
        command(other, "severity", Map.of("severity", "SEV1"));
        command(incident, "severity", Map.of("severity", "SEV2"));
        command(incident, "severity", Map.of("severity", "SEV1"));
        await("the next arrives", () -> receiver.accepted().size() == 2);
        assertThat(receiver.accepted())
                .allMatch(one -> one.key().equals(incident.toString())
                        && one.event().at("/data/severity").asText().equals("SEV1"));
        assertNumbersHaveNoGap();
    }

    @Test
    void aServiceIsMeantUnderEveryNameThatTheCatalogHasMerged() {
        String other = "other-" + service;
        as("admin")
                .body(Map.of("name", other, "aliases", List.of(Map.of("tool", "goalert", "key", service))))
                .post("/api/v1/catalog/services")
                .then()
                .statusCode(201);
        subscribe(Map.of("types", List.of("hindsight.incident.declared.v1"), "services", List.of(other)));
        UUID incident = declared();
        await("it arrives", () -> receiver.accepted().size() == 1);
        assertThat(receiver.accepted().getFirst().key()).isEqualTo(incident.toString());
    }

    // --- the other services

    @Test
    void whatOthersPublishIsToldOnceAndInOrderHoweverItIsDelivered() {
        subscribe(Map.of("types", List.of("hindsight.action-item.*"), "services", List.of(service)));
        UUID incident = declared();
        UUID item = StreamIds.next();
        ActionItemEvent proposed =
                new ActionItemEvent.Proposed(incident, null, "ACT-1", details("Alert on errors", null), List.of());
        ActionItemEvent accepted = new ActionItemEvent.Accepted(incident);
        Others.publish(Topic.ACTION_ITEM_EVENTS, incident, item, 2, accepted);
        Others.publish(Topic.ACTION_ITEM_EVENTS, incident, item, 1, proposed);
        Others.publish(Topic.ACTION_ITEM_EVENTS, incident, item, 3, new ActionItemEvent.Started(incident));
        await("three are told", () -> receiver.accepted().size() == 3);
        assertThat(receiver.accepted().stream().map(Received::type).toList())
                .containsExactly(
                        "hindsight.action-item.proposed.v1",
                        "hindsight.action-item.accepted.v1",
                        "hindsight.action-item.started.v1");
        assertThat(receiver.accepted().stream()
                        .sorted(Comparator.comparingLong(Received::sequence))
                        .map(Received::id)
                        .toList())
                .isEqualTo(receiver.accepted().stream().map(Received::id).toList());
    }

    @Test
    void aRebuildSendsNothingAgain() {
        as("admin").post("/api/v1/projections/outbound/rebuild").then().statusCode(409);
        subscribe();
        UUID incident = declared();
        await("it is told", () -> receiver.accepted().size() == 1);
        as("admin").post("/api/v1/projections/closure-items/rebuild").then().statusCode(202);
        await("the rebuild ends", () -> "DONE"
                .equals(as("admin")
                        .get("/api/v1/projections")
                        .jsonPath()
                        .getString("items.find { it.name == 'closure-items' }.rebuild.state")));
        say(incident, "after");
        await("the next is told", () -> receiver.accepted().size() == 2);
        assertThat(once()).hasSize(2);
    }

    private static ActionItemDetails details(String title, LocalDate due) {
        return new ActionItemDetails(title, null, null, due, Priority.HIGH, null, null, null, null);
    }

    @Test
    void slackReadsOfWhatIsPublishedAndOfWhatIsOverdue() {
        subscribe(Map.of("format", "SLACK", "services", List.of(service)));
        UUID incident = declared();
        String reference = Api.incident(incident.toString()).getString("reference");
        UUID postmortem = StreamIds.postmortem(incident);
        Others.publish(
                Topic.POSTMORTEM_EVENTS,
                incident,
                postmortem,
                1,
                new PostmortemEvent.RequirementDecided(
                        incident,
                        RequirementAnswer.REQUIRED,
                        List.of(),
                        1,
                        true,
                        "a rule",
                        Instant.now().minusSeconds(60),
                        null));
        await("it is overdue", () -> texts().contains("Postmortem overdue: " + reference + " Shop is down"));
        Others.publish(
                Topic.ACTION_ITEM_EVENTS,
                incident,
                StreamIds.next(),
                1,
                new ActionItemEvent.Proposed(
                        incident,
                        postmortem,
                        "ACT-7",
                        details("Alert on errors", LocalDate.of(2026, 1, 1)),
                        List.of()));
        await("the item is overdue", () -> texts().contains("Action item overdue: ACT-7 Alert on errors"));
        Others.publish(
                Topic.POSTMORTEM_EVENTS,
                incident,
                postmortem,
                2,
                new PostmortemEvent.Published(incident, 1, List.of(), 26));
        await("it is published", () -> texts().contains("Postmortem published: " + reference + " Shop is down"));
        assertThat(texts()).hasSize(3);
        assertThat(receiver.received())
                .allMatch(one -> one.id().isEmpty()
                        && one.headers().firstValue("webhook-signature").isEmpty()
                        && one.body().path("blocks").size() == 2);
    }

    private List<String> texts() {
        return receiver.received().stream()
                .map(one -> one.body().path("text").asText())
                .toList();
    }

    @Test
    void whatWasSentLongAgoIsForgotten() {
        String id = subscribe();
        declared();
        await("it is told", () -> receiver.accepted().size() == 1);
        await("it is noted", () -> attempts(id).size() == 1);
        new OutboundUpkeep(pool, vertx, meters, config)
                .forget(Instant.now().plusSeconds(5))
                .await()
                .atMost(SOON);
        assertThat(attempts(id)).isEmpty();
        as("admin")
                .body(Map.of("fromSequence", 1))
                .post("/api/v1/subscriptions/" + id + "/redelivery")
                .then()
                .statusCode(409);
        declared();
        await("numbers go on", () -> receiver.accepted().stream().anyMatch(one -> one.sequence() == 2));
    }
}
