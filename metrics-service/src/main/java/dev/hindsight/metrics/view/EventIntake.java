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
    private final MetricGauges gauges;

    EventIntake(OrderedApply orderedApply, MetricGauges gauges) {
        this.orderedApply = orderedApply;
        this.gauges = gauges;
    }

    @Incoming("incident-events")
    public Uni<Void> incidents(ConsumerRecords<byte[], byte[]> records) {
        return take(Topic.INCIDENT_EVENTS, records);
    }

    @Incoming("postmortem-events")
    public Uni<Void> postmortems(ConsumerRecords<byte[], byte[]> records) {
        return take(Topic.POSTMORTEM_EVENTS, records);
    }

    @Incoming("action-item-events")
    public Uni<Void> actionItems(ConsumerRecords<byte[], byte[]> records) {
        return take(Topic.ACTION_ITEM_EVENTS, records);
    }

    private Uni<Void> take(Topic topic, ConsumerRecords<byte[], byte[]> records) {
        return orderedApply.apply(topic, records).invoke(gauges::factsChanged);
    }
}
