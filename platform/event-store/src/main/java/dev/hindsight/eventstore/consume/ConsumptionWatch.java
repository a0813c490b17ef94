package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.consume.Consumed.Place;
import dev.hindsight.eventstore.relay.Topics;
import dev.hindsight.eventstore.wire.RepairRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks after what is consumed, every few seconds and on every instance: topics that were made anew are read from their start,
 * records that were lost are noted, parked events that can go on do, and owners are asked to send again what is missing.
 * Whatever two instances do at the same time, one of them does; a request that is sent twice is harmless.
 */
@ApplicationScoped
public class ConsumptionWatch {

    private static final Logger LOG = Logger.getLogger(ConsumptionWatch.class);
    private static final int LATE = 5000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventStoreConfig config;
    private final Pool pool;
    private final OrderedApply consumers;
    private final Consumed consumed;
    private final ConsumerStart start;
    private final RepairRequests repairs;
    private final Topics topics;
    private final KafkaClientService clients;
    private final Counter ofStreams;
    private final Counter ofRanges;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Thread thread;

    ConsumptionWatch(
            EventStoreConfig config,
            Pool pool,
            OrderedApply consumers,
            Consumed consumed,
            ConsumerStart start,
            RepairRequests repairs,
            Topics topics,
            KafkaClientService clients,
            MeterRegistry meters) {
        this.config = config;
        this.pool = pool;
        this.consumers = consumers;
        this.consumed = consumed;
        this.start = start;
        this.repairs = repairs;
        this.topics = topics;
        this.clients = clients;
        this.ofStreams = requests(meters, "stream");
        this.ofRanges = requests(meters, "range");
    }

    private static Counter requests(MeterRegistry meters, String of) {
        return Counter.builder("hindsight.repair.requests")
                .description("Requests to owners of topics to send again what is missing here")
                .tag("of", of)
                .register(meters);
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        if (!consumers.namesByTopic().isEmpty()) {
            thread = Thread.ofPlatform().name("consumption-watch").daemon().start(this::run);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        ended.countDown();
        Thread watching = thread;
        if (watching != null && !watching.join(Duration.ofSeconds(2))) {
            watching.interrupt();
        }
    }

    private void run() {
        try {
            while (!ended.await(config.watchEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                quietly("topics", this::lookAtTopics);
                quietly("parked events", this::mendParked);
                quietly("gaps", this::requestGaps);
                quietly("lost ranges", this::requestRanges);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Look {
        void look() throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** Database or broker may be away; the next look is soon. */
    private static void quietly(String what, Look look) throws InterruptedException {
        try {
            look.look();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warnf("cannot look after %s now: %s", what, e.getMessage());
        }
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    // --- topics

    private void lookAtTopics() throws InterruptedException, ExecutionException, TimeoutException {
        List<String> names = consumers.namesByTopic().keySet().stream()
                .map(topic -> topics.nameOf(topic.wireName()))
                .toList();
        // Read before the broker is asked: it may move on in between, and must not seem to be behind.
        Map<TopicPartition, Place> places = get(consumed.places(names));
        Map<String, TopicState> states;
        try (Admin admin = topics.admin()) {
            states = TopicState.of(admin, names);
        }
        states.forEach((name, state) -> consumed.topicIs(name, state.id()));
        Set<TopicPartition> startedOver = startOverWhereNew(states, places);
        places.forEach((partition, place) -> {
            TopicState state = states.get(partition.topic());
            if (state == null || !state.id().equals(place.topicId()) || startedOver.contains(partition)) {
                return;
            }
            long first = state.starts().getOrDefault(partition, 0L);
            consumed.logStartsAt(partition, first);
            long end = state.ends().getOrDefault(partition, Long.MAX_VALUE);
            if (first > place.nextOffset() && get(consumed.lost(partition, state.id(), first))) {
                LOG.warnf(
                        "records of %s are lost: offsets %d to %d; they will be asked for",
                        partition, place.nextOffset(), first - 1);
            } else if (end < place.nextOffset()) {
                get(consumed.truncated(partition, state.id(), end));
            }
        });
    }

    /** Each instance for the partitions that are its own. */
    private Set<TopicPartition> startOverWhereNew(Map<String, TopicState> states, Map<TopicPartition, Place> places) {
        Set<TopicPartition> startedOver = new HashSet<>();
        for (String channel : clients.getConsumerChannels()) {
            for (KafkaConsumer<Object, Object> consumer : clients.<Object, Object>getConsumers(channel)) {
                for (TopicPartition partition : get(consumer.getAssignments())) {
                    TopicState state = states.get(partition.topic());
                    Place place = places.get(partition);
                    if (state != null
                            && state.starts().containsKey(partition)
                            && (place == null || !place.topicId().equals(state.id()))) {
                        startedOver.add(partition);
                        get(consumer.runOnPollingThread(polling -> {
                            if (polling.assignment().contains(partition)) {
                                start.startOver(polling, partition, state);
                            }
                        }));
                    }
                }
            }
        }
        return startedOver;
    }

    // --- parked events

    /** What was passed by other means is settled, what stands behind nothing follows, and what can go on does. */
    void mendParked() {
        get(pool.withTransaction(transaction -> execute(transaction, """
                delete from parked_event p using applied a
                where a.consumer = p.consumer and a.stream_id = p.stream_id and p.version <= a.version
                and p.settled_at is null and p.reason in ('GAP', 'BEHIND')""")
                .chain(() -> execute(transaction, """
                        update parked_event p set settlement = 'APPLIED', settled_at = now(), settled_by = 'hindsight',
                        settled_reason = 'applied by other means, such as a rebuild' from applied a
                        where a.consumer = p.consumer and a.stream_id = p.stream_id and p.version <= a.version
                        and p.settled_at is null and p.reason in ('UNDECODABLE', 'DEFECT')"""))
                .chain(() -> execute(transaction, """
                        update parked_event p set reason = 'GAP', detail = 'stood behind an event that is settled'
                        where p.settled_at is null and p.reason = 'BEHIND' and not exists (
                          select from parked_event h where h.consumer = p.consumer and h.stream_id = p.stream_id
                          and h.settled_at is null and h.reason in ('UNDECODABLE', 'DEFECT'))"""))));
        Map<String, Set<UUID>> ready = get(pool.query("""
                select p.consumer, array_agg(distinct p.stream_id) as streams
                from parked_event p left join applied a on a.consumer = p.consumer and a.stream_id = p.stream_id
                where p.settled_at is null and p.reason = 'GAP' and p.version = coalesce(a.version, 0) + 1
                and not exists (
                  select from parked_event h where h.consumer = p.consumer and h.stream_id = p.stream_id
                  and h.settled_at is null and h.reason in ('UNDECODABLE', 'DEFECT'))
                group by 1""").execute().map(rows -> {
            Map<String, Set<UUID>> streams = new HashMap<>();
            rows.forEach(row ->
                    streams.put(row.getString("consumer"), Set.copyOf(Arrays.asList(row.getArrayOfUUIDs("streams")))));
            return streams;
        }));
        ready.forEach((name, streams) -> consumers.consumer(name).ifPresent(consumer -> get(consumer.drain(streams))));
    }

    private static Uni<Void> execute(SqlConnection transaction, String sql) {
        return transaction.query(sql).execute().replaceWithVoid();
    }

    // --- requests

    /**
     * Noted and sent in one transaction: what the broker did not take is asked for again at the next look. One request for
     * all consumers that miss something of a stream.
     */
    void requestGaps() {
        get(pool.withTransaction(transaction -> transaction
                .preparedQuery("""
                        with due as (
                          select p.topic, p.stream_id from parked_event p
                          where p.settled_at is null and p.reason = 'GAP' and p.parked_at < now() - make_interval(secs => $1)
                          and (p.repair_requested_at is null or p.repair_requested_at < now() - make_interval(secs =>
                            least($1 * power(2, least(p.repair_requests, 20)), $2)))
                          and not exists (
                            select from parked_event h where h.consumer = p.consumer and h.stream_id = p.stream_id
                            and h.settled_at is null and h.reason in ('UNDECODABLE', 'DEFECT'))
                          order by p.id limit 5000 for update of p skip locked
                        ), asked as (
                          update parked_event p
                          set repair_requested_at = now(), repair_requests = p.repair_requests + 1
                          from (select distinct topic, stream_id from due) as stream
                          where p.topic = stream.topic and p.stream_id = stream.stream_id
                          and p.settled_at is null and p.reason = 'GAP'
                          returning p.consumer, p.topic, p.stream_id, p.version
                        )
                        select p.topic, p.stream_id, min(coalesce(a.version, 0)) + 1 as from_version,
                        max(p.version) - 1 as to_version
                        from asked p left join applied a on a.consumer = p.consumer and a.stream_id = p.stream_id
                        group by 1, 2""")
                .execute(Tuple.of(seconds(config.repairAfter()), seconds(config.repairAtLeastEvery())))
                .map(rows -> {
                    List<RepairRequest> requests = new ArrayList<>();
                    rows.forEach(row -> wireName(row.getString("topic")).ifPresent(topic -> {
                        long from = row.getLong("from_version");
                        long to = row.getLong("to_version");
                        if (from <= to) {
                            requests.add(new RepairRequest.Versions(topic, row.getUUID("stream_id"), from, to));
                        }
                    }));
                    return requests;
                })
                .chain(requests -> send(requests).invoke(() -> ofStreams.increment(requests.size())))));
    }

    void requestRanges() {
        get(pool.withTransaction(transaction -> transaction
                .query("""
                        with due as (select id from lost_range where requested_at is null order by id for update skip locked)
                        update lost_range l set requested_at = now() from due where l.id = due.id returning l.*""")
                .execute()
                .map(rows -> {
                    List<RepairRequest> requests = new ArrayList<>();
                    rows.forEach(row -> wireName(row.getString("topic"))
                            .ifPresent(topic -> requests.add(new RepairRequest.Positions(
                                    topic,
                                    row.getLong("after_position"),
                                    row.getLong("until_position"),
                                    row.getInteger("kafka_partition")))));
                    return requests;
                })
                .chain(requests -> send(requests).invoke(() -> ofRanges.increment(requests.size())))));
    }

    private Uni<Void> send(List<RepairRequest> requests) {
        if (requests.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.infof("asking for what is missing: %s", requests.size() > 10 ? requests.subList(0, 10) + " …" : requests);
        // The producer may block; the connection waits on its own thread meanwhile.
        return Uni.createFrom()
                .<Void>item(() -> {
                    try {
                        repairs.send(requests);
                        return null;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException(e);
                    } catch (ExecutionException | TimeoutException e) {
                        throw new IllegalStateException("the broker does not take requests: " + e.getMessage(), e);
                    }
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Optional<String> wireName(String name) {
        return Arrays.stream(Topic.values())
                .map(Topic::wireName)
                .filter(wire -> topics.nameOf(wire).equals(name))
                .findFirst();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
