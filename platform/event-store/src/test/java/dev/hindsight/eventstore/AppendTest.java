package dev.hindsight.eventstore;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static dev.hindsight.eventstore.Notebook.DECIDER;
import static dev.hindsight.eventstore.Notebook.NOW;
import static dev.hindsight.eventstore.Notebook.lines;
import static dev.hindsight.eventstore.Notebook.nothing;
import static dev.hindsight.eventstore.Notebook.viewOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.CatalogEvent.TeamLearned;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.EventStore.Appended;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import dev.hindsight.eventstore.EventStore.VersionConflict;
import dev.hindsight.eventstore.wire.EventCodec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One statement, one transaction: all of it or nothing. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class AppendTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    EventStore store;

    private Database database;

    @BeforeEach
    void connect() {
        database = Database.connect();
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    private Appended append(List<StreamAppend> streams, StatementPart... parts) {
        return store.append(CONTEXT, streams, List.of(parts)).await().atMost(SOON);
    }

    private Loaded<Notebook> load(UUID book) {
        return store.load(book, DECIDER).await().atMost(SOON);
    }

    private static StatementPart once(String name) {
        return new StatementPart("once", "insert into only_once (name) values ($1)", List.of(name));
    }

    private static StatementPart kept(String key) {
        return EventStore.keep(
                new IdempotencyKey("subject", "POST", "/notebooks", key, "body".getBytes(UTF_8)),
                new StoredAnswer(201, "2", null, null, "{}".getBytes(UTF_8)));
    }

    @Test
    void eventsOutboxViewAndIdempotencyKeyCommitTogether() {
        UUID book = StreamIds.next();
        // While somebody else holds what the last part needs, nothing of the statement can be seen.
        try (Database other = Database.connect().inTransaction()) {
            other.execute("insert into only_once (name) values (?)", "together " + book);
            var appending = store.append(
                            CONTEXT,
                            List.of(lines(book, nothing(book), "a", "b")),
                            List.of(viewOf(book, 2, "b"), kept("together " + book), once("together " + book)))
                    .subscribeAsCompletionStage();
            Awaitility.await().until(() -> database.waiting() > 0);
            assertThat(Rows.versions(database, book)).isEmpty();
            assertThat(database.texts("select id from notebook_view where id = ?", book))
                    .isEmpty();
            other.close();
            appending.join();
        }

        assertThat(Rows.versions(database, book)).containsExactly("1", "2");
        assertThat(database.texts("select last from notebook_view where id = ?", book))
                .containsExactly("b");
        assertThat(database.texts("select status from idempotency where key = ?", "together " + book))
                .containsExactly("201");
        assertThat(database.texts("""
                select version from (select stream_id, version from outbox
                union select stream_id, version from published) as handed_over
                where stream_id = ? order by version""", book)).containsExactly("1", "2");
    }

    /** How the last part of a statement can fail. */
    enum LastPart {
        VIOLATES_A_UNIQUE_CONSTRAINT,
        DIVIDES_BY_ZERO,
        FAILS_AT_THE_COMMIT
    }

    @ParameterizedTest
    @EnumSource
    void aStatementThatFailsInItsLastPartLeavesNothingBehind(LastPart lastPart) {
        UUID book = StreamIds.next();
        UUID team = StreamIds.next();
        database.execute("insert into only_once (name) values (?)", "done " + book);
        Map<String, Long> before = Rows.counts(database);
        StatementPart failing =
                switch (lastPart) {
                    case VIOLATES_A_UNIQUE_CONSTRAINT -> once("done " + book);
                    case DIVIDES_BY_ZERO ->
                        new StatementPart(
                                "divided",
                                "insert into only_once (name) select $1 || (1 / $2::int)::text",
                                List.of("divided " + book, 0));
                    case FAILS_AT_THE_COMMIT ->
                        new StatementPart(
                                "late_row", "insert into late (notebook) values ($1)", List.of(StreamIds.next()));
                };
        List<StatementPart> parts = new ArrayList<>(List.of(viewOf(book, 1, "a"), kept("nothing " + book)));
        parts.addAll(EventStore.begin(Map.of(team, new TeamLearned("Payments", null, null)), CONTEXT));
        parts.add(failing);

        assertThatThrownBy(() -> store.append(CONTEXT, List.of(lines(book, nothing(book), "a")), parts)
                        .await()
                        .atMost(SOON))
                .satisfies(failure -> {
                    switch (lastPart) {
                        case VIOLATES_A_UNIQUE_CONSTRAINT ->
                            assertThat(((AlreadyDone) failure).constraint()).isEqualTo("only_once_name");
                        case DIVIDES_BY_ZERO ->
                            assertThat(((PgException) failure).getSqlState()).isEqualTo("22012");
                        case FAILS_AT_THE_COMMIT ->
                            assertThat(((PgException) failure).getSqlState()).isEqualTo("23503");
                    }
                });

        assertThat(Rows.counts(database)).isEqualTo(before);
        assertThat(load(book).exists()).isFalse();
        assertThat(load(team).exists()).isFalse();
    }

    @Test
    void whatIsReadIsWhatWasAppended() {
        UUID book = StreamIds.next();
        UUID delivery = StreamIds.next();
        NewEvent event = new NewEvent(StreamIds.next(), Notebook.line("ümlaut"), NOW, 7);
        CommandContext context =
                new CommandContext("integration:x", "/integrations/x", NOW, null, null, delivery, "00-0123-4567-01");
        store.append(context, List.of(new StreamAppend(book, book, nothing(book), List.of(event))), List.of())
                .await()
                .atMost(SOON);

        StoredEvent stored = store.read(book, 0, 10).await().atMost(SOON).getFirst();
        EventHeader header = stored.header();
        assertThat(header)
                .isEqualTo(new EventHeader(
                        event.id(),
                        "hindsight.incident.message-posted.v1",
                        book,
                        1,
                        NOW,
                        7,
                        header.recordedAt(),
                        "integration:x",
                        "/integrations/x",
                        delivery,
                        "00-0123-4567-01"));
        assertThat(stored.data()).isEqualTo(EventCodec.encode(event.event()));
        assertThat(EventCodec.decode(header.type(), stored.data())).isEqualTo(event.event());
    }

    @Test
    void anEventMayBeOfSomebodyElseThanTheCommandAndTheChainKnows() {
        UUID book = StreamIds.next();
        NewEvent ofAnother = new NewEvent(StreamIds.next(), Notebook.line("a"), NOW, 0, "somebody else");
        append(List.of(new StreamAppend(book, book, nothing(book), List.of(ofAnother, Notebook.newLine("b")))));
        List<StoredEvent> stored = store.read(book, 0, 10).await().atMost(SOON);
        assertThat(stored)
                .extracting(event -> event.header().actor())
                .containsExactly("somebody else", CONTEXT.actor());
        byte[] hash = HashChain.start();
        for (StoredEvent event : stored) {
            hash = HashChain.next(hash, event.header(), event.keyId(), event.data());
            assertThat(event.hash()).isEqualTo(hash);
        }
    }

    @Test
    void severalStreamsAreReadAtOnceAsEachAlone() {
        UUID one = StreamIds.next();
        UUID other = StreamIds.next();
        UUID none = StreamIds.next();
        append(List.of(lines(one, nothing(one), "a", "b"), lines(other, nothing(other), "c")));
        append(List.of(lines(one, load(one), "d")));
        Map<UUID, Loaded<Notebook>> together =
                store.load(Set.of(one, other, none), Notebook.DECIDER).await().atMost(SOON);
        assertThat(together).hasSize(3);
        for (UUID stream : List.of(one, other, none)) {
            assertThat(together.get(stream)).usingRecursiveComparison().isEqualTo(load(stream));
        }
    }

    @Test
    void recordedAtIncreasesByAtLeastAMicrosecondWithinAStream() {
        UUID book = StreamIds.next();
        append(List.of(lines(book, nothing(book), "a", "b", "c")));
        for (int i = 0; i < 5; i++) {
            append(List.of(lines(book, load(book), "d", "e")));
        }
        assertThat(database.number("select count(*) from event where stream_id = ?", book))
                .isEqualTo(13);
        assertThat(database.texts("""
                select version from (select version, recorded_at - lag(recorded_at) over (order by version) as after
                from event where stream_id = ?) as e where after < interval '1 microsecond'""", book)).isEmpty();
    }

    @Test
    void recordedAtIncreasesEvenWhenTheClockWasSetBack() {
        UUID book = StreamIds.next();
        append(List.of(lines(book, nothing(book), "a")));
        database.execute("update event set recorded_at = recorded_at + interval '1 hour' where stream_id = ?", book);
        Loaded<Notebook> ahead = load(book);

        Appended appended = append(List.of(lines(book, ahead, "b", "c")));

        assertThat(appended.recordedAt().get(book))
                .isEqualTo(ahead.lastRecordedAt().plus(2, ChronoUnit.MICROS));
        assertThat(load(book).lastRecordedAt()).isEqualTo(ahead.lastRecordedAt().plus(2, ChronoUnit.MICROS));
    }

    @Test
    void theHashChainVerifiesAndAChangedByteIsNoticed() {
        UUID book = StreamIds.next();
        append(List.of(lines(book, nothing(book), "a", "b")));
        Appended last = append(List.of(lines(book, load(book), "c")));
        assertThat(firstBrokenLink(book)).isZero();
        assertThat(last.hashes().get(book)).isEqualTo(load(book).hash());

        database.execute(
                "update event set data = set_byte(data, 9, get_byte(data, 9) # 1) where stream_id = ? and version = 2",
                book);
        assertThat(firstBrokenLink(book)).isEqualTo(2);
    }

    @Test
    void whoChangesHistoryAndItsHashBreaksTheNextLink() {
        UUID book = StreamIds.next();
        append(List.of(lines(book, nothing(book), "a", "b", "c")));
        StoredEvent first = store.read(book, 0, 1).await().atMost(SOON).getFirst();
        byte[] forged = EventCodec.encode(Notebook.line("z"));
        database.execute(
                "update event set data = ?, hash = ? where stream_id = ? and version = 1",
                forged,
                HashChain.next(HashChain.start(), first.header(), first.keyId(), forged),
                book);
        assertThat(firstBrokenLink(book)).isEqualTo(2);
    }

    /** Recomputed from the rows; 0 where every link holds. */
    private long firstBrokenLink(UUID stream) {
        byte[] hash = HashChain.start();
        for (StoredEvent event : store.read(stream, 0, 100).await().atMost(SOON)) {
            hash = HashChain.next(hash, event.header(), event.keyId(), event.data());
            if (!Arrays.equals(hash, event.hash())) {
                return event.header().sequence();
            }
        }
        return 0;
    }

    @Test
    void theSecondOfTwoWritersOfOneVersionIsToldSo() {
        UUID book = StreamIds.next();
        Loaded<Notebook> nothing = nothing(book);
        append(List.of(lines(book, nothing, "first")));
        assertThatThrownBy(() -> append(List.of(lines(book, nothing, "second")), viewOf(book, 1, "second")))
                .isInstanceOf(VersionConflict.class);
        assertThat(load(book).state().texts()).containsExactly("first");
        assertThat(database.texts("select last from notebook_view where id = ?", book))
                .isEmpty();
    }

    @Test
    void anAppendToSeveralStreamsIsAllOrNothing() {
        UUID one = StreamIds.next();
        UUID two = StreamIds.next();
        Appended both = append(List.of(lines(one, nothing(one), "a", "b"), lines(two, nothing(two), "c")));
        assertThat(both.recordedAt()).containsOnlyKeys(one, two);
        assertThat(firstBrokenLink(one)).isZero();
        assertThat(firstBrokenLink(two)).isZero();

        assertThatThrownBy(() -> append(List.of(lines(one, load(one), "d"), lines(two, nothing(two), "stale"))))
                .isInstanceOf(VersionConflict.class);
        assertThat(load(one).state().texts()).containsExactly("a", "b");
        assertThat(load(two).state().texts()).containsExactly("c");
    }

    @Test
    void partsAreWrittenWithoutAnyEventToo() {
        UUID book = StreamIds.next();
        append(List.of(), viewOf(book, 0, "nothing yet"));
        assertThat(database.texts("select last from notebook_view where id = ?", book))
                .containsExactly("nothing yet");
    }

    @Test
    void aStreamThatIsLearnedTwiceBeginsOnce() {
        UUID team = StreamIds.next();
        append(List.of(), begin(team));
        append(List.of(), begin(team));
        assertThatItBeganOnce(team);
    }

    @Test
    void aStreamThatIsLearnedByManyAtOnceBeginsOnce() throws Exception {
        UUID one = StreamIds.next();
        UUID two = StreamIds.next();
        List<Future<Appended>> learning = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(8);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i : IntStream.range(0, 8).toArray()) {
                learning.add(threads.submit(() -> {
                    UUID book = StreamIds.next();
                    together.await();
                    // In either order: they must not wait for each other in a circle.
                    return append(
                            List.of(lines(book, nothing(book), "a")), i % 2 == 0 ? begin(one, two) : begin(two, one));
                }));
            }
        }
        for (Future<Appended> learned : learning) {
            assertThat(learned.get().recordedAt()).hasSize(1);
        }
        assertThatItBeganOnce(one);
        assertThatItBeganOnce(two);
    }

    private static StatementPart[] begin(UUID... teams) {
        Map<UUID, TeamLearned> learned = new LinkedHashMap<>();
        for (UUID team : teams) {
            learned.put(team, new TeamLearned("Payments", null, null));
        }
        return EventStore.begin(learned, CONTEXT).toArray(StatementPart[]::new);
    }

    private void assertThatItBeganOnce(UUID stream) {
        assertThat(Rows.versions(database, stream)).containsExactly("1");
        assertThat(firstBrokenLink(stream)).isZero();
        Awaitility.await().until(() -> database.number("select count(*) from outbox where stream_id = ?", stream) == 0);
        assertThat(database.texts("select version from published where stream_id = ?", stream))
                .containsExactly("1");
    }
}
