package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.faults.Doors.Answer;
import dev.hindsight.local.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BinaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a topic lost before everybody had read it is asked for by those who miss it, and sent again by its owner. */
@Order(6)
class LostRangeTest {

    private static final String TOPIC = "incident-events";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Service> READERS = List.of(Service.POSTMORTEM, Service.ACTION_ITEM, Service.METRICS);
    private static final int INCIDENTS = 12;

    private final WholeSystem system = WholeSystem.runningTwice().healthy();
    private final Doors doors = new Doors(system);
    private final Audit audit = new Audit(system);

    @Test
    void recordsThatAreDeletedInTheMiddleOfWhatIsStillToBeReadAreSentAgain() {
        lose((from, end) -> from + (end - from + 1) / 2);
    }

    @Test
    void aWholeTailThatIsDeletedBeforeItWasReadIsSentAgain() {
        lose((from, end) -> end);
    }

    /** @param upTo from where the readers are and where the topic ends, the first offset of a partition that is kept */
    private void lose(BinaryOperator<Long> upTo) {
        audit.awaitQuiet();
        List<String> incidents = new ArrayList<>();
        system.whileAway(READERS, () -> {
            Map<TopicPartition, Long> from = ends();
            for (int i = 0; i < INCIDENTS; i++) {
                incidents.add(incident());
            }
            await().atMost(PATIENCE).until(() -> audit.number(Service.INCIDENT, "select count(*) from outbox") == 0);
            Map<TopicPartition, RecordsToDelete> lost = new HashMap<>();
            ends().forEach((partition, end) -> lost.put(
                    partition, RecordsToDelete.beforeOffset(upTo.apply(from.getOrDefault(partition, 0L), end))));
            try (Admin admin = admin()) {
                admin.deleteRecords(lost).all().get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        system.healthy();
        audit.awaitQuiet();

        for (String incident : incidents) {
            assertThat(system.timelineKinds(incident)).containsExactly("DECLARED", "MESSAGE", "RESOLVED");
        }
        audit.nothingIsParked();
        audit.viewsStandWhereTheStreamsStand();
    }

    private String incident() {
        Answer declared = doors.command(
                Service.INCIDENT,
                "responder",
                "/api/v1/incidents",
                Map.of(
                        "title",
                        "Maps are blank",
                        "severity",
                        "SEV3",
                        "services",
                        List.of("maps-" + UUID.randomUUID())));
        String path = "/api/v1/incidents/" + declared.id();
        doors.command(Service.INCIDENT, "responder", path + "/messages", Map.of("text", "The tiles are gone"));
        doors.command(Service.INCIDENT, "responder", path + "/resolution", Map.of());
        return declared.id();
    }

    private Map<TopicPartition, Long> ends() {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
            admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC).partitions().stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .forEach(partition -> partitions.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(partitions).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", system.bootstrap()));
    }
}
