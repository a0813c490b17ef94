package dev.hindsight.incident.view;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.OrderedApply;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Where others' events come in: who owns an action item may see its incident, and what is owed of postmortems and items
 * before an incident may be closed.
 */
@ApplicationScoped
public class EventIntake {

    private final OrderedApply orderedApply;

    EventIntake(OrderedApply orderedApply) {
        this.orderedApply = orderedApply;
    }

    @Incoming("action-item-events")
    Uni<Void> actionItems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.ACTION_ITEM_EVENTS, records);
    }

    @Incoming("postmortem-events")
    Uni<Void> postmortems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.POSTMORTEM_EVENTS, records);
    }
}
