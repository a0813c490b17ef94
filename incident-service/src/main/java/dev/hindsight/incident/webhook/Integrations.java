package dev.hindsight.incident.webhook;

import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.security.Secrets;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The integrations as webhooks need them: with their secrets, read anew for each delivery. */
@ApplicationScoped
class Integrations {

    private final Pool pool;
    private final Secrets secrets;

    Integrations(Pool pool, Secrets secrets) {
        this.pool = pool;
        this.secrets = secrets;
    }

    /** Empty where there is none of that id and provider, or it was deleted. */
    Uni<Optional<Integration>> find(UUID id, Provider provider, Instant now) {
        return pool.preparedQuery("select * from integration where id = $1 and provider = $2 and deleted_at is null")
                .execute(Tuple.of(id, provider.wireName()))
                .map(rows -> rows.iterator().hasNext()
                        ? Optional.of(integration(rows.iterator().next(), provider, now))
                        : Optional.empty());
    }

    /** Empty where there is none of that id, or it was deleted. */
    Uni<Optional<Integration>> find(UUID id, Instant now) {
        return pool.preparedQuery("select * from integration where id = $1 and deleted_at is null")
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().hasNext()
                        ? Optional.of(integration(rows.iterator().next(), now))
                        : Optional.empty());
    }

    private Integration integration(Row row, Instant now) {
        return integration(row, Provider.named(row.getString("provider")).orElseThrow(), now);
    }

    private Integration integration(Row row, Provider provider, Instant now) {
        List<String> valid = new ArrayList<>();
        valid.add(secrets.decrypt(row.getBuffer("secret").getBytes()));
        var previous = row.getBuffer("previous_secret");
        if (previous != null
                && row.getOffsetDateTime("previous_until").toInstant().isAfter(now)) {
            valid.add(secrets.decrypt(previous.getBytes()));
        }
        Map<String, Severity> mapping = new TreeMap<>();
        JsonObject stored = row.getJsonObject("severity_mapping");
        stored.forEach(entry ->
                mapping.put(entry.getKey(), Severity.valueOf(entry.getValue().toString())));
        return new Integration(
                row.getUUID("id"),
                provider,
                valid,
                row.getString("default_service"),
                Severity.valueOf(row.getString("default_severity")),
                mapping,
                row.getBoolean("auto_declare"),
                Duration.ofMinutes(row.getInteger("grouping_minutes")),
                MappingJson.read(row.getJsonObject("mapping")));
    }
}
