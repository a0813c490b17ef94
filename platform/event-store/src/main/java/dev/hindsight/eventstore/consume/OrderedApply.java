package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.Pace;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Where a channel's records come in: takes them to the projections of this service, all in one transaction, and then to its
 * automations, one after the other.
 */
@ApplicationScoped
public class OrderedApply {

    private final List<StreamApply> views;
    private final List<StreamApply> reactions;
    private final Consumed consumed;
    private final Pace pace;
    private final int large;

    private final Map<Topic, Rounds> rounds = new ConcurrentHashMap<>();
    private final List<Runnable> afterwards = new CopyOnWriteArrayList<>();

    OrderedApply(
            Pool pool,
            Consumed consumed,
            EventStoreConfig config,
            @All List<Projection> projections,
            @All List<Automation> automations,
            MeterRegistry meters) {
        this.consumed = consumed;
        this.pace = new Pace(config.consumerGather(), config.consumerGatherAtMost());
        this.large = config.consumerLarge();
        this.views = projections.stream()
                .sorted(Comparator.comparing(Projection::name))
                .map(projection -> StreamApply.of(pool, new Consumer.Viewing(projection), meters))
                .toList();
        this.reactions = automations.stream()
                .sorted(Comparator.comparing(Automation::name))
                .map(automation -> StreamApply.of(pool, new Consumer.Reacting(automation), meters))
                .toList();
    }

    private Stream<StreamApply> consumers() {
        return Stream.concat(views.stream(), reactions.stream());
    }

    /** The projections and automations that grow from each topic. */
    Map<Topic, List<String>> namesByTopic() {
        Map<Topic, List<String>> names = new EnumMap<>(Topic.class);
        consumers().forEach(consumer -> consumer.topics()
                .forEach(topic ->
                        names.computeIfAbsent(topic, none -> new ArrayList<>()).add(consumer.name())));
        return names;
    }

    Optional<StreamApply> consumer(String name) {
        return consumers().filter(consumer -> consumer.name().equals(name)).findFirst();
    }

    /**
     * What a channel brought: it is applied in a round that follows, together with what else has come by then. Completes
     * when there is room for more.
     */
    public Uni<Void> take(Topic topic, ConsumerRecords<byte[], byte[]> records) {
        return rounds.computeIfAbsent(topic, one -> new Rounds(pace, large, batches -> apply(one, batches)))
                .take(records);
    }

    /** The work is done after each round that a channel's records were applied or parked in. */
    public void afterEachRound(Runnable work) {
        afterwards.add(work);
    }

    /** Completes when every consumer has applied or parked every record. */
    public Uni<Void> apply(Topic topic, ConsumerRecords<byte[], byte[]> records) {
        return apply(topic, List.of(records));
    }

    private Uni<Void> apply(Topic topic, List<ConsumerRecords<byte[], byte[]>> batches) {
        List<Incoming> incoming = new ArrayList<>();
        for (ConsumerRecords<byte[], byte[]> batch : batches) {
            for (ConsumerRecord<byte[], byte[]> kafka : batch) {
                incoming.add(Incoming.of(kafka));
            }
        }
        // Views first: an automation may read what the same event has just changed.
        return StreamApply.applyTogether(of(topic, views), incoming)
                .chain(() -> StreamApply.inTurn(of(topic, reactions), reaction -> reaction.apply(incoming)))
                .chain(() -> consumed.note(topic, batches))
                .invoke(() -> afterwards.forEach(Runnable::run));
    }

    private static List<StreamApply> of(Topic topic, List<StreamApply> consumers) {
        return consumers.stream()
                .filter(consumer -> consumer.topics().contains(topic))
                .toList();
    }
}
