package dev.hindsight.eventstore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.EventStore.Append;
import dev.hindsight.eventstore.EventStore.Appended;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import dev.hindsight.eventstore.EventStore.VersionConflict;
import dev.hindsight.eventstore.KeyedQueue.Waiting;
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
 * <p>Commands that wait for the same streams share an append: they are decided one after the other, each on what those before
 * it leave, and each keeps its own outcome. Nobody hears of theirs before all that it was decided on is committed; where the
 * database refuses the append, each goes again alone.
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
    private final KeyedQueue<Command<S>, Outcome<S>> queue = new KeyedQueue<>(this::inTurn);
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
        return queue.run(streams, true, new Command<>(streams, context, decide, true));
    }

    /**
     * The same, where hardly anybody will ask for these streams soon: no state of theirs takes the place of another one in
     * memory.
     */
    public Uni<Outcome<S>> handleInPassing(
            Set<UUID> streams, CommandContext context, Function<Map<UUID, Loaded<S>>, Plan<S>> decide) {
        return queue.run(streams, false, new Command<>(streams, context, decide, false));
    }

    /**
     * What is asked for.
     *
     * @param remembers whether states in memory are used and kept
     */
    private record Command<S>(
            Set<UUID> streams,
            CommandContext context,
            Function<Map<UUID, Loaded<S>>, Plan<S>> decide,
            boolean remembers) {}

    /** The state of a stream as the store has it now. */
    public Uni<Loaded<S>> load(UUID streamId) {
        return store.load(streamId, decider);
    }

    /**
     * Those who share a turn.
     *
     * @param commands in the order of arrival, at least one
     * @param deadline of trying again, as {@link System#nanoTime()} has it
     * @param meetings with other writers, so far
     */
    private record Round<S>(List<Waiting<Command<S>, Outcome<S>>> commands, long deadline, int meetings) {

        static <S> Round<S> of(List<Waiting<Command<S>, Outcome<S>>> commands) {
            return new Round<>(commands, System.nanoTime() + PATIENCE.toNanos(), 0);
        }

        /** All have the same. */
        Set<UUID> streams() {
            return commands.getFirst().item().streams();
        }

        boolean remembers() {
            return commands.getFirst().item().remembers();
        }

        Round<S> afterAnotherMeeting() {
            return new Round<>(commands, deadline, meetings + 1);
        }

        void fail(Throwable failure) {
            commands.forEach(command -> command.fail(failure));
        }
    }

    /**
     * What was decided on a command; nobody is told of it yet.
     *
     * @param plan null where it is refused
     * @param refusal null where it is not
     * @param appends events of those streams that it changes
     * @param after the states after it
     */
    private record Decided<S>(
            Waiting<Command<S>, Outcome<S>> command,
            @Nullable Plan<S> plan,
            @Nullable RuntimeException refusal,
            List<StreamAppend> appends,
            Map<UUID, Loaded<S>> after) {

        boolean changesNothing() {
            return plan == null || plan.isNothing();
        }
    }

    /**
     * What a command writes.
     *
     * @param answer null where the plan has none
     */
    private record Written(Append append, @Nullable StoredAnswer answer) {

        boolean isNothing() {
            return append.streams().isEmpty() && append.parts().isEmpty();
        }

        boolean sharesItsStream() {
            return append.parts().stream().allMatch(StatementPart::sharesItsStream);
        }
    }

    private Uni<Void> inTurn(List<Waiting<Command<S>, Outcome<S>>> commands) {
        return attempt(Round.of(commands), true);
    }

    /** Each command is told what became of it; a failure, too, and so this has none. */
    private Uni<Void> attempt(Round<S> round, boolean mayRemember) {
        Map<UUID, Loaded<S>> remembered = round.remembers() ? recent.getAllPresent(round.streams()) : Map.of();
        boolean fromMemory = mayRemember && !remembered.isEmpty();
        return telling(round, load(round, remembered, mayRemember).chain(states -> {
            List<Decided<S>> decided = decide(round, states);
            return fromMemory && decided.stream().anyMatch(Decided::changesNothing)
                    ? attempt(round, false)
                    : write(round, states, decided);
        }));
    }

    private static <S> Uni<Void> telling(Round<S> round, Uni<Void> work) {
        return work.onFailure().invoke(round::fail).onFailure().recoverWithNull();
    }

    /** One after the other, each on what those before it leave. */
    private List<Decided<S>> decide(Round<S> round, Map<UUID, Loaded<S>> stored) {
        List<Decided<S>> all = new ArrayList<>(round.commands().size());
        Map<UUID, Loaded<S>> states = stored;
        for (Waiting<Command<S>, Outcome<S>> command : round.commands()) {
            Decided<S> decided = decide(command, states);
            all.add(decided);
            states = decided.after();
        }
        return all;
    }

    private Decided<S> decide(Waiting<Command<S>, Outcome<S>> waiting, Map<UUID, Loaded<S>> before) {
        Command<S> command = waiting.item();
        try {
            verifyExpectedVersion(command.context(), before);
            Plan<S> plan = command.decide().apply(before);
            Map<UUID, Loaded<S>> after = new LinkedHashMap<>(before);
            List<StreamAppend> appends = new ArrayList<>();
            for (Decision decision : plan.decisions()) {
                if (!decision.events().isEmpty()) {
                    Loaded<S> state = Objects.requireNonNull(
                            before.get(decision.streamId()), "a decision on a stream that was not loaded");
                    appends.add(new StreamAppend(decision.streamId(), decision.keyId(), state, decision.events()));
                    after.put(decision.streamId(), evolve(state, decision.events(), command.context()));
                }
            }
            return new Decided<>(waiting, plan, null, appends, after);
        } catch (RuntimeException refusal) {
            return new Decided<>(waiting, null, refusal, List.of(), before);
        }
    }

    /** Writes what may go in one statement; what may not, and all that comes after it, is decided again behind it. */
    private Uni<Void> write(Round<S> round, Map<UUID, Loaded<S>> before, List<Decided<S>> decided) {
        List<Written> writes = new ArrayList<>();
        int writers = 0;
        boolean mayBeJoined = true;
        for (Decided<S> one : decided) {
            Written written;
            try {
                written = written(one);
            } catch (RuntimeException failure) {
                if (round.commands().size() > 1) {
                    return eachAlone(round);
                }
                return Uni.createFrom().failure(failure);
            }
            if (!written.isNothing()) {
                mayBeJoined &= written.sharesItsStream();
                if (writers > 0 && !mayBeJoined) {
                    break;
                }
                writers++;
            }
            writes.add(written);
        }
        int together = writes.size();
        Round<S> head = new Round<>(round.commands().subList(0, together), round.deadline(), round.meetings());
        Uni<Void> done = telling(head, commit(head, before, decided.subList(0, together), writes));
        return together == decided.size()
                ? done
                : done.chain(() -> inTurn(
                        round.commands().subList(together, round.commands().size())));
    }

    private Written written(Decided<S> decided) {
        CommandContext context = decided.command().item().context();
        Plan<S> plan = decided.plan();
        if (plan == null) {
            return new Written(new Append(context, List.of(), List.of()), null);
        }
        List<StatementPart> parts = new ArrayList<>(plan.parts().apply(decided.after()));
        StoredAnswer answer = plan.answer() == null ? null : plan.answer().apply(decided.after());
        IdempotencyKey key = context.idempotencyKey();
        if (key != null && answer != null) {
            parts.add(EventStore.keep(key, answer));
        }
        return new Written(new Append(context, decided.appends(), parts), answer);
    }

    private Uni<Void> commit(
            Round<S> round, Map<UUID, Loaded<S>> before, List<Decided<S>> decided, List<Written> writes) {
        List<Append> appends = writes.stream()
                .filter(written -> !written.isNothing())
                .map(Written::append)
                .toList();
        if (appends.isEmpty()) {
            return tell(decided, writes, Map.of());
        }
        return store.append(appends).onItemOrFailure().transformToUni((appended, failure) -> {
            if (failure == null) {
                return tell(decided, writes, remember(round, decided.getLast().after(), appended));
            }
            if (failure instanceof VersionConflict) {
                return System.nanoTime() < round.deadline()
                        ? stepAside(round.meetings()).chain(() -> attempt(round.afterAnotherMeeting(), false))
                        : Uni.createFrom().failure(new Contended());
            }
            if (round.commands().size() > 1
                    && (failure instanceof AlreadyDone || SharedStatements.isOfContent(failure))) {
                return eachAlone(round);
            }
            return answeredBefore(failure) && round.commands().size() == 1
                    ? replay(round.commands().getFirst(), before, failure)
                    : Uni.createFrom().failure(failure);
        });
    }

    /** One of them is to blame, and nothing was written: so that it spoils nothing for the others. */
    private Uni<Void> eachAlone(Round<S> round) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (Waiting<Command<S>, Outcome<S>> command : round.commands()) {
            done = done.chain(() -> inTurn(List.of(command)));
        }
        return done;
    }

    /** The states as they stand in the store now. */
    private Map<UUID, Loaded<S>> remember(Round<S> round, Map<UUID, Loaded<S>> after, Appended appended) {
        Map<UUID, Loaded<S>> newest = new LinkedHashMap<>(after);
        newest.replaceAll((id, state) -> recorded(state, appended));
        if (round.remembers()) {
            recent.putAll(newest);
        } else {
            recent.invalidateAll(newest.keySet());
        }
        return newest;
    }

    /** @param newest states as they stand in the store now, with their hashes; none where nothing was written */
    private Uni<Void> tell(List<Decided<S>> decided, List<Written> writes, Map<UUID, Loaded<S>> newest) {
        List<Uni<Void>> refused = new ArrayList<>();
        for (int i = 0; i < decided.size(); i++) {
            Decided<S> one = decided.get(i);
            RuntimeException refusal = one.refusal();
            if (refusal != null) {
                refused.add(replay(one.command(), one.after(), refusal));
                continue;
            }
            Map<UUID, Loaded<S>> states = new LinkedHashMap<>(one.after());
            states.replaceAll((id, state) -> {
                Loaded<S> stored = newest.get(id);
                return stored != null && stored.version() == state.version() ? stored : state;
            });
            one.command().complete(new Outcome<>(states, writes.get(i).answer(), false));
        }
        return refused.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(refused).andCollectFailures().replaceWithVoid();
    }

    /** What was answered to the same request before, if it was; else the failure. */
    private Uni<Void> replay(Waiting<Command<S>, Outcome<S>> command, Map<UUID, Loaded<S>> states, Throwable failure) {
        return keptAnswer(command.item().context()).onItemOrFailure().transform((kept, trouble) -> {
            if (trouble != null) {
                command.fail(trouble);
            } else if (kept == null) {
                command.fail(failure);
            } else {
                command.complete(new Outcome<>(states, kept, true));
            }
            return null;
        });
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
    private Uni<Map<UUID, Loaded<S>>> load(Round<S> round, Map<UUID, Loaded<S>> remembered, boolean believe) {
        Map<UUID, Loaded<S>> states = new LinkedHashMap<>(remembered);
        Set<UUID> unknown = new LinkedHashSet<>(round.streams());
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
            if (round.remembers()) {
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
