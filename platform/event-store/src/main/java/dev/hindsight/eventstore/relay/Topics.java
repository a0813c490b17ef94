package dev.hindsight.eventstore.relay;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.EventStoreConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The topics as they have to be: made before any channel connects, and made again or mended by the relay's leader where
 * somebody deleted one, or the broker made it by itself with settings of its own.
 */
@ApplicationScoped
public class Topics {

    /** Where consumers ask a topic's owner to send again what they miss. */
    public static final String REPAIRS = "hindsight-repairs";

    private static final Logger LOG = Logger.getLogger(Topics.class);
    private static final int EARLY = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** More than any event can have: requests are bounded by 1 MiB, and JSON may write a character as six. */
    static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    private static final Map<String, String> KEPT_FOR_EVER = Map.of(
            "retention.ms",
            "-1",
            "retention.bytes",
            "-1",
            "cleanup.policy",
            "delete",
            "max.message.bytes",
            Integer.toString(MAX_RECORD_BYTES));
    private static final Map<String, String> KEPT_FOR_A_DAY =
            Map.of("retention.ms", Long.toString(Duration.ofDays(1).toMillis()), "cleanup.policy", "delete");

    private final EventStoreConfig config;
    private final String bootstrapServers;

    Topics(EventStoreConfig config, @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this.config = config;
        this.bootstrapServers = bootstrapServers;
    }

    /** The topic's name on the broker. */
    public String nameOf(String topic) {
        return config.topicPrefix().orElse("") + topic;
    }

    void create(@Observes @Priority(EARLY) StartupEvent start) throws InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            wanted.add(events(nameOf(topic.wireName())));
        }
        wanted.add(new NewTopic(nameOf(REPAIRS), 1, config.replication()).configs(KEPT_FOR_A_DAY));
        try (Admin admin = admin()) {
            Set<String> present = get(admin.listTopics().names());
            List<NewTopic> missing = wanted.stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            if (!missing.isEmpty()) {
                get(admin.createTopics(missing).all());
                LOG.infof(
                        "created topics %s",
                        missing.stream().map(NewTopic::name).toList());
            }
        } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                LOG.warnf("topics could not be checked, the broker may be away: %s", e.getMessage());
            }
        }
    }

    /** For questions about the topics; whoever asks closes it. */
    public Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000));
    }

    /** Which topic now bears the name, by the id that the broker gave it; empty where there is none. */
    Optional<Uuid> idOf(Admin admin, String name) throws InterruptedException, ExecutionException, TimeoutException {
        return describe(admin, name).map(TopicDescription::topicId);
    }

    /** Makes a topic of events where there is none, and mends one that is not as it has to be; its id. */
    Uuid ensure(Admin admin, String name) throws InterruptedException, ExecutionException, TimeoutException {
        Optional<TopicDescription> present = describe(admin, name);
        if (present.isEmpty()) {
            try {
                Uuid made = get(admin.createTopics(List.of(events(name))).topicId(name));
                LOG.infof("created topic %s, which was missing", name);
                return made;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
                present = describe(admin, name);
            }
        }
        TopicDescription topic = present.orElseThrow(() -> new TimeoutException("topic " + name + " is being deleted"));
        try {
            mend(admin, topic);
        } catch (ExecutionException e) {
            // Where others administer the topics, they have to see to it.
            LOG.warnf("whether topic %s is as it has to be is not known: %s", name, e.getMessage());
        }
        return topic.topicId();
    }

    private void mend(Admin admin, TopicDescription topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        String name = topic.name();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Config settings = Objects.requireNonNull(
                get(admin.describeConfigs(List.of(resource)).all()).get(resource));
        Map<String, String> wrong = new TreeMap<>(KEPT_FOR_EVER);
        wrong.entrySet().removeIf(wanted -> wanted.getValue().equals(valueOf(settings.get(wanted.getKey()))));
        if (!wrong.isEmpty()) {
            List<AlterConfigOp> changes = wrong.entrySet().stream()
                    .map(wanted -> new AlterConfigOp(
                            new ConfigEntry(wanted.getKey(), wanted.getValue()), AlterConfigOp.OpType.SET))
                    .toList();
            get(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
            LOG.warnf("topic %s had other settings than it has to have; now it has %s", name, wrong);
        }
        if (topic.partitions().size() < config.partitions()) {
            get(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(config.partitions())))
                    .all());
            LOG.warnf(
                    "topic %s had %d partitions, now it has %d",
                    name, topic.partitions().size(), config.partitions());
        }
    }

    /** Whether nothing stands on the topic, be it that nothing was ever sent or that all was deleted. */
    boolean isEmpty(Admin admin, String name) throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> partitions = describe(admin, name).stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(TopicPartitionInfo::partition)
                .map(partition -> new TopicPartition(name, partition))
                .toList();
        Map<TopicPartition, ListOffsetsResultInfo> first = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> end = offsets(admin, partitions, OffsetSpec.latest());
        return partitions.stream().allMatch(partition -> offset(first, partition) == offset(end, partition));
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition)).offset();
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        return get(admin.listOffsets(asked).all());
    }

    private static Optional<TopicDescription> describe(Admin admin, String name)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return Optional.ofNullable(
                    get(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof UnknownTopicIdException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private NewTopic events(String name) {
        return new NewTopic(name, config.partitions(), config.replication()).configs(KEPT_FOR_EVER);
    }

    private static String valueOf(@Nullable ConfigEntry entry) {
        return entry == null ? "" : entry.value();
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
