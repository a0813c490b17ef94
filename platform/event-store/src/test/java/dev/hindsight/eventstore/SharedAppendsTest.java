package dev.hindsight.eventstore;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static dev.hindsight.eventstore.Notebook.DECIDER;
import static dev.hindsight.eventstore.Notebook.expecting;
import static dev.hindsight.eventstore.Notebook.withKey;
import static dev.hindsight.eventstore.Notebook.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that wait for one stream are decided one after the other and appended together; each has its own outcome. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class SharedAppendsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 20;

    @Inject
    EventStore store;

    @Inject
    StreamVerification verification;

    private final UUID book = StreamIds.next();
    private final List<CompletableFuture<Outcome<Notebook>>> outcomes = new ArrayList<>();
    private CommandHandler<Notebook, IncidentEvent> handler;
    private Database database;

    @BeforeEach
    void connect() {
        handler = new CommandHandler<>(store, DECIDER, 100);
        database = Database.connect();
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    private CompletableFuture<Outcome<Notebook>> give(
            CommandContext context, Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> command) {
        CompletableFuture<Outcome<Notebook>> outcome =
                handler.handle(Set.of(book), context, command).subscribeAsCompletionStage();
        outcomes.add(outcome);
        return outcome;
    }

    /** The first one is on its way to the database until all others have come. */
    private void whileTheFirstIsOnItsWay(Runnable others) {
        try (Database other = Database.connect().inTransaction()) {
            other.execute("insert into notebook_view (id, lines, last) values (?, 0, '')", book);
            give(CONTEXT, write(book, "first"));
            Awaitility.await().until(() -> database.waiting() > 0);
            others.run();
            other.close();
        }
    }

    private static Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> with(
            StatementPart part, Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> command) {
        return states -> {
            Plan<Notebook> plan = command.apply(states);
            return new Plan<>(
                    plan.decisions(),
                    after -> {
                        List<StatementPart> parts = new ArrayList<>(plan.parts().apply(after));
                        parts.add(part);
                        return parts;
                    },
                    plan.answer());
        };
    }

    private static StatementPart once(String name) {
        return StatementPart.ofEachRow(
                "once",
                "insert into only_once (name) select * from unnest($1::text[])",
                List.<Object[]>of(new String[] {name}));
    }

    private void allEnd() {
        outcomes.forEach(outcome -> outcome.handle((ended, failure) -> ended).join());
    }

    private List<String> transactions() {
        return database.texts(
                "select count(*) from event where stream_id = ? group by xmin::text order by min(version)", book);
    }

    private List<String> lines() {
        return handler.load(book).await().atMost(SOON).state().texts();
    }

    private void isIntact() {
        assertThat(verification.verify(book).await().atMost(SOON).isIntact()).isTrue();
        Loaded<Notebook> stored = handler.load(book).await().atMost(SOON);
        Outcome<Notebook> next = give(CONTEXT, write(book, "next")).join();
        assertThat(next.states().get(book).version()).isEqualTo(stored.version() + 1);
        assertThat(verification.verify(book).await().atMost(SOON).isIntact()).isTrue();
    }

    @Test
    void thoseThatWaitForOneStreamShareOneTransactionInTheOrderInWhichTheyCame() {
        whileTheFirstIsOnItsWay(() -> {
            for (int i = 0; i < MANY; i++) {
                give(withKey("shared " + i + " " + book, "body"), write(book, "line " + i));
            }
        });
        allEnd();

        assertThat(transactions()).containsExactly("1", "" + MANY);
        List<String> expected = new ArrayList<>(List.of("first"));
        IntStream.range(0, MANY).forEach(i -> expected.add("line " + i));
        assertThat(lines()).isEqualTo(expected);
        assertThat(database.number("select lines from notebook_view where id = ?", book))
                .isEqualTo(MANY + 1);
        for (int i = 0; i <= MANY; i++) {
            Outcome<Notebook> outcome = outcomes.get(i).join();
            assertThat(outcome.states().get(book).version()).isEqualTo(i + 1);
            assertThat(outcome.answer().etag()).isEqualTo("" + (i + 1));
        }
        for (int i = 0; i < MANY; i++) {
            assertThat(database.texts("select etag from idempotency where key = ?", "shared " + i + " " + book))
                    .containsExactly("" + (i + 2));
        }
        isIntact();
    }

    @Test
    void noMoreShareAnAppendThanAreGoodForTheFirstOfThem() {
        whileTheFirstIsOnItsWay(() -> {
            for (int i = 0; i < KeyedQueue.MOST_TOGETHER + 1; i++) {
                give(CONTEXT, i % 2 == 0 ? Notebook.close(book) : Notebook.reopen(book));
            }
        });
        allEnd();
        assertThat(transactions()).containsExactly("1", "" + KeyedQueue.MOST_TOGETHER, "1");
        isIntactAfterReopening();
    }

    private void isIntactAfterReopening() {
        give(CONTEXT, Notebook.reopen(book)).join();
        isIntact();
    }

    @Test
    void whoIsRefusedIsRefusedAloneOnWhatThoseBeforeItLeave() {
        whileTheFirstIsOnItsWay(() -> {
            give(CONTEXT, write(book, "a"));
            give(CONTEXT, Notebook.close(book));
            give(CONTEXT, write(book, "b"));
            give(CONTEXT, Notebook.close(book));
            give(CONTEXT, Notebook.reopen(book));
            give(expecting(2), write(book, "c"));
            give(expecting(4), write(book, "d"));
        });
        allEnd();

        assertThat(lines()).containsExactly("first", "a", "d");
        assertThat(transactions()).containsExactly("1", "4");
        assertThatThrownBy(outcomes.get(3)::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(Refused.class);
        assertThat(outcomes.get(4).join().states().get(book).version())
                .as("closed already")
                .isEqualTo(3);
        assertThatThrownBy(outcomes.get(6)::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StaleVersion.class);
        assertThat(outcomes.get(7).join().states().get(book).version()).isEqualTo(5);
        isIntact();
    }

    @Test
    void oneThatTheDatabaseRefusesSpoilsNothingForTheOthers() {
        database.execute("insert into only_once (name) values (?)", "taken " + book);
        whileTheFirstIsOnItsWay(() -> {
            for (int i = 0; i < MANY; i++) {
                String name = i == 7 ? "taken " + book : "free " + i + " " + book;
                give(CONTEXT, with(once(name), write(book, "line " + i)));
            }
        });
        allEnd();

        assertThatThrownBy(outcomes.get(8)::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(AlreadyDone.class);
        assertThat(lines()).hasSize(MANY).doesNotContain("line 7");
        for (int i = 0; i < MANY; i++) {
            if (i != 7) {
                assertThat(outcomes.get(i + 1).join().replayed()).isFalse();
                assertThat(database.texts("select name from only_once where name = ?", "free " + i + " " + book))
                        .hasSize(1);
            }
        }
        isIntact();
    }

    @Test
    void whatGoesWithOneCommandOnlyGoesAloneAndTheOthersShareAroundIt() {
        StatementPart alone =
                new StatementPart("alone", "insert into only_once (name) values ($1)", List.of("alone " + book));
        whileTheFirstIsOnItsWay(() -> {
            give(CONTEXT, write(book, "a"));
            give(CONTEXT, write(book, "b"));
            give(CONTEXT, with(alone, write(book, "c")));
            give(CONTEXT, write(book, "d"));
            give(CONTEXT, write(book, "e"));
        });
        allEnd();

        assertThat(lines()).containsExactly("first", "a", "b", "c", "d", "e");
        assertThat(transactions()).containsExactly("1", "2", "1", "2");
        isIntact();
    }

    @Test
    void whoWritesBehindTheirBackIsReadAndAllAreDecidedAgainTogether() {
        give(CONTEXT, write(book, "before")).join();
        CommandHandler<Notebook, IncidentEvent> elsewhere = new CommandHandler<>(store, DECIDER, 100);
        try (Database other = Database.connect().inTransaction()) {
            // Nobody gets behind the row that they all write, until another instance has appended without it.
            other.execute("update notebook_view set lines = lines where id = ?", book);
            give(CONTEXT, write(book, "first"));
            Awaitility.await().until(() -> database.waiting() > 0);
            for (int i = 0; i < MANY; i++) {
                give(CONTEXT, write(book, "line " + i));
            }
            other.close();
        }
        elsewhere
                .handle(Set.of(book), CONTEXT, write(book, "elsewhere"))
                .await()
                .atMost(SOON);
        allEnd();

        assertThat(lines()).hasSize(MANY + 3).doesNotHaveDuplicates().contains("elsewhere", "line 0", "line 19");
        assertThat(database.number("select lines from notebook_view where id = ?", book))
                .isEqualTo(MANY + 3);
        isIntact();
    }

    /** Whether it was written is not known then: who tried again would write it twice. */
    @Test
    void whereTheConnectionIsLostNobodyGoesAgainAndNobodyIsToldAnythingElse() {
        give(CONTEXT, write(book, "before")).join();
        try (Database other = Database.connect().inTransaction()) {
            other.execute("update notebook_view set lines = lines where id = ?", book);
            give(CONTEXT, write(book, "first"));
            Awaitility.await().until(() -> database.waiting() > 0);
            give(CONTEXT, Notebook.close(book));
            CompletableFuture<Outcome<Notebook>> refused = give(CONTEXT, write(book, "refused, were it closed"));
            Awaitility.await().until(() -> {
                endWhoWaits();
                return refused.isDone();
            });
            assertThatThrownBy(refused::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isNotInstanceOf(Refused.class);
            other.close();
        }
        allEnd();
        assertThat(lines()).containsExactly("before");
        isIntact();
    }

    private void endWhoWaits() {
        database.texts("select pg_terminate_backend(pid)::text from pg_locks join pg_stat_activity using (pid)"
                + " where not granted and datname = current_database()");
    }
}
