package dev.hindsight.incident.application;

import dev.hindsight.contract.ClosureRule;
import dev.hindsight.contract.PolicyEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.ClosurePolicy;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The only write path of the closure policy. It is read from its stream: it is short, and asked for rarely. */
@ApplicationScoped
public class ClosurePolicyHandler {

    /** The one stream of the policy. */
    public static final UUID STREAM = StreamIds.policy("closure");

    private static final Logger LOG = Logger.getLogger(ClosurePolicyHandler.class);

    private static final Decider<ClosurePolicy, PolicyEvent> DECIDER = new Decider<>() {
        @Override
        public ClosurePolicy initial() {
            return ClosurePolicy.INITIAL;
        }

        @Override
        public ClosurePolicy evolve(ClosurePolicy state, Recorded<PolicyEvent> fact) {
            return ClosurePolicy.evolve(state, fact.event(), fact.header().sequence());
        }

        @Override
        public Class<PolicyEvent> vocabulary() {
            return PolicyEvent.class;
        }
    };

    private final CommandHandler<ClosurePolicy, PolicyEvent> handler;
    private final Catalog catalog;

    ClosurePolicyHandler(EventStore store, Catalog catalog) {
        this.handler = new CommandHandler<>(store, DECIDER, 1);
        this.catalog = catalog;
    }

    /** As it is now, whichever instance changed it. */
    public Uni<ClosurePolicy> current() {
        return handler.load(STREAM).map(Loaded::state);
    }

    /** Asks for these rules from now on; of a severity that has none, nothing is owed. */
    public Uni<Outcome<ClosurePolicy>> change(
            List<ClosureRule> rules,
            Learned learned,
            CommandContext context,
            Function<Loaded<ClosurePolicy>, StoredAnswer> answer) {
        return handler.handle(Set.of(STREAM), context, states -> {
                    List<NewEvent> events = ClosurePolicy.decide(
                                    CommandHandler.only(states).state(), rules)
                            .stream()
                            .map(event -> NewEvent.of(event, context.now()))
                            .toList();
                    return CommandHandler.plan(
                            STREAM,
                            STREAM,
                            events,
                            after -> events.isEmpty() ? List.of() : catalog.parts(learned, context),
                            answer);
                })
                .invoke(outcome -> LOG.infof(
                        "the closure policy is at version %d",
                        CommandHandler.only(outcome.states()).version()));
    }
}
