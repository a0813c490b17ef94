package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.LocalIdentity;
import dev.hindsight.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A real log of another system, all of it, through the public door: entries of its history in a second, from the first byte
 * sent until metrics-service shows the last of them; then the same again, which must change nothing; and what the service
 * that imports takes of memory meanwhile. Each round is the same log from a source of another name.
 */
final class ImportRow implements Row {
    private static final Path LOG = Path.of("incident-log", "incidents-even.ndjson");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int MOST_ROUNDS = 3;

    @Override
    public String name() {
        return "import";
    }

    @Override
    public void measure(Bench bench) throws Exception {
        Path log = Path.of(System.getProperty(
                        "hindsight.fixtures",
                        bench.project().resolve("../shared/fixtures").toString()))
                .resolve(LOG)
                .normalize();
        if (!Files.exists(log)) {
            bench.detail("there is no %s beside the project: skipped", LOG);
            return;
        }
        bench.start();
        Figure visible = new Figure("import_visible", "entries/s", "until metrics-service shows all; target >= 3000");
        Figure accepted = new Figure("import_accepted", "entries/s", "until the total is answered; no target");
        Figure again = new Figure("import_again", "incidents/s", "nothing is new; no target");
        Figure before = new Figure("import_memory_before", "MiB", "PSS of incident-service");
        Figure most = new Figure("import_memory_most", "MiB", "PSS of incident-service during both runs");
        int rounds = Math.min(bench.rounds, MOST_ROUNDS);
        try (Pipeline pipeline = new Pipeline(bench)) {
            Connection incidents = pipeline.database(Service.INCIDENT);
            Connection metrics = pipeline.database(Service.METRICS);
            for (int round = 1; round <= rounds; round++) {
                String source = "servicenow-" + round;
                Costs costs = Costs.now(bench.directory());
                long process = incidentService(costs);
                before.add(pss(process));
                try (Memory memory = new Memory(process)) {
                    double had = Bench.number(incidents, "select count(*) from event");
                    long begin = System.nanoTime();
                    JsonNode total = send(bench, log, source);
                    double answered = seconds(begin);
                    double events = Bench.number(incidents, "select count(*) from event");
                    Bench.await(
                            PATIENCE,
                            LOOK_EVERY,
                            "metrics-service",
                            () -> number(
                                            metrics,
                                            "select coalesce(sum(version), 0) from applied where consumer ="
                                                    + " 'metrics-incidents'")
                                    >= events);
                    double shown = seconds(begin);
                    double everywhere = shown + pipeline.awaitDrained(PATIENCE, LOOK_EVERY);
                    double entries = Bench.number(
                            incidents,
                            "select count(*) from event where source = '/imports/" + source + "' and type like"
                                    + " 'hindsight.incident.%'");
                    visible.add(entries / shown);
                    accepted.add(entries / answered);
                    bench.detail(
                            "round %d: %s; %.0f entries, %.0f events with what was learned; answered after %.1f s, visible"
                                    + " after %.1f s, in all services after %.1f s; %s",
                            round,
                            total,
                            entries,
                            events - had,
                            answered,
                            shown,
                            everywhere,
                            Costs.now(bench.directory()).perOne(costs, entries));
                    require(total.get("failed").asLong() == 0, "a line failed");
                    require(
                            Bench.number(metrics, "select count(distinct incident_id) from incident_fact")
                                    >= total.get("imported").asLong(),
                            "metrics-service shows fewer incidents");

                    String was = state(incidents, metrics);
                    begin = System.nanoTime();
                    JsonNode second = send(bench, log, source);
                    again.add(second.get("skipped").asLong() / seconds(begin));
                    bench.detail("round %d, again: %s", round, second);
                    require(second.get("imported").asLong() == 0, "the second run imported something");
                    require(second.get("failed").asLong() == 0, "a line failed");
                    require(state(incidents, metrics).equals(was), "the second run changed something");
                    most.add(memory.most());
                }
            }
        }
        for (Figure figure : List.of(visible, accepted, again, before, most)) {
            bench.result(figure);
        }
    }

    /** Everything that an import could have changed, as one text. */
    private static String state(Connection incidents, Connection metrics) throws SQLException {
        return Bench.number(incidents, "select count(*) from event") + " events, "
                + Bench.number(incidents, "select coalesce(sum(version), 0) from incident") + " of incidents, "
                + Bench.number(metrics, "select count(*) from incident_fact") + " facts";
    }

    private static JsonNode send(Bench bench, Path log, String source) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient();
                Stream<String> lines = Files.lines(log)) {
            Iterator<byte[]> bytes = lines.map(
                            line -> line.replaceFirst("\"source\":\"[^\"]*\"", "\"source\":\"" + source + "\"") + "\n")
                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                    .iterator();
            HttpResponse<Stream<String>> answer = http.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + bench.port(Service.INCIDENT) + "/api/v1/incidents/imports"))
                            .header(
                                    "Authorization",
                                    "Bearer "
                                            + LocalIdentity.in(bench.directory().identity())
                                                    .token("admin", "bench", Duration.ofHours(1)))
                            .header("Content-Type", "application/x-ndjson")
                            .POST(HttpRequest.BodyPublishers.ofByteArrays(() -> bytes))
                            .build(),
                    HttpResponse.BodyHandlers.ofLines());
            require(answer.statusCode() == 200, "answered " + answer.statusCode());
            return bench.json()
                    .readTree(answer.body()
                            .peek(line -> {
                                if (line.contains("\"error\"")) {
                                    bench.detail("%s", line);
                                }
                            })
                            .reduce("{}", (earlier, line) -> line));
        }
    }

    private static double number(Connection connection, String sql) {
        try {
            return Bench.number(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static long incidentService(Costs costs) {
        return costs.processes().entrySet().stream()
                .filter(process -> process.getValue().getKey().equals(Service.INCIDENT.module()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static double pss(long process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process), "smaps_rollup")).stream()
                        .filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0;
    }

    /** The most that a process takes, looked at four times a second. */
    private static final class Memory implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong most = new AtomicLong();
        private final Thread thread;

        Memory(long process) {
            thread = Thread.ofVirtual().start(() -> {
                try {
                    while (!ended.get()) {
                        most.accumulateAndGet(Math.round(pss(process)), Math::max);
                        Thread.sleep(250);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        double most() {
            return most.get();
        }

        @Override
        public void close() throws InterruptedException {
            ended.set(true);
            thread.join();
        }
    }
}
