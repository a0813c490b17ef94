package dev.hindsight.metrics.view;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one fact table: reads where the streams of a batch stand, folds their events, and writes a history row for each
 * event that changed the fact. An event that changes nothing writes nothing. Streams that are not of its vocabulary are
 * none of its business.
 *
 * @param <E> vocabulary of the streams
 * @param <S> state of one stream
 */
abstract class FactProjection<E extends DomainEvent, S> implements Projection {

    private final String name;
    private final Topic topic;
    private final Class<E> vocabulary;
    private final HistoryRows.Table table;

    FactProjection(String name, Topic topic, Class<E> vocabulary, HistoryRows.Table table) {
        this.name = name;
        this.topic = topic;
        this.vocabulary = vocabulary;
        this.table = table;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(topic);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of(table.name()));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        List<Recorded<E>> own = events.stream()
                .filter(recorded -> vocabulary.isInstance(recorded.event()))
                .map(recorded -> new Recorded<>(recorded.header(), vocabulary.cast(recorded.event())))
                .toList();
        if (own.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        UUID[] streams = own.stream()
                .map(recorded -> recorded.header().streamId())
                .distinct()
                .toArray(UUID[]::new);
        return transaction
                .preparedQuery(table.selectNow())
                .execute(Tuple.of(streams))
                .chain(rows -> {
                    Map<UUID, S> states = new TreeMap<>();
                    rows.forEach(row -> states.put(row.getUUID(table.idColumn()), state(row)));
                    HistoryRows history = new HistoryRows(table, states.keySet());
                    for (Recorded<E> recorded : own) {
                        S before = states.get(recorded.header().streamId());
                        S after = evolve(before, recorded);
                        states.put(recorded.header().streamId(), after);
                        if (before == null || !columns(after).equals(columns(before))) {
                            history.add(recorded.header(), columns(after));
                        }
                    }
                    return history.write(transaction);
                });
    }

    /** The state that a row of the table holds. */
    abstract S state(Row row);

    /** The state after one more event; {@code before} is null before the first. */
    abstract S evolve(@Nullable S before, Recorded<E> recorded);

    /** The fact of a state, by column of the table. */
    abstract Map<String, @Nullable Object> columns(S state);

    static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }
}
