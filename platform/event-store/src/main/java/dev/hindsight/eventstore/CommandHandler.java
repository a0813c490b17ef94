package dev.hindsight.eventstore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.EventStore.Appended;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import dev.hindsight.eventstore.EventStore.VersionConflict;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one write path: load, verify the expected version, decide, append. A conflict with another writer loads again and
 * decides again. States of recent streams are kept in memory, but nothing is ever refused, or found to be nothing to do,
 * on a remembered state: what was recorded since is read first.
 *
 * @param <S> state of the streams
 * @param <E> their vocabulary
 */
public final class CommandHandler<S, E extends DomainEvent> {

    /** After so long somebody else is to try: the answer is 503 with Retry-After. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Two instances that met at one version meet again unless one of them waits; the longest wait after many meetings. */
    private static final Duration LONGEST_STEP_ASIDE = Duration.ofMillis(100);

    private final EventStore store;
    private final Decider<S, E> decider;
    private final KeyedQueue queue = new KeyedQueue();
    private final Cache<UUID, Loaded<S>> recent;

    /** @param remembered how many states are kept in memory */
    public CommandHandler(EventStore store, Decider<S, E> decider, int remembered) {
        this.store = store;
        this.decider = decider;
        this.recent = Caffeine.newBuilder()
                .maximumSize(remembered)
                .expireAfterAccess(Duration.ofMinutes(10))
                .build();
    }

    /**
     * What was decided for one stream.
     *
     * @param keyId the Kafka key of its events
     */
    public record Decision(UUID streamId, UUID keyId, List<NewEvent> events) {}

    /**
     * What a command wants to write.
     *
     * @param decisions new events of streams that were asked for
     * @param parts given the states after the decisions, what else commits with them
     * @param answer given the states after the decisions, the answer that an Idempotency-Key keeps; null where nobody
     *     waits for one
     */
    public record Plan<S>(
            List<Decision> decisions,
            Function<Map<UUID, Loaded<S>>, List<StatementPart>> parts,
            @Nullable Function<Map<UUID, Loaded<S>>, StoredAnswer> answer) {

        boolean isNothing() {
            return decisions.stream().allMatch(decision -> decision.events().isEmpty());
        }
    }

    /**
     * What became of a command.
     *
     * @param states of the streams, after it
     * @param answer null where the plan had none
     * @param replayed the answer was kept from an earlier request; nothing was done now
     */
    public record Outcome<S>(
            Map<UUID, Loaded<S>> states, @Nullable StoredAnswer answer, boolean replayed) {}

    /** Decides on these streams and appends what was decided, in one transaction. */
    public Uni<Outcome<S>> handle(
            Set<UUID> streams, CommandContext context, Function<Map<UUID, Loaded<S>>, Plan<S>> decide) {
        return queue.run(
                streams,
                () -> attempt(
                        new Command<>(streams, context, decide, true, System.nanoTime() + PATIENCE.toNanos()),
                        true,
                        0));
    }

    /**
     * The same, where hardly anybody will ask for these streams soon: no state of theirs takes the place of another one in
     * memory.
     */
    public Uni<Outcome<S>> handleInPassing(
            Set<UUID> streams, CommandContext context, Function<Map<UUID, Loaded<S>>, Plan<S>> decide) {
        return queue.run(
                streams,
                () -> attempt(
                        new Command<>(streams, context, decide, false, System.nanoTime() + PATIENCE.toNanos()),
                        true,
                        0));
    }

    /**
     * What is asked for.
     *
     * @param remembers whether states in memory are used and kept
     * @param deadline of trying again, as {@link System#nanoTime()} has it
     */
    private record Command<S>(
            Set<UUID> streams,
            CommandContext context,
            Function<Map<UUID, Loaded<S>>, Plan<S>> decide,
            boolean remembers,
            long deadline) {}

    /** The state of a stream as the store has it now. */
    public Uni<Loaded<S>> load(UUID streamId) {
        return store.load(streamId, decider);
    }

    private Uni<Outcome<S>> attempt(Command<S> command, boolean mayRemember, int meetings) {
        Map<UUID, Loaded<S>> remembered = command.remembers() ? recent.getAllPresent(command.streams()) : Map.of();
        boolean fromMemory = mayRemember && !remembered.isEmpty();
        CommandContext context = command.context();
        return load(command, remembered, mayRemember).chain(states -> {
            Plan<S> plan;
            try {
                verifyExpectedVersion(context, states);
                plan = command.decide().apply(states);
            } catch (RuntimeException refusal) {
                return fromMemory
                        ? again(command, meetings)
                        : keptAnswer(context)
                                .onItem()
                                .transformToUni(kept -> kept == null
                                        ? Uni.createFrom().failure(refusal)
                                        : Uni.createFrom().item(new Outcome<>(states, kept, true)));
            }
            if (fromMemory && plan.isNothing()) {
                return again(command, meetings);
            }
            return append(command, states, plan)
                    .onFailure(VersionConflict.class)
                    .recoverWithUni(() -> System.nanoTime() < command.deadline()
                            ? stepAside(meetings).chain(() -> again(command, meetings + 1))
                            : Uni.createFrom().failure(new Contended()))
                    .onFailure(CommandHandler::answeredBefore)
                    .recoverWithUni(failure -> keptAnswer(context)
                            .onItem()
                            .transformToUni(kept -> kept == null
                                    ? Uni.createFrom().failure(failure)
                                    : Uni.createFrom().item(new Outcome<>(states, kept, true))));
        });
    }

    private Uni<Outcome<S>> again(Command<S> command, int meetings) {
        return attempt(command, false, meetings);
    }

    /** Nothing at the first meeting, then a random time up to a bound that doubles. */
    private static Uni<Void> stepAside(int meetings) {
        Uni<Void> now = Uni.createFrom().voidItem();
        if (meetings == 0) {
            return now;
        }
        long bound = Math.min(LONGEST_STEP_ASIDE.toMillis(), 2L << Math.min(meetings, 10));
        return KeyedQueue.onOwnContext(now.onItem()
                .delayIt()
                .by(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, bound + 1))));
    }

    /** @param believe whether what is remembered is taken as it is */
    private Uni<Map<UUID, Loaded<S>>> load(Command<S> command, Map<UUID, Loaded<S>> remembered, boolean believe) {
        Map<UUID, Loaded<S>> states = new LinkedHashMap<>(remembered);
        Set<UUID> unknown = new LinkedHashSet<>(command.streams());
        unknown.removeAll(remembered.keySet());
        List<Uni<Map<UUID, Loaded<S>>>> reads = new ArrayList<>();
        if (unknown.size() > 1) {
            reads.add(store.load(unknown, decider));
        } else {
            unknown.forEach(stream -> reads.add(alone(store.load(stream, decider))));
        }
        if (!believe) {
            remembered.values().forEach(known -> reads.add(alone(store.reload(known, decider))));
        }
        if (reads.isEmpty()) {
            return Uni.createFrom().item(states);
        }
        return Uni.join().all(reads).andFailFast().map(found -> {
            found.forEach(states::putAll);
            if (command.remembers()) {
                states.values().forEach(this::remember);
            }
            return states;
        });
    }

    private static <S> Uni<Map<UUID, Loaded<S>>> alone(Uni<Loaded<S>> stream) {
        return stream.map(state -> Map.of(state.streamId(), state));
    }

    private void remember(Loaded<S> state) {
        if (state.exists()) {
            recent.put(state.streamId(), state);
        } else {
            recent.invalidate(state.streamId());
        }
    }

    private Uni<Outcome<S>> append(Command<S> command, Map<UUID, Loaded<S>> before, Plan<S> plan) {
        CommandContext context = command.context();
        Map<UUID, Loaded<S>> after = new LinkedHashMap<>(before);
        List<StreamAppend> appends = new ArrayList<>();
        for (Decision decision : plan.decisions()) {
            if (!decision.events().isEmpty()) {
                Loaded<S> state = Objects.requireNonNull(
                        before.get(decision.streamId()), "a decision on a stream that was not loaded");
                appends.add(new StreamAppend(decision.streamId(), decision.keyId(), state, decision.events()));
                after.put(decision.streamId(), evolve(state, decision.events(), context));
            }
        }
        List<StatementPart> parts = new ArrayList<>(plan.parts().apply(after));
        StoredAnswer answer = plan.answer() == null ? null : plan.answer().apply(after);
        IdempotencyKey key = context.idempotencyKey();
        if (key != null && answer != null) {
            parts.add(EventStore.keep(key, answer));
        }
        if (appends.isEmpty() && parts.isEmpty()) {
            return Uni.createFrom().item(new Outcome<>(after, answer, false));
        }
        return store.append(context, appends, parts).map(appended -> {
            after.replaceAll((id, state) -> recorded(state, appended));
            if (command.remembers()) {
                recent.putAll(after);
            } else {
                recent.invalidateAll(after.keySet());
            }
            return new Outcome<>(after, answer, false);
        });
    }

    private Loaded<S> evolve(Loaded<S> before, List<NewEvent> events, CommandContext context) {
        S state = before.state();
        long version = before.version();
        for (NewEvent event : events) {
            version++;
            EventHeader header = new EventHeader(
                    event.id(),
                    Vocabulary.wireNameOf(event.event()),
                    before.streamId(),
                    version,
                    event.occurredAt().truncatedTo(ChronoUnit.MICROS),
                    event.sourceOrder(),
                    context.now(),
                    event.actorOf(context),
                    context.source(),
                    context.deliveryId(),
                    context.traceparent());
            state = decider.evolve(
                    state, new Recorded<>(header, decider.vocabulary().cast(event.event())));
        }
        return new Loaded<>(before.streamId(), state, version, before.lastRecordedAt(), before.hash());
    }

    private static <S> Loaded<S> recorded(Loaded<S> state, Appended appended) {
        Instant recordedAt = appended.recordedAt().get(state.streamId());
        byte[] hash = appended.hashes().get(state.streamId());
        return recordedAt == null || hash == null
                ? state
                : new Loaded<>(state.streamId(), state.state(), state.version(), recordedAt, hash);
    }

    private static <S> void verifyExpectedVersion(CommandContext context, Map<UUID, Loaded<S>> states) {
        Long expected = context.expectedVersion();
        if (expected != null) {
            states.values().forEach(state -> {
                if (state.version() != expected) {
                    throw new StaleVersion(expected, state.version());
                }
            });
        }
    }

    private Uni<@Nullable StoredAnswer> keptAnswer(CommandContext context) {
        IdempotencyKey key = context.idempotencyKey();
        return key == null ? Uni.createFrom().nullItem() : store.answerOf(key).map(kept -> kept.orElse(null));
    }

    private static boolean answeredBefore(Throwable failure) {
        return failure instanceof AlreadyDone done && done.constraint().equals("idempotency_key");
    }

    /** For one stream: its state after the command. */
    public static <S> Loaded<S> only(Map<UUID, Loaded<S>> states) {
        return states.values().iterator().next();
    }

    /** A plan for one stream; its Kafka key is {@code keyId}. */
    public static <S> Plan<S> plan(
            UUID streamId,
            UUID keyId,
            List<NewEvent> events,
            Function<Loaded<S>, List<StatementPart>> parts,
            @Nullable Function<Loaded<S>, StoredAnswer> answer) {
        return new Plan<>(
                List.of(new Decision(streamId, keyId, events)),
                states -> parts.apply(states.get(streamId)),
                answer == null ? null : states -> answer.apply(states.get(streamId)));
    }
}
