package dev.hindsight.conventions.operations;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.HashChain;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class StreamResourceTest {

    @Inject
    StoredStreams streams;

    @Inject
    EventStore store;

    private static ValidatableResponse get(String path) {
        return given().header("Authorization", Tokens.bearer("viewer"))
                .get(path)
                .then();
    }

    private static ValidatableResponse verification(UUID stream) {
        return get("/api/v1/streams/" + stream + "/verification");
    }

    private static void assertThatItIsBrokenAt(UUID stream, int version, String fault) {
        ValidatableResponse answer = verification(stream)
                .statusCode(200)
                .body("intact", equalTo(false))
                .body("events", equalTo(version - 1))
                .body("firstBroken.version", equalTo(version))
                .body("firstBroken.fault", equalTo(fault));
        if (fault.equals("CHANGED")) {
            String expected = answer.extract().path("firstBroken.expected");
            answer.body("firstBroken.found", not(equalTo(expected)))
                    .body("firstBroken.expected", matchesPattern("[0-9a-f]{64}"))
                    .body("firstBroken.found", matchesPattern("[0-9a-f]{64}"));
        } else {
            answer.body("firstBroken.expected", nullValue()).body("firstBroken.found", nullValue());
        }
    }

    @Test
    void aStreamIsReadPageByPageWithWhereItCameFromAndItsHashes() {
        UUID stream = streams.of("a", "b", "c");
        String next = get("/api/v1/streams/" + stream + "/events?limit=2")
                .statusCode(200)
                .body("items.sequence", contains(1, 2))
                .body("items.data.name", contains("a", "b"))
                .body("items[0].type", equalTo(StoredStreams.TYPE))
                .body("items[0].occurredAt", equalTo(StoredStreams.AT.toString()))
                .body("items[0].recordedAt", notNullValue())
                .body("items[0].sourceOrder", equalTo(0))
                .body("items[0].actor", equalTo("somebody"))
                .body("items[0].source", equalTo("/api"))
                .body("items[0].integration", nullValue())
                .body("items[0].deliveryId", notNullValue())
                .body("items[0].key", equalTo(stream.toString()))
                .body("items[0].hash", matchesPattern("[0-9a-f]{64}"))
                .extract()
                .path("next");
        get("/api/v1/streams/" + stream + "/events?cursor=" + next)
                .statusCode(200)
                .body("items.sequence", contains(3))
                .body("next", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "verification"})
    void whatIsNotThereIsNotFound(String what) {
        get("/api/v1/streams/" + UUID.randomUUID() + "/" + what)
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/not-found"));
        given().get("/api/v1/streams/" + UUID.randomUUID() + "/" + what).then().statusCode(401);
        given().header("Authorization", Tokens.withoutRole())
                .get("/api/v1/streams/" + UUID.randomUUID() + "/" + what)
                .then()
                .statusCode(403);
        get("/api/v1/streams/" + UUID.randomUUID() + "/" + what + "?colour=red").statusCode(400);
    }

    @Test
    void anIncidentThatTheReaderMustNotKnowIsLeftOutWhereAnotherOneNamesIt() {
        UUID open = UUID.randomUUID();
        UUID hidden = UUID.randomUUID();
        streams.change("insert into restricted_incident values (?)", hidden);

        get("/api/v1/streams/" + streams.mergedInto(open) + "/events")
                .statusCode(200)
                .body("items[0].data.into", equalTo(open.toString()))
                .body("items[0].data.externalInto", equalTo("Q9"));

        UUID stream = streams.mergedInto(hidden);
        String told = get("/api/v1/streams/" + stream + "/events")
                .statusCode(200)
                .body("items[0].sequence", equalTo(1))
                .extract()
                .asString();
        assertThat(told).doesNotContain(hidden.toString(), "Q9");
        given().header("Authorization", Tokens.bearer("admin"))
                .get("/api/v1/streams/" + stream + "/events")
                .then()
                .body("items[0].data.into", equalTo(hidden.toString()));
        verification(stream).body("intact", equalTo(true));
    }

    @Test
    void aCursorOfSomethingElseIsRefused() {
        UUID stream = streams.of("a");
        get("/api/v1/streams/" + stream + "/events?cursor=nonsense")
                .statusCode(400)
                .body("violations[0].code", equalTo("INVALID_CURSOR"));
        get("/api/v1/streams/" + stream + "/events?limit=0").statusCode(400);
    }

    @Test
    void anUntouchedStreamIsIntactWithTheHashOfItsNewestEvent() {
        UUID stream = streams.of("a", "b");
        streams.append(stream, "c");
        String head = get("/api/v1/streams/" + stream + "/events")
                .body("items", hasSize(3))
                .extract()
                .path("items[2].hash");
        verification(stream)
                .statusCode(200)
                .body("streamId", equalTo(stream.toString()))
                .body("events", equalTo(3))
                .body("intact", equalTo(true))
                .body("firstBroken", nullValue())
                .body("headHash", equalTo(head));
    }

    @Test
    void aStreamOfManyPiecesIsVerifiedToItsEnd() {
        String[] names = new String[1_203];
        Arrays.setAll(names, i -> "team " + i);
        UUID stream = streams.of(names);
        verification(stream).body("events", equalTo(1_203)).body("intact", equalTo(true));
        streams.change("update event set actor = 'else' where stream_id = ? and version = 1100", stream);
        assertThatItIsBrokenAt(stream, 1_100, "CHANGED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data = convert_to('{\"name\":\"z\",\"tool\":null,\"key\":null}', 'UTF8')",
                "actor = 'somebody else'",
                "source = '/imports/x'",
                "type = 'hindsight.catalog.service-learned.v1'",
                "id = gen_random_uuid()",
                "key_id = gen_random_uuid()",
                "occurred_at = occurred_at - interval '1 microsecond'",
                "recorded_at = recorded_at - interval '1 microsecond'",
                "source_order = 1",
                "delivery_id = null",
                "delivery_id = gen_random_uuid()",
                "traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'",
                "hash = sha256('x'::bytea)"
            })
    void whateverIsChangedOfAnEventIsFound(String change) {
        UUID stream = streams.of("a", "b", "c");
        streams.change("update event set " + change + " where stream_id = ? and version = 2", stream);
        assertThatItIsBrokenAt(stream, 2, "CHANGED");
    }

    @Test
    void anEventThatIsTakenOutOfTheMiddleIsMissed() {
        UUID stream = streams.of("a", "b", "c");
        streams.change("delete from event where stream_id = ? and version = 2", stream);
        assertThatItIsBrokenAt(stream, 2, "MISSING");
    }

    @Test
    void theGapOfAnEventThatWasTakenOutCannotBeClosed() {
        UUID stream = streams.of("a", "b", "c");
        streams.change("delete from event where stream_id = ? and version = 2", stream);
        streams.change("update event set version = 2 where stream_id = ? and version = 3", stream);
        assertThatItIsBrokenAt(stream, 2, "CHANGED");
    }

    @Test
    void eventsThatChangedPlacesAreFound() {
        UUID stream = streams.of("a", "b", "c");
        streams.change("update event set version = 4 where stream_id = ? and version = 2", stream);
        streams.change("update event set version = 2 where stream_id = ? and version = 3", stream);
        streams.change("update event set version = 3 where stream_id = ? and version = 4", stream);
        assertThatItIsBrokenAt(stream, 2, "CHANGED");
    }

    @Test
    void theNewestEventsAreMissedToo() {
        UUID stream = streams.of("a", "b", "c");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get("/api/v1/events?stream=" + stream)
                                .extract()
                                .jsonPath()
                                .getList("items")
                                .size()
                        == 3);
        streams.change("delete from event where stream_id = ? and version > 1", stream);
        assertThatItIsBrokenAt(stream, 2, "MISSING");
        streams.change("delete from event where stream_id = ?", stream);
        assertThatItIsBrokenAt(stream, 1, "MISSING");
    }

    @Test
    void aHashThatIsComputedAnewBreaksTheNextLink() {
        UUID stream = streams.of("a", "b", "c");
        StoredEvent first =
                store.read(stream, 0, 1).await().atMost(Duration.ofSeconds(20)).getFirst();
        byte[] forged = "{\"name\":\"z\"}".getBytes(StandardCharsets.UTF_8);
        byte[] hash = HashChain.next(HashChain.start(), first.header(), first.keyId(), forged);
        streams.change("update event set data = ?, hash = ? where stream_id = ? and version = 1", forged, hash, stream);
        assertThatItIsBrokenAt(stream, 2, "CHANGED");
    }

    @Test
    void whoComputesEverythingAnewIsFoundOnlyByTheHashThatWasKeptElsewhere() {
        UUID stream = streams.of("a", "b");
        String kept = verification(stream).extract().path("headHash");
        byte[] chain = HashChain.start();
        byte[] forged = "{\"name\":\"z\"}".getBytes(StandardCharsets.UTF_8);
        for (StoredEvent event : store.read(stream, 0, 10).await().atMost(Duration.ofSeconds(20))) {
            chain = HashChain.next(chain, event.header(), event.keyId(), forged);
            streams.change(
                    "update event set data = ?, hash = ? where stream_id = ? and version = ?",
                    forged,
                    chain,
                    stream,
                    event.header().sequence());
        }
        String now =
                verification(stream).body("intact", equalTo(true)).extract().path("headHash");
        assertThat(now).isNotEqualTo(kept);
    }
}
