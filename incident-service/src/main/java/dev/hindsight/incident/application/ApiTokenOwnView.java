package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.AccessEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.ApiToken;
import dev.hindsight.incident.view.ApiTokenRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** The API tokens as {@link ApiTokenHandler} keeps them, for a rebuild. */
@ApplicationScoped
public class ApiTokenOwnView implements OwnView<ApiToken, AccessEvent> {

    private final ApiTokenRow row;

    ApiTokenOwnView(ObjectMapper json) {
        this.row = new ApiTokenRow(json);
    }

    @Override
    public String name() {
        return "api-tokens";
    }

    @Override
    public Decider<ApiToken, AccessEvent> decider() {
        return ApiTokenHandler.DECIDER;
    }

    @Override
    public List<Table<ApiToken>> tables() {
        return List.of(new Table<>(
                row.view(), Set.of(), steps -> ApiTokenRow.rows(steps.getLast().after())));
    }
}
