package dev.hindsight.actionitem.view;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.OrderedApply;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Where others' events come in. */
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

    @Incoming("postmortem-events")
    Uni<Void> postmortems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.POSTMORTEM_EVENTS, records);
    }
}
