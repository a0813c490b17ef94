package dev.hindsight.eventstore.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the broker says of a topic: which one it is (a topic that was deleted and made anew has another id), and where each
 * partition's log begins and ends.
 */
record TopicState(String id, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

    private static final long PATIENCE_SECONDS = 15;

    /** Those of these topics that there are. */
    static Map<String, TopicState> of(Admin admin, Collection<String> names)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicState> states = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                TopicDescription topic = asked.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                List<TopicPartition> partitions = new ArrayList<>();
                topic.partitions().forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
                states.put(
                        topic.name(),
                        new TopicState(
                                topic.topicId().toString(),
                                offsets(admin, partitions, OffsetSpec.earliest()),
                                offsets(admin, partitions, OffsetSpec.latest())));
            } catch (ExecutionException e) {
                // Between being deleted and made anew there is none.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return states;
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, ListOffsetsResultInfo> offsets = admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)))
                .all()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return offsets.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .offset()));
    }
}
