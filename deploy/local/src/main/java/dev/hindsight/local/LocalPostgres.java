package dev.hindsight.local;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL on 127.0.0.1 as a process of its own, durable: {@code fsync} and {@code synchronous_commit} are on,
 * the data directory is kept, also over a kill or a power cut. Clients come in as role {@code hindsight} (may create
 * databases, is not a superuser) by SCRAM with a random password.
 */
public final class LocalPostgres implements AutoCloseable {
    static final String ALTERNATIVE =
            "To use a PostgreSQL of your own, set HINDSIGHT_POSTGRES_URL=postgresql://user:password@host:port";

    static final String NAME = "postgres";
    private static final String SUPERUSER = "postgres";
    private static final String ROLE = "hindsight";
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    private final ChildProcess process;
    private final PostgresServer server;
    private final String version;

    private LocalPostgres(ChildProcess process, PostgresServer server, String version) {
        this.process = process;
        this.server = server;
        this.version = version;
    }

    /** Returns when the server answers; the first time it creates the data directory. */
    public static LocalPostgres start(DataDirectory directory) {
        ChildProcess.endLeftover(directory, NAME, ChildProcess.Ending.INT);
        List<String> unprivileged = unprivileged();
        PostgresBinaries binaries = PostgresBinaries.unpacked(directory);
        Passwords passwords = Passwords.of(directory);
        if (!Files.exists(directory.postgres().resolve("PG_VERSION"))) {
            initialise(directory, binaries, unprivileged, passwords);
        }
        forgetDeadPostmaster(directory.postgres());

        int port = Ports.stable(directory, NAME);
        var command = new ArrayList<>(unprivileged);
        command.addAll(
                List.of(binaries.program("postgres"), "-D", directory.postgres().toString()));
        settings(port).forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        ChildProcess process = ChildProcess.start(
                directory, NAME, ChildProcess.Ending.INT, command, Map.of("LC_ALL", "C", "TZ", "UTC"));
        try {
            var superuser = new PostgresServer("127.0.0.1", port, SUPERUSER, passwords.superuser());
            String version = awaitAnswer(process, superuser, passwords);
            return new LocalPostgres(process, new PostgresServer("127.0.0.1", port, ROLE, passwords.role()), version);
        } catch (RuntimeException e) {
            process.end(Duration.ofSeconds(10));
            throw e;
        }
    }

    public PostgresServer server() {
        return server;
    }

    /** As the server says it, such as {@code 18.4}. */
    public String version() {
        return version;
    }

    ChildProcess process() {
        return process;
    }

    /** Fast shutdown: clients are disconnected, everything committed is on disk. */
    @Override
    public void close() {
        process.end(Duration.ofSeconds(30));
    }

    /**
     * Signal 9 to all of it, as a power cut would; what was committed is found by the next {@link #start} on the directory.
     * Returns when it is gone.
     */
    public void kill() {
        process.killWithChildren();
    }

    private static Map<String, String> settings(int port) {
        return Map.ofEntries(
                Map.entry("port", Integer.toString(port)),
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("unix_socket_directories", ""),
                Map.entry("fsync", "on"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("full_page_writes", "on"),
                Map.entry("max_connections", "200"),
                Map.entry("shared_buffers", "128MB"),
                Map.entry("timezone", "UTC"),
                Map.entry("log_timezone", "UTC"),
                Map.entry("log_checkpoints", "off"));
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own it does not. */
    private static List<String> unprivileged() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        List<String> namespace = List.of("unshare", "-U");
        try {
            Process attempt = new ProcessBuilder("unshare", "-U", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (attempt.waitFor(10, TimeUnit.SECONDS) && attempt.exitValue() == 0) {
                return namespace;
            }
        } catch (IOException e) {
            // No unshare here: the same answer as when it is blocked.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new StartFailed("You are root, PostgreSQL refuses to run as root, and this machine blocks user namespaces"
                + " (unshare -U). Start as another user. " + ALTERNATIVE);
    }

    private static void initialise(
            DataDirectory directory, PostgresBinaries binaries, List<String> unprivileged, Passwords passwords) {
        Path draft = directory.file("postgres.initialising");
        Path passwordFile = directory.file("postgres.initialising.password");
        Path log = directory.logs().resolve("initdb.log");
        try {
            DataDirectory.deleteRecursively(draft);
            DataDirectory.writePrivately(passwordFile, passwords.superuser() + "\n");
            var command = new ArrayList<>(unprivileged);
            command.addAll(List.of(
                    binaries.program("initdb"),
                    "--pgdata=" + draft,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions"));
            var builder = new ProcessBuilder(command)
                    .directory(directory.path().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
            Process initdb = builder.start();
            if (initdb.waitFor() != 0) {
                throw new StartFailed("PostgreSQL's data directory cannot be created:\n"
                        + String.join("\n", ChildProcess.lastLines(log, 30)) + "\n" + ALTERNATIVE);
            }
            // Only a finished directory gets the name: a kill in between costs nothing but time.
            DataDirectory.deleteRecursively(directory.postgres());
            Files.move(draft, directory.postgres());
        } catch (IOException e) {
            throw new StartFailed("PostgreSQL's data directory cannot be created: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailed("Interrupted.", e);
        } finally {
            passwordFile.toFile().delete();
        }
    }

    /**
     * After a power cut {@code postmaster.pid} names a process that may by now be somebody else's; PostgreSQL itself
     * would then refuse to start. A living postmaster works inside its data directory; whoever does not is not one.
     */
    private static void forgetDeadPostmaster(Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        try {
            if (!Files.exists(pidFile) || !Files.isDirectory(Path.of("/proc/self"))) {
                return;
            }
            String pid =
                    Files.readString(pidFile).lines().findFirst().orElse("").strip();
            Path workingDirectory = Path.of("/proc", pid, "cwd");
            boolean living = Files.exists(workingDirectory)
                    && Files.isSameFile(workingDirectory.toRealPath(), data.toRealPath());
            if (living) {
                throw new StartFailed("Another PostgreSQL (process " + pid + ") runs on " + data + ".");
            }
            Files.delete(pidFile);
        } catch (IOException e) {
            throw new StartFailed("Cannot see whether " + pidFile + " is stale: " + e.getMessage(), e);
        }
    }

    private static String awaitAnswer(ChildProcess process, PostgresServer superuser, Passwords passwords) {
        Instant deadline = Instant.now().plus(RECOVERY);
        SQLException last = new SQLException("no attempt");
        while (process.alive() && Instant.now().isBefore(deadline)) {
            try (Connection connection = superuser.connect("postgres")) {
                return prepareRole(connection, passwords);
            } catch (SQLException e) {
                if ("28P01".equals(e.getSQLState())) {
                    throw new StartFailed("PostgreSQL does not accept the password in "
                            + "postgres.passwords; the file and the data directory belong together.");
                }
                last = e;
                Pause.millis(50);
            }
        }
        throw new StartFailed(
                "PostgreSQL did not start: " + last.getMessage() + "\n" + String.join("\n", process.lastLogLines(30)));
    }

    private static String prepareRole(Connection connection, Passwords passwords) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet role = statement.executeQuery("select from pg_roles where rolname = '" + ROLE + "'")) {
                if (!role.next()) {
                    statement.execute("create role " + ROLE + " login createdb password '" + passwords.role() + "'");
                }
            }
            try (ResultSet row =
                    statement.executeQuery("select split_part(current_setting('server_version'), ' ', 1)")) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Random, hexadecimal (so that they need no quoting anywhere), in a file that only its owner reads. */
    private record Passwords(String superuser, String role) {
        static Passwords of(DataDirectory directory) {
            String text = DataDirectory.readOrCreatePrivately(
                    directory.file("postgres.passwords"),
                    () -> SUPERUSER + "=" + random() + "\n" + ROLE + "=" + random() + "\n");
            var properties = new Properties();
            try {
                properties.load(new StringReader(text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Passwords(properties.getProperty(SUPERUSER, ""), properties.getProperty(ROLE, ""));
        }

        private static String random() {
            byte[] bytes = new byte[24];
            new SecureRandom().nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }
    }
}
