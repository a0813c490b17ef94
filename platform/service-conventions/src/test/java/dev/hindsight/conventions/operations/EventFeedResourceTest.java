package dev.hindsight.conventions.operations;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class EventFeedResourceTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    StoredStreams streams;

    private static ValidatableResponse feed(String query) {
        return given().header("Authorization", Tokens.bearer("viewer"))
                .get("/api/v1/events" + query)
                .then();
    }

    /** The position of the newest event once this stream has so many. */
    private static long positionOf(UUID stream, int events) {
        return await().atMost(SOON)
                .until(
                        () -> feed("?stream=" + stream)
                                .statusCode(200)
                                .extract()
                                .jsonPath(),
                        page -> page.getList("items").size() == events)
                .getLong("items[" + (events - 1) + "].position");
    }

    @Test
    void eventsAreReadInTheOrderOfPublishingAsCloudEvents() {
        UUID stream = streams.of("a", "b");
        long last = positionOf(stream, 2);
        feed("?after=" + (last - 2) + "&limit=2")
                .statusCode(200)
                .body("items", hasSize(2))
                .body("next", equalTo((int) last))
                .body("items[0].position", equalTo((int) last - 1))
                .body("items[0].sequence", equalTo(1))
                .body("items[0].hash", matchesPattern("[0-9a-f]{64}"))
                .body("items[0].event.specversion", equalTo("1.0"))
                .body("items[0].event.id", notNullValue())
                .body("items[0].event.source", equalTo("/api"))
                .body("items[0].event.type", equalTo(StoredStreams.TYPE))
                .body("items[0].event.subject", equalTo(stream.toString()))
                .body("items[0].event.time", equalTo(StoredStreams.AT.toString()))
                .body("items[0].event.datacontenttype", equalTo("application/json"))
                .body("items[0].event.sequence", equalTo("1"))
                .body("items[0].event.sourceorder", equalTo(0))
                .body("items[0].event.recordedtime", notNullValue())
                .body("items[0].event.actor", equalTo("somebody"))
                .body("items[0].event.deliveryid", notNullValue())
                .body("items[0].event.data.name", equalTo("a"))
                .body("items[1].event.data.name", equalTo("b"));
        assertThat(feed("?after=" + (last - 1) + "&limit=1").extract().asString())
                .as("an attribute that is not there is left out")
                .doesNotContain("traceparent");
    }

    @Test
    void anIncidentThatTheReaderMustNotKnowIsLeftOutWhereAnotherOneNamesIt() {
        UUID hidden = UUID.randomUUID();
        streams.change("insert into restricted_incident values (?)", hidden);
        UUID stream = streams.mergedInto(hidden);
        positionOf(stream, 1);

        assertThat(feed("?stream=" + stream).extract().asString()).doesNotContain(hidden.toString(), "Q9");
        given().header("Authorization", Tokens.bearer("admin"))
                .get("/api/v1/events?stream=" + stream)
                .then()
                .body("items[0].event.data.into", equalTo(hidden.toString()));
    }

    @Test
    void nothingIsLeftOutFromTheBeginningOn() {
        UUID stream = streams.of("a", "b", "c", "d", "e");
        long last = positionOf(stream, 5);
        List<Long> positions = new ArrayList<>();
        long after = 0;
        while (after < last) {
            JsonPath page = feed("?after=" + after + "&limit=3")
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            page.getList("items.position", Long.class).forEach(positions::add);
            after = page.getLong("next");
        }
        assertThat(positions).startsWith(LongStream.rangeClosed(1, last).boxed().toArray(Long[]::new));
    }

    @Test
    void onlyAStreamOrATypeCanBeAskedFor() {
        UUID stream = streams.of("a");
        UUID other = streams.of("x", "y");
        positionOf(other, 2);
        long last = positionOf(stream, 1);
        streams.append(stream, "b");
        positionOf(stream, 2);
        JsonPath page = feed("?stream=" + stream + "&limit=1").extract().jsonPath();
        assertThat(page.getLong("next")).isEqualTo(last);
        feed("?stream=" + stream + "&after=" + last)
                .body("items", hasSize(1))
                .body("items[0].event.data.name", equalTo("b"));
        feed("?type=" + StoredStreams.TYPE + "&after=" + (last - 1) + "&limit=1")
                .body("items", hasSize(1));
        feed("?type=hindsight.catalog.service-learned.v1&after=" + (last - 1))
                .body("items", hasSize(0))
                .body("next", greaterThanOrEqualTo((int) last));
        feed("?type=" + StoredStreams.TYPE + "&stream=" + other).body("items", hasSize(2));
    }

    @Test
    void whoHasEverythingIsAnsweredAtOnceWithoutWaiting() {
        long last = positionOf(streams.of("a"), 1);
        feed("?after=" + (last + 1_000))
                .statusCode(200)
                .body("items", hasSize(0))
                .body("next", equalTo((int) last + 1_000))
                .time(lessThan(5_000L));
    }

    @Test
    void whoWaitsIsAnsweredAsSoonAsThereIsSomething() {
        long last = positionOf(streams.of("a"), 1);
        String token = Tokens.bearer("viewer");
        List<CompletableFuture<JsonPath>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> given().header("Authorization", token)
                    .get("/api/v1/events?wait=30&after=" + last)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath()));
        }
        UUID stream = streams.of("b");
        for (CompletableFuture<JsonPath> reader : waiting) {
            JsonPath page = reader.orTimeout(15, TimeUnit.SECONDS).join();
            assertThat(page.getString("items[0].event.subject")).isEqualTo(stream.toString());
        }
    }

    @Test
    void whoWaitsInVainIsAnsweredWithNothingAfterTheTimeTheyGave() {
        UUID nobody = UUID.randomUUID();
        long began = System.nanoTime();
        feed("?wait=1&stream=" + nobody).statusCode(200).body("items", hasSize(0));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "after=-1, after",
        "after=x, after",
        "limit=0, limit",
        "limit=251, limit",
        "wait=31, wait",
        "wait=-1, wait",
        "type=hindsight.incident.unheard-of.v1, type",
        "stream=INC-1, stream",
        "colour=red, colour"
    })
    void whatMakesNoSenseIsRefused(String query, String field) {
        for (String accept : new String[] {"application/json", "text/event-stream"}) {
            given().header("Authorization", Tokens.bearer("viewer"))
                    .header("Accept", accept)
                    .get("/api/v1/events?" + query)
                    .then()
                    .statusCode(400)
                    .body("violations[0].field", equalTo(field));
        }
    }

    @Test
    void nobodyReadsWithoutARole() {
        for (String accept : new String[] {"application/json", "text/event-stream"}) {
            given().header("Accept", accept).get("/api/v1/events").then().statusCode(401);
            given().header("Accept", accept)
                    .header("Authorization", Tokens.withoutRole())
                    .get("/api/v1/events")
                    .then()
                    .statusCode(403);
        }
    }

    /** Server-sent events, line by line. */
    private record Listener(HttpResponse<InputStream> response, BlockingQueue<String> lines) implements AutoCloseable {

        static Listener of(String query, String... headers) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://localhost:" + RestAssured.port + "/api/v1/events" + query))
                    .header("Authorization", Tokens.bearer("viewer"))
                    .header("Accept", "text/event-stream");
            if (headers.length > 0) {
                request.headers(headers);
            }
            HttpResponse<InputStream> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> {
                try (BufferedReader reader =
                        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                    reader.lines().forEach(lines::add);
                } catch (IOException | UncheckedIOException e) {
                    // The test has closed it.
                }
            });
            return new Listener(response, lines);
        }

        /** The next line that begins so, without that. */
        String next(String prefix) throws InterruptedException {
            while (true) {
                String line = lines.poll(25, TimeUnit.SECONDS);
                assertThat(line).as("a line that begins with " + prefix).isNotNull();
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length()).strip();
                }
            }
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    @Test
    void aStreamOfServerSentEventsBringsWhatWasAndWhatComesWithPositionsForIds() throws Exception {
        UUID stream = streams.of("a", "b");
        long last = positionOf(stream, 2);
        try (Listener listener = Listener.of("?after=" + (last - 2))) {
            assertThat(listener.response().statusCode()).isEqualTo(200);
            assertThat(listener.response().headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/event-stream");
            assertThat(listener.next("id:")).isEqualTo(Long.toString(last - 1));
            JsonPath first = JsonPath.from(listener.next("data:"));
            assertThat(first.getLong("position")).isEqualTo(last - 1);
            assertThat(first.getString("event.data.name")).isEqualTo("a");
            assertThat(listener.next("id:")).isEqualTo(Long.toString(last));

            streams.append(stream, "c");
            assertThat(Long.parseLong(listener.next("id:"))).isGreaterThan(last);
            assertThat(JsonPath.from(listener.next("data:")).getString("event.data.name"))
                    .isEqualTo("c");
        }
    }

    @Test
    void whoComesBackGoesOnAfterTheLastEventIdAndNotFromTheBeginning() throws Exception {
        UUID stream = streams.of("a", "b");
        long last = positionOf(stream, 2);
        try (Listener listener = Listener.of("?after=0", "Last-Event-ID", Long.toString(last - 1))) {
            assertThat(listener.next("id:")).isEqualTo(Long.toString(last));
        }
        given().header("Authorization", Tokens.bearer("viewer"))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", "x")
                .get("/api/v1/events")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("Last-Event-ID"));
    }

    @Test
    void whoHearsNothingHearsAtLeastThatTheStreamIsAlive() throws Exception {
        try (Listener listener = Listener.of("?stream=" + UUID.randomUUID())) {
            assertThat(listener.next(":")).isEqualTo("still here");
        }
    }

    @Test
    void moreThanSoManyStreamsAreRefusedUntilOneEnds() throws Exception {
        long last = positionOf(streams.of("a"), 1);
        String query = "?after=" + (last - 1);
        List<Listener> open = new ArrayList<>();
        try {
            for (int i = 0; i < EventFeedResource.STREAMS + 1; i++) {
                Listener listener = Listener.of(query);
                open.add(listener);
                if (listener.response().statusCode() == 429) {
                    break;
                }
            }
            HttpResponse<?> refused = open.getLast().response();
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        } finally {
            for (Listener listener : open) {
                listener.close();
            }
        }
        await().atMost(SOON).until(() -> {
            try (Listener listener = Listener.of(query)) {
                return listener.response().statusCode() == 200;
            }
        });
    }
}
