package dev.hindsight.conventions.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.IdempotencyKey;
import dev.hindsight.eventstore.StoredAnswer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers of commands on what is no stream, kept under their Idempotency-Key after the work is done. Who is cut off in
 * between finds the work done, and is told so by the command itself.
 */
@ApplicationScoped
public class KeptAnswers {

    private final EventStore store;
    private final ObjectMapper json;

    KeptAnswers(EventStore store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    /** The answer that is kept for the key of this request, else that of the work, as a 200. */
    public Uni<StoredAnswer> once(CommandContext context, Supplier<Uni<?>> work) {
        IdempotencyKey key = context.idempotencyKey();
        if (key == null) {
            return work.get().map(this::ok);
        }
        return store.answerOf(key)
                .chain(kept -> kept.map(answer -> Uni.createFrom().item(answer))
                        .orElseGet(() -> work.get().map(this::ok).chain(answer -> store.append(
                                        context, List.of(), List.of(EventStore.keep(key, answer)))
                                .replaceWith(answer)
                                .onFailure(AlreadyDone.class)
                                .recoverWithUni(() -> store.answerOf(key).map(first -> first.orElse(answer))))));
    }

    private StoredAnswer ok(Object body) {
        try {
            return new StoredAnswer(200, null, null, null, json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
