package dev.hindsight.eventstore.rebuild;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.Notebook;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a test's commands on a {@link Notebook} write with their events. */
@Singleton
public class NotebookOwnView implements OwnView<Notebook, IncidentEvent> {

    static final String NAME = "notebooks";

    static final InlineView SHELF =
            new InlineView("shelf", "id", InlineView.columns("id", "lines", "last", "version"), new ObjectMapper());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decider<Notebook, IncidentEvent> decider() {
        return Notebook.DECIDER;
    }

    @Override
    public List<Table<Notebook>> tables() {
        return List.of(Table.ofNewest(SHELF, NotebookOwnView::row));
    }

    static Map<String, @Nullable Object> row(Loaded<Notebook> loaded) {
        List<String> texts = loaded.state().texts();
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", loaded.streamId());
        row.put("lines", texts.size());
        row.put("last", texts.isEmpty() ? "" : texts.getLast());
        row.put("version", loaded.version());
        return row;
    }
}
