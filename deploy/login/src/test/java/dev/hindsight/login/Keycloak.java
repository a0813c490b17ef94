package dev.hindsight.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Keycloak as a process of its own, on loopback, with a bounded heap, from the distribution that Maven unpacked. */
final class Keycloak implements AutoCloseable {

    private static final Duration UP = Duration.ofMinutes(4);
    private static final String OPTIONS =
            "-Xms64m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MetaspaceSize=96M";

    private final Process process;
    private final String url;

    private Keycloak(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** @param redirects where browsers may be sent back to, such as {@code http://127.0.0.1:8081/*} */
    static Keycloak start(List<String> redirects) {
        try {
            Path home = unpacked();
            // A realm that an earlier run left is not imported again, and knows the addresses of that run.
            delete(home.resolve("data"));
            Path realm = Files.createDirectories(home.resolve("data/import")).resolve("realm.json");
            try (var template = Keycloak.class.getResourceAsStream("/realm.json")) {
                Files.writeString(
                        realm,
                        new String(template.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                                .replace("REDIRECTS", String.join("\", \"", redirects)));
            }
            int port = freePort();
            var builder = new ProcessBuilder(
                            "bash",
                            home.resolve("bin/kc.sh").toString(),
                            "start-dev",
                            "--import-realm",
                            "--http-host=127.0.0.1",
                            "--http-port=" + port,
                            "--cache=local")
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("keycloak.log").toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("JAVA_OPTS", OPTIONS);
            Keycloak keycloak = new Keycloak(builder.start(), "http://127.0.0.1:" + port);
            Runtime.getRuntime().addShutdownHook(new Thread(keycloak::close));
            keycloak.awaitRealm(home.resolve("keycloak.log"));
            return keycloak;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code HINDSIGHT_OIDC_AUTH_SERVER_URL} is. */
    String realm() {
        return url + "/realms/hindsight";
    }

    private void awaitRealm(Path log) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .atMost(UP)
                    .pollInterval(Duration.ofMillis(200))
                    .failFast("Keycloak ended: see " + log, () -> !process.isAlive())
                    .ignoreExceptions()
                    .until(() -> http.send(
                                            HttpRequest.newBuilder(
                                                            URI.create(realm() + "/.well-known/openid-configuration"))
                                                    .build(),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path unpacked() throws IOException {
        try (Stream<Path> directories = Files.list(Path.of("target/keycloak"))) {
            return directories
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> everything = Files.walk(directory)) {
            for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }
}
