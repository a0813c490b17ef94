package dev.hindsight.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.local.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Alerts of one service, 20,000 in a minute, as Alertmanager delivers them: every fifth delivery is what an HA peer says again.
 * They have to be one incident, with every delivery on record; what their acknowledgement takes counts from when each was due.
 * Beside it, ordinary commands to other incidents at a modest rate, first without the storm and then during it.
 */
final class StormRow implements Row {

    /** 20,000 in a minute, and a little for the chance in exponential intervals. */
    private static final double PER_SECOND = 340;

    private static final int MOST_ROUNDS = 3;
    private static final int CONNECTIONS = 64;
    private static final String SECRET = "the-secret-of-the-storm";
    private static final Duration APPLIED = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public void measure(Bench bench) throws Exception {
        bench.start();
        bench.tellDurability();
        Duration howLong = Duration.ofSeconds(bench.quick ? 10 : 60);
        Figure answered = new Figure(
                "storm_answered", "deliveries/s", "until the last answer; due were %.0f".formatted(PER_SECOND));
        Figure ack50 = new Figure("storm_ack_p50", "ms", "no target");
        Figure ack99 = new Figure("storm_ack_p99", "ms", "no target");
        Figure ack999 = new Figure("storm_ack_p99.9", "ms", "target < 500 ms");
        Figure others50 = new Figure("storm_others_p50", "ms", "the same commands without the storm, p50");
        Figure others99 = new Figure("storm_others_p99", "ms", "the same commands without the storm, p99");
        Figure behind = new Figure("storm_visible_after", "s", "from the last answer until all views have all of it");
        try (Pipeline pipeline = new Pipeline(bench)) {
            Load load = bench.load(Service.INCIDENT);
            Storm first = new Storm(bench, "warmed-up");
            Duration slice = Duration.ofSeconds(5);
            bench.warmUp(() -> load.closed(CONNECTIONS, slice, first, null)
                    .requireAllAnswered()
                    .perSecond());
            first.requireOneIncident(pipeline);
            pipeline.awaitDrained(APPLIED, Bench.SOON);
            for (int round = 1; round <= Math.min(bench.rounds, MOST_ROUNDS); round++) {
                pipeline.tidy();
                Storm storm = new Storm(bench, "stormy-" + round);
                try (LiveTraffic others = new LiveTraffic(bench)) {
                    Thread.sleep(howLong.dividedBy(2));
                    Samples calm = others.takeLatencies();
                    Costs before = Costs.now(bench.directory());
                    Load.Result result = load.flood(PER_SECOND, CONNECTIONS * 4, howLong, storm, APPLIED)
                            .requireAllAnswered();
                    Samples meanwhile = others.takeLatencies();
                    double drained = pipeline.awaitDrained(APPLIED, Bench.SOON);
                    Samples latencies = result.latencies();
                    bench.detail(
                            "round %d: %d deliveries at %.0f/s; %d other commands meanwhile; %s",
                            round,
                            latencies.size(),
                            result.perSecond(),
                            meanwhile.size(),
                            Costs.now(bench.directory()).perOne(before, latencies.size()));
                    storm.requireOneIncident(pipeline);
                    answered.add(result.perSecond());
                    ack50.add(latencies.millis(50));
                    ack99.add(latencies.millis(99));
                    ack999.add(latencies.millis(99.9));
                    others50.add(meanwhile.millis(50), calm.millis(50));
                    others99.add(meanwhile.millis(99), calm.millis(99));
                    behind.add(drained);
                }
            }
        }
        for (Figure figure : List.of(answered, ack50, ack99, ack999, others50, others99, behind)) {
            bench.result(figure);
        }
    }

    /** One storm, from one tool, of one service. */
    private static final class Storm implements Load.Requests {
        private final Bench bench;
        private final String service;
        private final String integration;
        private final Instant began = Instant.now();
        private int sent;
        private byte[] last = {};

        Storm(Bench bench, String service) throws IOException, InterruptedException {
            this.bench = bench;
            this.service = service;
            this.integration = bench.call(
                            Service.INCIDENT,
                            "admin",
                            "POST",
                            "/api/v1/integrations",
                            "{\"name\":\"Storm\",\"provider\":\"alertmanager\",\"secret\":\"" + SECRET + "\"}")
                    .get("id")
                    .asText();
        }

        @Override
        public byte[] next(int connection) {
            if (sent++ % 5 != 4) {
                last = Load.request(
                        "POST",
                        "/webhooks/alertmanager/" + integration,
                        "Authorization: Bearer " + SECRET + "\r\n",
                        alert(sent));
            }
            return last;
        }

        private String alert(int number) {
            String fingerprint = "%016x".formatted(number);
            return """
                    {"version":"4","groupKey":"{}/{service=\\"%s\\"}:{instance=\\"node-%d\\"}","truncatedAlerts":0,\
                    "status":"firing","receiver":"hindsight","groupLabels":{"instance":"node-%d"},\
                    "commonLabels":{"alertname":"HighErrorRate","service":"%s","severity":"critical"},\
                    "commonAnnotations":{"summary":"Error rate above five percent"},\
                    "externalURL":"http://alertmanager.example:9093","alerts":[{"status":"firing",\
                    "labels":{"alertname":"HighErrorRate","service":"%s","instance":"node-%d","severity":"critical"},\
                    "annotations":{"summary":"Error rate above five percent on node-%d"},"startsAt":"%s",\
                    "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus.example:9090/graph?g0.expr=errors",\
                    "fingerprint":"%s"}]}""".formatted(service, number, number, service, service, number, number, began, fingerprint);
        }

        /** @throws IllegalStateException where there is another number of incidents, alerts or deliveries than was sent */
        void requireOneIncident(Pipeline pipeline) throws SQLException {
            JsonNode found = bench.read(Service.INCIDENT, "/api/v1/incidents?service=" + service)
                    .get("items");
            Connection incidents = pipeline.database(Service.INCIDENT);
            double deliveries = Bench.number(
                    incidents,
                    "select coalesce(sum(attempts), 0) from delivery where integration_id = '" + integration
                            + "' and outcome in ('APPLIED', 'ATTACHED')");
            double alerts = Bench.number(
                    incidents,
                    "select count(*) from event where type = 'hindsight.incident.alert-fired.v1' and source like '%"
                            + integration + "'");
            double transactions = Bench.number(
                    incidents,
                    "select count(distinct xmin::text) from event where type = 'hindsight.incident.alert-fired.v1'"
                            + " and source like '%" + integration + "'");
            bench.detail(
                    "%s: %d sent, %.0f on record, %d incident(s) with %.0f alerts, in %.0f appends",
                    service, sent, deliveries, found.size(), alerts, transactions);
            int distinct = sent - sent / 5;
            if (found.size() != 1 || deliveries != sent || alerts != distinct) {
                throw new IllegalStateException("one incident with " + distinct + " alerts was expected");
            }
        }
    }
}
