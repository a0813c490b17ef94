package dev.hindsight.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL and Kafka, together: started here and ended by {@link #close()}, or somebody else's and only used.
 *
 * <p>Tests call {@link #forTests()}, take a database of a name of their own, and drop it or leave it.
 */
public final class Backends implements AutoCloseable {
    /** System property or environment variable: a file as {@link #writeTo(Path)} writes it. */
    public static final String PROPERTY = "HINDSIGHT_BACKENDS";

    private final PostgresServer postgres;
    private final String kafkaBootstrap;
    private final @Nullable LocalPostgres ownPostgres;
    private final @Nullable LocalKafka ownKafka;

    private Backends(
            PostgresServer postgres,
            String kafkaBootstrap,
            @Nullable LocalPostgres ownPostgres,
            @Nullable LocalKafka ownKafka) {
        this.postgres = postgres;
        this.kafkaBootstrap = kafkaBootstrap;
        this.ownPostgres = ownPostgres;
        this.ownKafka = ownKafka;
    }

    /** Starts both at once. The caller holds the directory. */
    public static Backends start(DataDirectory directory) {
        return start(directory, Optional.empty(), Optional.empty(), line -> {});
    }

    /**
     * Starts what is not given, both at once, and tells the listener as each is ready.
     *
     * @throws StartFailed when one does not come up; the other is ended first
     */
    static Backends start(
            DataDirectory directory,
            Optional<PostgresServer> givenPostgres,
            Optional<String> givenKafka,
            Consumer<String> progress) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Optional<LocalPostgres>> postgres = CompletableFuture.supplyAsync(
                    () -> {
                        if (givenPostgres.isPresent()) {
                            progress.accept("PostgreSQL: " + givenPostgres.get() + " is used as given");
                            return Optional.empty();
                        }
                        var started = LocalPostgres.start(directory);
                        progress.accept("PostgreSQL " + started.version() + " ready on 127.0.0.1:"
                                + started.server().port());
                        return Optional.of(started);
                    },
                    threads);
            CompletableFuture<Optional<LocalKafka>> kafka = CompletableFuture.supplyAsync(
                    () -> {
                        if (givenKafka.isPresent()) {
                            progress.accept("Kafka: " + givenKafka.get() + " is used as given");
                            return Optional.empty();
                        }
                        var started = LocalKafka.start(directory);
                        progress.accept("Kafka ready on " + started.bootstrap());
                        return Optional.of(started);
                    },
                    threads);
            try {
                CompletableFuture.allOf(postgres, kafka).join();
            } catch (CompletionException e) {
                kafka.exceptionally(failed -> Optional.empty()).join().ifPresent(LocalKafka::close);
                postgres.exceptionally(failed -> Optional.empty()).join().ifPresent(LocalPostgres::close);
                throw e.getCause() instanceof StartFailed reason ? reason : e;
            }
            LocalPostgres ownPostgres = postgres.join().orElse(null);
            LocalKafka ownKafka = kafka.join().orElse(null);
            return new Backends(
                    ownPostgres == null ? givenPostgres.orElseThrow() : ownPostgres.server(),
                    ownKafka == null ? givenKafka.orElseThrow() : ownKafka.bootstrap(),
                    ownPostgres,
                    ownKafka);
        }
    }

    /**
     * For tests: those that {@code HINDSIGHT_BACKENDS} names ({@code deploy/test} starts them once for all modules),
     * else own ones, started once in this JVM in a directory that goes with it.
     */
    public static Backends forTests() {
        // Quarkus loads this class in several class loaders: they share the JVM, and nothing else locks its Runtime.
        synchronized (Runtime.getRuntime()) {
            String file = Optional.ofNullable(System.getProperty(PROPERTY))
                    .or(() -> Optional.ofNullable(System.getenv(PROPERTY)))
                    .filter(path -> !path.isBlank())
                    .orElseGet(Backends::startForThisJvm);
            return readFrom(Path.of(file));
        }
    }

    private static String startForThisJvm() {
        try {
            var directory = DataDirectory.at(Files.createTempDirectory("hindsight-test-"));
            Backends backends = start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                backends.close();
                try {
                    DataDirectory.deleteRecursively(directory.path());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            Path file = directory.file("backends.properties");
            backends.writeTo(file);
            System.setProperty(PROPERTY, file.toString());
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that run elsewhere; {@link #close()} leaves them alone. */
    public static Backends readFrom(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new StartFailed(PROPERTY + " names " + file + ", which cannot be read: " + e.getMessage(), e);
        }
        return new Backends(
                new PostgresServer(
                        required(properties, "postgres.host", file),
                        Integer.parseInt(required(properties, "postgres.port", file)),
                        required(properties, "postgres.user", file),
                        required(properties, "postgres.password", file)),
                required(properties, "kafka.bootstrap", file),
                null,
                null);
    }

    private static String required(Properties properties, String key, Path file) {
        return Optional.ofNullable(properties.getProperty(key))
                .orElseThrow(() -> new StartFailed(file + " lacks " + key));
    }

    /** Writes how to reach both, all at once, readable by the owner only. */
    public void writeTo(Path file) {
        // Plain lines, so that a shell script reads them too; Java's own writer would escape the colon.
        String text = Stream.of(
                        "postgres.host=" + postgres.host(),
                        "postgres.port=" + postgres.port(),
                        "postgres.user=" + postgres.user(),
                        "postgres.password=" + postgres.password().replace("\\", "\\\\"),
                        "kafka.bootstrap=" + kafkaBootstrap)
                .collect(Collectors.joining("\n", "", "\n"));
        DataDirectory.writePrivately(file, text);
    }

    public PostgresServer postgres() {
        return postgres;
    }

    /** {@code host:port} */
    public String kafkaBootstrap() {
        return kafkaBootstrap;
    }

    /** Creates the database if it is missing, and says where it is. */
    public PostgresServer createDatabase(String name) {
        postgres.createDatabase(name);
        return postgres;
    }

    /** Drops the database if it is there, with the connections it still has. */
    public void dropDatabase(String name) {
        postgres.dropDatabase(name);
    }

    /** Creates the topic if it is missing; the broker creates none by itself. */
    public void createTopic(String name, int partitions) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafkaBootstrap))) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new StartFailed("The topic " + name + " cannot be created: " + e.getMessage(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailed("Interrupted.", e);
        }
    }

    /** The processes that were started here. */
    Stream<ChildProcess> processes() {
        return Stream.concat(
                Stream.ofNullable(ownPostgres).map(LocalPostgres::process),
                Stream.ofNullable(ownKafka).map(LocalKafka::process));
    }

    /** Ends what was started here: Kafka, then PostgreSQL. */
    @Override
    public void close() {
        if (ownKafka != null) {
            ownKafka.close();
        }
        if (ownPostgres != null) {
            ownPostgres.close();
        }
    }
}
