package dev.hindsight.incident.subscription;

import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.DeployEvent;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.incident.domain.SubscriptionFilter.Facts;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that subscriptions may want to be told of.
 *
 * @param keyId the incident, or the stream itself
 * @param ofIncident whether the key is an incident of which severity and services are asked for; false where they are known
 * @param services as far as the event says them
 * @param severity as far as the event says it
 */
record Taken(
        EventHeader header,
        UUID keyId,
        byte[] data,
        boolean ofIncident,
        List<String> services,
        @Nullable Severity severity) {

    private static final byte[] NO_HASH = {};

    /** Of this service's own log. */
    static Taken own(StoredEvent stored) {
        DomainEvent event = EventCodec.decode(stored.header().type(), stored.data());
        return of(stored.header(), stored.keyId(), stored.data(), event);
    }

    /** As another service published it. */
    static Taken others(Recorded<DomainEvent> recorded) {
        EventHeader header = recorded.header();
        UUID key =
                switch (recorded.event()) {
                    case PostmortemEvent event -> event.incidentId();
                    case ActionItemEvent event -> event.incidentId();
                    default -> header.streamId();
                };
        return of(header, key, EventCodec.encode(recorded.event()), recorded.event());
    }

    private static Taken of(EventHeader header, UUID key, byte[] data, DomainEvent event) {
        return switch (event) {
            case IncidentEvent e ->
                new Taken(
                        header,
                        key,
                        data,
                        false,
                        e.standing().services(),
                        e.standing().severity());
            case DeployEvent.Reported e ->
                new Taken(header, key, data, false, List.of(e.change().service()), null);
            case PostmortemEvent _, ActionItemEvent _ -> new Taken(header, key, data, true, List.of(), null);
            default -> new Taken(header, key, data, false, List.of(), null);
        };
    }

    /** With what is known of its incident, where the event itself does not say it. */
    Facts facts(@Nullable Affected incident) {
        return new Facts(
                header.type(),
                ofIncident && incident != null ? incident.services() : services,
                ofIncident && incident != null ? incident.severity() : severity,
                header.isImported(),
                header.recordedAt());
    }

    /** An incident as far as filters ask. */
    record Affected(Severity severity, List<String> services) {}

    /** As those take it who judge what may be told. */
    StoredEvent stored() {
        return new StoredEvent(header, keyId, data, NO_HASH);
    }
}
