package dev.hindsight.conventions.testing;

import dev.hindsight.local.Backends;
import dev.hindsight.local.LocalIdentity;
import dev.hindsight.local.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A new database and a topic prefix of its own on the real backends, and the key that {@link Tokens} signs with. */
public class HindsightBackends implements QuarkusTestResourceLifecycleManager {

    /** System property: the database of the present run, to look into it from a test. */
    public static final String DATABASE = "hindsight.test.database";

    private @Nullable String database;

    @Override
    public Map<String, String> start() {
        String run = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000_0000, Integer.MAX_VALUE));
        database = "test_" + run;
        Backends backends = Backends.forTests();
        PostgresServer postgres = backends.createDatabase(database);
        System.setProperty(DATABASE, database);
        LocalIdentity identity = Tokens.identity();

        Map<String, String> config = new HashMap<>();
        config.put("quarkus.datasource.reactive.url", postgres.reactiveUrl(database));
        config.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl(database));
        config.put("quarkus.datasource.username", postgres.user());
        config.put("quarkus.datasource.password", postgres.password());
        config.put("kafka.bootstrap.servers", backends.kafkaBootstrap());
        config.put("hindsight.event-store.topic-prefix", database + ".");
        config.put("hindsight.encryption-key", identity.encryptionKey());
        config.put("quarkus.oidc.public-key", identity.publicKeyBase64());
        config.put("quarkus.oidc.token.issuer", LocalIdentity.ISSUER);
        config.put("quarkus.http.test-port", "0");
        return config;
    }

    @Override
    public void stop() {
        if (database != null) {
            Backends.forTests().dropDatabase(database);
            System.clearProperty(DATABASE);
            database = null;
        }
    }
}
