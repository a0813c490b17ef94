package dev.hindsight.postmortem.view;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.OrderedApply;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Where others' events come in. A batch is acknowledged when every projection and automation has applied or parked it. */
@ApplicationScoped
public class EventIntake {

    private final OrderedApply orderedApply;

    EventIntake(OrderedApply orderedApply) {
        this.orderedApply = orderedApply;
    }

    @Incoming("incident-events")
    Uni<Void> incidents(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.apply(Topic.INCIDENT_EVENTS, records);
    }

    @Incoming("action-item-events")
    Uni<Void> actionItems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.apply(Topic.ACTION_ITEM_EVENTS, records);
    }
}
