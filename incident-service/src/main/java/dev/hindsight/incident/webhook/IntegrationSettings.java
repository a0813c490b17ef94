package dev.hindsight.incident.webhook;

import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Secrets;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.IdempotencyKey;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.incident.webhook.tool.GenericMapping;
import dev.hindsight.incident.webhook.tool.Provider;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes integrations. They are settings, not facts: no event tells of them. Secrets are encrypted and never read back. */
@ApplicationScoped
public class IntegrationSettings {

    /** How long the secret before a rotation stays valid. */
    public static final Duration ROTATION = Duration.ofHours(24);

    private final EventStore store;
    private final Pool pool;
    private final Secrets secrets;

    IntegrationSettings(EventStore store, Pool pool, Secrets secrets) {
        this.store = store;
        this.pool = pool;
        this.secrets = secrets;
    }

    /** What can be set; null leaves a setting as it is. */
    public record Settings(
            @Nullable String name,
            @Nullable String secret,
            @Nullable String defaultService,
            @Nullable Severity defaultSeverity,
            @Nullable Map<String, Severity> severityMapping,
            @Nullable Boolean autoDeclare,
            @Nullable Integer groupingMinutes,
            @Nullable GenericMapping mapping) {}

    /** Creates one, once for an Idempotency-Key. */
    public Uni<StoredAnswer> create(
            UUID id,
            Provider provider,
            String name,
            String secret,
            Settings settings,
            CommandContext context,
            StoredAnswer answer) {
        List<StatementPart> parts = new ArrayList<>();
        parts.add(new StatementPart(
                "integration_row",
                """
                        insert into integration (id, name, provider, secret, default_service, default_severity, \
                        severity_mapping, auto_declare, grouping_minutes, version, created_at, mapping)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)""",
                Arrays.asList(
                        id,
                        name,
                        provider.wireName(),
                        Buffer.buffer(secrets.encrypt(secret)),
                        settings.defaultService(),
                        (settings.defaultSeverity() == null ? Severity.SEV3 : settings.defaultSeverity()).name(),
                        mapping(settings.severityMapping() == null ? Map.of() : settings.severityMapping()),
                        settings.autoDeclare() == null || settings.autoDeclare(),
                        settings.groupingMinutes() == null ? 240 : settings.groupingMinutes(),
                        context.now().atOffset(ZoneOffset.UTC),
                        MappingJson.written(settings.mapping()))));
        IdempotencyKey key = context.idempotencyKey();
        if (key == null) {
            return store.append(context, List.of(), parts).replaceWith(answer);
        }
        parts.add(EventStore.keep(key, answer));
        return store.append(context, List.of(), parts)
                .replaceWith(answer)
                .onFailure(AlreadyDone.class)
                .recoverWithUni(() -> store.answerOf(key).map(kept -> kept.orElse(answer)));
    }

    /**
     * Changes what is given. A new secret leaves the present one valid for 24 hours.
     *
     * @param withoutMapping takes the mapping off
     * @param expectedVersion null where the client did not care
     * @throws NotFound as a failure
     * @throws StaleVersion as a failure
     */
    public Uni<Void> change(UUID id, Settings to, boolean withoutMapping, @Nullable Long expectedVersion, Instant now) {
        Buffer secret = to.secret() == null ? null : Buffer.buffer(secrets.encrypt(to.secret()));
        return pool.preparedQuery("""
                update integration set
                  name = coalesce($2, name),
                  previous_secret = case when $3::bytea is null then previous_secret else secret end,
                  previous_until = case when $3::bytea is null then previous_until else $10 end,
                  secret = coalesce($3, secret),
                  default_service = coalesce($4, default_service),
                  default_severity = coalesce($5, default_severity),
                  severity_mapping = coalesce($6, severity_mapping),
                  auto_declare = coalesce($7, auto_declare),
                  grouping_minutes = coalesce($8, grouping_minutes),
                  mapping = case when $12 then null else coalesce($11, mapping) end,
                  version = version + 1
                where id = $1 and deleted_at is null and ($9::bigint is null or version = $9)""")
                .execute(Tuple.from(Arrays.asList(
                        id,
                        to.name(),
                        secret,
                        to.defaultService(),
                        to.defaultSeverity() == null
                                ? null
                                : to.defaultSeverity().name(),
                        to.severityMapping() == null ? null : mapping(to.severityMapping()),
                        to.autoDeclare(),
                        to.groupingMinutes(),
                        expectedVersion,
                        now.plus(ROTATION).atOffset(ZoneOffset.UTC),
                        MappingJson.written(to.mapping()),
                        withoutMapping)))
                .chain(result -> result.rowCount() == 1 ? Uni.createFrom().voidItem() : refuse(id, expectedVersion));
    }

    /** From now on its deliveries are answered 404; what it delivered stays. */
    public Uni<Void> delete(UUID id, @Nullable Long expectedVersion, Instant now) {
        return pool.preparedQuery("update integration set deleted_at = $2, version = version + 1"
                        + " where id = $1 and deleted_at is null and ($3::bigint is null or version = $3)")
                .execute(Tuple.of(id, now.atOffset(ZoneOffset.UTC), expectedVersion))
                .chain(result -> result.rowCount() == 1 ? Uni.createFrom().voidItem() : refuse(id, expectedVersion));
    }

    private Uni<Void> refuse(UUID id, @Nullable Long expectedVersion) {
        return pool.preparedQuery("select version from integration where id = $1 and deleted_at is null")
                .execute(Tuple.of(id))
                .chain(rows -> Uni.createFrom()
                        .failure(
                                rows.iterator().hasNext() && expectedVersion != null
                                        ? new StaleVersion(
                                                expectedVersion,
                                                rows.iterator().next().getLong("version"))
                                        : new NotFound("integration", id)));
    }

    private static JsonObject mapping(Map<String, Severity> mapping) {
        JsonObject json = new JsonObject();
        mapping.forEach((word, severity) -> json.put(word.strip().toLowerCase(Locale.ROOT), severity.name()));
        return json;
    }
}
