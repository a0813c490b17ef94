package dev.hindsight.incident.subscription;

import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.DeliveryPolicy;
import dev.hindsight.incident.domain.DeliveryPolicy.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows that say what waits, what was sent, and who is at it. A lane is an incident of a subscription: whoever holds its lease
 * sends. Locks are taken in the order subscription, lane, message.
 */
@ApplicationScoped
class Lanes {

    private static final String DUE = "l.next_attempt_at <= now() and (l.lease is null or l.leased_until < now())";

    private static final String WITH_ROOM = """
            select s.id, s.failures from subscription s
            where s.state = 'ACTIVE' and s.deleted_at is null and (s.not_before is null or s.not_before <= now())
            and exists (select 1 from outbound_lane l where l.subscription_id = s.id and DUE)""".replace("DUE", DUE);

    private static final String CLAIM = """
            update outbound_lane c set lease = d.lease, leased_until = now() + $3::float8 * interval '1 millisecond'
            from (
              select l.subscription_id, l.key_id, gen_random_uuid() as lease
              from unnest($1::uuid[], $2::int[]) as w(subscription_id, room) cross join lateral (
                select * from outbound_lane l where l.subscription_id = w.subscription_id and DUE
                order by l.next_attempt_at limit w.room for update skip locked) as l
            ) as d
            where c.subscription_id = d.subscription_id and c.key_id = d.key_id
            returning c.subscription_id, c.key_id, c.lease""".replace("DUE", DUE);

    private static final String HEAD = """
            select m.position, m.sequence, m.attempts, m.first_attempt_at, s.format, s.url, s.secret, s.previous_secret,
              case when s.previous_until > now() then s.previous_until end as previous_until, s.include_restricted,
              s.failures, s.last_success_at, e.*, ''::bytea as hash
            from outbound_message m join subscription s on s.id = m.subscription_id join outbound_event e on e.id = m.event_id
            where m.subscription_id = $1 and m.key_id = $2 and m.state = 'WAITING'
            and s.state = 'ACTIVE' and s.deleted_at is null
            order by m.position limit 1""";

    private static final String BEGIN = """
            with s as (
              select id from subscription where id = $1 and state = 'ACTIVE' and deleted_at is null for no key update
            ), held as (
              update outbound_lane l set leased_until = now() + $5::float8 * interval '1 millisecond' from s
              where l.subscription_id = s.id and l.key_id = $2 and l.lease = $3 returning l.subscription_id
            ), numbered as (
              update subscription n set last_sequence = n.last_sequence + 1 from held
              where n.id = held.subscription_id and exists (
                select 1 from outbound_message u where u.subscription_id = $1 and u.position = $4 and u.sequence is null)
              returning n.last_sequence
            )
            update outbound_message m set sequence = coalesce(m.sequence, (select last_sequence from numbered)),
              first_attempt_at = coalesce(m.first_attempt_at, now())
            from held where m.subscription_id = held.subscription_id and m.position = $4 and m.state = 'WAITING'
            returning m.sequence, m.first_attempt_at""";

    private final Pool pool;

    Lanes(Pool pool) {
        this.pool = pool;
    }

    /** A lane, held until the lease is over. */
    record Held(UUID subscription, UUID key, UUID lease) {}

    /**
     * What is next in a lane.
     *
     * @param sequence null while it was never sent
     */
    record Head(
            long position,
            @Nullable Long sequence,
            int attempts,
            Format format,
            byte[] url,
            List<byte[]> secrets,
            boolean includeRestricted,
            int failures,
            @Nullable Instant lastSuccessAt,
            StoredEvent event) {}

    /** How a message is known to its receiver. */
    record Begun(long sequence, Instant firstAttemptAt) {}

    /** Takes what is due, of each subscription no more than there is room for. */
    Uni<List<Held>> claim(ToIntFunction<Waiting> room, int inAll, Duration lease) {
        return pool.query(WITH_ROOM).execute().chain(rows -> {
            Map<UUID, Integer> rooms = new LinkedHashMap<>();
            int left = inAll;
            for (Row row : rows) {
                UUID id = row.getUUID(0);
                int here = Math.min(left, room.applyAsInt(new Waiting(id, row.getInteger(1))));
                if (here > 0) {
                    rooms.put(id, here);
                    left -= here;
                }
            }
            if (rooms.isEmpty()) {
                return Uni.createFrom().item(List.of());
            }
            return pool.preparedQuery(CLAIM)
                    .execute(Tuple.of(
                            rooms.keySet().toArray(UUID[]::new), rooms.values().toArray(Integer[]::new), (double)
                                    lease.toMillis()))
                    .map(claimed -> {
                        List<Held> held = new ArrayList<>();
                        claimed.forEach(row -> held.add(new Held(row.getUUID(0), row.getUUID(1), row.getUUID(2))));
                        return held;
                    });
        });
    }

    /** A subscription of which something is due. @param failures in a row */
    record Waiting(UUID subscription, int failures) {}

    /** Empty where nothing waits any more, or nothing may be sent. */
    Uni<Optional<Head>> head(Held held) {
        return pool.preparedQuery(HEAD)
                .execute(Tuple.of(held.subscription(), held.key()))
                .map(rows -> rows.iterator().hasNext()
                        ? Optional.of(head(rows.iterator().next()))
                        : Optional.empty());
    }

    private static Head head(Row row) {
        List<byte[]> secrets = new ArrayList<>();
        Buffer secret = row.getBuffer("secret");
        if (secret != null) {
            secrets.add(secret.getBytes());
            Buffer previous = row.getBuffer("previous_secret");
            if (previous != null && row.getOffsetDateTime("previous_until") != null) {
                secrets.add(previous.getBytes());
            }
        }
        OffsetDateTime success = row.getOffsetDateTime("last_success_at");
        return new Head(
                row.getLong("position"),
                row.getLong("sequence"),
                row.getInteger("attempts"),
                Format.valueOf(row.getString("format")),
                row.getBuffer("url").getBytes(),
                secrets,
                row.getBoolean("include_restricted"),
                row.getInteger("failures"),
                success == null ? null : success.toInstant(),
                EventStore.stored(row.getUUID("stream_id"), row));
    }

    /** Gives it its number, where it has none, and holds the lane on; empty where the lane was lost. */
    Uni<Optional<Begun>> begin(Held held, Head head, Duration lease) {
        return pool.preparedQuery(BEGIN)
                .execute(Tuple.of(
                        held.subscription(), held.key(), held.lease(), head.position(), (double) lease.toMillis()))
                .map(rows -> {
                    if (!rows.iterator().hasNext()) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    return Optional.of(
                            new Begun(row.getLong(0), row.getOffsetDateTime(1).toInstant()));
                });
    }

    /** It must not be told any more, and nothing is to be told in its place: no number is spent on it. */
    Uni<Void> withhold(Held held, Head head) {
        return pool.preparedQuery("""
                update outbound_message set state = 'WITHHELD', settled_at = now()
                where subscription_id = $1 and position = $2 and state = 'WAITING'""")
                .execute(Tuple.of(held.subscription(), head.position()))
                .replaceWithVoid();
    }

    /**
     * One attempt, as it is kept.
     *
     * @param at when it began
     */
    record Attempt(Instant at, Sending.Result result) {}

    /** Notes an attempt and what follows from it; whether the lane is still held. */
    Uni<Boolean> settle(Held held, Head head, Begun begun, Attempt attempt, Verdict verdict) {
        return pool.withTransaction(transaction -> receiver(transaction, held, verdict)
                .chain(() -> lane(transaction, held, verdict))
                .chain(still -> note(transaction, held, head, begun, attempt, verdict)
                        .chain(() -> still
                                ? message(transaction, held, head, verdict)
                                : Uni.createFrom().voidItem())
                        .chain(() -> verdict instanceof Verdict.Delivered(boolean isBack) && isBack
                                ? wakeAll(transaction, held.subscription(), true)
                                : Uni.createFrom().voidItem())
                        .replaceWith(still
                                && !(verdict instanceof Verdict.Again)
                                && !(verdict instanceof Verdict.Disabled))));
    }

    private static Uni<Void> receiver(SqlConnection transaction, Held held, Verdict verdict) {
        UUID id = held.subscription();
        return switch (verdict) {
            case Verdict.Delivered _ ->
                run(
                        transaction,
                        "update subscription set failures = 0, failing_since = null, not_before = null,"
                                + " last_success_at = now() where id = $1",
                        id);
            case Verdict.Again(Instant _, Instant rests) ->
                run(
                        transaction,
                        "update subscription set failures = failures + 1, failing_since = coalesce(failing_since, now()),"
                                + " not_before = greatest(not_before, $2) where id = $1",
                        id,
                        time(rests));
            case Verdict.GivenUp _ ->
                run(transaction, "update subscription set failures = failures + 1 where id = $1", id);
            case Verdict.Disabled(String because) ->
                run(
                        transaction,
                        "update subscription set state = 'DISABLED', disabled_because = $2, disabled_at = now(),"
                                + " failures = failures + 1, failing_since = coalesce(failing_since, now()),"
                                + " version = version + 1 where id = $1 and state = 'ACTIVE'",
                        id,
                        because);
        };
    }

    private static Uni<Boolean> lane(SqlConnection transaction, Held held, Verdict verdict) {
        String sql =
                switch (verdict) {
                    case Verdict.Delivered _, Verdict.GivenUp _ -> "next_attempt_at = now()";
                    case Verdict.Again _ -> "next_attempt_at = $4, lease = null, leased_until = null";
                    case Verdict.Disabled _ -> "next_attempt_at = now(), lease = null, leased_until = null";
                };
        List<@Nullable Object> parameters = new ArrayList<>(List.of(held.subscription(), held.key(), held.lease()));
        if (verdict instanceof Verdict.Again(Instant at, Instant _)) {
            parameters.add(time(at));
        }
        return transaction
                .preparedQuery("update outbound_lane set " + sql
                        + " where subscription_id = $1 and key_id = $2 and lease = $3")
                .execute(Tuple.from(parameters))
                .map(result -> result.rowCount() == 1);
    }

    private static Uni<Void> message(SqlConnection transaction, Held held, Head head, Verdict verdict) {
        String state =
                switch (verdict) {
                    case Verdict.Delivered _ -> "DELIVERED";
                    case Verdict.GivenUp _ -> "FAILED";
                    case Verdict.Again _, Verdict.Disabled _ -> "WAITING";
                };
        return run(
                transaction,
                "update outbound_message set attempts = attempts + 1, state = $3,"
                        + " settled_at = case when $3 = 'WAITING' then null else now() end"
                        + " where subscription_id = $1 and position = $2 and state = 'WAITING'",
                held.subscription(),
                head.position(),
                state);
    }

    private static Uni<Void> note(
            SqlConnection transaction, Held held, Head head, Begun begun, Attempt attempt, Verdict verdict) {
        String outcome =
                switch (verdict) {
                    case Verdict.Delivered _ -> "DELIVERED";
                    case Verdict.Again _ -> "RETRYING";
                    case Verdict.GivenUp _ -> "GIVEN_UP";
                    case Verdict.Disabled _ -> "DISABLED";
                };
        DeliveryPolicy.Outcome said = attempt.result().outcome();
        return run(
                transaction,
                """
                insert into outbound_attempt (id, subscription_id, sequence, event_id, event_type, key_id, attempted_at, \
                took_millis, outcome, status, error, detail, next_attempt_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
                StreamIds.next(),
                held.subscription(),
                begun.sequence(),
                head.event().header().id(),
                head.event().header().type(),
                held.key(),
                time(attempt.at()),
                attempt.result().took().toMillis(),
                outcome,
                said.status(),
                said.error(),
                attempt.result().detail(),
                verdict instanceof Verdict.Again(Instant at, Instant _) ? time(at) : null);
    }

    /** Gives the lane back: it goes where nothing waits in it, and is due again at once where something does. */
    Uni<Void> release(Held held) {
        return pool.withTransaction(transaction -> transaction
                .preparedQuery("update outbound_lane set lease = null, leased_until = null, next_attempt_at = now()"
                        + " where subscription_id = $1 and key_id = $2 and lease = $3")
                .execute(Tuple.of(held.subscription(), held.key(), held.lease()))
                // A statement of its own, which sees what was kept by whoever held the row before.
                .chain(updated -> updated.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : run(
                                transaction,
                                "delete from outbound_lane where subscription_id = $1 and key_id = $2 and not exists ("
                                        + "select 1 from outbound_message where subscription_id = $1 and key_id = $2"
                                        + " and state = 'WAITING')",
                                held.subscription(),
                                held.key())));
    }

    /** What waits for its next attempt need not wait any longer. @param unlessBusy leaves those that somebody has a lock on */
    static Uni<Void> wakeAll(SqlConnection transaction, UUID subscription, boolean unlessBusy) {
        return run(
                transaction,
                "with l as (select key_id from outbound_lane where subscription_id = $1 and next_attempt_at > now()"
                        + " order by key_id for update" + (unlessBusy ? " skip locked" : "") + ")"
                        + " update outbound_lane u set next_attempt_at = now() from l"
                        + " where u.subscription_id = $1 and u.key_id = l.key_id",
                subscription);
    }

    static Uni<Void> run(SqlConnection transaction, String sql, @Nullable Object... parameters) {
        return transaction
                .preparedQuery(sql)
                .execute(Tuple.from(Arrays.asList(parameters)))
                .replaceWithVoid();
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
