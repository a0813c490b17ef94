package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.DeployEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Decision;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.incident.domain.Deploy;
import dev.hindsight.incident.domain.DeployCommand;
import dev.hindsight.incident.view.DeployRow;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The only write path of deploys. */
@ApplicationScoped
public class DeployHandler {

    /** Deploys are told of for some minutes each. */
    private static final int REMEMBERED = 200;

    static final Decider<Deploy, DeployEvent> DECIDER = new Decider<>() {
        @Override
        public Deploy initial() {
            return Deploy.UNKNOWN;
        }

        @Override
        public Deploy evolve(Deploy state, Recorded<DeployEvent> fact) {
            return Deploy.evolve(state, fact);
        }

        @Override
        public Class<DeployEvent> vocabulary() {
            return DeployEvent.class;
        }
    };

    private final CommandHandler<Deploy, DeployEvent> handler;
    private final Catalog catalog;
    private final Event<MaySuspect> changed;
    private final DeployRow row;

    DeployHandler(EventStore store, Catalog catalog, Event<MaySuspect> changed, ObjectMapper json) {
        this.handler = new CommandHandler<>(store, DECIDER, REMEMBERED);
        this.catalog = catalog;
        this.changed = changed;
        this.row = new DeployRow(json);
    }

    /** What a tool told of one deploy. */
    public record Told(UUID deployId, DeployCommand.Report report) {}

    /**
     * Records what a tool told, together with the delivery that told it, in one transaction.
     *
     * @param delivery the row of the delivery, given whether anything was news
     */
    public Uni<Void> observe(
            List<Told> told, Learned learned, CommandContext context, Function<Boolean, StatementPart> delivery) {
        Set<UUID> streams = new LinkedHashSet<>();
        told.forEach(one -> streams.add(one.deployId()));
        return handler.handle(streams, context, states -> {
                    Map<UUID, List<NewEvent>> events = new LinkedHashMap<>();
                    Map<UUID, Deploy> current = new LinkedHashMap<>();
                    for (Told one : told) {
                        UUID id = one.deployId();
                        Deploy deploy = current.getOrDefault(
                                id, Objects.requireNonNull(states.get(id)).state());
                        List<NewEvent> fresh = events.computeIfAbsent(id, ignored -> new ArrayList<>());
                        Deploy.decide(deploy, one.report())
                                .forEach(event -> fresh.add(new NewEvent(
                                        one.report().factId(),
                                        event,
                                        one.report().occurredAt(),
                                        event.said().ordinal())));
                        current.put(id, deploy.taking(one.report()));
                    }
                    boolean news = events.values().stream().anyMatch(list -> !list.isEmpty());
                    return new Plan<Deploy>(
                            events.entrySet().stream()
                                    .map(stream -> new Decision(stream.getKey(), stream.getKey(), stream.getValue()))
                                    .toList(),
                            after -> {
                                List<StatementPart> parts = new ArrayList<>(catalog.parts(learned, context));
                                if (news) {
                                    parts.add(row.view()
                                            .rows(after.values().stream()
                                                    .flatMap(loaded -> DeployRow.rows(loaded).stream())
                                                    .toList()));
                                }
                                parts.add(delivery.apply(news));
                                return parts;
                            },
                            null);
                })
                .invoke(outcome -> {
                    catalog.committed(learned);
                    changed.fire(MaySuspect.deploys(streams));
                })
                .replaceWithVoid();
    }
}
