package dev.hindsight.eventstore.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hindsight.eventstore.Pace;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final List<List<Integer>> sizes = Collections.synchronizedList(new ArrayList<>());
    private final List<CompletableFuture<Void>> ends = Collections.synchronizedList(new ArrayList<>());

    private final Rounds rounds = rounds(Duration.ZERO);

    @Test
    void aBatchThatComesAloneGoesAtOnceAndItsChannelGoesOn() {
        CompletableFuture<Void> taken = take(rounds, 3);

        assertThat(sizes).containsExactly(List.of(3));
        assertThat(taken).isCompleted();
    }

    @Test
    void whatComesDuringARoundMakesUpTheNextTogetherInItsOrder() {
        take(rounds, 1);
        take(rounds, 2);
        take(rounds, 3);
        assertThat(sizes).containsExactly(List.of(1));

        ends.getFirst().complete(null);

        assertThat(sizes).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void theChannelIsHeldUpWhileManyRecordsWaitAndGoesOnWhenTheyAreTaken() {
        take(rounds, 1);
        CompletableFuture<Void> many = take(rounds, 400);
        assertThat(many).isNotDone();

        ends.getFirst().complete(null);

        assertThat(sizes).containsExactly(List.of(1), List.of(400));
        assertThat(many).isCompleted();
    }

    @Test
    void betweenSmallRoundsOthersMayGather() {
        Rounds paced = rounds(Duration.ofMillis(200));
        take(paced, 1);
        ends.getFirst().complete(null);
        take(paced, 2);
        take(paced, 3);

        await().until(() -> sizes.size() == 2);
        assertThat(sizes).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void aLargeRoundWaitsForNobody() {
        Rounds paced = rounds(Duration.ofHours(1));
        take(paced, 1);
        ends.getFirst().complete(null);
        take(paced, 250);

        assertThat(sizes).containsExactly(List.of(1), List.of(250));
    }

    @Test
    void afterADefectTheChannelStops() {
        take(rounds, 1);
        CompletableFuture<Void> many = take(rounds, 400);

        ends.getFirst().completeExceptionally(new IllegalStateException("defect"));

        assertThat(many).isCompletedExceptionally();
        assertThat(take(rounds, 1)).isCompletedExceptionally();
        assertThat(sizes).hasSize(1);
    }

    private Rounds rounds(Duration apart) {
        return new Rounds(new Pace(apart, apart), 250, batches -> {
            sizes.add(batches.stream().map(ConsumerRecords::count).toList());
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            return Uni.createFrom().completionStage(end);
        });
    }

    private static CompletableFuture<Void> take(Rounds rounds, int count) {
        TopicPartition partition = new TopicPartition("incident-events", 0);
        List<ConsumerRecord<byte[], byte[]>> records = LongStream.range(0, count)
                .mapToObj(offset -> new ConsumerRecord<>(partition.topic(), 0, offset, new byte[0], new byte[0]))
                .toList();
        return rounds.take(new ConsumerRecords<>(Map.of(partition, records), Map.of()))
                .subscribeAsCompletionStage();
    }
}
