package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.DeployEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.Deploy;
import dev.hindsight.incident.view.DeployRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** The deploys as {@link DeployHandler} keeps them, for a rebuild. */
@ApplicationScoped
public class DeployOwnView implements OwnView<Deploy, DeployEvent> {

    private final DeployRow row;

    DeployOwnView(ObjectMapper json) {
        this.row = new DeployRow(json);
    }

    @Override
    public String name() {
        return "deploys";
    }

    @Override
    public Decider<Deploy, DeployEvent> decider() {
        return DeployHandler.DECIDER;
    }

    @Override
    public List<Table<Deploy>> tables() {
        return List.of(new Table<>(
                row.view(), Set.of(), steps -> DeployRow.rows(steps.getLast().after())));
    }
}
