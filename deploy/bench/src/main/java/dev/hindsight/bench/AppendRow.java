package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A durable command through HTTP: a status update on one of many incidents, answered when events, outbox and view are
 * committed, while the whole stack publishes and consumes them. Beside it pgbench runs the statement that incident-service
 * was seen to send, with its own parameters, on a copy of the database that nobody else uses.
 */
final class AppendRow implements Row {
    private static final int CLIENTS = 64;
    private static final int EACH = 50;
    private static final String FLOOR = "bench_append_floor";
    private static final String TEXT =
            "Error rate is back under one percent in eu-west; we keep the rollback in place and watch the queue.";

    @Override
    public String name() {
        return "append";
    }

    @Override
    public void measure(Bench bench) throws Exception {
        bench.startForLoad();
        Duration round = Duration.ofSeconds(bench.quick ? 4 : 10);
        String authorization = bench.authorization("responder");
        List<String> incidents = declare(bench, authorization);
        HttpSide commands = new HttpSide(bench.load(Service.INCIDENT), authorization, incidents);
        Captured append = capture(bench, incidents.getFirst());
        bench.warmUp(() -> commands.run(CLIENTS, Duration.ofSeconds(5)).perSecond());
        try (Pipeline pipeline = new Pipeline(bench)) {
            pipeline.awaitDrained();
            pipeline.tidy();
        }
        bench.copyDatabase(Service.INCIDENT, FLOOR);
        try (Pipeline pipeline = new Pipeline(bench)) {
            rounds(bench, pipeline, commands, new FloorSide(bench, append, incidents), round);
        } finally {
            bench.postgres().dropDatabase(FLOOR);
        }
    }

    private static void rounds(Bench bench, Pipeline pipeline, HttpSide commands, FloorSide floor, Duration round)
            throws IOException, InterruptedException, SQLException {
        String statement = "pgbench -M prepared with the identical statement";
        Figure many = new Figure("append_64_clients", "commands/s", statement + ", 64 clients");
        Figure manyLatency = new Figure("append_64_clients_p50", "ms", statement + ", 64 clients");
        Figure manyTail = new Figure("append_64_clients_p99", "ms", statement + ", 64 clients");
        Figure one = new Figure("append_1_client", "commands/s", statement + ", 1 client");
        Figure oneLatency = new Figure("append_1_client_p50", "ms", statement + ", 1 client");
        Figure behind = new Figure("append_64_clients_behind", "events", "not yet in every view when a round ends");
        Figure drained = new Figure("append_64_clients_drained", "s", "until they were");
        for (int i = 0; i < bench.rounds; i++) {
            Costs before = Costs.now(bench.directory());
            Load.Result load = commands.run(CLIENTS, round);
            Costs after = Costs.now(bench.directory());
            behind.add(pipeline.behind());
            drained.add(pipeline.awaitDrained());
            Costs afterAll = Costs.now(bench.directory());
            Pgbench.Result bare = floor.run(CLIENTS, round);
            many.add(load.perSecond(), bare.perSecond());
            manyLatency.add(load.latencies().millis(50), bare.latencies().millis(50));
            manyTail.add(load.latencies().millis(99), bare.latencies().millis(99));
            bench.detail("round %d: %.0f/s against %.0f/s", i + 1, load.perSecond(), bare.perSecond());
            bench.detail(
                    "while loaded: %s; the load itself %.2f cores",
                    after.perOne(before, load.latencies().size()), load.generatorCores());
            bench.detail(
                    "until drained: %s",
                    afterAll.perOne(before, load.latencies().size()));

            Load.Result alone = commands.run(1, round.dividedBy(2));
            pipeline.awaitDrained();
            Pgbench.Result bareAlone = floor.run(1, round.dividedBy(2));
            one.add(alone.perSecond(), bareAlone.perSecond());
            oneLatency.add(alone.latencies().millis(50), bareAlone.latencies().millis(50));
        }
        for (Figure figure : List.of(many, manyLatency, manyTail, one, oneLatency, behind, drained)) {
            bench.result(figure);
        }
    }

    private static List<String> declare(Bench bench, String authorization) throws IOException {
        List<String> ids = new ArrayList<>();
        bench.load(Service.INCIDENT)
                .closed(
                        16,
                        CLIENTS * EACH,
                        connection -> Load.request(
                                "POST",
                                "/api/v1/incidents",
                                authorization,
                                "{\"title\":\"Checkout fails for a third of the customers\",\"severity\":\"SEV2\","
                                        + "\"services\":[\"checkout-" + connection + "\"],\"customerFacing\":true}"),
                        (place, since, status, text) -> ids.add(text.substring(7, 43)))
                .requireAllAnswered();
        return ids;
    }

    private static Captured capture(Bench bench, String incident) throws Exception {
        return Captured.only(
                Captured.during(
                        bench,
                        () -> bench.call(
                                Service.INCIDENT,
                                "responder",
                                "POST",
                                "/api/v1/incidents/" + incident + "/status-updates",
                                body())),
                "insert into event");
    }

    private static String body() {
        return "{\"text\":\"" + TEXT + "\"}";
    }

    /** Each client goes round its own incidents, as responders do: no two of them meet on a stream. */
    private static final class HttpSide {
        private final Load load;
        private final List<byte[]> requests = new ArrayList<>();

        HttpSide(Load load, String authorization, List<String> incidents) {
            this.load = load;
            incidents.forEach(id -> requests.add(
                    Load.request("POST", "/api/v1/incidents/" + id + "/status-updates", authorization, body())));
        }

        Load.Result run(int clients, Duration howLong) throws IOException {
            int[] sent = new int[clients];
            return load.closed(
                            clients,
                            howLong,
                            connection -> requests.get(connection * EACH + sent[connection]++ % EACH),
                            null)
                    .requireAllAnswered();
        }
    }

    /** The same statement on the same streams. What has to differ each time is computed from pgbench's variables. */
    private static final class FloorSide {
        private final Bench bench;
        private final Pgbench pgbench;
        private final String script;
        private final Map<String, String> variables = new LinkedHashMap<>();

        FloorSide(Bench bench, Captured append, List<String> incidents) throws SQLException, IOException {
            this.bench = bench;
            this.pgbench = new Pgbench(bench.postgres(), FLOOR);
            renumber(incidents);
            this.script = script(append);
        }

        Pgbench.Result run(int clients, Duration howLong) throws SQLException, IOException, InterruptedException {
            try (Connection connection = bench.postgres().connect(FLOOR)) {
                variables.put(
                        "base", Integer.toString((int) Bench.number(connection, "select max(version) from event") + 1));
            }
            return pgbench.run(script, variables, clients, howLong);
        }

        /** pgbench counts, but makes no texts: stream n gets an id that SQL can make of n. */
        private void renumber(List<String> incidents) throws SQLException {
            try (Connection connection = bench.postgres().connect(FLOOR);
                    Statement statement = connection.createStatement()) {
                statement.execute("create temporary table numbered (n integer, id uuid)");
                StringBuilder rows = new StringBuilder();
                for (int n = 0; n < incidents.size(); n++) {
                    rows.append(n == 0 ? "" : ",")
                            .append("(")
                            .append(n)
                            .append(",'")
                            .append(incidents.get(n))
                            .append("')");
                }
                statement.execute("insert into numbered values " + rows);
                statement.execute("update event e set stream_id = " + id("n.n") + ", key_id = " + id("n.n")
                        + " from numbered n where n.id = e.stream_id");
                statement.execute("update incident i set id = " + id("n.n") + ", reference = 'B-' || n.n"
                        + " from numbered n where n.id = i.id");
                statement.execute("vacuum full");
                statement.execute("vacuum analyze");
            }
        }

        private static String id(String number) {
            return "('00000000-0000-7000-8000-' || lpad(to_hex((" + number + ")::integer), 12, '0'))::uuid";
        }

        private String script(Captured append) throws IOException {
            List<@Nullable String> values = append.parameters();
            String stream = element(values, 0);
            if (!stream.equals(element(values, 3))) {
                throw new IllegalStateException("the statement is not the one this bench knows: " + append);
            }
            Map<Integer, String> computed = new LinkedHashMap<>();
            computed.put(1, "array[" + id(":n") + "]");
            computed.put(2, "array[(:v)::bigint]");
            computed.put(3, "array[gen_random_uuid()]");
            computed.put(4, "array[" + id(":n") + "]");
            for (int i = 4; i < values.size(); i++) {
                String value = values.get(i);
                if (value == null) {
                    computed.put(i + 1, "null");
                } else if (value.startsWith("{\"{") && value.contains(stream)) {
                    computed.put(i + 1, "array[" + view(onlyText(value), stream) + "]");
                } else {
                    variables.put("p" + (i + 1), value);
                    computed.put(i + 1, ":p" + (i + 1));
                }
            }
            String sql = append.sql();
            for (int i = values.size(); i > 0; i--) {
                sql = sql.replace("$" + i, Objects.requireNonNull(computed.get(i)));
            }
            bench.detail("the floor's statement:\n%s", sql.indent(4));
            return """
                    \\set i :i + 1
                    \\set n :client_id * %d + (:i %% %d)
                    \\set v :base + :i / %d
                    %s;
                    """.formatted(EACH, EACH, EACH, sql);
        }

        /** The view's row with the stream's own id and reference. */
        private String view(String row, String stream) throws IOException {
            JsonNode columns = bench.json().readTree(row);
            String reference = columns.get("reference").asText();
            String marked = row.replace('"' + stream + '"', "\"\u0001\"").replace('"' + reference + '"', "\"\u0002\"");
            int id = marked.indexOf('\u0001');
            int ref = marked.indexOf('\u0002');
            if (id < 0 || ref < id || !columns.get("id").asText().equals(stream)) {
                throw new IllegalStateException("not the row of an incident: " + row);
            }
            variables.put("i", "0");
            variables.put("row1", marked.substring(0, id));
            variables.put("row2", marked.substring(id + 1, ref));
            variables.put("row3", marked.substring(ref + 1));
            return "(:row1 || " + id(":n") + " || :row2 || 'B-' || (:n)::integer || :row3)";
        }

        /** Of an array of one text, as PostgreSQL writes it. */
        private static String onlyText(String array) {
            return array.substring(2, array.length() - 2).replaceAll("\\\\(.)", "$1");
        }

        private static String element(List<@Nullable String> values, int place) {
            String value = Objects.requireNonNull(values.get(place));
            return value.substring(1, value.length() - 1);
        }
    }
}
