package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.Recorded;
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
import dev.hindsight.incident.domain.CatalogEntry;
import dev.hindsight.incident.view.CatalogRow;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
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

    private final CommandHandler<CatalogEntry, CatalogEvent> handler;
    private final Catalog catalog;
    private final CatalogRow row;

    CatalogHandler(EventStore store, Catalog catalog, ObjectMapper json) {
        this.handler = new CommandHandler<>(store, DECIDER, REMEMBERED);
        this.catalog = catalog;
        this.row = new CatalogRow(json);
    }

    /**
     * Gives a command to a person whom the catalog knows.
     *
     * @throws NotFound as a failure, where the catalog knows no such person
     */
    public Uni<Outcome<CatalogEntry>> command(
            UUID person,
            CatalogCommand command,
            Learned learned,
            CommandContext context,
            Function<Loaded<CatalogEntry>, StoredAnswer> answer) {
        return handler.handle(Set.of(person), context, states -> {
                    CatalogEntry entry = CommandHandler.only(states).state();
                    if (!(entry instanceof CatalogEntry.Person)) {
                        throw new NotFound("person", person);
                    }
                    List<NewEvent> events = CatalogEntry.decide(entry, command).stream()
                            .map(event -> new NewEvent(StreamIds.next(), event, context.now(), 0))
                            .toList();
                    return CommandHandler.plan(
                            person,
                            person,
                            events,
                            after -> events.isEmpty() ? List.of() : parts(after, events, learned, context),
                            answer);
                })
                .invoke(outcome -> {
                    if (!outcome.replayed()) {
                        LOG.infof(
                                "person %s: %s",
                                person,
                                switch (command) {
                                    case CatalogCommand.LinkPerson link -> "linked to a subject";
                                    case CatalogCommand.UnlinkPerson unlink -> "linked to no subject";
                                });
                    }
                });
    }

    /** Who may see what changes with the link, for the very next reader. */
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
