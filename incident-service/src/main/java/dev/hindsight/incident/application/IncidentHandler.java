package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.AccessChanges;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.observability.Trace;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Decision;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.IdempotencyKeyReused;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.Position;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.domain.Incident.NewFact;
import dev.hindsight.incident.domain.IncidentCommand;
import dev.hindsight.incident.view.AlertRows;
import dev.hindsight.incident.view.AlertRows.Belonging;
import dev.hindsight.incident.view.AlertRows.Turn;
import dev.hindsight.incident.view.CalendarQueries.Judge;
import dev.hindsight.incident.view.IncidentRow;
import dev.hindsight.incident.view.LinkRows;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The only write path of incidents: load, decide, append. */
@ApplicationScoped
public class IncidentHandler {

    private static final Logger LOG = Logger.getLogger(IncidentHandler.class);

    static final Decider<Incident, IncidentEvent> DECIDER = new Decider<>() {
        @Override
        public Incident initial() {
            return Incident.UNKNOWN;
        }

        @Override
        public Incident evolve(Incident state, Recorded<IncidentEvent> fact) {
            return Incident.evolve(state, fact);
        }

        @Override
        public Class<IncidentEvent> vocabulary() {
            return IncidentEvent.class;
        }
    };

    private final EventStore store;
    private final CommandHandler<Incident, IncidentEvent> handler;
    private final Catalog catalog;
    private final ReferenceNumbers numbers;
    private final Access access;
    private final PageJudgement pages;
    private final Event<MaySuspect> suspicion;
    private final IncidentRow row;

    IncidentHandler(
            EventStore store,
            EventStoreConfig config,
            Catalog catalog,
            ReferenceNumbers numbers,
            Access access,
            PageJudgement pages,
            Event<MaySuspect> suspicion,
            ObjectMapper json) {
        this.store = store;
        this.handler = new CommandHandler<>(store, DECIDER, config.remembered());
        this.catalog = catalog;
        this.numbers = numbers;
        this.access = access;
        this.pages = pages;
        this.suspicion = suspicion;
        this.row = new IncidentRow(json);
    }

    /** The incident as it was known at that moment; it need not have been known at all. Who may see it is for the caller. */
    public Uni<Loaded<Incident>> asOf(UUID id, Instant moment) {
        return store.loadAsOf(id, DECIDER, moment);
    }

    /** Declares a new incident; the command is built with its reference. */
    public Uni<Outcome<Incident>> declare(
            UUID id,
            Function<String, IncidentCommand.Declare> command,
            Learned learned,
            Reader reader,
            CommandContext context,
            Function<Loaded<Incident>, StoredAnswer> answer) {
        return withReference(reference -> handle(id, incident -> command.apply(reference), learned, context, answer))
                // A repetition is answered with the incident that it declared the first time, if it may be seen still.
                .call(outcome -> outcome.replayed()
                        ? seen(outcome, reader)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> seen(Outcome<Incident> outcome, Reader reader) {
        UUID declared = Position.parse(Objects.requireNonNull(
                        Objects.requireNonNull(outcome.answer()).position()))
                .orElseThrow()
                .streamId();
        return access.require(reader, declared, "incident", declared);
    }

    /**
     * Gives a command to an incident that exists, and that the reader may see.
     *
     * <p>The state that is decided on tells most readers apart, so that this costs nothing where nothing is restricted. Who
     * is none of its participants by the incident's own events may still be one by an action item or under another person's
     * id; and no refusal, and no answer that was kept for a repetition, goes to somebody who may not see it (any more).
     *
     * @throws NotFound as a failure, where there is none of that id, or none for this reader
     */
    public Uni<Outcome<Incident>> command(
            UUID id,
            IncidentCommand command,
            Learned learned,
            Reader reader,
            CommandContext context,
            Function<Loaded<Incident>, StoredAnswer> answer) {
        return pages.judge(List.of(command))
                .chain(judge ->
                        commandJudged(id, PageJudgement.judged(command, judge), learned, reader, context, answer));
    }

    private Uni<Outcome<Incident>> commandJudged(
            UUID id,
            IncidentCommand command,
            Learned learned,
            Reader reader,
            CommandContext context,
            Function<Loaded<Incident>, StoredAnswer> answer) {
        return whereSeen(
                id,
                reader,
                look -> handle(
                        id,
                        incident -> {
                            look.accept(incident);
                            return command;
                        },
                        learned,
                        context,
                        answer));
    }

    /**
     * Makes an incident part of another one. It is decided on both, and recorded in both: of two merges that cross, the second
     * meets the first, and is refused.
     *
     * @param into that the reader may see
     * @throws NotFound as a failure, where there is none of that id, or none for this reader
     */
    public Uni<Outcome<Incident>> merge(
            UUID id,
            UUID into,
            Instant occurredAt,
            Learned learned,
            Reader reader,
            CommandContext context,
            Function<Loaded<Incident>, StoredAnswer> answer) {
        Trace.about(id);
        // If-Match speaks of the one that is merged, and not of both.
        CommandContext ofBoth = new CommandContext(
                context.actor(),
                context.source(),
                context.now(),
                null,
                context.idempotencyKey(),
                context.deliveryId(),
                context.traceparent());
        return whereSeen(id, reader, look -> {
            Moves moves = new Moves();
            return handler.handle(Set.of(id, into), ofBoth, states -> {
                        Loaded<Incident> part = Objects.requireNonNull(states.get(id));
                        Loaded<Incident> whole = Objects.requireNonNull(states.get(into));
                        look.accept(part.state());
                        Long expected = context.expectedVersion();
                        if (expected != null && expected != part.version()) {
                            throw new StaleVersion(expected, part.version());
                        }
                        states.forEach((stream, loaded) -> moves.from(stream, loaded.state()));
                        List<Decision> decisions = List.of(
                                merging(part, new IncidentCommand.Merge(into, occurredAt), context),
                                merging(whole, new IncidentCommand.TakeIn(occurredAt), context));
                        return new Plan<Incident>(
                                decisions,
                                after -> {
                                    List<StatementPart> parts = new ArrayList<>(catalog.parts(learned, context));
                                    parts.add(row.write(changed(after, decisions)));
                                    parts.addAll(
                                            LinkRows.changed(List.copyOf(states.values()), changed(after, decisions)));
                                    parts.addAll(accessParts(after, decisions));
                                    return parts;
                                },
                                after -> answer.apply(Objects.requireNonNull(after.get(id))));
                    })
                    .invoke(outcome -> {
                        if (!outcome.replayed()) {
                            catalog.committed(learned);
                            tell(moves, outcome);
                        }
                        moves.log(outcome);
                    });
        });
    }

    private static Decision merging(Loaded<Incident> incident, IncidentCommand command, CommandContext context) {
        return new Decision(
                incident.streamId(),
                incident.streamId(),
                newEvents(Incident.decide(incident.state(), command, person(context)), null));
    }

    /** @param work that looks at the incident before it decides on it */
    private Uni<Outcome<Incident>> whereSeen(
            UUID id, Reader reader, Function<Consumer<Incident>, Uni<Outcome<Incident>>> work) {
        return work.apply(incident -> {
                    if (!incident.exists()) {
                        throw new NotFound("incident", id);
                    }
                    if (!isSeen(incident, reader)) {
                        throw new PerhapsHidden();
                    }
                })
                // Where there is none, no version is stale: the same answer as where it is hidden.
                .onFailure(failure -> failure instanceof StaleVersion stale && stale.actual() == 0)
                .transform(stale -> new NotFound("incident", id))
                .onFailure(PerhapsHidden.class)
                .recoverWithUni(
                        () -> access.require(reader, id, "incident", id).chain(() -> work.apply(incident -> {})))
                .onFailure(IncidentHandler::wroteNothing)
                .recoverWithUni(refusal -> access.require(reader, id, "incident", id)
                        .chain(() -> Uni.createFrom().failure(refusal)))
                .call(outcome -> outcome.replayed()
                        ? access.require(reader, id, "incident", id)
                        : Uni.createFrom().voidItem());
    }

    private static boolean isSeen(Incident incident, Reader reader) {
        UUID person = reader.personId();
        return incident.visibility() == Visibility.INTERNAL
                || reader.seesAll()
                || person != null && incident.hasParticipant(person);
    }

    /** The incident's own events do not make the reader a participant; others may. */
    private static final class PerhapsHidden extends RuntimeException {
        PerhapsHidden() {
            super("perhaps hidden", null, false, false);
        }
    }

    private Uni<Outcome<Incident>> handle(
            UUID id,
            Function<Incident, IncidentCommand> command,
            Learned learned,
            CommandContext context,
            @Nullable Function<Loaded<Incident>, StoredAnswer> answer) {
        Trace.about(id);
        Moves moves = new Moves();
        return handler.handle(Set.of(id), context, states -> {
                    Loaded<Incident> before = CommandHandler.only(states);
                    Incident incident = before.state();
                    moves.from(id, incident);
                    List<NewFact> facts = Incident.decide(incident, command.apply(incident), person(context));
                    List<NewEvent> events = newEvents(facts, null);
                    moves.write = !events.isEmpty();
                    return CommandHandler.plan(
                            id,
                            id,
                            events,
                            after -> events.isEmpty()
                                    ? List.of()
                                    : parts(before, after, events, catalog.parts(learned, context)),
                            answer);
                })
                .invoke(outcome -> {
                    if (moves.write) {
                        catalog.committed(learned);
                        tell(moves, outcome);
                    }
                    moves.log(outcome);
                });
    }

    /** Gives a command to an incident in answer to what happened; one that was never declared is left alone. */
    public Uni<Void> byItself(UUID id, IncidentCommand command, CommandContext context) {
        return handle(
                        id,
                        incident -> {
                            if (!incident.exists()) {
                                throw new NotFound("incident", id);
                            }
                            return command;
                        },
                        new Learned(),
                        context,
                        null)
                .replaceWithVoid();
    }

    /**
     * What a person asks for through a tool.
     *
     * @param declares whether the incident is to be new
     * @param commands built with a reference, in case it is
     */
    public record Ordered(boolean declares, Function<String, List<IncidentCommand>> commands) {}

    /**
     * Gives the commands that one delivery carries, one after the other and in one transaction with it. What was done before for
     * the same delivery is not done again.
     *
     * @param delivery its row, given whether anything changes
     * @throws NotFound as a failure, where there is no such incident
     * @throws Refused as a failure, where one of them is; then nothing is written
     */
    public Uni<Outcome<Incident>> inChat(
            UUID id,
            Ordered ordered,
            Learned learned,
            CommandContext context,
            Function<Boolean, StatementPart> delivery) {
        UUID base = StreamIds.named(Objects.requireNonNull(context.deliveryId()), "order");
        return ordered.declares()
                ? numbers.take().chain(number -> inChat(
                                id, ordered, ReferenceNumbers.reference(number), base, learned, context, delivery)
                        .invoke(outcome -> giveBackUnused(CommandHandler.only(outcome.states()), Map.of(id, number)))
                        .onFailure(IncidentHandler::wroteNothing)
                        .invoke(() -> numbers.giveBack(number)))
                : inChat(id, ordered, "", base, learned, context, delivery);
    }

    private Uni<Outcome<Incident>> inChat(
            UUID id,
            Ordered ordered,
            String reference,
            UUID base,
            Learned learned,
            CommandContext context,
            Function<Boolean, StatementPart> delivery) {
        Trace.about(id);
        Moves moves = new Moves();
        return handler.handle(Set.of(id), context, states -> {
                    Loaded<Incident> before = CommandHandler.only(states);
                    Incident incident = before.state();
                    moves.from(id, incident);
                    if (!incident.exists() && !ordered.declares()) {
                        throw new NotFound("incident", id);
                    }
                    List<NewEvent> events = new ArrayList<>();
                    if (!incident.known().contains(StreamIds.named(base, "0"))) {
                        for (IncidentCommand command : ordered.commands().apply(reference)) {
                            List<NewFact> facts = Incident.decide(incident, command, person(context));
                            incident = incident.taking(facts);
                            for (NewFact fact : facts) {
                                events.add(new NewEvent(
                                        StreamIds.named(base, "" + events.size()),
                                        fact.event(),
                                        fact.occurredAt(),
                                        fact.sourceOrder()));
                            }
                        }
                    }
                    moves.write = !events.isEmpty();
                    return CommandHandler.plan(
                            id,
                            id,
                            events,
                            after -> {
                                List<StatementPart> parts = events.isEmpty()
                                        ? new ArrayList<>()
                                        : parts(before, after, events, catalog.parts(learned, context));
                                parts.add(delivery.apply(!events.isEmpty()));
                                return parts;
                            },
                            null);
                })
                .invoke(outcome -> {
                    if (moves.write) {
                        catalog.committed(learned);
                        tell(moves, outcome);
                    }
                    moves.log(outcome);
                });
    }

    /** Whoever looks for deploys that went before is told where there may be something to find. */
    private void tell(Moves moves, Outcome<Incident> outcome) {
        Set<UUID> changed = moves.otherwiseSuspicious(outcome.states());
        if (!changed.isEmpty()) {
            suspicion.fire(MaySuspect.incidents(changed));
        }
    }

    /**
     * What a tool told of one incident.
     *
     * @param command built with a reference, in case the incident is new
     * @param turn taken where the incident is new; null where nobody else can declare another one in its place
     */
    public record Observation(
            UUID incidentId,
            Function<String, IncidentCommand.Observe> command,
            @Nullable Turn turn) {}

    /**
     * What became of a delivery's facts.
     *
     * @param isNews at least one fact was not known before
     * @param incidents that it spoke of and that there are, in its order
     */
    public record Observations(boolean isNews, List<UUID> incidents) {}

    /**
     * One delivery on its way in.
     *
     * @param observations what it tells
     * @param learned whom and what it speaks of
     * @param row of the delivery, given what became of its facts
     */
    public record Telling(
            List<Observation> observations,
            Learned learned,
            CommandContext context,
            Function<Observations, StatementPart> row) {

        private Set<UUID> incidents() {
            Set<UUID> incidents = new LinkedHashSet<>();
            observations.forEach(observation -> incidents.add(observation.incidentId()));
            return incidents;
        }
    }

    /**
     * Records what a tool told, together with the delivery that told it, in one transaction. Fails with what
     * {@link AlertRows#wereTaken} knows where an alert was routed elsewhere in the meantime.
     */
    public Uni<Outcome<Incident>> observe(Telling telling) {
        return observe(List.of(telling)).getFirst();
    }

    /**
     * The same for several deliveries at once: each has its own outcome, and those that tell of the same incidents are recorded
     * together where that is possible. They are decided in the order of subscription; all have to be subscribed to.
     */
    public List<Uni<Outcome<Incident>>> observe(List<Telling> tellings) {
        Numbered numbered = new Numbered(tellings.size());
        Uni<Judge> ready = pages.judge(tellings.stream()
                        .flatMap(telling -> telling.observations().stream())
                        .map(observation -> observation.command().apply(""))
                        .toList())
                .call(() -> takeReferences(tellings.stream()
                                .flatMap(telling -> telling.incidents().stream())
                                .distinct()
                                .toList())
                        .invoke(numbered.references::putAll))
                .memoize()
                .indefinitely();
        return tellings.stream()
                .map(telling -> ready.chain(judge -> observe(telling, judge, numbered)))
                .toList();
    }

    /** Reference numbers that several deliveries took together. */
    private final class Numbered {

        private final Map<UUID, Long> references = new LinkedHashMap<>();
        private final Set<UUID> used = new LinkedHashSet<>();
        private int left;

        Numbered(int deliveries) {
            this.left = deliveries;
        }

        String reference(UUID incident) {
            return ReferenceNumbers.reference(Objects.requireNonNull(references.get(incident)));
        }

        synchronized void endedWell(Outcome<Incident> outcome) {
            outcome.states().forEach((id, state) -> {
                if (references.containsKey(id)
                        && state.state().declaration() != null
                        && state.state().declaration().reference().equals(reference(id))) {
                    used.add(id);
                }
            });
            ended();
        }

        synchronized void endedBadly(Set<UUID> incidents, Throwable failure) {
            if (!wroteNothing(failure)) {
                used.addAll(incidents);
            }
            ended();
        }

        /** What none of them needed is given back, once. */
        private void ended() {
            left--;
            if (left == 0) {
                references.forEach((id, number) -> {
                    if (!used.contains(id)) {
                        numbers.giveBack(number);
                    }
                });
            }
        }
    }

    private Uni<Outcome<Incident>> observe(Telling telling, Judge judge, Numbered numbered) {
        Set<UUID> streams = telling.incidents();
        List<UUID> incidents = List.copyOf(streams);
        CommandContext context = telling.context();
        Moves moves = new Moves();
        return handler.handle(streams, context, states -> {
                    Map<UUID, List<NewEvent>> events = new LinkedHashMap<>();
                    Map<UUID, Incident> current = new LinkedHashMap<>();
                    for (Observation observation : telling.observations()) {
                        UUID id = observation.incidentId();
                        Loaded<Incident> loaded = Objects.requireNonNull(states.get(id));
                        Incident incident = current.getOrDefault(id, loaded.state());
                        moves.from(id, loaded.state());
                        IncidentCommand.Observe command =
                                PageJudgement.judged(observation.command().apply(numbered.reference(id)), judge);
                        List<NewFact> facts = Incident.decide(incident, command, person(context));
                        current.put(id, incident.taking(facts));
                        events.computeIfAbsent(id, ignored -> new ArrayList<>())
                                .addAll(newEvents(facts, command.factId()));
                    }
                    boolean news = events.values().stream().anyMatch(list -> !list.isEmpty());
                    List<Decision> decisions = events.entrySet().stream()
                            .map(stream -> new Decision(stream.getKey(), stream.getKey(), stream.getValue()))
                            .toList();
                    return new Plan<Incident>(
                            decisions,
                            after -> {
                                List<StatementPart> parts = new ArrayList<>(catalog.parts(telling.learned(), context));
                                if (news) {
                                    parts.add(row.write(changed(after, decisions)));
                                    parts.addAll(
                                            LinkRows.changed(List.copyOf(states.values()), changed(after, decisions)));
                                    parts.addAll(routed(telling.observations(), states, after, decisions));
                                    parts.addAll(accessParts(after, decisions));
                                }
                                parts.add(telling.row().apply(new Observations(news, thatExist(incidents, after))));
                                return parts;
                            },
                            null);
                })
                .invoke(outcome -> {
                    catalog.committed(telling.learned());
                    tell(moves, outcome);
                    moves.log(outcome);
                    numbered.endedWell(outcome);
                })
                .onFailure()
                .invoke(failure -> numbered.endedBadly(streams, failure));
    }

    private static List<UUID> thatExist(List<UUID> incidents, Map<UUID, Loaded<Incident>> after) {
        return incidents.stream()
                .filter(id -> Objects.requireNonNull(after.get(id)).state().exists())
                .toList();
    }

    /**
     * The past of an incident, as another system tells it.
     *
     * @param command built with a reference, in case the incident is new
     * @param learned whom and what it speaks of
     */
    public record Past(UUID incidentId, Function<String, IncidentCommand.Import> command, Learned learned) {}

    /**
     * Imports several incidents' past in one transaction. What is recorded of it already changes nothing; nobody's state in
     * memory gives way to what hardly anybody will ask for.
     *
     * @param context of all of them: {@link EventHeader#fromImport}
     * @return how many facts of each were new
     */
    public Uni<List<Integer>> remember(List<Past> pasts, CommandContext context) {
        List<UUID> incidents = pasts.stream().map(Past::incidentId).distinct().toList();
        return takeReferences(incidents).chain(references -> {
            List<Integer> news = new ArrayList<>();
            Learned learned = Learned.nothing();
            return handler.handleInPassing(Set.copyOf(incidents), context, states -> {
                        news.clear();
                        Map<UUID, List<NewEvent>> events = new LinkedHashMap<>();
                        Map<UUID, Incident> current = new HashMap<>();
                        for (Past past : pasts) {
                            UUID id = past.incidentId();
                            Incident incident = current.getOrDefault(
                                    id, Objects.requireNonNull(states.get(id)).state());
                            List<NewFact> facts = Incident.decide(
                                    incident,
                                    past.command()
                                            .apply(ReferenceNumbers.reference(
                                                    Objects.requireNonNull(references.get(id)))),
                                    null);
                            news.add(facts.size());
                            if (!facts.isEmpty()) {
                                current.put(id, incident.taking(facts));
                                learned.and(past.learned());
                                events.computeIfAbsent(id, ignored -> new ArrayList<>())
                                        .addAll(newEvents(facts, null));
                            }
                        }
                        List<Decision> decisions = events.entrySet().stream()
                                .map(stream -> new Decision(stream.getKey(), stream.getKey(), stream.getValue()))
                                .toList();
                        return new Plan<Incident>(
                                decisions, after -> remembered(after, decisions, learned, context), null);
                    })
                    .invoke(outcome -> {
                        catalog.committed(learned);
                        outcome.states().values().forEach(state -> giveBackUnused(state, references));
                    })
                    .map(outcome -> List.copyOf(news))
                    .onFailure(IncidentHandler::wroteNothing)
                    .invoke(() -> references.values().forEach(numbers::giveBack));
        });
    }

    private List<StatementPart> remembered(
            Map<UUID, Loaded<Incident>> after, List<Decision> decisions, Learned learned, CommandContext context) {
        if (decisions.isEmpty()) {
            return List.of();
        }
        List<StatementPart> parts = new ArrayList<>(catalog.parts(learned, context));
        parts.add(row.write(changed(after, decisions)));
        parts.addAll(accessParts(after, decisions));
        return parts;
    }

    private Uni<Map<UUID, Long>> takeReferences(List<UUID> incidents) {
        if (incidents.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return numbers.take(incidents.size()).map(taken -> {
            Map<UUID, Long> references = new LinkedHashMap<>();
            for (int i = 0; i < incidents.size(); i++) {
                references.put(incidents.get(i), taken.get(i));
            }
            return references;
        });
    }

    private void giveBackUnused(Loaded<Incident> state, Map<UUID, Long> references) {
        Long number = references.get(state.streamId());
        if (number != null
                && (state.state().declaration() == null
                        || !state.state().declaration().reference().equals(ReferenceNumbers.reference(number)))) {
            numbers.giveBack(number);
        }
    }

    private Uni<Outcome<Incident>> withReference(Function<String, Uni<Outcome<Incident>>> work) {
        return numbers.take().chain(number -> work.apply(ReferenceNumbers.reference(number))
                .invoke(outcome -> {
                    if (outcome.replayed()) {
                        numbers.giveBack(number);
                    }
                })
                .onFailure(IncidentHandler::wroteNothing)
                .invoke(() -> numbers.giveBack(number)));
    }

    /** Only then may a number be given to another incident: a lost connection may have lost the answer to a commit. */
    private static boolean wroteNothing(Throwable failure) {
        return failure instanceof Refused
                || failure instanceof Invalid
                || failure instanceof NotFound
                || failure instanceof StaleVersion
                || failure instanceof IdempotencyKeyReused
                || failure instanceof AlreadyDone
                || failure instanceof Contended;
    }

    private static List<Loaded<Incident>> changed(Map<UUID, Loaded<Incident>> after, List<Decision> decisions) {
        return decisions.stream()
                .filter(decision -> !decision.events().isEmpty())
                .map(decision -> Objects.requireNonNull(after.get(decision.streamId())))
                .toList();
    }

    /** Which new alerts belong where, and the turns of those that declared their incident. */
    private static List<StatementPart> routed(
            List<Observation> observations,
            Map<UUID, Loaded<Incident>> before,
            Map<UUID, Loaded<Incident>> after,
            List<Decision> decisions) {
        Map<String, Belonging> alerts = new LinkedHashMap<>();
        Set<Turn> turns = new LinkedHashSet<>();
        for (Decision decision : decisions) {
            Incident was =
                    Objects.requireNonNull(before.get(decision.streamId())).state();
            Incident is = Objects.requireNonNull(after.get(decision.streamId())).state();
            for (NewEvent event : decision.events()) {
                String key =
                        switch (event.event()) {
                            case IncidentEvent.AlertFired e -> e.alert().key();
                            case IncidentEvent.AlertResolved e -> e.alert().key();
                            default -> null;
                        };
                if (key != null && !was.facts().knows(key)) {
                    alerts.put(
                            key,
                            new Belonging(key, decision.streamId(), is.sources().contains(key)));
                }
            }
            if (!was.exists() && is.exists()) {
                observations.stream()
                        .filter(observation -> observation.incidentId().equals(decision.streamId()))
                        .map(Observation::turn)
                        .filter(Objects::nonNull)
                        .forEach(turns::add);
            }
        }
        List<StatementPart> parts = new ArrayList<>();
        if (!alerts.isEmpty()) {
            parts.add(AlertRows.belonging(List.copyOf(alerts.values())));
        }
        if (!turns.isEmpty()) {
            parts.add(AlertRows.taken(List.copyOf(turns)));
        }
        return parts;
    }

    private List<StatementPart> parts(
            Loaded<Incident> before, Loaded<Incident> after, List<NewEvent> events, List<StatementPart> learned) {
        List<StatementPart> parts = new ArrayList<>();
        parts.add(row.write(List.of(after)));
        parts.addAll(LinkRows.changed(List.of(before), List.of(after)));
        parts.addAll(AccessChanges.none()
                .and(after.streamId(), after.version(), events)
                .parts());
        parts.addAll(learned);
        return parts;
    }

    private static @Nullable UUID person(CommandContext context) {
        return EventHeader.personIn(context.actor());
    }

    private static List<StatementPart> accessParts(Map<UUID, Loaded<Incident>> after, List<Decision> decisions) {
        AccessChanges changes = AccessChanges.none();
        for (Decision decision : decisions) {
            UUID id = decision.streamId();
            changes.and(id, Objects.requireNonNull(after.get(id)).version(), decision.events());
        }
        return changes.parts();
    }

    private static List<NewEvent> newEvents(List<NewFact> facts, @Nullable UUID factId) {
        List<NewEvent> events = new ArrayList<>(facts.size());
        for (NewFact fact : facts) {
            UUID id = fact.factId() != null
                    ? fact.factId()
                    : factId != null ? StreamIds.named(factId, "declared") : StreamIds.next();
            UUID person = fact.person();
            events.add(new NewEvent(
                    id,
                    fact.event(),
                    fact.occurredAt(),
                    fact.sourceOrder(),
                    person == null ? null : person.toString()));
        }
        return events;
    }

    /** Tells the log where incidents went, one line a move. */
    private static final class Moves {

        private final Map<UUID, Incident> before = new HashMap<>();
        private boolean write;

        void from(UUID id, Incident incident) {
            before.put(id, incident);
        }

        /** Those whose services or beginning are other than before. */
        Set<UUID> otherwiseSuspicious(Map<UUID, Loaded<Incident>> after) {
            Set<UUID> changed = new LinkedHashSet<>();
            after.forEach((id, loaded) -> {
                Incident was = before.getOrDefault(id, Incident.UNKNOWN);
                Incident is = loaded.state();
                if (is.exists()
                        && !is.currentServices().isEmpty()
                        && !is.suspicious().equals(was.suspicious())) {
                    changed.add(id);
                }
            });
            return changed;
        }

        void log(Outcome<Incident> outcome) {
            if (outcome.replayed()) {
                return;
            }
            outcome.states().forEach((id, after) -> {
                Incident incident = after.state();
                Lifecycle was = before.getOrDefault(id, Incident.UNKNOWN).lifecycle();
                Incident.Declaration declaration = incident.declaration();
                boolean declared = was.milestones().declared() == null;
                if (declaration != null
                        && (declared || was.status() != incident.lifecycle().status())) {
                    Trace.about(id);
                    LOG.infof(
                            "%s is %s at version %d",
                            declaration.reference(), incident.lifecycle().status(), after.version());
                }
            });
        }
    }
}
