package dev.hindsight.bench;

import dev.hindsight.local.Service;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How far the events of incident-service have come: to the broker, and into the views of the other services. */
final class Pipeline implements AutoCloseable {
    private static final Duration DRAINED = Duration.ofMinutes(5);
    private static final List<Service> READERS = List.of(Service.POSTMORTEM, Service.ACTION_ITEM, Service.METRICS);

    private final Map<Service, Connection> connections = new EnumMap<>(Service.class);

    Pipeline(Bench bench) throws SQLException {
        for (Service service : Service.values()) {
            connections.put(service, bench.database(service));
        }
    }

    static List<Service> readers() {
        return READERS;
    }

    Connection database(Service service) {
        Connection connection = connections.get(service);
        if (connection == null) {
            throw new IllegalArgumentException(service.name());
        }
        return connection;
    }

    /** Events that are not yet in every view, as the slowest consumer has it. */
    long behind() {
        try {
            double events = Bench.number(database(Service.INCIDENT), "select count(*) from event");
            double least = events;
            for (Service reader : READERS) {
                // Whoever reads incident-events sees every stream of them; no other stream has events in a bench of
                // incidents.
                least = Math.min(
                        least,
                        Bench.number(
                                database(reader),
                                "select coalesce(min(sum), 0) from (select sum(version) from applied where consumer in ("
                                        + "'timelines', 'incident', 'metrics-incidents') group by consumer) as each"));
            }
            return (long) (events - least);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Seconds until every event is in every view. */
    double awaitDrained() {
        return awaitDrained(DRAINED, Bench.SOON);
    }

    /** The same, for more events than are counted in no time. */
    double awaitDrained(Duration patience, Duration lookEvery) {
        long begin = System.nanoTime();
        Bench.await(patience, lookEvery, "the views of the other services", () -> behind() <= 0);
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Clean tables, so that no round pays for an earlier one. */
    void tidy() throws SQLException {
        for (Connection connection : new ArrayList<>(connections.values())) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("vacuum analyze");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
    }
}
