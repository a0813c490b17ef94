package dev.hindsight.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that we started, and may therefore end. It lives in a session of its own, so that Ctrl-C in the terminal
 * reaches only the launcher, which then ends everything in order. Its id and start time are written down: what a
 * launcher that was killed left behind is found, and never confused with a stranger that got the same id.
 */
final class ChildProcess {
    /** How a process is asked to end. */
    enum Ending {
        TERM,
        /** PostgreSQL's fast shutdown: TERM would wait for its clients. */
        INT
    }

    private static final Set<String> OURS_ALONE =
            Set.of("HINDSIGHT_BACKENDS", "HINDSIGHT_POSTGRES_URL", "HINDSIGHT_KAFKA_BOOTSTRAP", Stack.JAVA_OPTIONS);

    private static final Deque<ChildProcess> STARTED = new ConcurrentLinkedDeque<>();
    private static volatile boolean closing;

    private final String name;
    private final Ending ending;
    private final Process process;
    private final Path log;
    private final Path note;

    private ChildProcess(String name, Ending ending, Process process, Path log, Path note) {
        this.name = name;
        this.ending = ending;
        this.process = process;
        this.log = log;
        this.note = note;
    }

    static ChildProcess start(
            DataDirectory directory,
            String name,
            Ending ending,
            List<String> command,
            Map<String, String> environment) {
        Path log = directory.logs().resolve(name + ".log");
        var whole = new ArrayList<String>();
        onPath("setsid").ifPresent(setsid -> whole.add(setsid.toString()));
        whole.addAll(command);
        var builder = new ProcessBuilder(whole)
                .directory(directory.path().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeAll(OURS_ALONE);
        builder.environment().putAll(environment);
        if (closing) {
            throw new StartFailed("Ended while starting.");
        }
        try {
            Process process = builder.start();
            Path note = directory.processes().resolve(name);
            DataDirectory.writePrivately(note, process.pid() + " " + startOf(process.toHandle()) + "\n");
            var child = new ChildProcess(name, ending, process, log, note);
            STARTED.push(child);
            if (closing) {
                child.end(Duration.ofSeconds(10));
            }
            return child;
        } catch (IOException e) {
            throw new StartFailed(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Calls back from another thread once the process has ended, however it did. */
    void whenEnded(Runnable then) {
        Thread.ofVirtual().name("end-of-" + name).start(() -> {
            process.onExit().join();
            then.run();
        });
    }

    /** How it ended, in words. */
    String ending() {
        int code = process.exitValue();
        return code > 128 ? "was ended by signal " + (code - 128) : "ended with exit code " + code;
    }

    /** For a launcher that is told to end while it still starts things: ends the last first, and starts no more. */
    static void endAll() {
        closing = true;
        STARTED.forEach(child -> child.end(Duration.ofSeconds(30)));
    }

    void end(Duration patience) {
        end(process.toHandle(), ending, patience);
        STARTED.remove(this);
        try {
            Files.deleteIfExists(note);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Signal 9, and it has no time for anything. Returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** The same for it and everything that it has started. */
    void killWithChildren() {
        List<ProcessHandle> children = process.descendants().toList();
        kill();
        children.forEach(ProcessHandle::destroyForcibly);
        // Nobody may be there to bury orphans: a process that is only still listed has ended.
        children.forEach(child -> child.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(listed -> child)
                .join());
    }

    List<String> lastLogLines(int count) {
        return lastLines(log, count);
    }

    static List<String> lastLines(Path log, int count) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of("(" + log + " cannot be read)");
        }
    }

    /** The process of this name that runs on the directory, whoever started it. */
    static Optional<ProcessHandle> find(DataDirectory directory, String name) {
        Path note = directory.processes().resolve(name);
        try {
            if (!Files.exists(note)) {
                return Optional.empty();
            }
            String[] words = Files.readString(note).strip().split(" ", 2);
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> Math.abs(startOf(handle) - Long.parseLong(words[1])) < 2_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what a launcher that was killed left behind under this name. */
    static boolean endLeftover(DataDirectory directory, String name, Ending ending) {
        Optional<ProcessHandle> leftover = find(directory, name);
        leftover.ifPresent(handle -> end(handle, ending, Duration.ofSeconds(30)));
        return leftover.isPresent();
    }

    private static void end(ProcessHandle handle, Ending ending, Duration patience) {
        if (!handle.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + ending, Long.toString(handle.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            handle.destroyForcibly();
            handle.onExit()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .exceptionally(stuck -> handle)
                    .join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            handle.destroyForcibly();
        } catch (IOException | ExecutionException e) {
            handle.destroyForcibly();
        }
    }

    private static long startOf(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return path.lines()
                .flatMap(line -> List.of(line.split(File.pathSeparator)).stream())
                .map(part -> Path.of(part, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
