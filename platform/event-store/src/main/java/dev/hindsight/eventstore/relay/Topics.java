package dev.hindsight.eventstore.relay;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.EventStoreConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Creates the topics that are missing, kept for ever, before any channel connects. */
@ApplicationScoped
public class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);
    private static final int EARLY = 100;
    /** More than any event can have: requests are bounded by 1 MiB, and JSON may write a character as six. */
    static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

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
        List<String> wanted = Arrays.stream(Topic.values())
                .map(topic -> nameOf(topic.wireName()))
                .toList();
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000))) {
            Set<String> present = admin.listTopics().names().get(10, TimeUnit.SECONDS);
            List<NewTopic> missing = wanted.stream()
                    .filter(name -> !present.contains(name))
                    .map(name -> new NewTopic(name, config.partitions(), config.replication())
                            .configs(Map.of(
                                    "retention.ms",
                                    "-1",
                                    "retention.bytes",
                                    "-1",
                                    "cleanup.policy",
                                    "delete",
                                    "max.message.bytes",
                                    Integer.toString(MAX_RECORD_BYTES))))
                    .toList();
            if (!missing.isEmpty()) {
                admin.createTopics(missing).all().get(10, TimeUnit.SECONDS);
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
}
