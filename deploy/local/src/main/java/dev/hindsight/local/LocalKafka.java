package dev.hindsight.local;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker (KRaft, one node) on 127.0.0.1 in a JVM of its own. Topics keep their records for ever unless
 * they say otherwise, and none is created by accident.
 */
public final class LocalKafka implements AutoCloseable {
    static final String NAME = "kafka";
    private static final Duration START = Duration.ofMinutes(2);

    private final ChildProcess process;
    private final String bootstrap;

    private LocalKafka(ChildProcess process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Returns when the broker answers an admin client; the first time it formats the log directory. */
    public static LocalKafka start(DataDirectory directory) {
        ChildProcess.endLeftover(directory, NAME, ChildProcess.Ending.TERM);
        int port = Ports.stable(directory, NAME);
        int controllerPort = Ports.stable(directory, "kafka-controller");
        String clusterId = DataDirectory.readOrCreatePrivately(
                directory.file("kafka.cluster-id"), () -> Uuid.randomUuid().toString());
        Path properties = directory.file("kafka.properties");
        DataDirectory.writePrivately(properties, settings(directory.kafka(), port, controllerPort));
        ChildProcess process = ChildProcess.start(
                directory,
                NAME,
                ChildProcess.Ending.TERM,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms64m",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ReservedCodeCacheSize=64m",
                        "-Dlog4j2.configurationFile=classpath:dev/hindsight/local/kafka-log4j2.xml",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath(),
                        KafkaBroker.class.getName(),
                        properties.toString(),
                        directory.kafka().toString(),
                        clusterId,
                        Long.toString(ProcessHandle.current().pid())),
                Map.of());
        try {
            String bootstrap = "127.0.0.1:" + port;
            awaitAnswer(process, port, bootstrap);
            return new LocalKafka(process, bootstrap);
        } catch (RuntimeException e) {
            process.end(Duration.ofSeconds(10));
            throw e;
        }
    }

    /** {@code host:port} */
    public String bootstrap() {
        return bootstrap;
    }

    ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.end(Duration.ofSeconds(30));
    }

    /** Our own classes and {@code target/lib} beside them: the class path of a test JVM is another one. */
    static String classPath() {
        try {
            Path ours = Path.of(LocalKafka.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return ours + ":" + ours.resolveSibling("lib") + "/*";
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String settings(Path logDirectory, int port, int controllerPort) {
        var settings = new Properties();
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("log.dirs", logDirectory.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("log.retention.ms", "-1"),
                Map.entry("log.retention.bytes", "-1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "8"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "4"),
                // One node with a small heap: the defaults are for a machine of its own.
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "4"),
                Map.entry("log.cleaner.dedupe.buffer.size", "16777216")));
        var text = new StringWriter();
        try {
            settings.store(text, "Written at every start of the local stack");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void awaitAnswer(ChildProcess process, int port, String bootstrap) {
        Instant deadline = Instant.now().plus(START);
        while (process.alive() && Instant.now().isBefore(deadline)) {
            // The admin client complains loudly while nobody listens yet.
            if (!listens(port)) {
                Pause.millis(50);
                continue;
            }
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
                if (!admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).isEmpty()) {
                    return;
                }
            } catch (ExecutionException | TimeoutException e) {
                Pause.millis(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartFailed("Interrupted.", e);
            }
        }
        throw new StartFailed("Kafka did not start:\n" + String.join("\n", process.lastLogLines(30)));
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
