package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.local.Backends;
import dev.hindsight.local.DataDirectory;
import dev.hindsight.local.LocalIdentity;
import dev.hindsight.local.PostgresServer;
import dev.hindsight.local.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The stack under measurement, started by {@code deploy/run} on a data directory of the bench, and what all rows need of it. */
final class Bench implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration TOKEN = Duration.ofHours(12);

    /** How often one looks whether something has come about that is about to. */
    static final Duration SOON = Duration.ofMillis(20);

    final int rounds;
    final boolean quick;

    private final Path project;
    private final DataDirectory directory;
    private final int basePort = freeRange();
    private final PrintStream out;
    private final PrintStream details;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final long begin = System.nanoTime();
    private boolean running;

    Bench(Path project, Path data, int rounds, boolean quick, PrintStream out, PrintStream details) {
        this.project = project;
        this.directory = DataDirectory.at(data);
        this.rounds = rounds;
        this.quick = quick;
        this.out = out;
        this.details = details;
    }

    /** One line that is a result. */
    void result(Figure figure) {
        out.println(figure.line());
        out.flush();
    }

    /** One line about a result; not among the results. */
    void detail(String text, Object... values) {
        details.printf(
                "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, values.length == 0 ? text : text.formatted(values));
        details.flush();
    }

    Path project() {
        return project;
    }

    DataDirectory directory() {
        return directory;
    }

    /** Starts the stack where it does not run; seconds until all of it was healthy, 0 where it was. */
    double start() throws IOException, InterruptedException {
        if (running) {
            return 0;
        }
        long begin = System.nanoTime();
        running = true;
        deploy(START, "run", "--detach", "--data=" + directory.path(), "--base-port=" + basePort);
        detail("the stack is up");
        return (System.nanoTime() - begin) / 1e9;
    }

    /**
     * The stack with what the bench needs of PostgreSQL beyond what {@code deploy/run} sets: commit times, so that it can be
     * said after a round, and without any load during it, when a row became visible.
     */
    void startForLoad() throws IOException, InterruptedException, SQLException {
        start();
        if ("on".equals(postgres().show("track_commit_timestamp"))) {
            return;
        }
        asSuperuser("alter system set track_commit_timestamp = on");
        stop();
        start();
        tellDurability();
    }

    /** What PostgreSQL does before it says that something is committed. */
    void tellDurability() {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "track_commit_timestamp")) {
            detail("SHOW %s: %s", setting, postgres().show(setting));
        }
    }

    /**
     * Loads until the services' code is compiled: as long as each slice is at least a twentieth faster than the best before
     * it, and no longer than two minutes.
     */
    void warmUp(Callable<Double> slice) throws Exception {
        long limit = System.nanoTime() + Duration.ofSeconds(quick ? 30 : 120).toNanos();
        double best = 0;
        int without = 0;
        List<Long> rates = new ArrayList<>();
        while (without < 3 && System.nanoTime() < limit) {
            double rate = slice.call();
            rates.add(Math.round(rate));
            without = rate > best * 1.05 ? 0 : without + 1;
            best = Math.max(best, rate);
        }
        detail("warmed up; requests/s of each 5 s: %s", rates);
    }

    void stop() throws IOException, InterruptedException {
        if (running) {
            deploy(Duration.ofMinutes(2), "stop", "--data=" + directory.path());
            running = false;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stop();
    }

    /** Runs one of the commands of deploy/ and returns what it printed. */
    List<String> deploy(Duration patience, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(project.resolve("deploy").resolve(command).toString());
        line.addAll(List.of(arguments));
        return run(patience, new ProcessBuilder(line));
    }

    /** Runs a program to its end and returns what it printed; fails where it fails. */
    static List<String> run(Duration patience, ProcessBuilder program) throws IOException, InterruptedException {
        Process process = program.redirectErrorStream(true).start();
        process.getOutputStream().close();
        Thread watch = Thread.ofVirtual().start(() -> {
            try {
                if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroy();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<String> lines = new ArrayList<>();
        try (BufferedReader printed =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            printed.lines().forEach(lines::add);
        }
        int code = process.waitFor();
        watch.interrupt();
        if (code != 0) {
            throw new IllegalStateException(program.command().getFirst() + " ended with " + code + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
        return lines;
    }

    PostgresServer postgres() {
        return backends().postgres();
    }

    Backends backends() {
        return Backends.readFrom(directory.path().resolve("backends.properties"));
    }

    Connection database(Service service) throws SQLException {
        return postgres().connect(service.database());
    }

    /** The local stack's own PostgreSQL has a superuser whose password stands in its directory. */
    void asSuperuser(String... statements) throws IOException, SQLException {
        String password = Files.readAllLines(directory.path().resolve("postgres.passwords")).stream()
                .filter(line -> line.startsWith("postgres="))
                .map(line -> line.substring("postgres=".length()))
                .findFirst()
                .orElseThrow();
        PostgresServer server = postgres();
        try (Connection connection =
                        new PostgresServer(server.host(), server.port(), "postgres", password).connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    Load load(Service service) {
        return new Load("127.0.0.1", port(service));
    }

    int port(Service service) {
        return URI.create(service.url(basePort)).getPort();
    }

    /** The header line of a token, ready for {@link Load#request}. */
    String authorization(String role) {
        return "Authorization: Bearer " + LocalIdentity.in(directory.identity()).token(role, "bench", TOKEN) + "\r\n";
    }

    /** One call through the public door, outside of any measurement. */
    JsonNode call(Service service, String role, String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url(basePort) + path))
                .header(
                        "Authorization",
                        "Bearer " + LocalIdentity.in(directory.identity()).token(role, "bench", TOKEN))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return json.readTree(answer.body());
    }

    /** What an admin reads, where nothing but the answer matters. */
    JsonNode read(Service service, String path) {
        try {
            return call(service, "admin", "GET", path, null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    ObjectMapper json() {
        return json;
    }

    /** A database that is a copy of a service's own, for a floor that must not disturb the service. */
    void copyDatabase(Service service, String name) throws SQLException {
        postgres().dropDatabase(name);
        try (Connection connection = postgres().connect("postgres");
                Statement statement = connection.createStatement()) {
            // Nobody may be connected to what is copied: the service comes back by itself.
            statement.execute("alter database " + service.database() + " allow_connections false");
            try {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + service.database() + "'");
                await(Duration.ofSeconds(10), "the service's connections to end", () -> connections(service) == 0);
                statement.execute("create database " + name + " template " + service.database());
            } finally {
                statement.execute("alter database " + service.database() + " allow_connections true");
            }
        }
        await(Duration.ofMinutes(1), service.module() + " to come back", () -> isHealthy(service));
    }

    private int connections(Service service) {
        try (Connection connection = postgres().connect("postgres")) {
            return (int) number(
                    connection, "select count(*) from pg_stat_activity where datname = '" + service.database() + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isHealthy(Service service) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(URI.create(service.url(basePort) + "/q/health"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static double number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static void await(Duration patience, String what, BooleanSupplier condition) {
        await(patience, SOON, what, condition);
    }

    static void await(Duration patience, Duration lookEvery, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited " + patience.toSeconds() + " s in vain for " + what);
            }
            try {
                Thread.sleep(lookEvery.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private static int freeRange() {
        for (int attempt = 0; attempt < 200; attempt++) {
            // Not where PostgreSQL and Kafka of a data directory look for theirs.
            int first = ThreadLocalRandom.current().nextInt(10_000, 19_000);
            if (isFree(first) && isFree(first + 1) && isFree(first + 2) && isFree(first + 3)) {
                return first;
            }
        }
        throw new IllegalStateException("no four free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
