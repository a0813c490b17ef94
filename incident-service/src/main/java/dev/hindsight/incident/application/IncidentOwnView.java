package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Visibility;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.domain.Latest;
import dev.hindsight.incident.view.IncidentRow;
import dev.hindsight.incident.view.LinkRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The incidents as their handler keeps them, and who may see them, for a rebuild. */
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
                        steps -> alerts(steps.getLast().after())),
                new Table<>(
                        new InlineView("deploy_link", "incident_id", LinkRows.DEPLOY_COLUMNS, json),
                        Set.of(),
                        steps -> LinkRows.deploys(steps.getLast().after())),
                new Table<>(
                        new InlineView(
                                "incident_channel",
                                "incident_id",
                                InlineView.columns("incident_id", "integration_id", "channel", "name", "linked_at"),
                                json),
                        Set.of(),
                        steps -> LinkRows.channels(steps.getLast().after())),
                new Table<>(
                        new InlineView("restricted_incident", "incident_id", InlineView.columns("incident_id"), json),
                        Set.of(),
                        steps -> restricted(steps.getLast().after())),
                new Table<>(
                        new InlineView(
                                "participation",
                                "incident_id",
                                InlineView.columns(
                                        "incident_id", "way", "person", "happened_at", "source_order", "version"),
                                json),
                        Set.of(),
                        steps -> participation(steps.getLast().after())));
    }

    private static List<Map<String, @Nullable Object>> restricted(Loaded<Incident> after) {
        return after.state().visibility() == Visibility.RESTRICTED
                ? List.of(Map.of("incident_id", after.streamId()))
                : List.of();
    }

    /** One row a way, as {@link dev.hindsight.conventions.access.AccessChanges} sets them. */
    private static List<Map<String, @Nullable Object>> participation(Loaded<Incident> after) {
        UUID id = after.streamId();
        Incident incident = after.state();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        incident.roleFacts()
                .forEach((role, holder) ->
                        rows.add(part(id, "role:" + role, holder, holder.value().person())));
        incident.circle()
                .pages()
                .forEach((person, version) -> rows.add(part(id, "page:" + person, recorded(version), person)));
        incident.circle()
                .additions()
                .forEach((person, addition) -> rows.add(
                        part(id, "added:" + person, recorded(addition.version()), addition.isIn() ? person : null)));
        return rows;
    }

    /** What counts in the order of recording all happened at one time. */
    private static Latest<Boolean> recorded(long version) {
        return new Latest<>(true, Instant.EPOCH, 0, version);
    }

    private static Map<String, @Nullable Object> part(
            UUID incident, String way, Latest<?> since, @Nullable UUID person) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("incident_id", incident);
        row.put("way", way);
        row.put("person", person);
        row.put("happened_at", since.at());
        row.put("source_order", since.sourceOrder());
        row.put("version", since.version());
        return row;
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
