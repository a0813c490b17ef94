package dev.hindsight.conventions.operations;

import dev.hindsight.conventions.operations.Disclosure.Audience;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.StreamVerification;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** The raw stream and its verification, behind every door that shows them. */
@ApplicationScoped
public class StreamReading {

    private final EventStore store;
    private final StreamVerification verification;
    private final Disclosure disclosure;

    StreamReading(EventStore store, StreamVerification verification, Disclosure disclosure) {
        this.store = store;
        this.verification = verification;
        this.disclosure = disclosure;
    }

    /**
     * One page in the order of recording.
     *
     * @param what kind of thing was asked for, such as "incident"
     * @param asked as the client wrote it
     * @throws NotFound as a failure, where there is no such stream or who asks may not see it
     */
    public Uni<Page<EventAnswer>> events(UUID streamId, PageQuery page, String what, Object asked) {
        Audience audience = disclosure.audience();
        long after = page.cursor(1).map(cursor -> cursor.number(0)).orElse(0L);
        int limit = page.limit();
        return store.read(streamId, after, limit + 1).chain(events -> {
            if (events.isEmpty()) {
                return after == 0
                        ? Uni.createFrom().failure(new NotFound(what, asked))
                        : Uni.createFrom().item(new Page<>(List.of(), null));
            }
            return visible(audience, events.getFirst().keyId(), what, asked)
                    .chain(() -> audience.told(events))
                    .map(told -> Page.of(
                                    told,
                                    limit,
                                    last -> Cursor.of(last.event().header().sequence()))
                            .map(EventAnswer::of));
        });
    }

    /** As {@link #events}: whether the stream is as it was recorded. */
    public Uni<VerificationAnswer> verification(UUID streamId, String what, Object asked) {
        Audience audience = disclosure.audience();
        return store.read(streamId, 0, 1)
                .chain(first -> first.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : visible(audience, first.getFirst().keyId(), what, asked))
                .chain(() -> verification.verify(streamId))
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound(what, asked))
                .map(VerificationAnswer::of);
    }

    private static Uni<Void> visible(Audience audience, UUID key, String what, Object asked) {
        return audience.withheld(List.of(key))
                .chain(withheld -> withheld.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().failure(new NotFound(what, asked)));
    }
}
