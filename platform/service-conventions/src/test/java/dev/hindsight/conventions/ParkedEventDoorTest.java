package dev.hindsight.conventions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.contract.ActionItemEvent.Started;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.conventions.sample.SampleProjection;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.eventstore.wire.KafkaKeys;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Parked events over real HTTP: looked at, tried again, given up, and each refusal. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ParkedEventDoorTest {

    private static final String DOOR = "/api/v1/parked-events";
    private static final String TOPIC = "by-hand";
    private static final AtomicLong OFFSETS = new AtomicLong();
    private static final String ADA = StreamIds.person("oidc", Tokens.SUBJECT).toString();

    @Inject
    OrderedApply orderedApply;

    @Inject
    SampleProjection projection;

    private final UUID stream = StreamIds.next();

    @AfterEach
    void mend() {
        projection.defects.clear();
    }

    private static RequestSpecification admin() {
        return given().header("Authorization", Tokens.bearer("admin"));
    }

    private UUID id(long version) {
        return StreamIds.named(stream, "event " + version);
    }

    private ConsumerRecord<byte[], byte[]> event(long version, byte[] data) {
        return kafka(
                CloudEventHeaders.of(new EventHeader(
                        id(version),
                        Vocabulary.wireNameOf(new Started(stream)),
                        stream,
                        version,
                        Instant.EPOCH,
                        0,
                        Instant.EPOCH,
                        "somebody",
                        "/api",
                        null,
                        null)),
                data);
    }

    private ConsumerRecord<byte[], byte[]> event(long version) {
        return event(version, EventCodec.encode(new Started(stream)));
    }

    private ConsumerRecord<byte[], byte[]> kafka(org.apache.kafka.common.header.Headers headers, byte[] data) {
        return new ConsumerRecord<>(
                TOPIC,
                0,
                OFFSETS.getAndIncrement(),
                ConsumerRecord.NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE,
                0,
                0,
                KafkaKeys.of(stream),
                data,
                new RecordHeaders(headers),
                Optional.empty());
    }

    @SafeVarargs
    private void apply(ConsumerRecord<byte[], byte[]>... records) {
        orderedApply
                .apply(
                        Topic.POSTMORTEM_EVENTS,
                        new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), List.of(records)), Map.of()))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private void poison(long version) {
        apply(event(version, "[]".getBytes(StandardCharsets.UTF_8)));
    }

    private ValidatableResponse list(String query) {
        return admin().get(DOOR + "?stream=" + stream + query).then();
    }

    private long idOf(long version) {
        return list("").statusCode(200).extract().jsonPath().getLong("items.find { it.version == " + version + " }.id");
    }

    private static ValidatableResponse retry(Object id) {
        return admin().post(DOOR + "/" + id + "/retry").then();
    }

    private static ValidatableResponse discard(Object id, String body) {
        return admin().contentType("application/json")
                .body(body)
                .post(DOOR + "/" + id + "/discard")
                .then();
    }

    private static ValidatableResponse refused(ValidatableResponse response, String code) {
        return response.statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/refused"))
                .body("reasons.code", contains(code))
                .body("reasons.message", everyItem(notNullValue()));
    }

    private static final String WHY = "{\"reason\":\"Sent by a broken script.\"}";

    // --- looking

    @Test
    void aParkedEventIsShownAsItCame() {
        apply(event(1));
        poison(2);
        long id = idOf(2);
        for (String prefix : List.of("", "items[0].")) {
            ValidatableResponse response =
                    prefix.isEmpty() ? admin().get(DOOR + "/" + id).then() : list("&reason=UNDECODABLE");
            response.statusCode(200)
                    .body(prefix + "id", equalTo((int) id))
                    .body(prefix + "consumer", equalTo("samples"))
                    .body(prefix + "streamId", equalTo(stream.toString()))
                    .body(prefix + "version", equalTo(2))
                    .body(prefix + "eventId", equalTo(id(2).toString()))
                    .body(prefix + "type", equalTo("hindsight.action-item.started.v1"))
                    .body(prefix + "reason", equalTo("UNDECODABLE"))
                    .body(prefix + "detail", containsString("cannot be read"))
                    .body(prefix + "topic", equalTo(TOPIC))
                    .body(prefix + "partition", equalTo(0))
                    .body(prefix + "offset", notNullValue())
                    .body(prefix + "parkedAt", notNullValue())
                    .body(prefix + "headers.ce_sequence", equalTo("2"))
                    .body(prefix + "data", equalTo("[]"))
                    .body(prefix + "dataEncoding", equalTo("UTF-8"))
                    .body(prefix + "repairRequestedAt", nullValue())
                    .body(prefix + "repairRequests", equalTo(0))
                    .body(prefix + "settlement", nullValue());
        }
    }

    @Test
    void bytesThatAreNoTextAreShownAsBase64() {
        byte[] data = {0, (byte) 0xff, 7};
        ConsumerRecord<byte[], byte[]> alien = kafka(new RecordHeaders(), data);
        apply(alien);
        admin().get(DOOR + "?reason=UNATTRIBUTABLE&limit=250")
                .then()
                .statusCode(200)
                .body(
                        "items.find { it.offset == " + alien.offset() + " }.data",
                        equalTo(Base64.getEncoder().encodeToString(data)))
                .body("items.find { it.offset == " + alien.offset() + " }.dataEncoding", equalTo("base64"))
                .body("items.find { it.offset == " + alien.offset() + " }.streamId", nullValue());
    }

    @Test
    void theListHasPagesAndIsNewestFirst() {
        apply(event(2), event(3), event(4));
        String next = list("&limit=2")
                .statusCode(200)
                .body("items.size()", equalTo(2))
                .extract()
                .path("next");
        list("&limit=2&cursor=" + next)
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("next", nullValue());
        List<Integer> ids = list("").extract().path("items.id");
        assertThat(ids).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
    }

    @Test
    void theListIsNarrowedByConsumerReasonAndWhetherItIsSettled() {
        apply(event(1, "[]".getBytes(StandardCharsets.UTF_8)), event(2));
        list("&consumer=samples").body("items.reason", contains("BEHIND", "UNDECODABLE"));
        list("&consumer=others").statusCode(200).body("items", empty());
        list("&reason=BEHIND").body("items.version", contains(2));
        list("&settled=true").body("items", empty());
        discard(idOf(1), WHY).statusCode(200);
        list("&settled=true")
                .body("items.version", contains(1))
                .body("items.settlement.outcome", contains("DISCARDED"));
        list("&settled=false").body("items", empty());
    }

    @Test
    void whatTheListCannotBeNarrowedByIsRefused() {
        for (String wrong : List.of("&reason=BAD", "&limit=0", "&cursor=x", "&settled=perhaps", "&nonsense=1")) {
            list(wrong).statusCode(400).body("violations.size()", equalTo(1));
        }
        admin().get(DOOR + "?stream=x").then().statusCode(400).body("violations.field", contains("stream"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String id : List.of("999999999", "x", stream.toString())) {
            admin().get(DOOR + "/" + id).then().statusCode(404);
            retry(id).statusCode(404);
            discard(id, WHY).statusCode(404);
        }
    }

    // --- retry

    @Test
    void whatIsMendedIsAppliedOnRetryWithWhatStoodBehindIt() {
        projection.defects.add(id(1));
        apply(event(1), event(2), event(3));
        long id = idOf(1);
        refused(retry(id), "STILL_DEFECT").body("reasons[0].message", containsString("a defect of the projection"));
        projection.defects.clear();
        retry(id)
                .statusCode(200)
                .body("event.id", equalTo((int) id))
                .body("event.settlement.outcome", equalTo("APPLIED"))
                .body("event.settlement.by", equalTo(ADA))
                .body("appliedAfterwards", equalTo(2))
                .body("nowParkedAt", nullValue());
        list("").body("items", empty());
        refused(retry(id), "ALREADY_SETTLED");
    }

    @Test
    void aRetryTellsWhichEventComesInTheWayNext() {
        projection.defects.addAll(List.of(id(1), id(3)));
        apply(event(1), event(2), event(3));
        projection.defects.remove(id(1));
        retry(idOf(1))
                .statusCode(200)
                .body("appliedAfterwards", equalTo(1))
                .body("nowParkedAt.version", equalTo(3))
                .body("nowParkedAt.reason", equalTo("DEFECT"));
    }

    @Test
    void whatOnlyWaitsIsNeitherRetriedNorDiscarded() {
        apply(event(2));
        refused(retry(idOf(2)), "WAITS_FOR_EARLIER");
        refused(discard(idOf(2), WHY), "WAITS_FOR_EARLIER");
        poison(1);
        apply(event(3));
        refused(retry(idOf(3)), "STANDS_BEHIND").body("reasons[0].message", containsString("parked event " + idOf(1)));
        refused(discard(idOf(3), WHY), "STANDS_BEHIND");
        refused(retry(idOf(1)), "STILL_UNDECODABLE");
    }

    @Test
    void theSameKeyGetsTheSameAnswer() {
        projection.defects.add(id(1));
        apply(event(1));
        projection.defects.clear();
        long id = idOf(1);
        String key = UUID.randomUUID().toString();
        String first = admin().header("Idempotency-Key", key)
                .post(DOOR + "/" + id + "/retry")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        admin().header("Idempotency-Key", key)
                .post(DOOR + "/" + id + "/retry")
                .then()
                .statusCode(200)
                .body(equalTo(first));
    }

    // --- discard

    @Test
    void whatIsDiscardedIsKeptWithWhoAndWhyAndTheRestGoesOn() {
        poison(1);
        apply(event(2));
        long id = idOf(1);
        discard(id, WHY)
                .statusCode(200)
                .body("event.settlement.outcome", equalTo("DISCARDED"))
                .body("event.settlement.by", equalTo(ADA))
                .body("event.settlement.reason", equalTo("Sent by a broken script."))
                .body("event.settlement.at", notNullValue())
                .body("appliedAfterwards", equalTo(1));
        list("").body("items", empty());
        admin().get(DOOR + "/" + id).then().statusCode(200).body("settlement.outcome", equalTo("DISCARDED"));
        refused(discard(id, WHY), "ALREADY_SETTLED");
        poison(1);
        list("").body("items", empty());
    }

    @Test
    void aDiscardNeedsAReason() {
        poison(1);
        long id = idOf(1);
        discard(id, "{\"reason\":\"  \"}").statusCode(400).body("violations.field", contains("reason"));
        discard(id, "{}").statusCode(400).body("violations.field", contains("reason"));
        discard(id, "{\"reason\":\"" + "x".repeat(2001) + "\"}").statusCode(400);
        discard(id, "").statusCode(400);
        admin().contentType("text/plain")
                .body("why")
                .post(DOOR + "/" + id + "/discard")
                .then()
                .statusCode(415);
        discard(id, "{\"reason\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}").statusCode(413);
        list("").body("items.version", contains(1));
    }

    @Test
    void theSameKeyWithAnotherReasonIsRefused() {
        poison(1);
        long id = idOf(1);
        String key = UUID.randomUUID().toString();
        for (int status : List.of(200, 422)) {
            admin().header("Idempotency-Key", key)
                    .contentType("application/json")
                    .body("{\"reason\":\"because of " + status + "\"}")
                    .post(DOOR + "/" + id + "/discard")
                    .then()
                    .statusCode(status);
        }
    }

    @Test
    void onlyAnAdminComesIn() {
        poison(1);
        long id = idOf(1);
        for (String role : List.of("viewer", "responder", "editor")) {
            RequestSpecification lesser = given().header("Authorization", Tokens.bearer(role));
            lesser.get(DOOR).then().statusCode(403);
            lesser.get(DOOR + "/" + id).then().statusCode(403);
            lesser.post(DOOR + "/" + id + "/retry").then().statusCode(403);
        }
        given().get(DOOR).then().statusCode(401);
    }
}
