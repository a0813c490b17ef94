package dev.hindsight.metrics.view;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.OrderedApply;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Where the events of the other services come in. */
@ApplicationScoped
public class EventIntake {

    private final OrderedApply orderedApply;

    EventIntake(OrderedApply orderedApply, MetricGauges gauges) {
        this.orderedApply = orderedApply;
        // The gauges follow what was applied.
        orderedApply.afterEachRound(gauges::factsChanged);
    }

    @Incoming("incident-events")
    public Uni<Void> incidents(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.INCIDENT_EVENTS, records);
    }

    @Incoming("postmortem-events")
    public Uni<Void> postmortems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.POSTMORTEM_EVENTS, records);
    }

    @Incoming("action-item-events")
    public Uni<Void> actionItems(ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.take(Topic.ACTION_ITEM_EVENTS, records);
    }
}
