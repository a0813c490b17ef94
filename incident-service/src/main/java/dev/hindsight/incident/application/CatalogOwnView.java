package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.rebuild.OwnView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The catalog as {@link Catalog} keeps it, for a rebuild: an entry is what was learned first. */
@ApplicationScoped
public class CatalogOwnView implements OwnView<Optional<CatalogEvent>, CatalogEvent> {

    private final InlineView view;

    CatalogOwnView(ObjectMapper json) {
        this.view = new InlineView(
                "catalog_entry",
                "id",
                InlineView.columns("id", "kind", "name", "tool", "key", "team_id", "learned"),
                json);
    }

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public Decider<Optional<CatalogEvent>, CatalogEvent> decider() {
        return new Decider<>() {
            @Override
            public Optional<CatalogEvent> initial() {
                return Optional.empty();
            }

            @Override
            public Optional<CatalogEvent> evolve(Optional<CatalogEvent> state, Recorded<CatalogEvent> fact) {
                return state.isPresent() || fact.event() instanceof CatalogEvent.PersonLinked
                        ? state
                        : Optional.of(fact.event());
            }

            @Override
            public Class<CatalogEvent> vocabulary() {
                return CatalogEvent.class;
            }
        };
    }

    @Override
    public List<Table<Optional<CatalogEvent>>> tables() {
        return List.of(new Table<>(view, Set.of(), steps -> rows(steps.getLast().after())));
    }

    private static List<Map<String, @Nullable Object>> rows(Loaded<Optional<CatalogEvent>> loaded) {
        return loaded.state().stream()
                .map(learned -> row(loaded.streamId(), learned))
                .toList();
    }

    private static Map<String, @Nullable Object> row(UUID id, CatalogEvent learned) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", id);
        row.put("learned", true);
        switch (learned) {
            // Who a token's subject is stands in the tables of access.
            case CatalogEvent.PersonLinked e -> throw new IllegalStateException("nothing is learned by a link");
            case CatalogEvent.PersonLearned e -> described(row, "PERSON", e.name(), e.tool(), e.key());
            case CatalogEvent.TeamLearned e -> described(row, "TEAM", e.name(), e.tool(), e.key());
            case CatalogEvent.ServiceLearned e -> {
                described(row, "SERVICE", e.name(), e.tool(), e.key());
                row.put("team_id", e.team());
            }
        }
        return row;
    }

    private static void described(
            Map<String, @Nullable Object> row, String kind, String name, @Nullable String tool, @Nullable String key) {
        row.put("kind", kind);
        row.put("name", name);
        row.put("tool", tool);
        row.put("key", key);
    }
}
