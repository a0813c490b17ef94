package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The big views anew from a million events, by the product's own door and while live events go on; each beside the binary
 * COPY of the same events out and of the same rows in. Before that the million comes to the other services as after the
 * loss of a topic, by republication, and how long that takes is told, too.
 */
final class RebuildRow implements Row {
    private static final long EVENTS = 1_000_000;
    private static final long EVENTS_QUICKLY = 50_000;
    /** Each of them takes minutes. */
    private static final int MOST_ROUNDS = 3;

    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final String FLOOR = "binary COPY of the same events out and rows in; target ratio >= 0.3";

    /** A view and its tables. */
    record View(Service service, String projection, List<String> tables) {

        String figure() {
            return "rebuild_" + service.module().replace("-service", "") + "_" + projection;
        }

        String door() {
            return "/api/v1/projections/" + projection + "/rebuild";
        }
    }

    static final View OWN = new View(Service.INCIDENT, "incidents", List.of("incident", "incident_alert"));
    private static final List<View> VIEWS = List.of(
            OWN,
            new View(Service.METRICS, "metrics-incidents", List.of("incident_fact")),
            new View(Service.POSTMORTEM, "timelines", List.of("timeline_entry", "incident")),
            new View(Service.ACTION_ITEM, "incident", List.of("incident")));

    @Override
    public String name() {
        return "rebuild";
    }

    @Override
    public void measure(Bench bench) throws Exception {
        bench.start();
        SeededHistory.events(bench, bench.quick ? EVENTS_QUICKLY : EVENTS);
        bench.tellDurability();
        try (Pipeline pipeline = new Pipeline(bench)) {
            // Before anything counts on it: seeded streams have no rows in the service's own views yet.
            rebuild(bench, OWN);
            rebuild(bench, new View(Service.INCIDENT, "catalog", List.of()));
            republish(bench, pipeline);
            compareWithStandings(pipeline);
            pipeline.tidy();
            rounds(bench, pipeline);
        }
    }

    private static void rounds(Bench bench, Pipeline pipeline) throws Exception {
        Map<View, Figure> figures = new LinkedHashMap<>();
        VIEWS.forEach(view -> figures.put(view, new Figure(view.figure(), "events/s", FLOOR)));
        try (LiveTraffic traffic = new LiveTraffic(bench)) {
            for (int round = 1; round <= Math.min(bench.rounds, MOST_ROUNDS); round++) {
                for (Map.Entry<View, Figure> figure : figures.entrySet()) {
                    View view = figure.getKey();
                    double events = Bench.number(pipeline.database(Service.INCIDENT), "select count(*) from event");
                    traffic.tellLatencies();
                    Costs before = Costs.now(bench.directory());
                    double seconds = rebuild(bench, view);
                    Costs after = Costs.now(bench.directory());
                    String live = traffic.tellLatencies();
                    try (CopyFloor floor = new CopyFloor(
                            pipeline.database(Service.INCIDENT), pipeline.database(view.service()), view.tables())) {
                        CopyFloor.Took took = floor.run();
                        figure.getValue().add(events / seconds, events / took.copying());
                        bench.detail(
                                "round %d, %s: %.1f s (%.0f events/s); floor: reading %.1f s, writing %.1f s, its indexes %.1f s:"
                                        + " ratio %.2f, with the indexes %.2f",
                                round,
                                view.figure(),
                                seconds,
                                events / seconds,
                                took.reading(),
                                took.writing(),
                                took.indexing(),
                                took.copying() / seconds,
                                (took.copying() + took.indexing()) / seconds);
                        bench.detail("meanwhile %s; %s", live, after.perOne(before, events));
                    }
                }
            }
        }
        figures.values().forEach(bench::result);
    }

    /** Seconds from the door's answer to the end that it tells of. */
    static double rebuild(Bench bench, View view) throws IOException, InterruptedException {
        bench.call(view.service(), "admin", "POST", view.door(), "{}");
        JsonNode[] last = new JsonNode[1];
        Bench.await(PATIENCE, LOOK_EVERY, "the rebuild of " + view.projection(), () -> {
            last[0] = bench.read(view.service(), view.door());
            return !last[0].path("finishedAt").isNull()
                    && !last[0].path("finishedAt").isMissingNode();
        });
        if (!last[0].get("state").asText().equals("DONE")) {
            throw new IllegalStateException("not rebuilt: " + last[0]);
        }
        return Duration.between(
                                Instant.parse(last[0].get("startedAt").asText()),
                                Instant.parse(last[0].get("finishedAt").asText()))
                        .toMillis()
                / 1e3;
    }

    /** Everything to the topic, and from there into every view. */
    private static void republish(Bench bench, Pipeline pipeline)
            throws IOException, InterruptedException, SQLException {
        String door = "/api/v1/topic/republication";
        Connection store = pipeline.database(Service.INCIDENT);
        double events = Bench.number(store, "select count(*) from event");
        Costs before = Costs.now(bench.directory());
        long begin = System.nanoTime();
        bench.call(Service.INCIDENT, "admin", "POST", door, "{\"reason\":\"The bench begins.\"}");
        Bench.await(PATIENCE, LOOK_EVERY, "the republication", () -> !bench.read(Service.INCIDENT, door)
                .get("running")
                .asBoolean());
        double sent = (System.nanoTime() - begin) / 1e9;
        pipeline.awaitDrained(PATIENCE, Duration.ofSeconds(1));
        double visible = (System.nanoTime() - begin) / 1e9;
        Figure relayed = new Figure("republication", "events/s", "target >= 5000, while all services consume them");
        relayed.add(events / sent);
        bench.result(relayed);
        Figure applied =
                new Figure("republication_visible", "events/s", "until they are in every view of every service");
        applied.add(events / visible);
        bench.result(applied);
        bench.detail(
                "republished in %.0f s, visible everywhere after %.0f s; %s",
                sent, visible, Costs.now(bench.directory()).perOne(before, events));
    }

    /**
     * What incident-service folds of the seeded facts is what their standings say, which the others show: else something is
     * measured that cannot be.
     */
    private static void compareWithStandings(Pipeline pipeline) throws SQLException {
        List<String> hashes = new ArrayList<>();
        for (Service service : List.of(Service.INCIDENT, Service.POSTMORTEM)) {
            hashes.add(Bench.text(pipeline.database(service), """
                    select count(*) || ' ' || md5(string_agg(md5(concat_ws('|', id, reference, title, severity, status, kind,
                      services::text, customer_facing, detected_at, declared_at, acknowledged_at, mitigated_at, resolved_at,
                      closed_at, pages, reopenings, version)), '' order by id)) from incident"""));
        }
        if (!hashes.get(0).equals(hashes.get(1))) {
            throw new IllegalStateException("what was seeded is not what would have been recorded: " + hashes);
        }
    }
}
