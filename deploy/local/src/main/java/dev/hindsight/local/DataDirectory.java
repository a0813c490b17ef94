package dev.hindsight.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a local stack keeps: {@code postgres/}, {@code kafka/}, {@code identity/}, {@code logs/}, the ports it
 * chose, and who runs on it. At most one process holds a data directory; the lock is the operating system's, so it ends
 * with its holder, however that ends.
 */
public final class DataDirectory {
    // Closing any channel of a locked file gives up the lock of the whole JVM, so this JVM's own holds are remembered.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path root;

    private DataDirectory(Path root) {
        this.root = root;
    }

    /** Creates the directory (mode 700) if it is missing. */
    public static DataDirectory at(Path path) {
        try {
            Path root = path.toAbsolutePath().normalize();
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            }
            var directory = new DataDirectory(root);
            for (Path part : List.of(directory.logs(), directory.identity(), directory.processes())) {
                Files.createDirectories(part);
            }
            return directory;
        } catch (IOException e) {
            throw new StartFailed("The data directory " + path + " cannot be created: " + e.getMessage(), e);
        }
    }

    public Path path() {
        return root;
    }

    /** PostgreSQL's data. */
    public Path postgres() {
        return root.resolve("postgres");
    }

    /** Kafka's log directory. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path identity() {
        return root.resolve("identity");
    }

    /** One file for each process that was started here. */
    Path processes() {
        return root.resolve("processes");
    }

    Path file(String name) {
        return root.resolve(name);
    }

    /**
     * Takes the directory for this process until {@link Hold#close()} or the end of the process.
     *
     * @throws StartFailed when another process holds it
     */
    public Hold hold() {
        Path lockFile = file("run.lock");
        if (!HELD_HERE.add(lockFile)) {
            throw alreadyRunning();
        }
        try {
            FileChannel channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                HELD_HERE.remove(lockFile);
                throw alreadyRunning();
            }
            Files.writeString(file("run.pid"), ProcessHandle.current().pid() + "\n");
            return new Hold(channel, lockFile);
        } catch (IOException e) {
            HELD_HERE.remove(lockFile);
            throw new UncheckedIOException(e);
        }
    }

    /** The process that runs on this directory now; empty when none does. */
    public OptionalLong holder() {
        Path lockFile = file("run.lock");
        try {
            if (HELD_HERE.contains(lockFile)) {
                return OptionalLong.of(ProcessHandle.current().pid());
            }
            if (!Files.exists(lockFile)) {
                return OptionalLong.empty();
            }
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                @Nullable FileLock lock = channel.tryLock();
                if (lock != null) {
                    return OptionalLong.empty();
                }
            }
            return OptionalLong.of(
                    Long.parseLong(Files.readString(file("run.pid")).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StartFailed alreadyRunning() {
        String who;
        try {
            who = " (process " + Files.readString(file("run.pid")).strip() + ")";
        } catch (IOException e) {
            who = "";
        }
        return new StartFailed("A stack is already running on " + root + who
                + ". See deploy/status; deploy/stop ends it; --data and --base-port give a second one its own place.");
    }

    /** Writes a file so that a reader sees all of it or nothing; only the owner may read it. */
    static void writePrivately(Path file, String content) {
        try {
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".new");
            Files.writeString(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of a private file, which the first caller gives it. */
    static String readOrCreatePrivately(Path file, java.util.function.Supplier<String> first) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".new");
                Files.writeString(draft, first.get());
                try {
                    Files.createLink(file, draft);
                } catch (FileAlreadyExistsException e) {
                    // Another process was first: its content is the one.
                } finally {
                    Files.delete(draft);
                }
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteRecursively(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The right to run on a data directory. */
    public final class Hold implements AutoCloseable {
        private final FileChannel channel;
        private final Path lockFile;

        private Hold(FileChannel channel, Path lockFile) {
            this.channel = channel;
            this.lockFile = lockFile;
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file("run.pid"));
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                HELD_HERE.remove(lockFile);
            }
        }
    }
}
