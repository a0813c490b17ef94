package dev.hindsight.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An answer is kept as long as promised, and no longer. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class IdempotencyRetentionTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Inject
    EventStore store;

    @Inject
    IdempotencyRetention retention;

    @Test
    void onlyAnswersFromBeforeThatMomentAreForgotten() {
        IdempotencyKey key = new IdempotencyKey(
                "somebody", "POST", "/retention", UUID.randomUUID().toString(), new byte[32]);
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        StoredAnswer answer = new StoredAnswer(200, "1", null, null, body);
        store.append(CommandContext.automation(Instant.now(), null), List.of(), List.of(EventStore.keep(key, answer)))
                .await()
                .atMost(SOON);

        retention.forget(Instant.now().minus(Duration.ofDays(7))).await().atMost(SOON);
        assertThat(store.answerOf(key).await().atMost(SOON)).isPresent();

        assertThat(retention.forget(Instant.now().plusSeconds(60)).await().atMost(SOON))
                .isPositive();
        assertThat(store.answerOf(key).await().atMost(SOON)).isEmpty();
    }
}
