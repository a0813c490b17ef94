package dev.hindsight.postmortem.view;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.OrderedApply;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Where others' events come in. Every projection and automation applies or parks what comes. */
@ApplicationScoped
public class EventIntake {

    private final OrderedApply orderedApply;

    EventIntake(OrderedApply orderedApply) {
        this.orderedApply = orderedApply;
    }

    @Incoming("incident-events")
    Uni<Void> incidents(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.INCIDENT_EVENTS, records);
    }

    @Incoming("action-item-events")
    Uni<Void> actionItems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.ACTION_ITEM_EVENTS, records);
    }
}
