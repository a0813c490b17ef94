package dev.hindsight.bench;

import dev.hindsight.local.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** PostgreSQL's own load generator: what a statement costs when nothing but the database works. */
final class Pgbench {

    /**
     * What it measured.
     *
     * @param latencies of each statement, from its log
     */
    record Result(double perSecond, Samples latencies) {}

    private final PostgresServer server;
    private final String database;

    Pgbench(PostgresServer server, String database) {
        this.server = server;
        this.database = database;
    }

    /**
     * Runs a script with prepared statements.
     *
     * @param variables texts that stand for {@code :name} in the script
     */
    Result run(String script, Map<String, String> variables, int clients, Duration howLong)
            throws IOException, InterruptedException {
        return run(script, variables, clients, howLong, "");
    }

    /** The same with settings of the server, such as {@code -c plan_cache_mode=force_custom_plan}. */
    Result run(String script, Map<String, String> variables, int clients, Duration howLong, String settings)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("hindsight-pgbench-");
        try {
            Path file = Files.writeString(directory.resolve("script.sql"), script);
            List<String> command = new ArrayList<>(List.of(
                    "pgbench",
                    "-n",
                    "-M",
                    "prepared",
                    "-h",
                    server.host(),
                    "-p",
                    Integer.toString(server.port()),
                    "-U",
                    server.user(),
                    "-c",
                    Integer.toString(clients),
                    "-j",
                    clients > 1 ? "2" : "1",
                    "-T",
                    Long.toString(Math.max(1, howLong.toSeconds())),
                    "-l",
                    "--log-prefix=" + directory.resolve("log"),
                    "-f",
                    file.toString()));
            variables.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
            command.add(database);
            ProcessBuilder program = new ProcessBuilder(command);
            program.environment().put("PGPASSWORD", server.password());
            program.environment().put("PGOPTIONS", settings);
            List<String> lines = Bench.run(howLong.plusMinutes(1), program);
            Samples latencies = new Samples();
            try (Stream<Path> logs = Files.list(directory)) {
                for (Path log : logs.filter(
                                path -> path.getFileName().toString().startsWith("log"))
                        .toList()) {
                    try (Stream<String> transactions = Files.lines(log)) {
                        // client, transaction, microseconds, script, time
                        transactions.forEach(line -> latencies.add(Long.parseLong(line.split(" ", 4)[2]) * 1000));
                    }
                }
            }
            return new Result(tps(lines), latencies);
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private static double tps(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("tps = "))
                .map(line -> line.split(" ", 4)[2])
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("pgbench says no tps:\n" + String.join("\n", lines)));
    }
}
