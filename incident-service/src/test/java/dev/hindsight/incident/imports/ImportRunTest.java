package dev.hindsight.incident.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.incident.application.IncidentHandler.Past;
import dev.hindsight.incident.imports.ImportAnswer.BadLine;
import dev.hindsight.incident.imports.ImportAnswer.Progress;
import dev.hindsight.incident.imports.ImportFiles.Limits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How lines become batches, with a stand-in for what records them. */
class ImportRunTest {

    private static final Instant LATEST = Instant.parse("2026-11-22T05:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger read = new AtomicInteger();

    private static String lines(String source, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> ImportFiles.line(source, "INC" + i, 5))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private AssertSubscriber<ImportAnswer> run(
            InputStream body, ImportRun.Recording recording, Limits limits, long demand) {
        Lines lines = new NdjsonLines(body, ImportFiles.JSON, 100_000);
        Lines counted = () -> {
            read.incrementAndGet();
            return lines.next();
        };
        AtomicInteger unheard = new AtomicInteger();
        ImportRun.Recording noted = (source, pasts) -> {
            batches.add(pasts.size());
            return recording.record(source, pasts);
        };
        return Multi.createFrom()
                .<ImportAnswer>emitter(
                        answers -> {
                            ImportRun run = new ImportRun(counted, noted, limits, LATEST, answers, unheard);
                            answers.onTermination(() -> run.breakOff(null));
                            Thread.ofVirtual().start(run::run);
                        },
                        BackPressureStrategy.BUFFER)
                .onItem()
                .invoke(unheard::decrementAndGet)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(demand));
    }

    private AssertSubscriber<ImportAnswer> run(String body, ImportRun.Recording recording, Limits limits) {
        return run(new ByteArrayInputStream(body.getBytes(UTF_8)), recording, limits, Long.MAX_VALUE);
    }

    private static Uni<List<Integer>> allNew(List<Past> pasts) {
        return Uni.createFrom().item(pasts.stream().map(past -> 5).toList());
    }

    private static Uni<List<Integer>> later(List<Past> pasts) {
        return Uni.createFrom()
                .item(pasts.stream().map(past -> 5).toList())
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(2));
    }

    @Test
    void everyLineIsCountedOnceAndTheLastAnswerIsTheTotal() {
        AssertSubscriber<ImportAnswer> answers = run(
                        lines("a", 0, 500) + "nonsense\n" + lines("b", 0, 100),
                        (source, pasts) -> later(pasts),
                        Limits.USUAL)
                .awaitCompletion(SOON);
        assertThat(answers.getLastItem()).isEqualTo(new Progress(600, 0, 1));
        assertThat(answers.getItems())
                .filteredOn(BadLine.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        BadLine.class, bad -> assertThat(bad.line()).isEqualTo(501));
        assertThat(batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(600);
        assertThat(batches).as("entries of one statement").allMatch(size -> size <= 50);
        assertThat(batches).as("several of them go together").hasSizeLessThan(300);
    }

    @Test
    void anEmptyBodyIsATotalOfNothing() {
        assertThat(run("", (source, pasts) -> allNew(pasts), Limits.USUAL)
                        .awaitCompletion(SOON)
                        .getItems())
                .containsExactly(new Progress(0, 0, 0));
    }

    @Test
    void whatWasThereAlreadyIsSkipped() {
        assertThat(run(
                                lines("a", 0, 10),
                                (source, pasts) -> Uni.createFrom()
                                        .item(pasts.stream().map(past -> 0).toList()),
                                Limits.USUAL)
                        .awaitCompletion(SOON)
                        .getLastItem())
                .isEqualTo(new Progress(0, 10, 0));
    }

    @Test
    void oneBatchHasOneSource() {
        String mixed = IntStream.range(0, 60)
                .mapToObj(i -> ImportFiles.line(i % 3 == 0 ? "a" : "b", "INC" + i, 5))
                .collect(Collectors.joining("\n"));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        run(
                        mixed,
                        (source, pasts) -> {
                            pasts.forEach(past -> seen.add(
                                    source + " " + past.command().apply("INC-1").externalId()));
                            return allNew(pasts);
                        },
                        Limits.USUAL)
                .awaitCompletion(SOON);
        assertThat(seen).hasSize(60).allMatch(one -> one.substring(2).startsWith("import|" + one.charAt(0)));
    }

    @Test
    void nothingIsReadWhileTheDatabaseIsBusy() {
        List<UniEmitter<? super List<Integer>>> pending = Collections.synchronizedList(new ArrayList<>());
        AssertSubscriber<ImportAnswer> answers = run(
                lines("a", 0, 2000),
                (source, pasts) -> Uni.createFrom().emitter(emitter -> {
                    pending.add(emitter);
                    sizes(emitter, pasts);
                }),
                Limits.USUAL);
        Awaitility.await().atMost(SOON).until(() -> pending.size() == 3 && read.get() >= 101);
        // One alone, two that are full, and one that waits: no more is in memory.
        Awaitility.await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> read.get() <= 152);
        assertThat(pending).hasSize(3);
        Awaitility.await().atMost(SOON).until(() -> {
            List.copyOf(pending).forEach(one -> {
                pending.remove(one);
                one.complete(Collections.nCopies(size(one), 5));
            });
            return answers.getItems().contains(new Progress(2000, 0, 0));
        });
        assertThat(answers.getLastItem()).isEqualTo(new Progress(2000, 0, 0));
    }

    private final ConcurrentHashMap<Object, Integer> sizes = new ConcurrentHashMap<>();

    private void sizes(Object emitter, List<Past> pasts) {
        sizes.put(emitter, pasts.size());
    }

    private int size(Object emitter) {
        return sizes.getOrDefault(emitter, 0);
    }

    @Test
    void oneThatCannotBeRecordedDoesNotStopTheOthers() {
        AssertSubscriber<ImportAnswer> answers = run(
                        lines("a", 0, 40),
                        (source, pasts) -> pasts.stream().anyMatch(past -> past.command()
                                        .apply("INC-1")
                                        .externalId()
                                        .endsWith("|INC17"))
                                ? Uni.createFrom().failure(new IllegalArgumentException("a defect"))
                                : allNew(pasts),
                        Limits.USUAL)
                .awaitCompletion(SOON);
        assertThat(answers.getLastItem()).isEqualTo(new Progress(39, 0, 1));
        assertThat(answers.getItems())
                .filteredOn(BadLine.class::isInstance)
                .containsExactly(new BadLine(
                        18,
                        new ImportAnswer.Problem("INTERNAL", "The incident could not be recorded; the log says why.")));
    }

    @Test
    void troubleThatPassesIsWaitedFor() {
        AtomicInteger attempts = new AtomicInteger();
        assertThat(run(
                                lines("a", 0, 10),
                                (source, pasts) -> Uni.createFrom()
                                        .deferred(() -> attempts.incrementAndGet() < 3
                                                ? Uni.createFrom().failure(new IOException("no connection"))
                                                : allNew(pasts)),
                                Limits.USUAL)
                        .awaitCompletion(SOON)
                        .getLastItem())
                .isEqualTo(new Progress(10, 0, 0));
    }

    @Test
    void troubleThatDoesNotPassBreaksItOffWithoutATotal() {
        Limits impatient = new Limits(250, 3, 100, Duration.ofMillis(300));
        AssertSubscriber<ImportAnswer> answers = run(
                        lines("a", 0, 10),
                        (source, pasts) -> Uni.createFrom().failure(new IOException("no connection")),
                        impatient)
                .awaitFailure(SOON);
        assertThat(answers.getItems()).singleElement().isInstanceOfSatisfying(BadLine.class, bad -> assertThat(
                        bad.error().code())
                .isEqualTo("UNAVAILABLE"));
    }

    @Test
    void aBodyThatIsCutOffHasNoTotalAndNothingOfItsLastLine() {
        List<String> recorded = Collections.synchronizedList(new ArrayList<>());
        InputStream cut = new SequenceInputStream(
                new ByteArrayInputStream((lines("a", 0, 3) + ImportFiles.line("a", "INC3", 5)).getBytes(UTF_8)),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }
                });
        run(
                        cut,
                        (source, pasts) -> {
                            pasts.forEach(past ->
                                    recorded.add(past.command().apply("INC-1").externalId()));
                            return allNew(pasts);
                        },
                        Limits.USUAL,
                        Long.MAX_VALUE)
                .awaitFailure(SOON);
        assertThat(recorded).doesNotContain("import|a|INC3");
    }

    @Test
    void whoDoesNotReadTheAnswerIsWaitedForAndThenLeft() {
        Limits impatient = new Limits(250, 3, 5, Duration.ofMillis(300));
        AssertSubscriber<ImportAnswer> answers = run(
                new ByteArrayInputStream("nonsense\n".repeat(1000).getBytes(UTF_8)),
                (source, pasts) -> allNew(pasts),
                impatient,
                1);
        Awaitility.await().atMost(SOON).until(() -> read.get() >= 6);
        Awaitility.await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> read.get() <= 8);
        answers.request(1000).awaitFailure(SOON);
    }

    @Test
    void whoGoesAwayEndsIt() {
        AssertSubscriber<ImportAnswer> answers =
                run(lines("a", 0, 2000), (source, pasts) -> Uni.createFrom().nothing(), Limits.USUAL);
        Awaitility.await().atMost(SOON).until(() -> read.get() >= 101);
        answers.cancel();
        int before = read.get();
        Awaitility.await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> read.get() <= before + 1);
    }
}
