package dev.hindsight.postmortem;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.Acknowledged;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.Classified;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentEvent.RoleAssigned;
import dev.hindsight.contract.IncidentEvent.SeverityChanged;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Standing.Pages;
import dev.hindsight.conventions.testing.Told;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;

/**
 * Fills in what an incident's events carry beside the lifecycle, for stories told in the order in which things happened;
 * incident-service has the rule for all others. A standing that has a reference is left as it is.
 */
final class Teller {

    private Standing soFar = Standing.NONE;

    IncidentEvent tell(IncidentEvent event, String actor, Instant at) {
        if (!event.standing().reference().isEmpty()) {
            soFar = event.standing();
            return event;
        }
        Told told = Told.like(soFar, event.lifecycle());
        switch (event) {
            case Declared e ->
                told.as(e.reference(), e.title(), e.severity())
                        .services(e.services())
                        .kind(e.kind())
                        .customerFacing(e.customerFacing());
            case SeverityChanged e -> told.severity(e.severity());
            case Classified e -> told.kind(e.kind() == null ? soFar.kind() : e.kind());
            case RoleAssigned e -> told.role(e.role(), e.person());
            case Acknowledged e -> told.acknowledgedBy(EventHeader.personIn(actor));
            case Paged e -> told.pages(Pages.and(soFar.pages(), at, e.afterHours()));
            case AlertFired e -> told.firstAlert(soFar.firstAlert() == null ? at : soFar.firstAlert());
            default -> {}
        }
        soFar = told.standing();
        return with(event, soFar);
    }

    /** The same event; its standing is the last component of each. */
    private static IncidentEvent with(IncidentEvent event, Standing standing) {
        RecordComponent[] components = event.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getName().equals("standing")
                        ? standing
                        : components[i].getAccessor().invoke(event);
            }
            return (IncidentEvent)
                    event.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
