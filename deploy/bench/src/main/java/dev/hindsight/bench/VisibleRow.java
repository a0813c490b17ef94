package dev.hindsight.bench;

import dev.hindsight.local.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * From a webhook to its acknowledgement, and to the views of the other three services, at 70 % of what the whole chain was
 * measured to sustain in the same round. Each delivery is a signed PagerDuty webhook that declares an incident of its own.
 *
 * <p>Deliveries become due whether or not the system keeps up, and count from when they were due. When a view's row became
 * visible is read afterwards from PostgreSQL's commit times, so that nobody polls while it is measured. Those are taken
 * just before the commit is flushed: what small commits were seen to take during the same load is added.
 */
final class VisibleRow implements Row {
    private static final int CONNECTIONS = 64;
    private static final double SHARE = 0.7;
    private static final String FLOOR = "bench_visible_floor";
    private static final String SECRET = "the-secret-of-the-bench";
    private static final Map<Service, String> VIEWS = new EnumMap<>(Map.of(
            Service.POSTMORTEM, "timelines",
            Service.ACTION_ITEM, "incident",
            Service.METRICS, "metrics-incidents"));

    private int incidents;

    @Override
    public String name() {
        return "visible";
    }

    @Override
    public void measure(Bench bench) throws Exception {
        bench.startForLoad();
        Duration howLong = Duration.ofSeconds(bench.quick ? 5 : 15);
        String integration = bench.call(
                        Service.INCIDENT,
                        "admin",
                        "POST",
                        "/api/v1/integrations",
                        "{\"name\":\"Bench\",\"provider\":\"pagerduty\",\"secret\":\"" + SECRET + "\"}")
                .get("id")
                .asText();
        Figure maximum = new Figure("webhook_maximum", "webhooks/s", "until visible everywhere");
        Figure p50 = new Figure("visible_p50", "ms", "two commits and one Kafka hop alone, p50; target ratio <= 3");
        Figure p99 = new Figure("visible_p99", "ms", "target <= 250 ms");
        Figure ack50 = new Figure("ack_p50", "ms", "no target");
        Figure ack999 = new Figure("ack_p99.9", "ms", "target < 500 ms");
        bench.postgres().createDatabase(FLOOR);
        try (Pipeline pipeline = new Pipeline(bench);
                Floor floor = new Floor(bench)) {
            Load load = bench.load(Service.INCIDENT);
            Duration slice = Duration.ofSeconds(5);
            bench.warmUp(() -> load.closed(CONNECTIONS, slice, webhooks(integration, slice), null)
                    .requireAllAnswered()
                    .perSecond());
            pipeline.awaitDrained();
            for (int round = 0; round < bench.rounds; round++) {
                pipeline.tidy();
                Costs before = Costs.now(bench.directory());
                long begin = System.nanoTime();
                Load.Result full = load.closed(CONNECTIONS, howLong, webhooks(integration, howLong), null)
                        .requireAllAnswered();
                pipeline.awaitDrained();
                double sustained = full.latencies().size() / ((System.nanoTime() - begin) / 1e9);
                maximum.add(sustained);
                bench.detail(
                        "round %d: acknowledged %.0f/s, visible %.0f/s; %s",
                        round + 1,
                        full.perSecond(),
                        sustained,
                        Costs.now(bench.directory())
                                .perOne(before, full.latencies().size()));
                double hop = floor.hops(bench.quick ? 50 : 200).millis(50);

                Map<UUID, Long> due = new HashMap<>();
                long nanosToMicros = micros(Instant.now()) - System.nanoTime() / 1000;
                try (Floor.Commits commits = floor.commitsDuringLoad()) {
                    Load.Result result = load.open(
                                    sustained * SHARE,
                                    CONNECTIONS * 4,
                                    howLong,
                                    webhooks(integration, howLong),
                                    (place, since, status, text) ->
                                            due.put(incidentOf(text), since / 1000 + nanosToMicros))
                            .requireAllAnswered();
                    pipeline.awaitDrained();
                    Samples flush = commits.end();
                    Samples visible = visible(bench, pipeline, due);
                    p50.add(visible.millis(50) + flush.millis(50), hop);
                    p99.add(visible.millis(99) + flush.millis(99));
                    ack50.add(result.latencies().millis(50));
                    ack999.add(result.latencies().millis(99.9));
                    bench.detail(
                            "at %.0f/s: %d deliveries; commits took p50 %.2f ms, p99 %.2f ms; the load itself %.2f cores",
                            result.perSecond(),
                            due.size(),
                            flush.millis(50),
                            flush.millis(99),
                            result.generatorCores());
                }
            }
        } finally {
            bench.postgres().dropDatabase(FLOOR);
        }
        for (Figure figure : List.of(maximum, p50, p99, ack50, ack999)) {
            bench.result(figure);
        }
    }

    /** For each delivery, until the last of the three services showed it. */
    private static Samples visible(Bench bench, Pipeline pipeline, Map<UUID, Long> due) throws SQLException {
        Map<UUID, Long> last = new HashMap<>();
        for (Map.Entry<Service, String> view : VIEWS.entrySet()) {
            Samples own = new Samples();
            try (PreparedStatement statement = pipeline.database(view.getKey())
                    .prepareStatement(
                            "select stream_id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint"
                                    + " from applied where consumer = ?")) {
                statement.setString(1, view.getValue());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        UUID incident = row.getObject(1, UUID.class);
                        Long since = due.get(incident);
                        if (since != null) {
                            own.add((row.getLong(2) - since) * 1000);
                            last.merge(incident, row.getLong(2), Math::max);
                        }
                    }
                }
            }
            if (own.size() != due.size()) {
                throw new IllegalStateException(
                        view.getKey() + " shows " + own.size() + " of " + due.size() + " incidents");
            }
            bench.detail("%s: p50 %.1f ms, p99 %.1f ms", view.getKey().module(), own.millis(50), own.millis(99));
        }
        Samples all = new Samples();
        due.forEach((incident, since) -> all.add((last.getOrDefault(incident, since) - since) * 1000));
        return all;
    }

    private static UUID incidentOf(String answer) {
        String marker = "\"incidents\":[\"";
        int at = answer.indexOf(marker);
        if (at < 0) {
            throw new IllegalStateException("the delivery concerns no incident: " + answer);
        }
        return UUID.fromString(answer.substring(at + marker.length(), at + marker.length() + 36));
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }

    /** Signed beforehand, as many as this machine could take in that time. */
    private Load.Requests webhooks(String integration, Duration howLong) {
        int count = (int) (howLong.toMillis() * 8);
        List<byte[]> requests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String id = "Q" + incidents++;
            String body = """
                    {"event":{"id":"01%s","event_type":"incident.triggered","resource_type":"incident",\
                    "occurred_at":"%s","agent":{"id":"P%d","type":"user_reference",\
                    "summary":"Responder %d"},"client":null,"data":{"id":"%s","type":"incident",\
                    "self":"https://api.pagerduty.com/incidents/%s","html_url":"https://acme.pagerduty.com/incidents/%s",\
                    "number":%d,"status":"triggered","incident_key":"%s","created_at":"%s",\
                    "title":"Checkout: error rate above five percent in eu-west","service":{"id":"PS%d",\
                    "type":"service_reference","summary":"checkout-%d"},"assignees":[],"escalation_policy":null,"teams":[],\
                    "priority":{"id":"PPRI","type":"priority_reference","summary":"P2"},"urgency":"high",\
                    "conference_bridge":null,"resolve_reason":null}}}""".formatted(
                    id, Instant.now(), i % 10, i % 10, id, id, id, incidents, id, Instant.now(), i % 20, i % 20);
            requests.add(Load.request(
                    "POST",
                    "/webhooks/pagerduty/" + integration,
                    "X-PagerDuty-Signature: v1=" + sign(body) + "\r\n",
                    body));
        }
        int[] next = {0};
        return connection -> requests.get(next[0]++);
    }

    private static String sign(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The least that a fact must go through: a commit, the broker (acks=all) to a waiting consumer, a commit. */
    private static final class Floor implements AutoCloseable {
        private static final String TOPIC = "bench-hop";
        private final Bench bench;
        private final Connection connection;
        private final KafkaProducer<byte[], byte[]> producer;
        private final KafkaConsumer<byte[], byte[]> consumer;

        Floor(Bench bench) throws SQLException {
            this.bench = bench;
            this.connection = open();
            bench.backends().createTopic(TOPIC, 1);
            String servers = bench.backends().kafkaBootstrap();
            this.producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers, "acks", "all", "linger.ms", 0),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            this.consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", servers, "auto.offset.reset", "latest"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
        }

        private Connection open() throws SQLException {
            Connection opened = bench.postgres().connect(FLOOR);
            try (Statement statement = opened.createStatement()) {
                statement.execute("create table if not exists fact (id uuid primary key, data bytea not null)");
            }
            return opened;
        }

        Samples hops(int count) throws SQLException, ExecutionException, InterruptedException {
            Samples samples = new Samples();
            byte[] data = new byte[500];
            for (int i = 0; i < count + 20; i++) {
                long begin = System.nanoTime();
                insert(connection, data);
                producer.send(new ProducerRecord<>(TOPIC, data)).get();
                while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                    // It is on its way.
                }
                insert(connection, data);
                if (i >= 20) {
                    samples.add(System.nanoTime() - begin);
                }
            }
            return samples;
        }

        private static void insert(Connection connection, byte[] data) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement("insert into fact values (?, ?)")) {
                statement.setObject(1, UUID.randomUUID());
                statement.setBytes(2, data);
                statement.executeUpdate();
            }
        }

        Commits commitsDuringLoad() throws SQLException {
            return new Commits(open());
        }

        @Override
        public void close() throws SQLException {
            producer.close();
            consumer.close();
            connection.close();
        }

        /** Small commits, ten a second, as long as the load lasts. */
        static final class Commits implements AutoCloseable {
            private final Samples samples = new Samples();
            private final AtomicBoolean ended = new AtomicBoolean();
            private final Thread thread;

            Commits(Connection connection) {
                thread = Thread.ofPlatform().start(() -> {
                    try (connection) {
                        while (!ended.get()) {
                            long begin = System.nanoTime();
                            insert(connection, new byte[100]);
                            samples.add(System.nanoTime() - begin);
                            Thread.sleep(100);
                        }
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }

            Samples end() throws InterruptedException {
                ended.set(true);
                thread.join();
                return samples;
            }

            @Override
            public void close() throws IOException {
                ended.set(true);
            }
        }
    }
}
