package dev.hindsight.conventions.operations;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.TeamLearned;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Standing;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StreamIds;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Streams in the sample's store, and a hand that changes them behind its back. */
@ApplicationScoped
public class StoredStreams {

    private static final Duration SOON = Duration.ofSeconds(20);
    static final String TYPE = "hindsight.catalog.team-learned.v1";
    static final Instant AT = Instant.parse("2026-11-21T14:05:00.123456Z");

    private static final Decider<Integer, CatalogEvent> DECIDER = new Decider<>() {
        @Override
        public Integer initial() {
            return 0;
        }

        @Override
        public Integer evolve(Integer state, Recorded<CatalogEvent> fact) {
            return state + 1;
        }

        @Override
        public Class<CatalogEvent> vocabulary() {
            return CatalogEvent.class;
        }
    };

    private final EventStore store;

    StoredStreams(EventStore store) {
        this.store = store;
    }

    /** A new stream of as many events as names. */
    UUID of(String... names) {
        UUID stream = StreamIds.next();
        append(stream, names);
        return stream;
    }

    /** A new stream of an incident that was merged into another one. */
    UUID mergedInto(UUID other) {
        UUID stream = StreamIds.next();
        append(stream, List.of(NewEvent.of(new Merged(other, "Q9", null, Standing.NONE), AT)));
        return stream;
    }

    void append(UUID stream, String... names) {
        append(
                stream,
                Stream.of(names)
                        .map(name -> NewEvent.of(new TeamLearned(name, null, null), AT))
                        .toList());
    }

    private void append(UUID stream, List<NewEvent> events) {
        CommandContext context = new CommandContext("somebody", "/api", AT, null, null, StreamIds.next(), null);
        store.load(stream, DECIDER)
                .chain(state ->
                        store.append(context, List.of(new StreamAppend(stream, stream, state, events)), List.of()))
                .await()
                .atMost(SOON);
    }

    void change(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A transaction that has done this, and stays open. */
    Connection holding(String sql) throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
        return connection;
    }

    private static Connection connect() throws SQLException {
        Config config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }
}
