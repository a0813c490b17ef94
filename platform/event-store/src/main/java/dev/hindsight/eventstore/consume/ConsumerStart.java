package dev.hindsight.eventstore.consume;

import dev.hindsight.eventstore.consume.Consumed.Place;
import dev.hindsight.eventstore.relay.Topics;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Where reading begins when a partition comes to this instance: where its tables say, not where the group's commit says. A
 * database that was put back to an older state reads again what it has forgotten, and a topic that was made anew is read
 * from its start.
 */
@ApplicationScoped
@Default
@Identifier(ConsumerStart.NAME)
public class ConsumerStart implements KafkaConsumerRebalanceListener {

    /** For {@code consumer-rebalance-listener.name} of every channel. */
    public static final String NAME = "hindsight";

    private static final Logger LOG = Logger.getLogger(ConsumerStart.class);

    /** Well below the time after which the group takes a consumer that does not poll for dead. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Consumed consumed;
    private final Topics topics;

    ConsumerStart(Consumed consumed, Topics topics) {
        this.consumed = consumed;
        this.topics = topics;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        try (Admin admin = topics.admin()) {
            List<String> names =
                    partitions.stream().map(TopicPartition::topic).distinct().toList();
            Map<String, TopicState> states = TopicState.of(admin, names);
            Map<TopicPartition, Place> places = consumed.places(names).await().atMost(PATIENCE);
            for (TopicPartition partition : partitions) {
                TopicState state = states.get(partition.topic());
                if (state == null) {
                    continue;
                }
                consumed.topicIs(partition.topic(), state.id());
                Place place = places.get(partition);
                if (place == null || !place.topicId().equals(state.id())) {
                    startOver(consumer, partition, state);
                } else {
                    consumer.seek(partition, place.nextOffset());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // The group's commit is the next best; what it leaves out is noticed as a jump.
            LOG.warnf("reading goes on from the last commit: %s", e.getMessage());
        }
    }

    /** On the polling thread: the topic is another one than the tables know, or the first. */
    void startOver(Consumer<?, ?> consumer, TopicPartition partition, TopicState state) {
        LOG.infof("%s is read from its start: topic %s", partition, state.id());
        consumer.seekToBeginning(List.of(partition));
        consumed.startOver(
                        partition,
                        state.id(),
                        Objects.requireNonNullElse(state.starts().get(partition), 0L))
                .await()
                .atMost(PATIENCE);
    }
}
