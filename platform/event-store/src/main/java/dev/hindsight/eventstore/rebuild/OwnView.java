package dev.hindsight.eventstore.rebuild;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.ViewTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A view of this service's own streams, as the statements that append keep it. Offered as a bean, it can be rebuilt from the
 * event store.
 *
 * @param <S> state of a stream
 * @param <E> vocabulary of the streams that it shows
 */
public interface OwnView<S, E extends DomainEvent> {

    /** Its name in the API and in logs; never changed, and none of a projection of the same service. */
    String name();

    /** How its streams are folded: the same as their commands do. */
    Decider<S, E> decider();

    /** Its tables. */
    List<Table<S>> tables();

    /**
     * One event of a stream, and the stream after it.
     *
     * @param after its hash is not known here
     */
    record Step<S>(EventHeader header, Loaded<S> after) {}

    /**
     * One table, and which rows a stream has in it.
     *
     * @param view table, the column that names the stream, and all columns that a row sets
     * @param nonDeterministic see {@link ViewTable}
     * @param rows all rows of a stream, given all its steps, oldest first; values as for {@link InlineView#rows}
     */
    record Table<S>(
            InlineView view,
            Set<String> nonDeterministic,
            Function<List<Step<S>>, List<Map<String, @Nullable Object>>> rows) {

        /** A table of one row a stream, made from its newest state. */
        public static <S> Table<S> ofNewest(InlineView view, Function<Loaded<S>, Map<String, @Nullable Object>> row) {
            return new Table<>(
                    view, Set.of(), steps -> List.of(row.apply(steps.getLast().after())));
        }

        /** A table of one row for every event. */
        public static <S> Table<S> ofEvery(
                InlineView view, Function<List<Step<S>>, List<Map<String, @Nullable Object>>> rows) {
            return new Table<>(view, Set.of(), rows);
        }

        ViewTable table() {
            return ViewTable.of(view.table()).nonDeterministic(nonDeterministic.toArray(String[]::new));
        }
    }
}
