package dev.hindsight.eventstore;

import static dev.hindsight.eventstore.Notebook.CONTEXT;
import static dev.hindsight.eventstore.Notebook.DECIDER;
import static dev.hindsight.eventstore.Notebook.expecting;
import static dev.hindsight.eventstore.Notebook.withKey;
import static dev.hindsight.eventstore.Notebook.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandHandler.Decision;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one write path: everybody's command is applied or refused, once, on the truth. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class CommandHandlerTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    EventStore store;

    private final UUID book = StreamIds.next();
    private CommandHandler<Notebook, IncidentEvent> here;
    /** With a memory and a queue of its own, as another process would have. */
    private CommandHandler<Notebook, IncidentEvent> elsewhere;

    private Database database;

    @BeforeEach
    void twoInstances() {
        here = new CommandHandler<>(store, DECIDER, 100);
        elsewhere = new CommandHandler<>(store, DECIDER, 100);
        database = Database.connect();
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    private Outcome<Notebook> give(
            CommandHandler<Notebook, IncidentEvent> handler,
            CommandContext context,
            Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> command) {
        return handler.handle(Set.of(book), context, command).await().atMost(SOON);
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> work) {
        CyclicBarrier together = new CyclicBarrier(work.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
            return work.stream()
                    .map(one -> threads.submit(() -> {
                        together.await();
                        return one.call();
                    }))
                    .toList();
        }
    }

    private List<String> lines() {
        return here.load(book).await().atMost(SOON).state().texts();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void fiftyCommandsAtOnceAreEachAppliedOrRefusedAndNoneIsLost(int instances) throws Exception {
        List<Callable<Outcome<Notebook>>> commands = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String line = "line " + i;
            var handler = i % instances == 0 ? here : elsewhere;
            commands.add(() -> give(handler, CONTEXT, write(book, line)));
        }
        List<String> applied = new ArrayList<>();
        int refused = 0;
        List<Future<Outcome<Notebook>>> outcomes = atOnce(commands);
        for (int i = 0; i < outcomes.size(); i++) {
            try {
                outcomes.get(i).get();
                applied.add("line " + i);
            } catch (ExecutionException e) {
                assertThat(e).cause().isInstanceOf(Refused.class);
                refused++;
            }
        }
        assertThat(refused).isEqualTo(50 - Notebook.PAGES);
        assertThat(lines()).containsExactlyInAnyOrderElementsOf(applied);
        assertThat(Rows.versions(database, book))
                .isEqualTo(IntStream.rangeClosed(1, Notebook.PAGES)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(database.number("select lines from notebook_view where id = ?", book))
                .isEqualTo(Notebook.PAGES);
    }

    @Test
    void whoExpectsAnotherVersionIsToldTheActualOne() {
        give(here, CONTEXT, write(book, "a"));
        give(elsewhere, CONTEXT, write(book, "b"));
        assertThatThrownBy(() -> give(here, expecting(1), write(book, "c"))).satisfies(failure -> {
            assertThat(((StaleVersion) failure).expected()).isEqualTo(1);
            assertThat(((StaleVersion) failure).actual()).isEqualTo(2);
        });
        assertThat(give(here, expecting(2), write(book, "c")).states().get(book).version())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofTwoWhoExpectTheSameVersionOneIsApplied(int instances) throws Exception {
        give(here, CONTEXT, write(book, "a"));
        List<Callable<Outcome<Notebook>>> commands = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String line = "line " + i;
            var handler = i % instances == 0 ? here : elsewhere;
            commands.add(() -> give(handler, expecting(1), write(book, line)));
        }
        int stale = 0;
        for (Future<Outcome<Notebook>> outcome : atOnce(commands)) {
            try {
                outcome.get();
            } catch (ExecutionException e) {
                assertThat(e).cause().isInstanceOf(StaleVersion.class);
                stale++;
            }
        }
        assertThat(stale).isEqualTo(5);
        assertThat(lines()).hasSize(2);
    }

    @Test
    void theSameIdempotencyKeyTwiceIsAnsweredTheSameAndAppliedOnce() {
        CommandContext again = withKey("twice " + book, "body");
        Outcome<Notebook> first = give(here, again, write(book, "a"));
        Outcome<Notebook> second = give(here, again, write(book, "a"));
        Outcome<Notebook> third = give(elsewhere, again, write(book, "a"));

        assertThat(first.replayed()).isFalse();
        assertThat(second.replayed()).isTrue();
        assertThat(third.replayed()).isTrue();
        assertThat(second.answer()).usingRecursiveComparison().isEqualTo(first.answer());
        assertThat(third.answer()).usingRecursiveComparison().isEqualTo(first.answer());
        assertThat(lines()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSameIdempotencyKeyTenTimesAtOnceIsAnsweredTheSameAndAppliedOnce(int instances) throws Exception {
        CommandContext again = withKey("ten times " + book, "body");
        List<Callable<Outcome<Notebook>>> commands = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var handler = i % instances == 0 ? here : elsewhere;
            commands.add(() -> give(handler, again, write(book, "a")));
        }
        List<String> bodies = new ArrayList<>();
        int replayed = 0;
        for (Future<Outcome<Notebook>> outcome : atOnce(commands)) {
            bodies.add(new String(outcome.get().answer().body(), UTF_8));
            assertThat(outcome.get().answer().etag()).isEqualTo("1");
            replayed += outcome.get().replayed() ? 1 : 0;
        }
        assertThat(bodies).hasSize(10).containsOnly(bodies.getFirst());
        assertThat(replayed).isEqualTo(9);
        assertThat(lines()).containsExactly("a");
    }

    @Test
    void aReplayIsAnsweredEvenWhereTheCommandWouldBeRefusedByNow() {
        CommandContext key = withKey("refused by now " + book, "body");
        CommandContext onVersionNought =
                new CommandContext(key.actor(), key.source(), key.now(), 0L, key.idempotencyKey(), null, null);
        Outcome<Notebook> first = give(here, onVersionNought, write(book, "a"));
        give(here, CONTEXT, Notebook.close(book));

        assertThat(give(here, onVersionNought, write(book, "a")).answer())
                .usingRecursiveComparison()
                .isEqualTo(first.answer());
        assertThatThrownBy(() -> give(here, CONTEXT, write(book, "b"))).isInstanceOf(Refused.class);
    }

    @Test
    void anIdempotencyKeyWithAnotherBodyIsRefused() {
        give(here, withKey("reused " + book, "body"), write(book, "a"));
        assertThatThrownBy(() -> give(here, withKey("reused " + book, "another"), write(book, "b")))
                .isInstanceOf(IdempotencyKeyReused.class);
        assertThat(lines()).containsExactly("a");
    }

    @Test
    void aRefusedCommandKeepsNoAnswerSoThatItsKeyMayBeTriedAgain() {
        give(here, CONTEXT, Notebook.close(book));
        CommandContext key = withKey("tried again " + book, "body");
        assertThatThrownBy(() -> give(here, key, write(book, "a"))).isInstanceOf(Refused.class);
        give(here, CONTEXT, Notebook.reopen(book));
        assertThat(give(here, key, write(book, "a")).replayed()).isFalse();
        assertThat(lines()).containsExactly("a");
    }

    @Test
    void nothingIsRefusedOnARememberedState() {
        give(here, CONTEXT, Notebook.close(book));
        give(elsewhere, CONTEXT, Notebook.reopen(book));
        // "here" still remembers the book as closed.
        give(here, CONTEXT, write(book, "a"));
        assertThat(lines()).containsExactly("a");
    }

    @Test
    void nothingIsFoundToBeDoneAlreadyOnARememberedState() {
        give(here, CONTEXT, Notebook.close(book));
        give(elsewhere, CONTEXT, Notebook.reopen(book));
        assertThat(give(here, CONTEXT, Notebook.close(book)).states().get(book).version())
                .isEqualTo(3);
    }

    @Test
    void nothingIsAppliedOnARememberedStateThatIsNoLongerTrue() {
        give(here, CONTEXT, write(book, "a"));
        give(elsewhere, CONTEXT, Notebook.close(book));
        assertThatThrownBy(() -> give(here, CONTEXT, write(book, "b"))).isInstanceOf(Refused.class);
        assertThat(lines()).containsExactly("a");
    }

    @Test
    void lookingAgainReadsOnlyWhatWasRecordedSince() {
        give(here, CONTEXT, write(book, "a"));
        give(here, CONTEXT, Notebook.close(book));
        // Whoever reads the first event once more cannot go on.
        database.execute(
                "update event set type = 'hindsight.incident.dreamt-of.v1' where stream_id = ? and version = 1", book);
        assertThat(give(here, CONTEXT, Notebook.close(book)).states().get(book).version())
                .isEqualTo(2);
        assertThatThrownBy(() -> give(elsewhere, CONTEXT, Notebook.close(book))).isInstanceOf(StreamUnreadable.class);
    }

    @Test
    void aStreamThatIsNoLongerWhatIsRememberedIsReadWhole() {
        give(here, CONTEXT, write(book, "a"));
        give(here, CONTEXT, Notebook.close(book));
        // As a restored database may have it: another event in the place of the closing.
        database.execute(
                "update event as second set type = first.type, data = first.data, hash = sha256(second.hash) from event as first"
                        + " where first.stream_id = second.stream_id and first.version = 1"
                        + " and second.stream_id = ? and second.version = 2",
                book);
        give(here, CONTEXT, write(book, "b"));
        assertThat(lines()).containsExactly("a", "a", "b");
    }

    @Test
    void nothingIsDecidedOnAStreamThatHoldsAnUnknownType() {
        give(here, CONTEXT, write(book, "a"));
        database.execute("""
                with newer as (
                  insert into event (stream_id, version, id, key_id, type, occurred_at, source_order, recorded_at, actor,
                  source, data, hash)
                  select stream_id, 2, ?, key_id, 'hindsight.incident.dreamt-of.v1', occurred_at, 0, now(), actor,
                  source, '{}', hash from event where stream_id = ? returning stream_id, version)
                insert into outbox (stream_id, version) select stream_id, version from newer""", StreamIds.next(), book);
        // Neither where the stream is remembered from before, nor where it is read anew.
        assertThatThrownBy(() -> give(here, CONTEXT, write(book, "b"))).isInstanceOf(StreamUnreadable.class);
        assertThatThrownBy(() -> give(elsewhere, CONTEXT, write(book, "b"))).isInstanceOf(StreamUnreadable.class);
        assertThat(Rows.versions(database, book)).containsExactly("1", "2");
    }

    @Test
    void theStateThatIsRememberedIsTheStateThatWouldBeRead() {
        Instant finerThanTheDatabase = Instant.parse("2026-11-21T14:05:00.123456789Z");
        Loaded<Notebook> remembered = give(here, CONTEXT, write(book, "a", finerThanTheDatabase))
                .states()
                .get(book);
        assertThat(remembered)
                .usingRecursiveComparison()
                .isEqualTo(here.load(book).await().atMost(SOON));
    }

    @Test
    void commandsOnSeveralStreamsNeitherBlockEachOtherNorMixUp() throws Exception {
        UUID other = StreamIds.next();
        List<Callable<Outcome<Notebook>>> commands = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String line = "line " + i;
            var handler = i % 2 == 0 ? here : elsewhere;
            commands.add(() -> handler.handle(Set.of(book, other), CONTEXT, states -> both(states, other, line))
                    .await()
                    .atMost(SOON));
        }
        for (Future<Outcome<Notebook>> outcome : atOnce(commands)) {
            outcome.get();
        }
        assertThat(lines()).hasSize(20).doesNotHaveDuplicates();
        assertThat(elsewhere.load(other).await().atMost(SOON).state().texts()).isEqualTo(lines());
    }

    @Test
    void whatIsDoneInPassingIsDecidedOnTheTruthAndKnownToTheNextCommand() {
        UUID other = StreamIds.next();
        give(here, CONTEXT, write(book, "a"));
        give(elsewhere, CONTEXT, write(book, "b"));
        Outcome<Notebook> outcome = here.handleInPassing(
                        Set.of(book, other), CONTEXT, states -> both(states, other, "c"))
                .await()
                .atMost(SOON);
        assertThat(outcome.states().get(book).version()).isEqualTo(3);
        assertThat(outcome.states().get(other).version()).isEqualTo(1);
        assertThat(give(here, CONTEXT, write(book, "d")).states().get(book).version())
                .isEqualTo(4);
        assertThat(lines()).containsExactly("a", "b", "c", "d");
    }

    private Plan<Notebook> both(Map<UUID, Loaded<Notebook>> states, UUID other, String line) {
        return new Plan<>(
                states.keySet().stream()
                        .map(stream -> new Decision(
                                stream, stream.equals(other) ? book : stream, List.of(Notebook.newLine(line))))
                        .toList(),
                after -> List.of(),
                null);
    }

    @Test
    void aCommandThatFailsLeavesTheQueueOpenForTheNext() {
        assertThatThrownBy(() -> give(here, CONTEXT, states -> {
                    throw new IllegalStateException("a defect of the domain");
                }))
                .isInstanceOf(IllegalStateException.class);
        give(here, CONTEXT, write(book, "a"));
        assertThat(lines()).containsExactly("a");
    }

    @Test
    void aWriterBehindTheBackIsMetAtThePrimaryKey() {
        give(here, CONTEXT, write(book, "a"));
        Loaded<Notebook> state = here.load(book).await().atMost(SOON);
        store.append(CONTEXT, List.of(new StreamAppend(book, book, state, List.of(Notebook.newLine("b")))), List.of())
                .await()
                .atMost(SOON);
        // Decided on version 1, met at version 2, decided again on the truth.
        assertThat(give(here, CONTEXT, write(book, "c")).states().get(book).version())
                .isEqualTo(3);
        assertThat(lines()).containsExactly("a", "b", "c");
    }
}
