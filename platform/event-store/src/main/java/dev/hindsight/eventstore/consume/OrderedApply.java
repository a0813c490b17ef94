package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.KeyedQueue;
import dev.hindsight.eventstore.Pace;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Where a channel's records come in: takes them to every projection and automation of this service, each by its own
 * {@link StreamApply}, one after the other.
 */
@ApplicationScoped
public class OrderedApply {

    /** So many records are worth a round of their own, whenever they come. */
    private static final int LARGE = 250;

    private final List<StreamApply> consumers;
    private final Consumed consumed;
    private final Pace pace;

    /** The newest round of each topic. */
    private final Map<Topic, Round> newest = new ConcurrentHashMap<>();

    /** By {@link System#nanoTime}. */
    private record Round(long began, long took) {}

    OrderedApply(
            Pool pool,
            Consumed consumed,
            EventStoreConfig config,
            @All List<Projection> projections,
            @All List<Automation> automations,
            MeterRegistry meters) {
        this.consumed = consumed;
        this.pace = new Pace(config.consumerGather(), config.consumerGatherAtMost());
        // Projections first: an automation may read what the same event has just changed.
        this.consumers = Stream.concat(
                        projections.stream()
                                .sorted(Comparator.comparing(Projection::name))
                                .<Consumer>map(Consumer.Viewing::new),
                        automations.stream()
                                .sorted(Comparator.comparing(Automation::name))
                                .map(Consumer.Reacting::new))
                .map(consumer -> StreamApply.of(pool, consumer, meters))
                .toList();
    }

    /** The projections and automations that grow from each topic. */
    Map<Topic, List<String>> namesByTopic() {
        Map<Topic, List<String>> names = new EnumMap<>(Topic.class);
        for (StreamApply consumer : consumers) {
            consumer.topics().forEach(topic -> names.computeIfAbsent(topic, none -> new ArrayList<>())
                    .add(consumer.name()));
        }
        return names;
    }

    Optional<StreamApply> consumer(String name) {
        return consumers.stream()
                .filter(consumer -> consumer.name().equals(name))
                .findFirst();
    }

    /** Completes when every consumer has applied or parked every record. */
    public Uni<Void> apply(Topic topic, ConsumerRecords<byte[], byte[]> records) {
        List<Incoming> incoming = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> kafka : records) {
            incoming.add(Incoming.of(kafka));
        }
        return paced(topic, incoming.size()).chain(() -> {
            long began = System.nanoTime();
            return Multi.createFrom()
                    .iterable(consumers)
                    .filter(consumer -> consumer.topics().contains(topic))
                    .onItem()
                    .transformToUniAndConcatenate(consumer -> consumer.apply(incoming))
                    .collect()
                    .last()
                    .chain(() -> consumed.note(topic, records))
                    .invoke(() -> newest.put(topic, new Round(began, System.nanoTime() - began)));
        });
    }

    /**
     * What arrives before a small round may begin waits at the broker and comes with the one after it. Who comes after a
     * silence does not wait.
     */
    private Uni<Void> paced(Topic topic, int size) {
        Uni<Void> now = Uni.createFrom().voidItem();
        Round last = newest.get(topic);
        // No timer is shorter than a millisecond.
        long millis = last == null || size >= LARGE
                ? 0
                : pace.left(last.took(), System.nanoTime() - last.began()) / 1_000_000;
        return millis <= 0
                ? now
                : KeyedQueue.onOwnContext(now.onItem().delayIt().by(Duration.ofMillis(millis)));
    }
}
