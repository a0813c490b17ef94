package dev.hindsight.actionitem.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.actionitem.domain.ActionItem;
import dev.hindsight.actionitem.domain.ActionItem.Existing;
import dev.hindsight.actionitem.domain.ActionItemCommand;
import dev.hindsight.actionitem.domain.ActionItemCommand.ProposeActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.ReviseActionItem;
import dev.hindsight.actionitem.view.ActionItemView;
import dev.hindsight.actionitem.view.People;
import dev.hindsight.actionitem.view.People.Person;
import dev.hindsight.actionitem.view.Surroundings;
import dev.hindsight.actionitem.view.SurroundingsQuery;
import dev.hindsight.actionitem.view.SurroundingsQuery.Beginning;
import dev.hindsight.actionitem.view.SurroundingsQuery.Found;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.access.AccessChanges;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.observability.Trace;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives commands to action items. Each costs one read (the item's id, and what its answer shows beside it) and one statement;
 * a command whose time nobody gave happens now, but never before what happened last, as clocks of two instances differ.
 */
@ApplicationScoped
public class ActionItemHandler {

    private static final String KEEP_HISTORY = """
            insert into action_item_history (item_id, version, incident_id, postmortem_id, status, due_date, owner, priority, \
            occurred_at, recorded_at)
            select e.stream_id, e.version, $1::uuid, $2::uuid, $3::text, $4::date, $5::uuid, $6::text, $7::timestamptz, e.recorded_at
            from e""";

    private static final String END_HISTORY = """
            update action_item_history h set superseded_at = e.recorded_at
            from e where h.item_id = e.stream_id and h.version = e.version - 1""";

    private final CommandHandler<ActionItem, ActionItemEvent> commands;
    private final InlineView view;
    private final SurroundingsQuery surroundings;
    private final People people;

    ActionItemHandler(
            EventStore store,
            EventStoreConfig config,
            SurroundingsQuery surroundings,
            People people,
            ObjectMapper json) {
        this.commands = new CommandHandler<>(store, new Folding(), config.remembered());
        this.view = new InlineView("action_item", "id", ActionItemView.columns(), json);
        this.surroundings = surroundings;
        this.people = people;
    }

    /**
     * What somebody proposes.
     *
     * @param incident UUID, or a reference such as {@code INC-42} that is known here
     * @param postmortemId null: the incident's own
     * @param owner as it was written; null where there is none
     * @param details without the owner
     */
    public record Proposal(
            String incident,
            @Nullable UUID postmortemId,
            @Nullable String owner,
            ActionItemDetails details,
            Instant occurredAt) {}

    /** Makes the answer of a command from the item's new row and what is shown beside it. */
    public interface Answering {
        StoredAnswer answer(ActionItemView item, Surroundings surroundings);
    }

    /** A new item. */
    public Uni<StoredAnswer> propose(Proposal proposal, Reader reader, CommandContext context, Answering answering) {
        UUID id = StreamIds.next();
        return Uni.combine()
                .all()
                .unis(surroundings.begin(reader, proposal.incident(), proposal.postmortemId()), owner(proposal.owner()))
                .asTuple()
                .chain(both -> {
                    Beginning beginning = both.getItem1();
                    Person owner = both.getItem2().person();
                    return handle(
                            id,
                            context,
                            beginning.surroundings().ownedBy(owner),
                            answering,
                            state -> new ProposeActionItem(
                                    beginning.incidentId(),
                                    beginning.postmortemId(),
                                    beginning.reference(),
                                    owned(proposal.details(), owner),
                                    proposal.occurredAt()));
                });
    }

    /**
     * Something happens to an item.
     *
     * @param idOrReference UUID or {@code ACT-7}
     * @param reader to whom an item of an incident that is hidden from them does not exist
     * @param occurredAt null where nobody gave a time
     */
    public Uni<StoredAnswer> change(
            String idOrReference,
            Reader reader,
            CommandContext context,
            @Nullable Instant occurredAt,
            Function<Instant, ActionItemCommand> command,
            Answering answering) {
        return surroundings
                .find(reader, idOrReference)
                .chain(found -> handle(
                        found.itemId(),
                        context,
                        found.surroundings(),
                        answering,
                        state -> command.apply(at(state, occurredAt, context))));
    }

    /**
     * The item's details change.
     *
     * @param newOwner as it was written; null where the owner is not changed to somebody else
     * @param revision from the present details to the new ones, given the new owner where there is one
     */
    public Uni<StoredAnswer> revise(
            String idOrReference,
            Reader reader,
            CommandContext context,
            @Nullable Instant occurredAt,
            @Nullable String newOwner,
            Revision revision,
            Answering answering) {
        return Uni.combine()
                .all()
                .unis(surroundings.find(reader, idOrReference), owner(newOwner))
                .asTuple()
                .chain(both -> {
                    Found found = both.getItem1();
                    Person owner = both.getItem2().person();
                    return handle(
                            found.itemId(),
                            context,
                            found.surroundings(),
                            (item, beside) -> answering.answer(
                                    item,
                                    owner != null
                                            ? beside.ownedBy(owner)
                                            : item.owner == null ? beside.ownedBy(null) : beside),
                            state -> new ReviseActionItem(
                                    revision.apply(existing(state).core().details(), owner == null ? null : owner.id()),
                                    at(state, occurredAt, context)));
                });
    }

    /** From the present details to new ones. */
    public interface Revision {
        ActionItemDetails apply(ActionItemDetails present, @Nullable UUID newOwner);
    }

    private Uni<StoredAnswer> handle(
            UUID id,
            CommandContext context,
            Surroundings beside,
            Answering answering,
            Function<ActionItem, ActionItemCommand> commandOn) {
        return commands.handle(Set.of(id), context, states -> {
                    ActionItem state = CommandHandler.only(states).state();
                    ActionItemCommand command = commandOn.apply(state);
                    List<ActionItemEvent> events = ActionItem.decide(state, command);
                    UUID incident = events.isEmpty()
                            ? existing(state).core().incidentId()
                            : events.getFirst().incidentId();
                    Trace.about(incident);
                    List<NewEvent> newEvents = events.stream()
                            .map(event -> NewEvent.of(event, command.at()))
                            .toList();
                    return CommandHandler.plan(
                            id,
                            incident,
                            newEvents,
                            after -> events.isEmpty() ? List.of() : parts(after, newEvents, command.at()),
                            after -> answering.answer(row(after), beside));
                })
                .map(outcome -> Objects.requireNonNull(outcome.answer()));
    }

    private List<StatementPart> parts(Loaded<ActionItem> after, List<NewEvent> events, Instant occurredAt) {
        ActionItemView row = row(after);
        List<StatementPart> parts = new ArrayList<>();
        parts.add(view.rows(List.of(row.row())));
        parts.add(new StatementPart(
                "history_row",
                KEEP_HISTORY,
                Arrays.asList(
                        row.incidentId,
                        row.postmortemId,
                        row.status.name(),
                        row.dueDate,
                        row.owner,
                        row.priority == null ? null : row.priority.name(),
                        occurredAt.atOffset(ZoneOffset.UTC))));
        parts.add(new StatementPart("history_end", END_HISTORY, List.of()));
        parts.addAll(AccessChanges.none()
                .and(after.streamId(), after.version(), events)
                .parts());
        return parts;
    }

    static ActionItemView row(Loaded<ActionItem> loaded) {
        return ActionItemView.of(loaded.streamId(), loaded.version(), existing(loaded.state()));
    }

    private Uni<Owner> owner(@Nullable String written) {
        return written == null
                ? Uni.createFrom().item(Owner.NOBODY)
                : people.find(written).map(Owner::new);
    }

    private static ActionItemDetails owned(ActionItemDetails details, @Nullable Person owner) {
        return new ActionItemDetails(
                details.title(),
                details.change(),
                owner == null ? null : owner.id(),
                details.dueDate(),
                details.priority(),
                details.type(),
                details.category(),
                details.risk(),
                details.verification());
    }

    private static Instant at(ActionItem state, @Nullable Instant given, CommandContext context) {
        if (given != null) {
            return given;
        }
        Instant last = existing(state).core().changedAt();
        return context.now().isBefore(last) ? last : context.now();
    }

    private static Existing existing(ActionItem state) {
        return switch (state) {
            case Existing existing -> existing;
            // The view's row is written with the first event, so who found the row finds the stream.
            case ActionItem.None _ -> throw Refused.because("NOT_PROPOSED", "There is no such action item yet.");
        };
    }

    /** Somebody or nobody, as a Uni may not carry null through a combination. */
    private record Owner(@Nullable Person person) {
        static final Owner NOBODY = new Owner(null);
    }

    /** How an item's stream is folded. */
    static final class Folding implements Decider<ActionItem, ActionItemEvent> {

        @Override
        public ActionItem initial() {
            return ActionItem.NONE;
        }

        @Override
        public ActionItem evolve(ActionItem state, Recorded<ActionItemEvent> fact) {
            return ActionItem.evolve(state, fact.event(), fact.header().occurredAt());
        }

        @Override
        public Class<ActionItemEvent> vocabulary() {
            return ActionItemEvent.class;
        }
    }
}
