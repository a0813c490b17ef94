package dev.hindsight.incident.imports;

import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.eventstore.Transience;
import dev.hindsight.incident.application.IncidentHandler.Past;
import dev.hindsight.incident.imports.ImportAnswer.BadLine;
import dev.hindsight.incident.imports.ImportAnswer.Problem;
import dev.hindsight.incident.imports.ImportAnswer.Progress;
import dev.hindsight.incident.imports.Lines.Line;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One import, from its first line to its total. One thread reads; what is read goes to the database many incidents at a
 * time, and while a few of these batches are on their way what comes meanwhile waits, and then nothing more is read: memory
 * does not grow with the body. What is there goes at once where nothing else is on its way, so that a slow sender sees
 * progress, too.
 *
 * <p>What is counted in the answer is durable. An import that breaks off ends its answer without a total; it is sent again
 * as a whole.
 */
final class ImportRun {

    private static final Logger LOG = Logger.getLogger(ImportRun.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LISTENING = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Lines lines;
    private final Recording recording;
    private final ImportConfig limits;
    private final Instant latest;
    private final MultiEmitter<? super ImportAnswer> answers;
    private final AtomicInteger unheard;

    private final Object lock = new Object();
    private final Deque<Ready> waiting = new ArrayDeque<>();
    private int entriesWaiting;
    private int underway;
    private boolean over;
    private long imported;
    private long skipped;
    private long failed;

    /** Writes several incidents of one source; how many facts of each were new. */
    interface Recording {
        Uni<List<Integer>> record(String source, List<Past> pasts);
    }

    private record Ready(long line, PastReader.Incident incident) {}

    /**
     * @param latest that anything may have happened
     * @param unheard lines of the answer that the client has not taken yet; somebody else counts them down
     */
    ImportRun(
            Lines lines,
            Recording recording,
            ImportConfig limits,
            Instant latest,
            MultiEmitter<? super ImportAnswer> answers,
            AtomicInteger unheard) {
        this.lines = lines;
        this.recording = recording;
        this.limits = limits;
        this.latest = latest;
        this.answers = answers;
        this.unheard = unheard;
    }

    /** Reads to the end; for a thread that may wait. */
    void run() {
        long begin = System.nanoTime();
        try {
            for (Line line = lines.next(); line != null && !isOver(); line = lines.next()) {
                take(line);
            }
            awaitAll();
            synchronized (lock) {
                if (!over) {
                    over = true;
                    tell(new Progress(imported, skipped, failed));
                    answers.complete();
                }
            }
        } catch (IOException cut) {
            breakOff(cut);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            breakOff(e);
        } catch (RuntimeException defect) {
            LOG.error("an import met a defect", defect);
            breakOff(defect);
        }
        synchronized (lock) {
            LOG.infof(
                    "import: %d imported, %d skipped, %d failed in %s s",
                    imported, skipped, failed, String.format(Locale.ROOT, "%.1f", (System.nanoTime() - begin) / 1e9));
        }
    }

    /** Nobody waits for the answer any more, or the import cannot go on. What is on its way still arrives. */
    void breakOff(@Nullable Throwable why) {
        synchronized (lock) {
            if (over) {
                return;
            }
            over = true;
            waiting.clear();
            lock.notifyAll();
        }
        if (why != null) {
            LOG.infof("an import broke off: %s", why.getMessage());
            answers.fail(why);
        }
    }

    private boolean isOver() {
        synchronized (lock) {
            return over;
        }
    }

    private void take(Line line) throws InterruptedException {
        switch (line) {
            case Lines.Unreadable unreadable -> refuse(unreadable.number(), unreadable.violations());
            case Lines.Read read -> {
                try {
                    offer(new Ready(read.number(), PastReader.read(read.incident(), latest, limits.maxHistory())));
                } catch (Invalid invalid) {
                    refuse(read.number(), invalid.violations());
                }
            }
        }
    }

    private void refuse(long line, List<Violation> violations) throws InterruptedException {
        synchronized (lock) {
            failed++;
            tell(BadLine.of(line, violations));
        }
        long deadline = System.nanoTime() + limits.patience().toNanos();
        while (unheard.get() >= limits.answersWaiting() && !isOver()) {
            if (System.nanoTime() > deadline) {
                breakOff(new IOException("nobody reads its answer"));
            } else {
                Thread.sleep(LISTENING);
            }
        }
    }

    private void offer(Ready ready) throws InterruptedException {
        synchronized (lock) {
            waiting.add(ready);
            entriesWaiting += ready.incident().entries();
        }
        send(false);
        synchronized (lock) {
            while (entriesWaiting >= limits.entriesAtOnce() && !over) {
                lock.wait();
            }
        }
    }

    private void awaitAll() throws InterruptedException {
        while (true) {
            send(true);
            synchronized (lock) {
                if (over || underway == 0 && waiting.isEmpty()) {
                    return;
                }
                lock.wait();
            }
        }
    }

    /** @param all whether nothing more will come that could go with what waits */
    private void send(boolean all) {
        while (true) {
            List<Ready> batch;
            synchronized (lock) {
                boolean due = all || underway == 0 || entriesWaiting >= limits.entriesAtOnce();
                if (over || waiting.isEmpty() || underway >= limits.statementsAtOnce() || !due) {
                    return;
                }
                batch = next();
                underway++;
                lock.notifyAll();
            }
            record(batch).subscribe().with(done -> landed(), failure -> {
                synchronized (lock) {
                    if (!over) {
                        tell(new BadLine(
                                batch.getFirst().line(),
                                new Problem(
                                        "UNAVAILABLE",
                                        "The database is away. What was counted is durable; send everything again.")));
                    }
                }
                breakOff(failure);
                landed();
            });
        }
    }

    /** The first that wait, of one source. */
    private List<Ready> next() {
        List<Ready> batch = new ArrayList<>();
        int entries = 0;
        do {
            Ready first = waiting.removeFirst();
            entries += first.incident().entries();
            batch.add(first);
        } while (!waiting.isEmpty()
                && entries + waiting.getFirst().incident().entries() <= limits.entriesAtOnce()
                && waiting.getFirst()
                        .incident()
                        .source()
                        .equals(batch.getFirst().incident().source()));
        entriesWaiting -= entries;
        return batch;
    }

    private Uni<Void> record(List<Ready> batch) {
        return recording
                .record(
                        batch.getFirst().incident().source(),
                        batch.stream().map(ready -> ready.incident().past()).toList())
                // A commit whose answer was lost is found when it is decided again.
                .onFailure(Transience::isTransient)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .expireIn(limits.patience().toMillis())
                .invoke(this::count)
                .replaceWithVoid()
                .onFailure(failure -> !Transience.isTransient(failure))
                .recoverWithUni(defect -> batch.size() == 1 ? blame(batch.getFirst(), defect) : eachAlone(batch));
    }

    /** One of them is to blame; the others are not. */
    private Uni<Void> eachAlone(List<Ready> batch) {
        return Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(one -> record(List.of(one)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> blame(Ready one, Throwable defect) {
        LOG.errorf(defect, "line %d of an import cannot be recorded", one.line());
        synchronized (lock) {
            failed++;
            tell(new BadLine(
                    one.line(), new Problem("INTERNAL", "The incident could not be recorded; the log says why.")));
        }
        return Uni.createFrom().voidItem();
    }

    private void count(List<Integer> news) {
        synchronized (lock) {
            for (int facts : news) {
                if (facts > 0) {
                    imported++;
                } else {
                    skipped++;
                }
            }
            // A client that does not listen yet hears of the next ones.
            if (unheard.get() < limits.answersWaiting()) {
                tell(new Progress(imported, skipped, failed));
            }
        }
    }

    private void landed() {
        synchronized (lock) {
            underway--;
            lock.notifyAll();
        }
        send(false);
    }

    private void tell(ImportAnswer answer) {
        unheard.incrementAndGet();
        answers.emit(answer);
    }
}
