package dev.hindsight.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.eventstore.KeyedQueue.Waiting;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyedQueueTest {

    /** A turn that began, and ends when the test says so. */
    private record Begun(List<Waiting<String, String>> together, CompletableFuture<@Nullable Void> ending) {

        List<String> items() {
            return together.stream().map(Waiting::item).toList();
        }

        void end() {
            together.forEach(one -> one.complete("did " + one.item()));
            ending.complete(null);
        }
    }

    private final List<Begun> turns = new ArrayList<>();
    private final KeyedQueue<String, String> queue = new KeyedQueue<>(together -> {
        Begun begun = new Begun(together, new CompletableFuture<>());
        turns.add(begun);
        return Uni.createFrom().completionStage(begun.ending());
    });

    private CompletableFuture<String> come(String item, String... keys) {
        return comeAs("usual", item, keys);
    }

    private CompletableFuture<String> comeAs(String kind, String item, String... keys) {
        return queue.run(Set.of(keys), kind, item).subscribeAsCompletionStage();
    }

    private List<List<String>> begun() {
        return turns.stream().map(Begun::items).toList();
    }

    @Test
    void whoComesAloneGoesAtOnce() {
        CompletableFuture<String> a = come("a", "x");
        assertThat(begun()).containsExactly(List.of("a"));
        turns.getFirst().end();
        assertThat(a.join()).isEqualTo("did a");
    }

    @Test
    void whoComesWhileOthersWaitForTheSameSharesTheirTurn() {
        come("a", "x");
        come("b", "x");
        CompletableFuture<String> c = come("c", "x");
        assertThat(begun()).containsExactly(List.of("a"));
        turns.getFirst().end();
        assertThat(begun()).containsExactly(List.of("a"), List.of("b", "c"));
        come("d", "x");
        assertThat(begun()).hasSize(2);
        turns.get(1).end();
        assertThat(c.join()).isEqualTo("did c");
        assertThat(begun().getLast()).containsExactly("d");
    }

    @Test
    void workOnOtherKeysGoesOnSideBySide() {
        come("a", "x");
        come("b", "y");
        assertThat(begun()).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void whatIsOfAnotherKindHasATurnOfItsOwnAndNobodyIsPassed() {
        come("a", "x");
        come("b", "x");
        comeAs("other", "c", "x");
        come("d", "x");
        IntStream.range(0, 4).forEach(i -> turns.get(i).end());
        assertThat(begun()).containsExactly(List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    }

    @Test
    void whoNeedsSeveralKeysWaitsForAllAndIsPassedOnNone() {
        come("a", "x");
        come("b", "x");
        come("c", "x", "y");
        come("d", "x");
        come("e", "y");
        come("f", "x", "y");
        assertThat(begun()).containsExactly(List.of("a"));
        turns.get(0).end();
        turns.get(1).end();
        assertThat(begun().getLast()).containsExactly("c");
        turns.get(2).end();
        assertThat(begun().subList(3, 5)).containsExactlyInAnyOrder(List.of("d"), List.of("e"));
        turns.get(3).end();
        turns.get(4).end();
        assertThat(begun().getLast()).containsExactly("f");
    }

    @Test
    void whoNeedsTheSameSeveralKeysSharesTheirTurn() {
        come("a", "x");
        come("b", "x", "y");
        come("c", "y", "x");
        turns.getFirst().end();
        assertThat(begun().getLast()).containsExactly("b", "c");
    }

    @Test
    void whoNeedsNoKeyWaitsForNobody() {
        come("a");
        come("b");
        assertThat(begun()).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void aTurnIsSharedByNoMoreThanIsGoodForTheFirstOfThem() {
        come("first", "x");
        IntStream.range(0, KeyedQueue.MOST_TOGETHER + 1).forEach(i -> come("" + i, "x"));
        turns.getFirst().end();
        assertThat(begun().getLast()).hasSize(KeyedQueue.MOST_TOGETHER);
        turns.getLast().end();
        assertThat(begun().getLast()).containsExactly("" + KeyedQueue.MOST_TOGETHER);
    }

    @Test
    void workThatFailsFailsForAllWhoShareItAndTheNextBegins() {
        CompletableFuture<String> a = come("a", "x");
        CompletableFuture<String> b = come("b", "x");
        turns.getFirst().ending().completeExceptionally(new IllegalStateException("broken"));
        assertThatThrownBy(a::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(begun().getLast()).containsExactly("b");
        turns.getLast().end();
        assertThat(b.join()).isEqualTo("did b");
    }

    @Test
    void whoIsToldIsNotToldTwice() {
        CompletableFuture<String> a = come("a", "x");
        turns.getFirst().together().getFirst().complete("done");
        turns.getFirst().ending().completeExceptionally(new IllegalStateException("broken"));
        assertThat(a.join()).isEqualTo("done");
    }
}
