package dev.hindsight.incident.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.incident.domain.Deploy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row of a deploy in the service's own view. */
public final class DeployRow {

    private final InlineView view;

    public DeployRow(ObjectMapper json) {
        this.view = new InlineView(
                "deploy",
                "id",
                InlineView.columns(
                        "id",
                        "tool",
                        "external_id",
                        "service",
                        "environment",
                        "production",
                        "ref",
                        "revision",
                        "url",
                        "state",
                        "heard_of_at",
                        "begun_at",
                        "ended_at",
                        "version"),
                json);
    }

    /** Where it is written. */
    public InlineView view() {
        return view;
    }

    /** The rows of a stream: none of one that tells nothing. */
    public static List<Map<String, @Nullable Object>> rows(Loaded<Deploy> loaded) {
        return loaded.state().exists() ? List.of(columns(loaded)) : List.of();
    }

    private static Map<String, @Nullable Object> columns(Loaded<Deploy> loaded) {
        Deploy deploy = loaded.state();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", loaded.streamId());
        row.put("tool", deploy.tool());
        row.put("external_id", deploy.externalId());
        row.put("service", deploy.change().service());
        row.put("environment", deploy.change().environment());
        row.put("production", deploy.production());
        row.put("ref", deploy.change().ref());
        row.put("revision", deploy.change().revision());
        row.put("url", deploy.change().url());
        row.put("state", deploy.state());
        row.put("heard_of_at", deploy.reports().getFirst().at());
        row.put("begun_at", deploy.begunAt());
        row.put("ended_at", deploy.endedAt());
        row.put("version", loaded.version());
        return row;
    }
}
