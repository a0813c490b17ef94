package dev.hindsight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on services that are a few lines long, and on backends that are not started: it has to be told apart. */
class StackTest {
    @TempDir
    Path project;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final int basePort = Ports.freeRange(2 * Service.values().length);
    private Backends backends = Backends.forTests();
    private DataDirectory data;
    private DataDirectory.Hold hold;
    private Stack stack;

    @BeforeEach
    void built() throws IOException {
        for (Service service : Service.values()) {
            packageFake(service.jar(project));
        }
        data = DataDirectory.at(project.resolve("data"));
        hold = data.hold();
        PostgresServer postgres = backends.postgres();
        stack = new Stack(
                project,
                data,
                basePort,
                Map.of(
                        "HINDSIGHT_POSTGRES_URL",
                        "postgresql://" + postgres.user() + ":" + postgres.password() + "@" + postgres.host() + ":"
                                + postgres.port(),
                        "HINDSIGHT_KAFKA_BOOTSTRAP",
                        backends.kafkaBootstrap()),
                new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void ended() {
        stack.end();
        hold.close();
    }

    @Test
    void allServicesComeUpOnGivenBackendsAKilledOneComesBackAndTheEndLeavesNothing() {
        stack.start();

        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("is used as given", "incident-service healthy on http://127.0.0.1:" + basePort)
                .contains("metrics-service healthy on http://127.0.0.1:" + (basePort + 3))
                .containsPattern("SHOW fsync +on")
                .containsPattern("SHOW synchronous_commit +on")
                .containsPattern("PSS total +[0-9.,]+ MiB");
        assertThat(Stack.healthyBasePort(data)).contains(basePort);

        ProcessHandle first = ChildProcess.find(data, "metrics-service").orElseThrow();
        first.destroyForcibly();
        try (HttpClient http = HttpClient.newHttpClient()) {
            await(() -> ChildProcess.find(data, "metrics-service")
                            .filter(again -> again.pid() != first.pid())
                            .isPresent()
                    && Stack.health("http://127.0.0.1:" + (basePort + 3), http).equals("healthy"));
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("metrics-service was ended by signal 9; it is started again");

        stack.end();
        assertThat(Service.values()).allSatisfy(service -> assertThat(ChildProcess.find(data, service.module()))
                .isEmpty());
        assertThat(backends.postgres().show("fsync"))
                .as("given backends are left alone")
                .isEqualTo("on");
    }

    @Test
    void aSecondInstanceRunsBesideTheFirstIsStartedAgainHoweverOftenItIsKilledAndEndsWithTheStack() {
        var second = new Stack.Instance(Service.METRICS, 2);
        stack.start();
        stack.add(List.of(second));

        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(second.url(basePort)).isEqualTo("http://127.0.0.1:" + (basePort + 7));
            // More often than a service may die by itself before the stack gives up.
            for (int kill = 0; kill < 5; kill++) {
                stack.kill(second);
                await(() -> Stack.health(second.url(basePort), http).equals("healthy"));
            }
            assertThat(Stack.health(Service.METRICS.url(basePort), http)).isEqualTo("healthy");

            stack.remove(second);
            assertThat(Stack.health(second.url(basePort), http)).isEqualTo("no answer");
            stack.add(List.of(second));
            assertThat(Stack.health(second.url(basePort), http)).isEqualTo("healthy");
        }

        stack.end();
        assertThat(ChildProcess.find(data, "metrics-service-2")).isEmpty();
    }

    @Test
    void aServiceThatDiesWhileStartingIsShownWithItsLastWords() throws IOException {
        Files.writeString(project.resolve("data/postmortem-service.fails"), "");

        assertThatThrownBy(stack::start)
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("postmortem-service ended with exit code 7 while starting")
                .hasMessageContaining("the last words of postmortem-service");
        stack.end();
        assertThat(ChildProcess.find(data, "incident-service")).isEmpty();
    }

    @Test
    void aSecondRunOnTheSameDirectoryIsRefusedAndSaysWhoIsThere() {
        assertThatThrownBy(() -> DataDirectory.at(data.path()).hold())
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("already running on " + data.path())
                .hasMessageContaining("process " + ProcessHandle.current().pid());
        assertThat(Main.execute("--project=" + project, "run", "--data=" + data.path()))
                .isEqualTo(1);
        assertThat(Main.execute("--project=" + project, "run", "--detach", "--data=" + data.path()))
                .isEqualTo(1);
        assertThat(Main.execute("status", "--data=" + project.resolve("nothing")))
                .isEqualTo(3);
        assertThat(Main.execute("stop", "--data=" + project.resolve("nothing"))).isEqualTo(3);
    }

    @Test
    void aServiceThatIsNotBuiltIsNamedBeforeAnythingStarts() throws IOException {
        Files.delete(Service.METRICS.jar(project));

        assertThatThrownBy(stack::start).hasMessageContaining("metrics-service is not built");
        assertThat(ChildProcess.find(data, "incident-service")).isEmpty();
    }

    private static void packageFake(Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
        String name = FakeService.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                var entries = new JarOutputStream(file, manifest);
                var bytes = FakeService.class.getClassLoader().getResourceAsStream(name)) {
            entries.putNextEntry(new JarEntry(name));
            bytes.transferTo(entries);
        }
    }

    private static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            Pause.millis(50);
        }
    }
}
