package dev.hindsight.incident.subscription;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.eventstore.consume.Projection;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Set;

/**
 * Takes the events of the other services, in the transaction that notes them as applied: each once, whatever is delivered twice
 * or before its turn. It has no table that a rebuild could fill, and so is never rebuilt: nothing is sent again by it.
 */
@ApplicationScoped
class OthersEvents implements Projection {

    private final Outgoing outgoing;
    private final OwnEvents own;
    private final Dispatch dispatch;

    OthersEvents(Outgoing outgoing, OwnEvents own, Dispatch dispatch) {
        this.outgoing = outgoing;
        this.own = own;
        this.dispatch = dispatch;
    }

    void start(@Observes StartupEvent event, Instance<OrderedApply> consumption) {
        consumption.get().afterEachRound(dispatch::wake);
    }

    @Override
    public String name() {
        return "outbound";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.POSTMORTEM_EVENTS, Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of();
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        return outgoing.wishes(transaction)
                .chain(wishes -> wishes.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : own.takeFirst(transaction, wishes)
                                .chain(() -> outgoing.keep(
                                        transaction,
                                        wishes,
                                        events.stream().map(Taken::others).toList())));
    }
}
