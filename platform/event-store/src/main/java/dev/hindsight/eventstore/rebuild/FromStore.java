package dev.hindsight.eventstore.rebuild;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.eventstore.rebuild.OwnView.Step;
import io.agroal.api.AgroalDataSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * A view of the service's own streams: folded from the event table, stream by stream. Which streams were appended to since
 * follows from the outbox and from what was published since, so that no append pays for it.
 */
final class FromStore<S, E extends DomainEvent> implements Source {

    private static final int CHUNK = 1 << 20;
    private static final int COUNT_EVERY = 2_000;
    /** Streams that are folded anew while the commands of the service wait. */
    private static final int FEW = 500;

    private static final int AT_ONCE = 2_000;

    private final OwnView<S, E> view;
    private final Shadow shadow;
    private final AgroalDataSource database;
    private final Connection connection;
    private final Progress progress;

    /** As far as the broker had it when the streams were last looked for. */
    private long position;

    /** What was folded again since the loading, so that what waits long for the broker is not folded over and over. */
    private final Map<UUID, Long> again = new HashMap<>();

    FromStore(OwnView<S, E> view, Shadow shadow, AgroalDataSource database, Connection connection, Progress progress) {
        this.view = view;
        this.shadow = shadow;
        this.database = database;
        this.connection = connection;
        this.progress = progress;
    }

    @Override
    public void load() throws SQLException, InterruptedException {
        position = position();
        progress.expect(number("select count(*) from event"));
        try (Connection reading = database.getConnection();
                Connection writing = database.getConnection()) {
            asynchronous(writing, true);
            try (CopyWriter writer = new CopyWriter(writing, view.name())) {
                List<TableRows<S>> tables = tables();
                Loading loading = new Loading(tables, writer);
                new StoreReading<>(view.decider(), loading).all(reading);
                loading.count();
                for (TableRows<S> table : tables) {
                    writer.put(table.rows().sql(), table.rows().take());
                }
                writer.finish();
            } finally {
                asynchronous(writing, false);
            }
        }
    }

    /** Every stream becomes rows, and the rows go to the database by the chunk. */
    private final class Loading implements StoreReading.Sink<S> {

        private final List<TableRows<S>> tables;
        private final CopyWriter writer;
        private int events;

        Loading(List<TableRows<S>> tables, CopyWriter writer) {
            this.tables = tables;
            this.writer = writer;
        }

        @Override
        public void stream(UUID streamId, List<Step<S>> steps) throws SQLException, InterruptedException {
            progress.read(0, 1);
            for (TableRows<S> table : tables) {
                table.add(steps);
                if (table.rows().length() > CHUNK) {
                    writer.put(table.rows().sql(), table.rows().take());
                }
            }
        }

        @Override
        public void read() throws SQLException {
            events++;
            if (events == COUNT_EVERY) {
                count();
            }
        }

        void count() throws SQLException {
            progress.read(events, 0);
            events = 0;
            progress.tick();
        }
    }

    @Override
    public void catchUp() throws SQLException, InterruptedException {
        asynchronous(connection, true);
        try {
            Since since = since();
            while (since.newest().size() > FEW) {
                foldAgain(since);
                remember(since);
                since = since();
            }
            foldAgain(since);
            remember(since);
        } finally {
            asynchronous(connection, false);
        }
    }

    @Override
    public boolean swap(Connection on) throws SQLException, InterruptedException {
        return Swap.attempt(on, shadow, () -> {
            Since since = since();
            if (since.newest().size() > FEW) {
                return false;
            }
            foldAgain(since);
            shadow.move(on);
            progress.end(on, RebuildState.DONE, null);
            return true;
        });
    }

    @Override
    public void close() {
        again.clear();
    }

    /**
     * What was appended since it was last looked.
     *
     * @param position as far as the broker had it before
     * @param newest of streams with events that were not there when they were last folded: their newest version
     */
    private record Since(long position, Map<UUID, Long> newest) {}

    private Since since() throws SQLException {
        // First how far it is, then what came: what is published in between is found again the next time.
        long now = position();
        Map<UUID, Long> newest = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                select stream_id, max(version) from (
                  select stream_id, version from outbox
                  union all
                  select stream_id, version from published where position > ?
                ) as news group by stream_id""")) {
            statement.setLong(1, position);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    UUID stream = rows.getObject(1, UUID.class);
                    long version = rows.getLong(2);
                    if (again.getOrDefault(stream, 0L) < version) {
                        newest.put(stream, version);
                    }
                }
            }
        }
        return new Since(now, newest);
    }

    private void foldAgain(Since since) throws SQLException, InterruptedException {
        List<UUID> streams = List.copyOf(since.newest().keySet());
        for (int i = 0; i < streams.size(); i += AT_ONCE) {
            replace(streams.subList(i, Math.min(streams.size(), i + AT_ONCE)));
        }
    }

    /** Only what is committed: a swap that is rolled back has folded nothing. */
    private void remember(Since since) {
        position = since.position();
        again.putAll(since.newest());
    }

    /** Their rows as they are now, in the place of the rows that are there. */
    private void replace(List<UUID> streams) throws SQLException, InterruptedException {
        List<TableRows<S>> tables = tables();
        List<UUID> ours = new ArrayList<>();
        new StoreReading<>(view.decider(), new StoreReading.Sink<S>() {
                    @Override
                    public void stream(UUID streamId, List<Step<S>> steps) {
                        ours.add(streamId);
                        // Read newly: so many more than the store had at the beginning are done, at most.
                        tables.forEach(table -> table.add(steps));
                    }

                    @Override
                    public void read() {
                        // Counted with the streams: most of these were read before.
                    }
                })
                .some(connection, streams);
        for (TableRows<S> table : tables) {
            try (PreparedStatement statement = connection.prepareStatement("delete from %s.%s where %s = any (?)"
                    .formatted(
                            shadow.schema(),
                            table.of().view().table(),
                            table.of().view().key()))) {
                statement.setArray(1, connection.createArrayOf("uuid", ours.toArray()));
                statement.executeUpdate();
            }
            try {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                table.rows().sql(),
                                new ByteArrayInputStream(table.rows().take()));
            } catch (IOException e) {
                throw new SQLException(e);
            }
        }
        if (connection.getAutoCommit()) {
            progress.tick();
        }
    }

    private record TableRows<S>(OwnView.Table<S> of, CopyRows rows) {
        void add(List<Step<S>> steps) {
            of.rows().apply(steps).forEach(rows::add);
        }
    }

    private List<TableRows<S>> tables() throws SQLException {
        List<TableRows<S>> tables = new ArrayList<>();
        for (OwnView.Table<S> table : view.tables()) {
            tables.add(new TableRows<>(
                    table,
                    CopyRows.into(
                            connection,
                            shadow.schema(),
                            table.view().table(),
                            table.view().columns(),
                            table.view().json())));
        }
        return tables;
    }

    private long position() throws SQLException {
        return number("select coalesce(max(position), 0) from published");
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Nobody waits for the disk while the shadow is filled: the swap's own commit makes everything before it durable. */
    private static void asynchronous(Connection connection, boolean yes) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(yes ? "set synchronous_commit = off" : "reset synchronous_commit");
        }
    }
}
