package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.AccessChanges;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
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
import dev.hindsight.incident.view.CatalogRow;
import dev.hindsight.incident.view.ToolQueries;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

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

    private Uni<Outcome<CatalogEntry>> handle(
            UUID id,
            Function<CatalogEntry, CatalogCommand> command,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return handler.handle(Set.of(id), context, states -> {
                    CatalogEntry entry = CommandHandler.only(states).state();
                    List<NewEvent> events = CatalogEntry.decide(entry, command.apply(entry)).stream()
                            .map(event -> new NewEvent(StreamIds.next(), event, context.now(), 0))
                            .toList();
                    return CommandHandler.plan(
                            id,
                            id,
                            events,
                            after -> events.isEmpty() ? List.of() : parts(after, events, learned, context),
                            answer);
                })
                .invoke(outcome -> {
                    if (!outcome.replayed()) {
                        LOG.infof(
                                "catalog entry %s is at version %d",
                                id, CommandHandler.only(outcome.states()).version());
                    }
                });
    }

    /** Who may see what changes with a link, for the very next reader. */
    private List<StatementPart> parts(
            Loaded<CatalogEntry> after, List<NewEvent> events, Learned learned, CommandContext context) {
        List<StatementPart> parts = new ArrayList<>();
        parts.add(row.view().rows(CatalogRow.rows(after)));
        parts.addAll(AccessChanges.none()
                .and(after.streamId(), after.version(), events)
                .parts());
        parts.addAll(catalog.parts(learned, context));
        return parts;
    }
}
