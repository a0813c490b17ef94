package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.eventstore.PlanCache;
import dev.hindsight.local.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Pages of 50 at a million incidents, by each documented filter and by what portals combine, and a timeline of 200 events,
 * as a viewer gets them; each beside pgbench with the statements that the service was seen to send for it. The plan of every
 * one of them is looked at, too: none may read a large table from end to end.
 */
final class ReadsRow implements Row {
    private static final long INCIDENTS = 1_000_000;
    private static final long INCIDENTS_QUICKLY = 50_000;
    private static final int MOST_ROUNDS = 3;
    private static final int CLIENTS = 8;
    private static final int ENTRIES = 200;
    private static final String LIST = "/api/v1/incidents";
    private static final String FLOOR =
            "pgbench -M prepared with the identical statements, 8 clients; target ratio >= 0.4";
    private static final Pattern READ =
            Pattern.compile("\\b(from|join) (public\\.)?(timeline_entry|incident|person)\\b", Pattern.CASE_INSENSITIVE);
    private static final Set<String> PAGING = Set.of("limit", "cursor");

    /** Something to be read. */
    private record Question(String name, Service service, String path) {

        String figure() {
            return "read_" + name;
        }
    }

    /** What it costs without us. */
    private record Bare(Pgbench pgbench, String script, Map<String, String> variables) {

        static Bare of(Bench bench, Service service, List<Captured> statements) {
            StringBuilder script = new StringBuilder();
            Map<String, String> variables = new LinkedHashMap<>();
            for (int s = 0; s < statements.size(); s++) {
                String sql = statements.get(s).sql();
                for (int i = statements.get(s).parameters().size(); i > 0; i--) {
                    String value = statements.get(s).parameters().get(i - 1);
                    String variable = "s" + s + "p" + i;
                    sql = sql.replace("$" + i, value == null ? "null" : ":" + variable);
                    if (value != null) {
                        variables.put(variable, value);
                    }
                }
                script.append(sql).append(";\n");
            }
            return new Bare(new Pgbench(bench.postgres(), service.database()), script.toString(), variables);
        }

        double perSecond(Duration howLong) throws IOException, InterruptedException {
            // What the service has planned for its values would else be planned once for any, which is no floor.
            String settings = script.contains(PlanCache.LEFT_OUT) ? "-c plan_cache_mode=force_custom_plan" : "";
            return pgbench.run(script, variables, CLIENTS, howLong, settings).perSecond();
        }
    }

    private record Measured(Question question, Bare bare, Figure figure) {}

    @Override
    public String name() {
        return "reads";
    }

    @Override
    public void measure(Bench bench) throws Exception {
        bench.start();
        long wanted = bench.quick ? INCIDENTS_QUICKLY : INCIDENTS;
        long there = (long) count(bench, "incident");
        if (there < wanted) {
            SeededHistory.incidents(bench, wanted - there);
        }
        rebuildOwnView(bench);
        String timeline = timeline(bench);
        List<Question> questions = questions(bench);
        requireEveryDocumentedFilter(bench, questions);
        questions.add(new Question(
                "timeline_" + ENTRIES, Service.POSTMORTEM, "/api/v1/timelines/" + timeline + "?limit=" + ENTRIES));
        rounds(bench, questions);
    }

    /** The seeded streams into the service's own view; who may see what is written by appends only, so that is added here. */
    private static void rebuildOwnView(Bench bench) throws Exception {
        RebuildRow.rebuild(bench, RebuildRow.OWN);
        try (Connection connection = bench.database(Service.INCIDENT);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into restricted_incident select id from incident where visibility = 'RESTRICTED'"
                    + " on conflict do nothing");
            statement.execute("insert into participation (incident_id, way, person, happened_at, source_order, version)"
                    + " select id, 'role:' || key, value::uuid, declared_at, 0, 1 from incident, jsonb_each_text(roles)"
                    + " on conflict do nothing");
            statement.execute("vacuum analyze");
        }
        bench.detail(
                "there are %.0f incidents, of them %.0f restricted",
                count(bench, "incident"), count(bench, "restricted_incident"));
    }

    private static double count(Bench bench, String table) throws SQLException {
        try (Connection connection = bench.database(Service.INCIDENT)) {
            return Bench.number(connection, "select count(*) from " + table);
        }
    }

    /** The id of an incident with so many events, as soon as its timeline shows them. */
    private static String timeline(Bench bench) throws IOException, InterruptedException {
        String id = bench.call(
                        Service.INCIDENT,
                        "responder",
                        "POST",
                        LIST,
                        "{\"title\":\"One with a long timeline\",\"severity\":\"SEV1\",\"services\":[\"checkout\"]}")
                .get("id")
                .asText();
        byte[] update = Load.request(
                "POST",
                LIST + "/" + id + "/status-updates",
                bench.authorization("responder"),
                "{\"text\":\"Error rate is back under one percent in eu-west; we keep the rollback in place.\"}");
        bench.load(Service.INCIDENT)
                .closed(4, ENTRIES - 1, connection -> update, null)
                .requireAllAnswered();
        Bench.await(Duration.ofMinutes(1), "the timeline", () -> {
            try {
                return bench.call(
                                        Service.POSTMORTEM,
                                        "viewer",
                                        "GET",
                                        "/api/v1/timelines/" + id + "?limit=" + ENTRIES,
                                        null)
                                .get("entries")
                                .size()
                        == ENTRIES;
            } catch (IllegalStateException e) {
                // Not known there yet.
                return false;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        });
        return id;
    }

    private static List<Question> questions(Bench bench) throws SQLException {
        String often = SeededHistory.service(0);
        String seldom = SeededHistory.service(SeededHistory.services() - 1);
        LocalDate lastYear = LocalDate.now(ZoneOffset.UTC).minusDays(300);
        String month = "from=" + lastYear + "&to=" + lastYear.plusDays(30);
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("newest", "");
        filters.put("oldest", "sort=declaredAt");
        filters.put("service", "service=" + often);
        filters.put("service_seldom", "service=" + seldom);
        filters.put("service_unknown", "service=nobody-has-it");
        filters.put("team", "team=" + team(bench, often, seldom));
        filters.put("severity", "severity=SEV3");
        filters.put("severity_seldom", "severity=SEV0");
        filters.put("status", "status=RESOLVED");
        filters.put("status_seldom", "status=ACKNOWLEDGED");
        filters.put("kind", "kind=REAL");
        filters.put("kind_seldom", "kind=TEST");
        filters.put("month", month);
        filters.put("q", "q=checkout");
        filters.put("q_two_words", "q=krypton+violet");
        filters.put("q_seldom", "q=" + "%22krypton%2C+violet%22+4711");
        filters.put("q_unknown", "q=zebrafish");
        filters.put("role", "role=INCIDENT_COMMANDER");
        filters.put("role_unknown", "role=NOBODY_HAS_IT");
        filters.put("owner", "owner=" + SeededHistory.person(0));
        filters.put("role_owner", "role=COMMUNICATIONS&owner=" + SeededHistory.person(1));
        filters.put("owner_status", "owner=" + SeededHistory.person(2) + "&status=ACKNOWLEDGED");
        filters.put("service_status", "service=" + often + "&status=ACKNOWLEDGED");
        filters.put("service_severity_month", "service=" + often + "&severity=SEV1&" + month);
        filters.put("service_severity_kind", "service=" + seldom + "&severity=SEV1&kind=REAL");
        filters.put("severity_status_month", "severity=SEV1&status=CLOSED&" + month);
        filters.put("service_q", "service=" + often + "&q=checkout");
        filters.put("deep_cursor", "cursor=" + middle(bench, "true"));
        filters.put(
                "service_deep_cursor",
                "service=" + often + "&cursor=" + middle(bench, "services @> '{" + often + "}'"));
        List<Question> questions = new ArrayList<>();
        filters.forEach((name, query) -> questions.add(
                new Question(name, Service.INCIDENT, LIST + "?limit=50" + (query.isEmpty() ? "" : "&") + query)));
        return questions;
    }

    /** Name of a team that owns these services, which the seeded history says nothing about. */
    private static String team(Bench bench, String... services) throws SQLException {
        try (Connection connection = bench.database(Service.INCIDENT);
                PreparedStatement entry = connection.prepareStatement(
                        "insert into catalog_entry (id, kind, name, team_id, learned, version)"
                                + " values (md5(?)::uuid, ?, ?, case when ? then md5('bench-team')::uuid end, false, 1)"
                                + " on conflict do nothing")) {
            List<String> names = new ArrayList<>(List.of(services));
            names.add("bench-team");
            for (String name : names) {
                boolean isService = !name.equals("bench-team");
                entry.setString(1, name);
                entry.setString(2, isService ? "SERVICE" : "TEAM");
                entry.setString(3, name);
                entry.setBoolean(4, isService);
                entry.executeUpdate();
            }
        }
        return "bench-team";
    }

    /** The cursor in the middle of a list, as the service makes it. */
    private static String middle(Bench bench, String where) throws SQLException {
        try (Connection connection = bench.database(Service.INCIDENT);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select extract(epoch from declared_at) * 1000000, id from incident where "
                                + where
                                + " order by declared_at desc, id desc offset (select count(*) / 2 from incident where "
                                + where
                                + ") limit 1")) {
            row.next();
            long micros = row.getBigDecimal(1).longValue();
            Instant at = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            "[\"%s\",\"%s\"]".formatted(at, row.getString(2)).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A filter that is documented and not measured would be one that nobody knows the cost of. */
    private static void requireEveryDocumentedFilter(Bench bench, List<Question> questions) {
        Set<String> missing = new TreeSet<>();
        for (JsonNode parameter : bench.read(Service.INCIDENT, "/q/openapi?format=json")
                .path("paths")
                .path(LIST)
                .path("get")
                .path("parameters")) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("query")
                    && !PAGING.contains(name)
                    && questions.stream()
                            .noneMatch(question -> Arrays.stream(question.path().split("[?&]"))
                                    .anyMatch(part -> part.startsWith(name + "=")))) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("documented filters that are not measured: " + missing);
        }
    }

    private static void rounds(Bench bench, List<Question> questions) throws Exception {
        Duration howLong = Duration.ofSeconds(bench.quick ? 1 : 4);
        String authorization = bench.authorization("viewer");
        List<Measured> all = new ArrayList<>();
        Figure whole = new Figure("read_plans_with_sequential_scan", "plans", "target 0");
        List<String> faults = new ArrayList<>();
        int sequential = 0;
        for (Question question : questions) {
            List<Captured> statements = capture(bench, question);
            sequential += plans(bench, question, statements, faults);
            all.add(new Measured(
                    question,
                    Bare.of(bench, question.service(), statements),
                    new Figure(question.figure(), "pages/s", FLOOR)));
        }
        whole.add(sequential);
        bench.warmUp(() -> perSecond(
                        bench,
                        Service.INCIDENT,
                        questions.stream()
                                .filter(question -> question.service() == Service.INCIDENT)
                                .map(question -> request(question, authorization))
                                .toList(),
                        Duration.ofSeconds(5))
                + perSecond(
                        bench,
                        Service.POSTMORTEM,
                        List.of(request(questions.getLast(), authorization)),
                        Duration.ofSeconds(1)));
        for (int round = 1; round <= Math.min(bench.rounds, MOST_ROUNDS); round++) {
            for (Measured one : all) {
                Question question = one.question();
                double ours = perSecond(bench, question.service(), List.of(request(question, authorization)), howLong);
                one.figure().add(ours, one.bare().perSecond(howLong));
            }
        }
        all.forEach(one -> bench.result(one.figure()));
        bench.result(whole);
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("\n", faults));
        }
    }

    private static byte[] request(Question question, String authorization) {
        return Load.request("GET", question.path(), authorization, null);
    }

    private static double perSecond(Bench bench, Service service, List<byte[]> requests, Duration howLong)
            throws IOException {
        int[] next = {0};
        return bench.load(service)
                .closed(CLIENTS, howLong, connection -> requests.get(next[0]++ % requests.size()), null)
                .requireAllAnswered()
                .perSecond();
    }

    /** What the service asks the database for it; not what it asks once and then knows. */
    private static List<Captured> capture(Bench bench, Question question) throws Exception {
        bench.call(question.service(), "viewer", "GET", question.path(), null);
        List<Captured> statements =
                Captured.during(bench, () -> bench.call(question.service(), "viewer", "GET", question.path(), null))
                        .stream()
                        .filter(statement -> READ.matcher(statement.sql()).find())
                        .toList();
        if (statements.isEmpty()) {
            throw new IllegalStateException(question.path() + " reads nothing that is known here");
        }
        return statements;
    }

    private static int plans(Bench bench, Question question, List<Captured> statements, List<String> faults)
            throws SQLException, IOException {
        int sequential = 0;
        try (Connection connection = bench.database(question.service())) {
            for (Captured statement : statements) {
                for (Plan plan : Plan.of(bench, connection, statement)) {
                    bench.detail("%s reads %d rows: %s", question.name(), plan.rowsRead(), plan.shape());
                    if (!plan.wholeTables().isEmpty()) {
                        sequential++;
                        faults.add(question.name() + " reads all of " + plan.wholeTables());
                    }
                }
            }
        }
        return sequential;
    }
}
