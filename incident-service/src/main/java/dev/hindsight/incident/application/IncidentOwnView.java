package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.view.IncidentRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        return List.of(
                Table.ofNewest(new IncidentRow(json).view(), IncidentRow::columns),
                new Table<>(
                        new InlineView(
                                "incident_alert",
                                "incident_id",
                                InlineView.columns("key", "incident_id", "declares"),
                                json),
                        Set.of(),
                        steps -> alerts(steps.getLast().after())));
    }

    private static List<Map<String, @Nullable Object>> alerts(Loaded<Incident> after) {
        Incident incident = after.state();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (String key : incident.facts().alerts().keySet()) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("key", key);
            row.put("incident_id", after.streamId());
            row.put("declares", incident.sources().contains(key));
            rows.add(row);
        }
        return rows;
    }
}
