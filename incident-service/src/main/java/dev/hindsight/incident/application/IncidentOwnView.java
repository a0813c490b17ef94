package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.view.IncidentRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The incidents as their handler keeps them, for a rebuild. */
@ApplicationScoped
public class IncidentOwnView implements OwnView<Incident, IncidentEvent> {

    private final ObjectMapper json;

    IncidentOwnView(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String name() {
        return "incidents";
    }

    @Override
    public Decider<Incident, IncidentEvent> decider() {
        return IncidentHandler.DECIDER;
    }

    @Override
    public List<Table<Incident>> tables() {
        return List.of(Table.ofNewest(new IncidentRow(json).view(), IncidentRow::columns));
    }
}
