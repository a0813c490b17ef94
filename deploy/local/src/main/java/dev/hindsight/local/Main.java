package dev.hindsight.local;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The command line behind {@code deploy/run}, {@code stop}, {@code status}, {@code token} and {@code test}. */
@Command(
        name = "hindsight",
        description = "Hindsight on one machine.",
        subcommands = {
            Main.RunCommand.class,
            Main.StopCommand.class,
            Main.StatusCommand.class,
            Main.TokenCommand.class,
            Main.DemoCommand.class,
            Main.BackendsCommand.class,
            Main.TrainCommand.class
        })
public final class Main {
    private static final int FAILED = 1;
    private static final int NOTHING_RUNS = 3;

    @Option(
            names = "--project",
            hidden = true,
            description = "Where the modules are; known from where this program is.")
    @Nullable
    Path project;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this.")
    boolean help;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    if (failure instanceof StartFailed || failure instanceof Demo.StepFailed) {
                        commandLine.getErr().println(failure.getMessage());
                        commandLine.getErr().flush();
                        return FAILED;
                    }
                    throw failure;
                })
                .execute(args);
    }

    Path project() {
        if (project != null) {
            return project.toAbsolutePath().normalize();
        }
        try {
            Path ours = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            // <project>/deploy/local/target/<jar or classes>
            return ours.resolve("../../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the data is: the same option for every command. */
    static final class Data {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Where everything is kept. Default: .hindsight/ in the project.")
        @Nullable
        Path data;

        DataDirectory directory(Main main) {
            return DataDirectory.at(data == null ? main.project().resolve(".hindsight") : data);
        }
    }

    @Command(
            name = "run",
            description = "Starts PostgreSQL, Kafka and the four services, and waits until all are healthy.")
    static final class RunCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Option(
                names = "--demo",
                description = "Then plays an incident through the public doors and prints its postmortem.")
        boolean demo;

        @Option(names = "--detach", description = "Returns when all is healthy; deploy/stop ends it.")
        boolean detach;

        @Option(
                names = "--base-port",
                paramLabel = "N",
                description = "The services listen on N to N+3. Default: ${DEFAULT-VALUE}.")
        int basePort = Service.DEFAULT_BASE_PORT;

        @Override
        public Integer call() throws Exception {
            DataDirectory directory = data.directory(main);
            return detach ? detached(directory) : attached(directory);
        }

        private int attached(DataDirectory directory) throws InterruptedException {
            try (var hold = directory.hold()) {
                var stack = new Stack(main.project(), directory, basePort, System.getenv(), System.out);
                // Ctrl-C and SIGTERM arrive here; the hold goes with the process.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    stack.end();
                    ChildProcess.endAll();
                }));
                try {
                    stack.start();
                    if (demo) {
                        new Demo(basePort, LocalIdentity.in(directory.identity()), System.out).play();
                        System.out.println("\nThe stack goes on. Ctrl-C ends it; the data stays.");
                    } else {
                        System.out.println("Ctrl-C ends it; the data stays.");
                    }
                    return stack.await() ? 0 : FAILED;
                } finally {
                    stack.end();
                }
            }
        }

        private int detached(DataDirectory directory) throws IOException, InterruptedException {
            directory.hold().close();
            Path log = directory.logs().resolve("run.log");
            Files.writeString(log, "");
            var command = new ArrayList<String>();
            ChildProcess.onPath("setsid").ifPresent(setsid -> command.add(setsid.toString()));
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms16m",
                    "-Xmn8m",
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:MinHeapFreeRatio=10",
                    "-XX:MaxHeapFreeRatio=20",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    LocalKafka.classPath(),
                    Main.class.getName(),
                    "--project=" + main.project(),
                    "run",
                    "--data=" + directory.path(),
                    "--base-port=" + basePort));
            Process supervisor = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Thread giveUp = new Thread(supervisor::destroy);
            Runtime.getRuntime().addShutdownHook(giveUp);
            long shown = 0;
            boolean healthy = false;
            while (!healthy && supervisor.isAlive()) {
                Thread.sleep(100);
                healthy = Files.exists(directory.file("stack.properties")) && finished(log);
                shown = follow(log, shown, System.out);
            }
            follow(log, shown, System.out);
            if (!healthy) {
                return FAILED;
            }
            Runtime.getRuntime().removeShutdownHook(giveUp);
            if (demo) {
                new Demo(basePort, LocalIdentity.in(directory.identity()), System.out).play();
            }
            System.out.println("It runs as process " + supervisor.pid() + "; deploy/stop ends it.");
            return 0;
        }

        /** The supervisor's last words before it only waits. */
        private static boolean finished(Path log) throws IOException {
            return Files.readString(log).contains("Ctrl-C ends it");
        }

        private static long follow(Path log, long shown, PrintStream out) throws IOException {
            byte[] all = Files.readAllBytes(log);
            String news = new String(all, (int) shown, all.length - (int) shown, StandardCharsets.UTF_8);
            out.print(news.replace("Ctrl-C ends it; the data stays.\n", ""));
            out.flush();
            return all.length;
        }
    }

    @Command(name = "stop", description = "Ends the stack of a data directory, in order. Exit code 3 when none runs.")
    static final class StopCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Override
        public Integer call() throws InterruptedException {
            DataDirectory directory = data.directory(main);
            OptionalLong holder = directory.holder();
            Optional<ProcessHandle> process = holder.stream()
                    .mapToObj(ProcessHandle::of)
                    .flatMap(Optional::stream)
                    .findFirst();
            if (process.isEmpty()) {
                boolean any = false;
                for (String name : Stack.names().reversed()) {
                    any |= ChildProcess.endLeftover(
                            directory,
                            name,
                            name.equals(LocalPostgres.NAME) ? ChildProcess.Ending.INT : ChildProcess.Ending.TERM);
                }
                System.out.println(
                        any
                                ? "The launcher was gone; what it left behind on " + directory.path() + " is ended."
                                : "Nothing runs on " + directory.path() + ".");
                return any ? 0 : NOTHING_RUNS;
            }
            process.get().destroy();
            try {
                process.get().onExit().get(90, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                System.err.println("Process " + process.get().pid() + " does not end; see "
                        + directory.logs().resolve("run.log") + ".");
                return FAILED;
            }
            System.out.println("Ended; the data stays in " + directory.path() + ".");
            return 0;
        }
    }

    @Command(
            name = "status",
            description = "Shows each process, its health and its memory. Exit code 3 when nothing runs.")
    static final class StatusCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Override
        public Integer call() {
            DataDirectory directory = data.directory(main);
            OptionalLong holder = directory.holder();
            boolean any = false;
            Optional<Integer> basePort = Stack.healthyBasePort(directory);
            try (HttpClient http = HttpClient.newHttpClient()) {
                for (String name : Stack.names()) {
                    Optional<ProcessHandle> process = ChildProcess.find(directory, name);
                    any |= process.isPresent();
                    String health = process.isEmpty() ? "does not run" : "runs";
                    for (Service service : Service.values()) {
                        if (service.module().equals(name) && process.isPresent() && basePort.isPresent()) {
                            health = Stack.health(service.url(basePort.get()), http) + "  "
                                    + service.url(basePort.get());
                        }
                    }
                    System.out.printf(
                            "  %-22s %-9s %s%n",
                            name,
                            process.map(handle -> Long.toString(handle.pid())).orElse("-"),
                            health);
                }
            }
            if (!any && holder.isEmpty()) {
                System.out.println("Nothing runs on " + directory.path() + ".");
                return NOTHING_RUNS;
            }
            System.out.println(
                    holder.isPresent()
                            ? "  launcher               " + holder.getAsLong()
                            : "  The launcher is gone; deploy/stop ends what it left behind.");
            System.out.println();
            Stack.printMemory(directory, System.out);
            return 0;
        }
    }

    @Command(name = "token", description = "Prints a bearer token for the local stack, and nothing else.")
    static final class TokenCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Parameters(index = "0", paramLabel = "ROLE", description = "viewer, responder, editor or admin")
        String role = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "SUBJECT",
                description = "Whose token. Default: local-ROLE.")
        @Nullable
        String subject;

        @Option(names = "--hours", paramLabel = "N", description = "How long it is valid. Default: ${DEFAULT-VALUE}.")
        int hours = 12;

        @Option(
                names = "--link",
                description = "Prints a link instead, that signs a browser in once, within 5 minutes, for 12 hours.")
        boolean link;

        @Override
        public Integer call() {
            if (!LocalIdentity.ROLES.contains(role)) {
                System.err.println(
                        "There is no role " + role + "; there are " + String.join(", ", LocalIdentity.ROLES) + ".");
                return CommandLine.ExitCode.USAGE;
            }
            DataDirectory directory = data.directory(main);
            LocalIdentity identity = LocalIdentity.in(directory.identity());
            String whose = subject == null ? "local-" + role : subject;
            if (link) {
                int basePort = Stack.healthyBasePort(directory).orElse(Service.DEFAULT_BASE_PORT);
                System.out.println(Service.INCIDENT.url(basePort) + "/login?token="
                        + identity.loginToken(role, whose, Service.INCIDENT));
            } else {
                System.out.println(identity.token(role, whose, Duration.ofHours(hours)));
            }
            return 0;
        }
    }

    @Command(
            name = "demo",
            description = "Plays an incident through the public doors of a stack that runs, and prints its postmortem.")
    static final class DemoCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Override
        public Integer call() {
            DataDirectory directory = data.directory(main);
            int basePort = Stack.healthyBasePort(directory)
                    .orElseThrow(() -> new StartFailed(
                            "No healthy stack runs on " + directory.path() + "; deploy/run starts one."));
            new Demo(basePort, LocalIdentity.in(directory.identity()), System.out).play();
            return 0;
        }
    }

    @Command(
            name = "backends",
            description =
                    "Runs only PostgreSQL and Kafka until it is ended; DIR/backends.properties says where they are.")
    static final class BackendsCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Override
        public Integer call() throws InterruptedException {
            DataDirectory directory = data.directory(main);
            Path file = directory.file("backends.properties");
            try (var hold = directory.hold()) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        Files.deleteIfExists(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } finally {
                        ChildProcess.endAll();
                    }
                }));
                Backends backends = Backends.start(directory, Optional.empty(), Optional.empty(), System.out::println);
                var ended = new CountDownLatch(1);
                backends.writeTo(file);
                System.out.println("How to reach them: " + file);
                backends.processes().forEach(process -> process.whenEnded(ended::countDown));
                ended.await();
                return FAILED;
            }
        }
    }

    @Command(
            name = "train",
            description = "Starts and ends the services once, on a data directory that goes with it, so that they leave"
                    + " AOT caches beside their jars.")
    static final class TrainCommand implements Callable<Integer> {
        @ParentCommand
        Main main = new Main();

        @Mixin
        Data data = new Data();

        @Override
        public Integer call() {
            DataDirectory directory = data.directory(main);
            try (var hold = directory.hold()) {
                var stack = Stack.toTrain(main.project(), directory, Ports.freeRange(Service.values().length));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    stack.end();
                    ChildProcess.endAll();
                }));
                try {
                    stack.start();
                } finally {
                    stack.end();
                }
                return 0;
            }
        }
    }
}
