package dev.hindsight.postmortem.application;

import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.contract.Recorded;
import dev.hindsight.conventions.observability.Trace;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Postmortem;
import dev.hindsight.postmortem.domain.PostmortemCommand;
import dev.hindsight.postmortem.domain.PostmortemCommand.AddWhy;
import dev.hindsight.postmortem.domain.PostmortemCommand.RemoveFactor;
import dev.hindsight.postmortem.domain.PostmortemCommand.WriteSection;
import dev.hindsight.postmortem.view.PostmortemContent;
import dev.hindsight.postmortem.view.PostmortemRows;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes commands to postmortems. Nobody else appends to their streams. */
@ApplicationScoped
public class PostmortemHandler {

    private final CommandHandler<Postmortem, PostmortemEvent> handler;

    PostmortemHandler(EventStore store, EventStoreConfig config) {
        this.handler = new CommandHandler<>(store, new Folding(), config.remembered());
    }

    /**
     * Does what the command asks for.
     *
     * @param occurredAt when it happened
     * @param answer of the postmortem as it stands then
     */
    public Uni<StoredAnswer> handle(
            UUID incidentId,
            CommandContext context,
            Instant occurredAt,
            PostmortemCommand command,
            Function<PostmortemContent, StoredAnswer> answer) {
        return run(incidentId, context, occurredAt, command, null, answer)
                .map(outcome -> Objects.requireNonNull(outcome.answer()));
    }

    /**
     * Writes a section, if nobody has written it since the writer read it.
     *
     * @param revision that the writer saw, 0 for an unwritten one; null where any will do. Another one is refused with
     *     {@link StaleVersion}
     */
    public Uni<StoredAnswer> write(
            UUID incidentId,
            CommandContext context,
            Instant occurredAt,
            WriteSection command,
            @Nullable Long revision,
            Function<PostmortemContent, StoredAnswer> answer) {
        return run(incidentId, context, occurredAt, command, revision, answer)
                .map(outcome -> Objects.requireNonNull(outcome.answer()));
    }

    /** What an automation asks for, and nobody waits for the answer of; happens now. */
    public Uni<Void> byItself(UUID incidentId, CommandContext context, PostmortemCommand command) {
        return run(incidentId, context, context.now(), command, null, null).replaceWithVoid();
    }

    private Uni<Outcome<Postmortem>> run(
            UUID incidentId,
            CommandContext context,
            Instant occurredAt,
            PostmortemCommand command,
            @Nullable Long sectionRevision,
            @Nullable Function<PostmortemContent, StoredAnswer> answer) {
        Trace.about(incidentId);
        UUID stream = StreamIds.postmortem(incidentId);
        return handler.handle(Set.of(stream), context, states -> {
            Loaded<Postmortem> loaded = CommandHandler.only(states);
            verify(loaded.state(), command, sectionRevision);
            List<NewEvent> events = Postmortem.decide(loaded.state(), command).stream()
                    .map(event -> NewEvent.of(event, occurredAt))
                    .toList();
            return plan(stream, incidentId, events, answer);
        });
    }

    private static Plan<Postmortem> plan(
            UUID stream,
            UUID incidentId,
            List<NewEvent> events,
            @Nullable Function<PostmortemContent, StoredAnswer> answer) {
        return CommandHandler.plan(
                stream,
                incidentId,
                events,
                after -> events.isEmpty() ? List.of() : List.of(PostmortemRows.write(PostmortemContent.of(after))),
                answer == null ? null : after -> answer.apply(PostmortemContent.of(after)));
    }

    /** What an address names must be there, and what is overwritten must have been seen. */
    private static void verify(Postmortem state, PostmortemCommand command, @Nullable Long sectionRevision) {
        Document document = Postmortem.documentOf(state);
        if (document == null) {
            return;
        }
        switch (command) {
            case AddWhy(UUID factorId, String text) -> requireFactor(document, factorId);
            case RemoveFactor(UUID factorId) -> requireFactor(document, factorId);
            case WriteSection(PostmortemSection section, String text) -> {
                int now = document.revisionOf(section);
                if (sectionRevision != null && sectionRevision != now) {
                    throw new StaleVersion(sectionRevision, now);
                }
            }
            default -> {
                // The other commands are about the postmortem as a whole.
            }
        }
    }

    private static void requireFactor(Document document, UUID factorId) {
        if (document.factor(factorId).isEmpty()) {
            throw new NotFound("factor", factorId);
        }
    }

    /** How its stream is folded. */
    static final class Folding implements Decider<Postmortem, PostmortemEvent> {

        @Override
        public Postmortem initial() {
            return new Postmortem.None();
        }

        @Override
        public Postmortem evolve(Postmortem state, Recorded<PostmortemEvent> fact) {
            return Postmortem.evolve(state, fact);
        }

        @Override
        public Class<PostmortemEvent> vocabulary() {
            return PostmortemEvent.class;
        }
    }
}
