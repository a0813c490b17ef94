package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.incident.domain.CatalogEntry;
import dev.hindsight.incident.view.CatalogRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The catalog as {@link Catalog} and {@link CatalogHandler} keep it, and who comes with which token, for a rebuild. */
@ApplicationScoped
public class CatalogOwnView implements OwnView<CatalogEntry, CatalogEvent> {

    private final ObjectMapper json;

    CatalogOwnView(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public Decider<CatalogEntry, CatalogEvent> decider() {
        return CatalogHandler.DECIDER;
    }

    @Override
    public List<Table<CatalogEntry>> tables() {
        return List.of(
                new Table<>(
                        new CatalogRow(json).view(),
                        Set.of(),
                        steps -> CatalogRow.rows(steps.getLast().after())),
                new Table<>(
                        new InlineView("person_subject", "person", InlineView.columns("person", "subject"), json),
                        Set.of(),
                        steps -> subject(steps.getLast().after())));
    }

    private static List<Map<String, @Nullable Object>> subject(Loaded<CatalogEntry> after) {
        return after.state() instanceof CatalogEntry.Person person && person.subject() != null
                ? List.of(Map.of("person", after.streamId(), "subject", person.subject()))
                : List.of();
    }
}
