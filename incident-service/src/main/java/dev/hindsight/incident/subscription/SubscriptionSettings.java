package dev.hindsight.incident.subscription;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Secrets;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.AlreadyDone;
import dev.hindsight.eventstore.IdempotencyKey;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes subscriptions. They are settings, not facts: no event tells of them. Addresses and secrets are encrypted. */
@ApplicationScoped
class SubscriptionSettings {

    /** How long the secret before a rotation signs, too. */
    static final Duration ROTATION = Duration.ofHours(24);

    private final EventStore store;
    private final Pool pool;
    private final Secrets secrets;

    SubscriptionSettings(EventStore store, Pool pool, Secrets secrets) {
        this.store = store;
        this.pool = pool;
        this.secrets = secrets;
    }

    /** What a subscription is created with. @param secret null where it signs nothing */
    record New(
            UUID id,
            String name,
            Format format,
            String url,
            @Nullable SigningSecret secret,
            List<String> types,
            List<String> services,
            List<Severity> severities,
            boolean includeRestricted,
            boolean includeImported) {}

    /** What can be changed; null leaves it as it is. */
    record Change(
            @Nullable String name,
            @Nullable String url,
            @Nullable SigningSecret secret,
            @Nullable List<String> types,
            @Nullable List<String> services,
            @Nullable List<Severity> severities,
            @Nullable Boolean includeImported) {}

    /**
     * Creates one, once for an Idempotency-Key.
     *
     * @param answer with the secret, for now only
     * @param kept the same without it
     */
    Uni<StoredAnswer> create(New wanted, CommandContext context, StoredAnswer answer, StoredAnswer kept) {
        StatementPart row = new StatementPart(
                "subscription_row",
                """
                insert into subscription (id, name, format, url, shown_url, secret, types, services, severities, \
                include_restricted, include_imported, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, statement_timestamp())""",
                Arrays.asList(
                        wanted.id(),
                        wanted.name(),
                        wanted.format().name(),
                        encrypted(wanted.url()),
                        shown(wanted.format(), wanted.url()),
                        wanted.secret() == null
                                ? null
                                : encrypted(wanted.secret().text()),
                        wanted.types().toArray(String[]::new),
                        wanted.services().toArray(String[]::new),
                        names(wanted.severities()),
                        wanted.includeRestricted(),
                        wanted.includeImported()));
        IdempotencyKey key = context.idempotencyKey();
        if (key == null) {
            return store.append(context, List.of(), List.of(row)).replaceWith(answer);
        }
        return store.append(context, List.of(), List.of(row, EventStore.keep(key, kept)))
                .replaceWith(answer)
                .onFailure(AlreadyDone.class)
                .recoverWithUni(() -> store.answerOf(key).map(found -> found.orElse(kept)));
    }

    /**
     * Changes what is given. What waits is sent to a new address; a new secret leaves the present one signing beside it for 24
     * hours.
     *
     * @param expectedVersion null where the client did not care
     * @throws NotFound as a failure
     * @throws StaleVersion as a failure
     */
    Uni<Void> change(UUID id, Format format, Change to, @Nullable Long expectedVersion, Instant now) {
        Buffer secret = to.secret() == null ? null : encrypted(to.secret().text());
        return pool.preparedQuery("""
                update subscription set
                  name = coalesce($2, name),
                  url = coalesce($3, url),
                  shown_url = coalesce($4, shown_url),
                  previous_secret = case when $5::bytea is null then previous_secret else secret end,
                  previous_until = case when $5::bytea is null then previous_until else $6 end,
                  secret = coalesce($5, secret),
                  types = coalesce($7, types),
                  services = coalesce($8, services),
                  severities = coalesce($9, severities),
                  include_imported = coalesce($10, include_imported),
                  version = version + 1
                where id = $1 and deleted_at is null and ($11::bigint is null or version = $11)""")
                .execute(Tuple.from(Arrays.asList(
                        id,
                        to.name(),
                        to.url() == null ? null : encrypted(to.url()),
                        to.url() == null ? null : shown(format, to.url()),
                        secret,
                        Lanes.time(now.plus(ROTATION)),
                        to.types() == null ? null : to.types().toArray(String[]::new),
                        to.services() == null ? null : to.services().toArray(String[]::new),
                        to.severities() == null ? null : names(to.severities()),
                        to.includeImported(),
                        expectedVersion)))
                .chain(result -> result.rowCount() == 1 ? Uni.createFrom().voidItem() : refuse(id, expectedVersion));
    }

    /** From now on nothing is sent; what waited is forgotten. */
    Uni<Void> delete(UUID id, @Nullable Long expectedVersion) {
        return pool.withTransaction(transaction -> transaction
                .preparedQuery("update subscription set deleted_at = now(), version = version + 1"
                        + " where id = $1 and deleted_at is null and ($2::bigint is null or version = $2)")
                .execute(Tuple.of(id, expectedVersion))
                .chain(result -> result.rowCount() == 1
                        ? Lanes.run(
                                transaction,
                                "with l as (select key_id from outbound_lane where subscription_id = $1 order by key_id"
                                        + " for update) delete from outbound_lane d using l"
                                        + " where d.subscription_id = $1 and d.key_id = l.key_id",
                                id)
                        : refuse(id, expectedVersion)));
    }

    /** Sends again from now on what waits, however long it failed before. One that is active already is tried at once. */
    Uni<Void> activate(UUID id) {
        return pool.withTransaction(transaction -> transaction
                .preparedQuery("""
                        update subscription set state = 'ACTIVE', disabled_because = null, disabled_at = null, failures = 0,
                          failing_since = null, not_before = null, version = version + 1
                        where id = $1 and deleted_at is null""")
                .execute(Tuple.of(id))
                .chain(result -> result.rowCount() == 1
                        ? Lanes.run(
                                        transaction,
                                        "update outbound_message set attempts = 0, first_attempt_at = null"
                                                + " where subscription_id = $1 and state = 'WAITING'",
                                        id)
                                .chain(() -> Lanes.wakeAll(transaction, id, false))
                        : refuse(id, null)));
    }

    /** What is sent again. @param fromSequence the first of them that is still kept */
    record Redelivery(long fromSequence, int messages) {}

    /**
     * Sends again everything from this number on, in the order of each incident.
     *
     * @throws Refused as a failure, where nothing of it is kept
     * @throws NotFound as a failure
     */
    Uni<Redelivery> redeliver(UUID id, long fromSequence) {
        return pool.withTransaction(transaction -> transaction
                .preparedQuery("select id from subscription where id = $1 and deleted_at is null for no key update")
                .execute(Tuple.of(id))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().failure(new NotFound("subscription", id))
                        : redeliver(transaction, id, fromSequence)));
    }

    private static Uni<Redelivery> redeliver(SqlConnection transaction, UUID id, long fromSequence) {
        return transaction
                .preparedQuery("""
                        with again as (
                          update outbound_message set state = 'WAITING', attempts = 0, first_attempt_at = null,
                            settled_at = null
                          where subscription_id = $1 and sequence >= $2 returning key_id, sequence
                        ), lanes as (
                          insert into outbound_lane as l (subscription_id, key_id, next_attempt_at)
                          select distinct $1::uuid, key_id, now() from again order by key_id
                          on conflict (subscription_id, key_id) do update
                          set next_attempt_at = least(l.next_attempt_at, excluded.next_attempt_at)
                        ) select count(*), min(sequence) from again""")
                .execute(Tuple.of(id, fromSequence))
                .map(rows -> {
                    var row = rows.iterator().next();
                    if (row.getLong(0) == 0) {
                        throw Refused.because(
                                "NOTHING_KEPT",
                                "Nothing from number " + fromSequence + " on was sent and is still kept.");
                    }
                    return new Redelivery(row.getLong(1), row.getLong(0).intValue());
                });
    }

    private <T> Uni<T> refuse(UUID id, @Nullable Long expectedVersion) {
        return pool.preparedQuery("select version from subscription where id = $1 and deleted_at is null")
                .execute(Tuple.of(id))
                .chain(rows -> Uni.createFrom()
                        .failure(
                                rows.iterator().hasNext() && expectedVersion != null
                                        ? new StaleVersion(
                                                expectedVersion,
                                                rows.iterator().next().getLong("version"))
                                        : new NotFound("subscription", id)));
    }

    private Buffer encrypted(String text) {
        return Buffer.buffer(secrets.encrypt(text));
    }

    private static String[] names(Collection<Severity> severities) {
        return severities.stream().map(Severity::name).toArray(String[]::new);
    }

    /** Slack's address is a secret but for its host; so may be what stands behind a question mark. */
    static String shown(Format format, String url) {
        URI uri = URI.create(url);
        String authority = uri.getScheme() + "://" + uri.getRawAuthority();
        return switch (format) {
            case SLACK -> authority + "/…";
            case STANDARD ->
                authority
                        + (uri.getRawPath() == null ? "" : uri.getRawPath())
                        + (uri.getRawQuery() == null ? "" : "?…");
        };
    }
}
