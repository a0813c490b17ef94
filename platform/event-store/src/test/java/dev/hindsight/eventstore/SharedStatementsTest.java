package dev.hindsight.eventstore;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static dev.hindsight.eventstore.Notebook.DECIDER;
import static dev.hindsight.eventstore.Notebook.lines;
import static dev.hindsight.eventstore.Notebook.nothing;
import static dev.hindsight.eventstore.Notebook.viewOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.EventStore.Appended;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import dev.hindsight.eventstore.EventStore.VersionConflict;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that come while others are on their way share a statement and a commit; each has its own outcome. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class SharedStatementsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 30;

    @Inject
    EventStore store;

    @Inject
    EventStoreConfig config;

    @Inject
    Pool pool;

    private Database database;

    @BeforeEach
    void connect() {
        database = Database.connect();
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    private CompletableFuture<Appended> append(UUID book, StatementPart... parts) {
        return append(lines(book, nothing(book), "a"), parts);
    }

    private CompletableFuture<Appended> append(StreamAppend lines, StatementPart... parts) {
        return store.append(CONTEXT, List.of(lines), List.of(parts)).subscribeAsCompletionStage();
    }

    private static StatementPart kept(String key) {
        return EventStore.keep(
                new IdempotencyKey("subject", "POST", "/notebooks", key, "body".getBytes(UTF_8)),
                new StoredAnswer(201, "1", null, null, "{}".getBytes(UTF_8)));
    }

    /** Holds everything that may be on its way, lets the others come, and lets go. */
    private void whileAllAreOnTheirWay(List<CompletableFuture<Appended>> appends, Runnable others) {
        List<UUID> held = new ArrayList<>();
        try (Database other = Database.connect().inTransaction()) {
            for (int i = 0; i < config.appendsAtOnce(); i++) {
                UUID book = StreamIds.next();
                held.add(book);
                other.execute("insert into notebook_view (id, lines, last) values (?, 0, '')", book);
            }
            held.forEach(book -> appends.add(append(book, viewOf(book, 1, "a"))));
            Awaitility.await().until(() -> database.waiting() >= config.appendsAtOnce());
            others.run();
            other.close();
        }
    }

    private String transactionsOf(List<UUID> books) {
        return database.texts(
                        "select count(distinct xmin::text) from event where stream_id = any (?::uuid[])",
                        "{"
                                + String.join(
                                        ",", books.stream().map(UUID::toString).toList()) + "}")
                .getFirst();
    }

    @Test
    void thoseThatComeWhileOthersAreOnTheirWayShareOneTransaction() {
        List<CompletableFuture<Appended>> appends = new ArrayList<>();
        List<UUID> books = new ArrayList<>();
        whileAllAreOnTheirWay(appends, () -> {
            for (int i = 0; i < MANY; i++) {
                UUID book = StreamIds.next();
                books.add(book);
                appends.add(append(book, viewOf(book, 1, "line " + book), kept("shared " + book)));
            }
        });
        appends.forEach(CompletableFuture::join);

        assertThat(transactionsOf(books)).isEqualTo("1");
        for (UUID book : books) {
            assertThat(database.texts("select last from notebook_view where id = ?", book))
                    .containsExactly("line " + book);
            assertThat(database.texts("select status from idempotency where key = ?", "shared " + book))
                    .containsExactly("201");
        }
    }

    @Test
    void oneThatIsRefusedIsRefusedAloneAndTheOthersAreWritten() {
        UUID taken = StreamIds.next();
        append(taken, viewOf(taken, 1, "first")).join();
        UUID again = StreamIds.next();
        append(again, viewOf(again, 1, "first"), kept("once " + again)).join();

        List<CompletableFuture<Appended>> appends = new ArrayList<>();
        List<UUID> books = new ArrayList<>();
        Map<String, CompletableFuture<Appended>> refused = new HashMap<>();
        whileAllAreOnTheirWay(appends, () -> {
            for (int i = 0; i < MANY; i++) {
                UUID book = StreamIds.next();
                books.add(book);
                appends.add(append(book, viewOf(book, 1, "a"), kept("refused " + book)));
            }
            refused.put("conflict", append(taken, viewOf(taken, 1, "second"), kept("refused " + taken)));
            UUID third = StreamIds.next();
            refused.put("replay", append(third, viewOf(third, 1, "a"), kept("once " + again)));
        });
        appends.forEach(CompletableFuture::join);

        assertThatThrownBy(() -> refused.get("conflict").join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(VersionConflict.class);
        assertThatThrownBy(() -> refused.get("replay").join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(AlreadyDone.class);
        assertThat(database.texts("select last from notebook_view where id = ?", taken))
                .containsExactly("first");
        for (UUID book : books) {
            assertThat(Rows.versions(database, book)).containsExactly("1");
        }
    }

    /** What each got back is what the store has of it: the next append is chained to it. */
    @Test
    void eachIsToldItsOwnHash() {
        List<CompletableFuture<Appended>> appends = new ArrayList<>();
        List<UUID> books = new ArrayList<>();
        List<CompletableFuture<Appended>> together = new ArrayList<>();
        whileAllAreOnTheirWay(appends, () -> {
            for (int i = 0; i < MANY; i++) {
                UUID book = StreamIds.next();
                books.add(book);
                together.add(append(book, viewOf(book, 1, "a")));
            }
        });
        appends.forEach(CompletableFuture::join);
        together.forEach(CompletableFuture::join);

        for (int i = 0; i < MANY; i++) {
            UUID book = books.get(i);
            Loaded<Notebook> loaded = store.load(book, DECIDER).await().atMost(SOON);
            assertThat(together.get(i).join().hashes().get(book)).isEqualTo(loaded.hash());
            assertThat(together.get(i).join().recordedAt().get(book)).isEqualTo(loaded.lastRecordedAt());
        }
    }

    /** Whether it was written is not known then: who tried again alone would write it twice. */
    @Test
    void whereTheConnectionIsLostNothingGoesAgain() {
        List<CompletableFuture<Appended>> appends = new ArrayList<>();
        List<UUID> books = new ArrayList<>();
        try (Database other = Database.connect().inTransaction()) {
            for (int i = 0; i < config.appendsAtOnce() + MANY; i++) {
                UUID book = StreamIds.next();
                books.add(book);
                other.execute("insert into notebook_view (id, lines, last) values (?, 0, '')", book);
                appends.add(append(book, viewOf(book, 1, "a")));
            }
            Awaitility.await().until(() -> database.waiting() >= config.appendsAtOnce());
            while (appends.stream().anyMatch(append -> !append.isDone())) {
                database.texts("select pg_terminate_backend(pid)::text from pg_locks join pg_stat_activity using (pid)"
                        + " where not granted and datname = current_database()");
            }
            other.close();
        }

        for (int i = 0; i < appends.size(); i++) {
            CompletableFuture<Appended> append = appends.get(i);
            assertThatThrownBy(append::join).isInstanceOf(CompletionException.class);
            assertThat(Rows.versions(database, books.get(i))).isEmpty();
        }
    }
}
