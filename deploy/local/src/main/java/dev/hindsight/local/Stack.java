package dev.hindsight.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The four services on their backends, as child processes, in the right order up and down. A service that dies after it
 * was healthy is started again (three times a minute, then the stack gives up); the data stays in its directory.
 */
public final class Stack {
    private static final Duration HEALTHY = Duration.ofMinutes(3);
    private static final Duration LAST_BREATH = Duration.ofSeconds(20);
    private static final Duration WRITING_CACHES = Duration.ofMinutes(5);
    private static final int RESTARTS_A_MINUTE = 3;

    /**
     * C1 alone: its code needs a few seconds to be as fast as it gets, and little memory. C2 took half of two cores for minutes
     * before it was any faster.
     */
    private static final List<String> SMALL = List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /**
     * Of the environment: further options for the services' JVMs, with spaces between them. They stand above the stack's own,
     * such as {@code -XX:TieredStopAtLevel=4} for one that lives long.
     */
    public static final String JAVA_OPTIONS = "HINDSIGHT_JAVA_OPTIONS";

    private final Path project;
    private final DataDirectory directory;
    private final int basePort;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final boolean training;

    private final Instant begin = Instant.now();
    private final Map<Instance, ChildProcess> services = new LinkedHashMap<>();
    private final Set<ChildProcess> killedOnPurpose = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean gaveUp = new AtomicBoolean();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Backends backends;
    private @Nullable LocalIdentity identity;

    /**
     * One process of a service. Those of one service share its database and its consumer groups.
     *
     * @param number 1 for the one that every stack has; each further one stands four ports above the one before
     */
    public record Instance(Service service, int number) {
        public Instance {
            if (number < 1) {
                throw new IllegalArgumentException("instances are counted from 1: " + number);
            }
        }

        /** Its process and its log. */
        public String name() {
            return number == 1 ? service.module() : service.module() + "-" + number;
        }

        /** Where it is reached. */
        public String url(int basePort) {
            return service.url(portOffset(basePort));
        }

        int port(int basePort) {
            return service.port(portOffset(basePort));
        }

        private int portOffset(int basePort) {
            return basePort + (number - 1) * Service.values().length;
        }
    }

    /**
     * @param environment where {@code HINDSIGHT_POSTGRES_URL}, {@code HINDSIGHT_KAFKA_BOOTSTRAP} and, for an OIDC provider in
     *     place of the stack's own key, {@code HINDSIGHT_OIDC_…} are looked up; and {@link #JAVA_OPTIONS}
     */
    public Stack(
            Path project, DataDirectory directory, int basePort, Map<String, String> environment, PrintStream out) {
        this(project, directory, basePort, environment, out, false);
    }

    private Stack(
            Path project,
            DataDirectory directory,
            int basePort,
            Map<String, String> environment,
            PrintStream out,
            boolean training) {
        this.project = project;
        this.directory = directory;
        this.basePort = basePort;
        this.environment = environment;
        this.out = out;
        this.training = training;
    }

    /**
     * A stack whose services write their AOT caches (JEP 514) when they end: what they loaded and linked until they were
     * healthy. Later starts read it and take less than half the time.
     */
    static Stack toTrain(Path project, DataDirectory directory, int basePort) {
        var silent = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        return new Stack(project, directory, basePort, Map.of(), silent, true);
    }

    /**
     * Brings everything up and returns when all of it is healthy. The caller holds the directory, and calls
     * {@link #end()} also when this fails.
     */
    public void start() {
        for (Service service : Service.values()) {
            if (!Files.exists(service.jar(project))) {
                throw new StartFailed(service.module() + " is not built (" + service.jar(project)
                        + " is missing). deploy/run builds it.");
            }
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Service service : Service.values()) {
                threads.execute(() -> {
                    if (ChildProcess.endLeftover(directory, service.module(), ChildProcess.Ending.TERM)) {
                        line("ended what an earlier run left behind: " + service.module());
                    }
                });
            }
        }
        for (Service service : Service.values()) {
            if (!Ports.isFree(service.port(basePort))) {
                throw new StartFailed("Port " + service.port(basePort) + " (" + service.module()
                        + ") is taken by another program. --base-port N takes N to N+3 instead.");
            }
        }
        // The first time it makes a key pair, which takes a while: beside the servers, not before them.
        CompletableFuture<LocalIdentity> keys =
                CompletableFuture.supplyAsync(() -> LocalIdentity.in(directory.identity()));
        line("data in " + directory.path());
        Backends ready = Backends.start(
                directory,
                Optional.ofNullable(environment.get("HINDSIGHT_POSTGRES_URL")).map(PostgresServer::parse),
                Optional.ofNullable(environment.get("HINDSIGHT_KAFKA_BOOTSTRAP")),
                this::line);
        backends = ready;
        if (ending.get()) {
            ready.close();
            throw new StartFailed("Ended while starting.");
        }
        for (Service service : Service.values()) {
            ready.createDatabase(service.database());
        }
        ready.writeTo(directory.file("backends.properties"));
        LocalIdentity known = keys.join();
        identity = known;
        List<Instance> first = Stream.of(Service.values())
                .map(service -> new Instance(service, 1))
                .toList();
        first.forEach(instance -> launch(instance, ready, known));
        awaitHealth(first);
        writeState();
        // Starting needed memory that waiting does not.
        System.gc();
        superviseBackends(ready);
        supervise(ready, known, first);
        summary(ready);
    }

    /**
     * Brings up further processes of services beside those that run, and returns when they are healthy. They are supervised
     * and ended like the first ones.
     */
    public void add(List<Instance> instances) {
        Backends ready = backends;
        LocalIdentity known = identity;
        if (ready == null || known == null) {
            throw new IllegalStateException("the stack was not started");
        }
        for (Instance instance : instances) {
            ChildProcess.endLeftover(directory, instance.name(), ChildProcess.Ending.TERM);
            if (!Ports.isFree(instance.port(basePort))) {
                throw new StartFailed(
                        "Port " + instance.port(basePort) + " (" + instance.name() + ") is taken by another program.");
            }
            launch(instance, ready, known);
        }
        awaitHealth(instances);
        supervise(ready, known, instances);
    }

    /** Returns when the stack was ended; false when it ended by itself because something in it kept dying. */
    boolean await() throws InterruptedException {
        ended.await();
        return !gaveUp.get();
    }

    private synchronized void launch(Instance instance, Backends ready, LocalIdentity identity) {
        if (ending.get()) {
            return;
        }
        Service service = instance.service();
        PostgresServer postgres = ready.postgres();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        Stream.of(environment.getOrDefault(JAVA_OPTIONS, "").split("\\s+"))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.addAll(aheadOfTimeCache(service));
        command.addAll(List.of("-jar", service.jar(project).toString()));
        var settings = new HashMap<>(whoVouches(identity));
        settings.putAll(Map.ofEntries(
                Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_HTTP_PORT", Integer.toString(instance.port(basePort))),
                Map.entry("QUARKUS_DATASOURCE_REACTIVE_URL", postgres.reactiveUrl(service.database())),
                Map.entry("QUARKUS_DATASOURCE_JDBC_URL", postgres.jdbcUrl(service.database())),
                Map.entry("QUARKUS_DATASOURCE_USERNAME", postgres.user()),
                Map.entry("QUARKUS_DATASOURCE_PASSWORD", postgres.password()),
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", ready.kafkaBootstrap()),
                Map.entry("HINDSIGHT_ENCRYPTION_KEY", identity.encryptionKey()),
                Map.entry("HINDSIGHT_PUBLIC_URL", service.url(basePort)),
                Map.entry("HINDSIGHT_INCIDENT_URL", Service.INCIDENT.url(basePort)),
                Map.entry("HINDSIGHT_POSTMORTEM_URL", Service.POSTMORTEM.url(basePort)),
                Map.entry("HINDSIGHT_ACTION_ITEM_URL", Service.ACTION_ITEM.url(basePort)),
                Map.entry("HINDSIGHT_METRICS_URL", Service.METRICS.url(basePort))));
        services.put(
                instance, ChildProcess.start(directory, instance.name(), ChildProcess.Ending.TERM, command, settings));
    }

    /** The OIDC provider that the environment names, or else the stack's own key. */
    private Map<String, String> whoVouches(LocalIdentity identity) {
        if (!environment.containsKey("HINDSIGHT_OIDC_AUTH_SERVER_URL")) {
            return Map.of(
                    "HINDSIGHT_OIDC_PUBLIC_KEY",
                    identity.publicKeyBase64(),
                    "HINDSIGHT_OIDC_ISSUER",
                    LocalIdentity.ISSUER);
        }
        return environment.entrySet().stream()
                .filter(setting -> setting.getKey().startsWith("HINDSIGHT_OIDC_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<String> aheadOfTimeCache(Service service) {
        Path cache = service.aotCache(project);
        if (training) {
            return List.of("-XX:AOTCacheOutput=" + cache);
        }
        return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
    }

    private void awaitHealth(List<Instance> instances) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newHttpClient()) {
            List<Future<?>> waiting = new ArrayList<>();
            for (Instance instance : instances) {
                waiting.add(threads.submit(() -> awaitHealth(instance, http)));
            }
            for (Future<?> one : waiting) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    threads.shutdownNow();
                    throw e.getCause() instanceof StartFailed reason ? reason : new StartFailed(e.toString(), e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    threads.shutdownNow();
                    throw new StartFailed("Interrupted.", e);
                }
            }
        }
    }

    private void awaitHealth(Instance instance, HttpClient http) {
        ChildProcess process = running(instance);
        Instant deadline = Instant.now().plus(HEALTHY);
        String answer = "no answer yet";
        while (Instant.now().isBefore(deadline) && !ending.get()) {
            if (!process.alive()) {
                throw new StartFailed(instance.name() + " " + process.ending() + " while starting. Its last lines ("
                        + directory.logs().resolve(instance.name() + ".log") + "):\n"
                        + String.join("\n", process.lastLogLines(30)));
            }
            answer = health(instance.url(basePort), http);
            if ("healthy".equals(answer)) {
                line(instance.name() + " healthy on " + instance.url(basePort));
                return;
            }
            Pause.millis(100);
        }
        throw new StartFailed(instance.name() + " is not healthy: " + answer + ". Its last lines:\n"
                + String.join("\n", process.lastLogLines(30)));
    }

    private synchronized ChildProcess running(Instance instance) {
        ChildProcess process = services.get(instance);
        if (process == null) {
            throw new StartFailed(instance.name() + " was not started, or has ended.");
        }
        return process;
    }

    /** {@code healthy}, or why not. */
    static String health(String url, HttpClient http) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/q/health"))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? "healthy" : "not healthy (" + answer.statusCode() + ")";
        } catch (IOException e) {
            return "no answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private void superviseBackends(Backends ready) {
        ready.processes()
                .forEach(process -> process.whenEnded(() -> {
                    if (!ending.get()) {
                        giveUp(process, process.name() + " " + process.ending());
                    }
                }));
    }

    private synchronized void supervise(Backends ready, LocalIdentity identity, List<Instance> instances) {
        instances.forEach(instance -> supervise(instance, ready, identity, new ArrayDeque<>()));
    }

    private void supervise(Instance instance, Backends ready, LocalIdentity identity, Deque<Instant> deaths) {
        ChildProcess process = running(instance);
        process.whenEnded(() -> {
            if (ending.get() || !isWanted(instance, process)) {
                return;
            }
            Instant now = Instant.now();
            if (!killedOnPurpose.remove(process)) {
                deaths.addLast(now);
            }
            deaths.removeIf(death -> death.isBefore(now.minusSeconds(60)));
            if (deaths.size() > RESTARTS_A_MINUTE) {
                giveUp(
                        process,
                        instance.name() + " " + process.ending() + ", the " + deaths.size() + "th time in a minute");
                return;
            }
            line(instance.name() + " " + process.ending() + "; it is started again");
            launch(instance, ready, identity);
            supervise(instance, ready, identity, deaths);
        });
    }

    private synchronized boolean isWanted(Instance instance, ChildProcess process) {
        return services.get(instance) == process;
    }

    private void giveUp(ChildProcess process, String why) {
        line(why + ". Its last lines:");
        process.lastLogLines(30).forEach(out::println);
        gaveUp.set(true);
        Thread.ofPlatform().start(this::end);
    }

    /**
     * Ends a process at once, as the kernel would (signal 9). It is started again like one that died by itself, and is not
     * counted among those deaths that make the stack give up.
     */
    public void kill(Instance instance) {
        ChildProcess process = running(instance);
        killedOnPurpose.add(process);
        process.kill();
    }

    /** Ends a process at once (signal 9) for as long as nobody {@linkplain #add adds} it again. */
    public void remove(Instance instance) {
        ChildProcess process;
        synchronized (this) {
            process = running(instance);
            services.remove(instance);
        }
        process.kill();
    }

    /** Ends the services, then Kafka, then PostgreSQL; what was not started here is left alone. */
    public void end() {
        if (!ending.compareAndSet(false, true)) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        List<ChildProcess> running;
        synchronized (this) {
            running = List.copyOf(services.values());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            running.forEach(process -> threads.execute(() -> process.end(training ? WRITING_CACHES : LAST_BREATH)));
        }
        if (!running.isEmpty()) {
            line("services ended");
        }
        Backends started = backends;
        if (started != null) {
            started.close();
            if (started.processes().findAny().isPresent()) {
                line("Kafka and PostgreSQL ended; the data stays in " + directory.path());
            }
        }
        try {
            Files.deleteIfExists(directory.file("stack.properties"));
            Files.deleteIfExists(directory.file("backends.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ended.countDown();
    }

    private void summary(Backends ready) {
        out.println();
        for (String setting : List.of("fsync", "synchronous_commit")) {
            out.printf("  SHOW %-20s %s%n", setting, ready.postgres().show(setting));
        }
        out.println();
        printMemory(directory, out);
        out.println();
        for (Service service : Service.values()) {
            out.printf(
                    "  %-22s %s   (%s/q/swagger-ui)%n", service.module(), service.url(basePort), service.url(basePort));
        }
        out.println();
        out.println("  in a browser:  " + Service.INCIDENT.url(basePort)
                + "/   (deploy/token viewer --link prints a link that signs in)");
        out.println("  a token:       deploy/token admin   (or viewer, responder, editor)");
        out.println("  logs:          " + directory.logs());
        out.println();
        line("all healthy");
    }

    /** PSS of every process on the directory, of its launcher, and of all together. */
    static void printMemory(DataDirectory directory, PrintStream out) {
        long total = 0;
        for (String name : names()) {
            Optional<ProcessHandle> process = ChildProcess.find(directory, name);
            if (process.isPresent()) {
                OptionalLong pss = Memory.pssOfTree(process.get());
                total += pss.orElse(0);
                out.printf("  PSS %-22s %s%n", name, Memory.inWords(pss));
            }
        }
        // Alone: everything else is a child of the launcher.
        Optional<ProcessHandle> launcher = directory.holder().stream()
                .mapToObj(ProcessHandle::of)
                .flatMap(Optional::stream)
                .findFirst();
        if (launcher.isPresent()) {
            OptionalLong pss = Memory.pss(launcher.get());
            total += pss.orElse(0);
            out.printf("  PSS %-22s %s%n", "launcher", Memory.inWords(pss));
        }
        out.printf("  PSS %-22s %s%n", "total", Memory.inWords(OptionalLong.of(total)));
    }

    static List<String> names() {
        return Stream.concat(
                        Stream.of(LocalPostgres.NAME, LocalKafka.NAME),
                        Stream.of(Service.values()).map(Service::module))
                .toList();
    }

    private void writeState() {
        DataDirectory.writePrivately(directory.file("stack.properties"), "state=healthy\nbase-port=" + basePort + "\n");
    }

    /** The base port of the stack that is healthy on the directory; empty while none is. */
    static Optional<Integer> healthyBasePort(DataDirectory directory) {
        Path state = directory.file("stack.properties");
        if (directory.holder().isEmpty() || !Files.exists(state)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(state)));
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(properties.getProperty("base-port")).map(Integer::valueOf);
    }

    private void line(String text) {
        synchronized (out) {
            out.printf("%6.1f s  %s%n", Duration.between(begin, Instant.now()).toMillis() / 1000.0, text);
        }
    }
}
