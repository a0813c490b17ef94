package dev.hindsight.eventstore;

import dev.hindsight.local.Backends;
import dev.hindsight.local.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A new database and topics of its own on the real backends. */
public class EventStoreBackends implements QuarkusTestResourceLifecycleManager {

    private String database;

    @Override
    public Map<String, String> start() {
        database = "test_" + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000_0000, Integer.MAX_VALUE));
        Backends backends = Backends.forTests();
        PostgresServer postgres = backends.createDatabase(database);
        return Map.of(
                "quarkus.datasource.reactive.url", postgres.reactiveUrl(database),
                "quarkus.datasource.jdbc.url", postgres.jdbcUrl(database),
                "quarkus.datasource.username", postgres.user(),
                "quarkus.datasource.password", postgres.password(),
                "kafka.bootstrap.servers", backends.kafkaBootstrap(),
                "hindsight.event-store.topic-prefix", database + ".");
    }

    @Override
    public void stop() {
        if (database != null) {
            Backends.forTests().dropDatabase(database);
            database = null;
        }
    }
}
