package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.Alias;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.AccessChanges;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Decision;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.CatalogCommand;
import dev.hindsight.incident.domain.CatalogCommand.Describe;
import dev.hindsight.incident.domain.CatalogCommand.Description;
import dev.hindsight.incident.domain.CatalogCommand.Merge;
import dev.hindsight.incident.domain.CatalogCommand.RemoveName;
import dev.hindsight.incident.domain.CatalogEntry;
import dev.hindsight.incident.domain.CatalogEntry.Kind;
import dev.hindsight.incident.domain.CatalogEntry.Known;
import dev.hindsight.incident.domain.CatalogEntry.Person;
import dev.hindsight.incident.view.CatalogEntryView;
import dev.hindsight.incident.view.CatalogRow;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The write path of what people say about the catalog; what is learned on the way is written by {@link Catalog}, beside what
 * mentions it.
 */
@ApplicationScoped
public class CatalogHandler {

    private static final Logger LOG = Logger.getLogger(CatalogHandler.class);

    /** The catalog is tended rarely. */
    private static final int REMEMBERED = 100;

    static final Decider<CatalogEntry, CatalogEvent> DECIDER = new Decider<>() {
        @Override
        public CatalogEntry initial() {
            return CatalogEntry.UNKNOWN;
        }

        @Override
        public CatalogEntry evolve(CatalogEntry state, Recorded<CatalogEvent> fact) {
            return CatalogEntry.evolve(state, fact.event());
        }

        @Override
        public Class<CatalogEvent> vocabulary() {
            return CatalogEvent.class;
        }
    };

    private final EventStore store;
    private final CommandHandler<CatalogEntry, CatalogEvent> handler;
    private final Catalog catalog;
    private final CatalogRow row;
    private final ToolQueries queries;

    CatalogHandler(EventStore store, Catalog catalog, ToolQueries queries, ObjectMapper json) {
        this.store = store;
        this.handler = new CommandHandler<>(store, DECIDER, REMEMBERED);
        this.catalog = catalog;
        this.queries = queries;
        this.row = new CatalogRow(json);
    }

    /** Enters one of that description, which nobody has entered or mentioned before. */
    public Uni<Outcome<CatalogEntry>> enter(
            UUID id,
            Description description,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return handle(id, entry -> new Describe(true, description), learned, context, answer);
    }

    /**
     * Gives a command to an entry that the catalog knows.
     *
     * @param command given the entry as it is
     * @throws NotFound as a failure, where the catalog knows none of that kind
     */
    public Uni<Outcome<CatalogEntry>> command(
            Kind kind,
            UUID id,
            Function<Known, CatalogCommand> command,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        // Any id may be asked for, also that of a stream of another sort.
        return queries.catalogEntry(kind, id)
                .chain(() -> handle(
                        id,
                        entry -> {
                            if (!(entry instanceof Known known)) {
                                throw new NotFound(kind.name().toLowerCase(Locale.ROOT), id);
                            }
                            return command.apply(known);
                        },
                        learned,
                        context,
                        answer));
    }

    /**
     * Says that an entry is another one of its kind.
     *
     * @throws NotFound as a failure, where the catalog knows none of that kind
     */
    public Uni<Outcome<CatalogEntry>> merge(
            Kind kind,
            UUID id,
            UUID into,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return queries.catalogEntry(kind, into)
                .onFailure(NotFound.class)
                .transform(none -> Invalid.field(
                        "into",
                        "UNKNOWN_ENTRY",
                        "The catalog knows no " + kind.name().toLowerCase(Locale.ROOT) + " of that id."))
                .chain(() -> store.load(into, DECIDER))
                .chain(other -> queries.duplicates(Set.of(id))
                        .chain(duplicates -> command(
                                kind,
                                id,
                                entry -> new Merge(into, other.state(), !duplicates.isEmpty()),
                                learned,
                                context,
                                answer)));
    }

    /**
     * Removes the name of a person, and of all entries that are the same person. Each entry is a stream of its own: where it
     * ends half way, whoever asks again ends it.
     *
     * @throws NotFound as a failure, where the catalog knows no such person
     */
    public Uni<Outcome<CatalogEntry>> removeName(
            UUID person,
            String reason,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return queries.same(Kind.PERSON, person)
                .chain(same -> Multi.createFrom()
                        .iterable(same)
                        .filter(entry -> !entry.equals(person))
                        .onItem()
                        .transformToUniAndConcatenate(entry -> command(
                                Kind.PERSON,
                                entry,
                                known -> new RemoveName(reason),
                                learned,
                                new CommandContext(
                                        context.actor(),
                                        context.source(),
                                        context.now(),
                                        null,
                                        null,
                                        null,
                                        context.traceparent()),
                                answer))
                        .collect()
                        .asList())
                .chain(() -> command(Kind.PERSON, person, entry -> new RemoveName(reason), learned, context, answer));
    }

    /**
     * Links a person to the subject of a token, or takes that back: together with all entries that are the same person, as what
     * hides restricted incidents goes by each of them.
     *
     * @param command {@link CatalogCommand.LinkPerson} or {@link CatalogCommand.UnlinkPerson}
     * @throws NotFound as a failure, where the catalog knows no such person
     */
    public Uni<Outcome<CatalogEntry>> link(
            UUID person,
            CatalogCommand command,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return queries.same(Kind.PERSON, person)
                .chain(same -> handler.handle(Set.copyOf(same), ofAll(context), states -> {
                    List<Decision> decisions = linking(person, command, states, context);
                    return new Plan<CatalogEntry>(
                            decisions,
                            after -> parts(after, decisions, learned, context),
                            after -> answer.apply(Objects.requireNonNull(after.get(person))));
                }))
                .invoke(outcome -> {
                    if (!outcome.replayed()) {
                        LOG.infof(
                                "catalog entry %s is linked as %d entries are",
                                person, outcome.states().size());
                    }
                });
    }

    private static List<Decision> linking(
            UUID person, CatalogCommand command, Map<UUID, Loaded<CatalogEntry>> states, CommandContext context) {
        Loaded<CatalogEntry> asked = Objects.requireNonNull(states.get(person));
        Long expected = context.expectedVersion();
        if (expected != null && expected != asked.version()) {
            throw new StaleVersion(expected, asked.version());
        }
        UUID into = asked.state() instanceof Known known ? known.into() : null;
        UUID wholeId = into == null ? person : into;
        Loaded<CatalogEntry> found = states.get(wholeId);
        if (found == null || !(found.state() instanceof Person whole)) {
            // Merged, or taken apart, since it was looked up.
            throw new Contended();
        }
        List<Decision> decisions = new ArrayList<>();
        List<CatalogEvent> own = CatalogEntry.decide(whole, command);
        decisions.add(decision(wholeId, own, context));
        CatalogEntry linked = whole;
        for (CatalogEvent event : own) {
            linked = CatalogEntry.evolve(linked, event);
        }
        CatalogCommand following = CatalogEntry.following((Person) linked);
        states.forEach((id, loaded) -> {
            if (loaded.state() instanceof Person same && wholeId.equals(same.into())) {
                decisions.add(decision(id, CatalogEntry.decide(same, following), context));
            }
        });
        return decisions;
    }

    /**
     * Says what an entry is, and what tools call it: an alias of a tool is an entry of its own, merged into this one, so that
     * whatever mentions it is understood. Of those that are merged into it, each by which no tool means it any more is taken
     * apart again. Token subjects are left as they are, as {@link #link} says who comes with which.
     *
     * @param command of the entry itself, given the entry as it is
     * @param aliases all that there are from now on
     * @param answer given the entry, and after it whatever is merged into it by these aliases
     * @throws NotFound as a failure, where the catalog knows none of that kind, and it is not a new one
     */
    public Uni<Outcome<CatalogEntry>> call(
            Kind kind,
            UUID id,
            Function<CatalogEntry, CatalogCommand> command,
            List<Alias> aliases,
            Learned learned,
            CommandContext context,
            Function<List<Loaded<CatalogEntry>>, StoredAnswer> answer) {
        Set<UUID> named = new TreeSet<>();
        aliases.forEach(alias -> named.add(entryOf(kind, alias)));
        return queries.duplicates(Set.of(id))
                .map(CatalogHandler::ids)
                .chain(merged -> queries.duplicates(named).chain(ofNamed -> {
                    Set<UUID> wholes = new TreeSet<>();
                    ofNamed.forEach(duplicate -> wholes.add(Objects.requireNonNull(duplicate.mergedInto)));
                    Set<UUID> all = new TreeSet<>(merged);
                    all.addAll(named);
                    all.add(id);
                    return handler.handle(all, ofAll(context), states -> {
                        List<Decision> decisions = calling(kind, id, command, aliases, states, wholes, context);
                        return new Plan<CatalogEntry>(
                                decisions,
                                after -> parts(after, decisions, learned, context),
                                after -> answer.apply(called(id, after)));
                    });
                }))
                .invoke(outcome -> {
                    if (!outcome.replayed()) {
                        LOG.infof("catalog entry %s is called by %d aliases", id, aliases.size());
                    }
                });
    }

    /** The entry that a tool means by an alias that nobody has merged yet. */
    private static UUID entryOf(Kind kind, Alias alias) {
        return switch (kind) {
            case PERSON -> StreamIds.person(alias.tool(), alias.key());
            case SERVICE -> StreamIds.service(alias.key());
            case TEAM -> StreamIds.team(alias.key());
        };
    }

    private static Set<UUID> ids(List<CatalogEntryView> entries) {
        return entries.stream().map(entry -> entry.id).collect(Collectors.toSet());
    }

    /** @param wholes entries that others are merged into */
    private static List<Decision> calling(
            Kind kind,
            UUID id,
            Function<CatalogEntry, CatalogCommand> command,
            List<Alias> aliases,
            Map<UUID, Loaded<CatalogEntry>> states,
            Set<UUID> wholes,
            CommandContext context) {
        Loaded<CatalogEntry> asked = Objects.requireNonNull(states.get(id));
        Long expected = context.expectedVersion();
        if (expected != null && expected != asked.version()) {
            throw new StaleVersion(expected, asked.version());
        }
        List<CatalogEvent> own = new ArrayList<>(CatalogEntry.decide(asked.state(), command.apply(asked.state())));
        CatalogEntry described = asked.state();
        for (CatalogEvent event : own) {
            described = CatalogEntry.evolve(described, event);
        }
        Known whole = (Known) described;
        Map<UUID, List<Alias>> wanted = new TreeMap<>();
        for (Alias alias : aliases) {
            UUID entry = states.entrySet().stream()
                    .filter(state -> state.getValue().state() instanceof Known known
                            && (state.getKey().equals(id) || id.equals(known.into()))
                            && known.aliases().contains(alias))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseGet(() -> entryOf(kind, alias));
            wanted.computeIfAbsent(entry, none -> new ArrayList<>()).add(alias);
        }
        own.addAll(CatalogEntry.decide(
                whole, new CatalogCommand.Call(wanted.getOrDefault(id, List.of()), null, whole, false)));
        List<Decision> decisions = new ArrayList<>(List.of(decision(id, own, context)));
        states.forEach((entry, loaded) -> {
            List<Alias> called = wanted.get(entry);
            if (entry.equals(id)) {
                return;
            }
            if (called != null) {
                decisions.add(decision(
                        entry,
                        CatalogEntry.decide(
                                loaded.state(), new CatalogCommand.Call(called, id, whole, wholes.contains(entry))),
                        context));
            } else if (loaded.state() instanceof Known known
                    && id.equals(known.into())
                    && known.aliases().stream().anyMatch(alias -> !CatalogEvent.OIDC.equals(alias.tool()))) {
                decisions.add(decision(entry, CatalogEntry.decide(known, new CatalogCommand.CallNoMore()), context));
            }
        });
        return decisions;
    }

    private static List<Loaded<CatalogEntry>> called(UUID id, Map<UUID, Loaded<CatalogEntry>> after) {
        List<Loaded<CatalogEntry>> called = new ArrayList<>(List.of(Objects.requireNonNull(after.get(id))));
        new TreeMap<>(after)
                .values().stream()
                        .filter(loaded -> loaded.state() instanceof Known known && id.equals(known.into()))
                        .forEach(called::add);
        return called;
    }

    /** If-Match speaks of the one entry that was asked for, and not of all that change with it. */
    private static CommandContext ofAll(CommandContext context) {
        return new CommandContext(
                context.actor(),
                context.source(),
                context.now(),
                null,
                context.idempotencyKey(),
                context.deliveryId(),
                context.traceparent());
    }

    private static Decision decision(UUID id, List<CatalogEvent> events, CommandContext context) {
        return new Decision(
                id,
                id,
                events.stream()
                        .map(event -> new NewEvent(StreamIds.next(), event, context.now(), 0))
                        .toList());
    }

    /** Also who may see what changes with a link, for the very next reader; nothing where nothing changes. */
    private List<StatementPart> parts(
            Map<UUID, Loaded<CatalogEntry>> after, List<Decision> decisions, Learned learned, CommandContext context) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        AccessChanges access = AccessChanges.none();
        for (Decision decision : decisions) {
            if (!decision.events().isEmpty()) {
                Loaded<CatalogEntry> entry = Objects.requireNonNull(after.get(decision.streamId()));
                rows.addAll(CatalogRow.rows(entry));
                access.and(entry.streamId(), entry.version(), decision.events());
            }
        }
        if (rows.isEmpty()) {
            return List.of();
        }
        List<StatementPart> parts = new ArrayList<>();
        parts.add(row.view().rows(rows));
        parts.addAll(access.parts());
        parts.addAll(catalog.parts(learned, context));
        return parts;
    }

    private Uni<Outcome<CatalogEntry>> handle(
            UUID id,
            Function<CatalogEntry, CatalogCommand> command,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return handler.handle(Set.of(id), context, states -> {
                    CatalogEntry entry = CommandHandler.only(states).state();
                    Decision decision = decision(id, CatalogEntry.decide(entry, command.apply(entry)), context);
                    return new Plan<CatalogEntry>(
                            List.of(decision),
                            after -> parts(after, List.of(decision), learned, context),
                            after -> answer.apply(CommandHandler.only(after)));
                })
                .invoke(outcome -> {
                    if (!outcome.replayed()) {
                        LOG.infof(
                                "catalog entry %s is at version %d",
                                id, CommandHandler.only(outcome.states()).version());
                    }
                });
    }
}
