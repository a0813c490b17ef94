package dev.hindsight.eventstore.relay;

import dev.hindsight.eventstore.wire.KafkaKeys;
import dev.hindsight.eventstore.wire.RepairRequest;
import dev.hindsight.eventstore.wire.RepairRequest.Malformed;
import dev.hindsight.eventstore.wire.RepairRequest.Positions;
import dev.hindsight.eventstore.wire.RepairRequest.Versions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

/**
 * What consumers miss and ask for, served by the leader between two rounds of what is new, a bounded piece at a time: what
 * is new never waits for more than one piece. Requests are taken off the topic only when all that were read before are
 * served, so that whoever leads next goes on with the rest; serving one twice is harmless.
 */
final class Repairs implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Repairs.class);
    private static final int PIECE = 500;
    /** Several consumers miss the same at the same time; whoever still misses it later than that is heard again. */
    private static final Duration SAME = Duration.ofSeconds(10);

    private static final long UP_TO_THE_NEWEST = -1;
    private static final int REMEMBERED = 10_000;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> requests;
    private final String topic;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<RepairRequest, Long> served = new LinkedHashMap<>();
    private long lookedAt = System.nanoTime() - LOOK.toNanos();
    private boolean uncommitted;

    /** A request and how much of it is done: the last version or position that was looked at. */
    private static final class Pending {
        private final RepairRequest request;
        private long done;
        private long until;
        private long sent;

        Pending(RepairRequest request) {
            this.request = request;
            switch (request) {
                case Versions versions -> {
                    done = versions.fromVersion() - 1;
                    until = versions.toVersion();
                }
                case Positions positions -> {
                    done = positions.afterPosition();
                    Long given = positions.untilPosition();
                    until = given == null ? UP_TO_THE_NEWEST : given;
                }
            }
        }
    }

    /** @param topic the wire name of the topic that is answered for */
    Repairs(String bootstrapServers, Topics topics, String topic) {
        this.topic = topic;
        this.requests = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        topics.nameOf(Topics.REPAIRS) + "." + topic,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        PIECE),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        // The one partition belongs to the leader: no group has to agree upon that.
        requests.assign(List.of(new TopicPartition(topics.nameOf(Topics.REPAIRS), 0)));
    }

    /** Reads what is asked for, where nothing is pending; never waits. */
    void look() {
        long now = System.nanoTime();
        if (!pending.isEmpty() || now - lookedAt < LOOK.toNanos()) {
            return;
        }
        lookedAt = now;
        try {
            if (uncommitted) {
                uncommitted = false;
                requests.commitAsync();
            }
            for (ConsumerRecord<byte[], byte[]> asked : requests.poll(Duration.ZERO)) {
                uncommitted = true;
                accept(asked);
            }
        } catch (KafkaException e) {
            LOG.warnf("requests for repair cannot be read: %s", e.getMessage());
        }
    }

    boolean isPending() {
        return !pending.isEmpty();
    }

    private void accept(ConsumerRecord<byte[], byte[]> asked) {
        Optional<RepairRequest> request;
        try {
            request = RepairRequest.parse(asked.value(), topic);
        } catch (Malformed e) {
            LOG.warnf("request for repair at offset %d is left out: %s", asked.offset(), e.getMessage());
            return;
        }
        long now = System.nanoTime();
        served.values().removeIf(at -> now - at > SAME.toNanos());
        request.filter(wanted -> !served.containsKey(wanted)).ifPresent(wanted -> {
            if (served.size() < REMEMBERED) {
                served.put(wanted, now);
            }
            pending.add(new Pending(wanted));
        });
    }

    /**
     * The next piece of what is asked for, of which only what is meant is sent.
     *
     * @param newest the last position that is published: what comes later is sent anyway
     */
    void serve(Leadership leadership, Sender sender, long newest)
            throws SQLException, InterruptedException, Sender.Failed {
        Pending first = pending.peek();
        if (first == null) {
            return;
        }
        if (first.until == UP_TO_THE_NEWEST) {
            first.until = newest;
        }
        List<Outgoing> piece =
                switch (first.request) {
                    case Versions versions ->
                        leadership.published(versions.streamId(), first.done + 1, first.until, PIECE);
                    case Positions positions -> leadership.published(first.done, first.until, PIECE);
                };
        leadership.commit();
        if (piece.isEmpty()) {
            pending.remove();
            LOG.logf(
                    first.sent == 0 ? Logger.Level.DEBUG : Logger.Level.INFO,
                    "%d events were sent again, as asked for by %s",
                    first.sent,
                    first.request);
            return;
        }
        Outgoing last = piece.getLast();
        List<Outgoing> meant = piece;
        switch (first.request) {
            case Versions versions -> first.done = last.header().sequence();
            case Positions positions -> {
                first.done = last.position();
                Integer partition = positions.partition();
                if (partition != null) {
                    int partitions = sender.partitions();
                    meant = piece.stream()
                            .filter(event -> partitionOf(event, partitions) == partition)
                            .toList();
                }
            }
        }
        sender.send(meant).await();
        first.sent += meant.size();
    }

    /** As the producer does it. */
    private static int partitionOf(Outgoing event, int partitions) {
        return Utils.toPositive(Utils.murmur2(KafkaKeys.of(event.keyId()))) % partitions;
    }

    @Override
    public void close() {
        requests.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
