package dev.hindsight.incident.subscription;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.SubscriptionFilter;
import dev.hindsight.incident.subscription.Taken.Affected;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is to be sent, as rows: written by the transaction that notes how far reading is, so that nothing is lost or doubled. */
@ApplicationScoped
class Outgoing {

    /**
     * Who wants what.
     *
     * @param slack whether it takes only what there is a Slack message for
     */
    record Wish(UUID subscription, SubscriptionFilter filter, boolean slack) {

        boolean wants(Taken taken, @Nullable Affected incident) {
            return filter.matches(taken.facts(incident))
                    && (!slack || SlackMessage.isFor(taken.header().type()));
        }
    }

    /**
     * Of every subscription that was not deleted; a disabled one is told later. A service is meant under every name that the
     * catalog has merged by now.
     */
    Uni<List<Wish>> wishes(SqlConnection transaction) {
        return transaction
                .query("select id, format, types, array(select same from unnest(services) s(named)"
                        + " cross join lateral unnest(same_services(s.named)) same) as services, severities, include_imported,"
                        + " created_at from subscription where deleted_at is null order by id")
                .execute()
                .map(rows -> {
                    List<Wish> wishes = new ArrayList<>();
                    rows.forEach(row -> wishes.add(wish(row)));
                    return wishes;
                });
    }

    private static Wish wish(Row row) {
        return new Wish(
                row.getUUID("id"),
                new SubscriptionFilter(
                        List.of(row.getArrayOfStrings("types")),
                        List.of(row.getArrayOfStrings("services")),
                        Arrays.stream(row.getArrayOfStrings("severities"))
                                .map(Severity::valueOf)
                                .collect(Collectors.toSet()),
                        row.getBoolean("include_imported"),
                        row.getOffsetDateTime("created_at").toInstant()),
                Format.valueOf(row.getString("format")) == Format.SLACK);
    }

    private record Wanted(UUID subscription, Taken taken) {}

    /**
     * Keeps what is wanted of these.
     *
     * @param events in the order in which each incident's are to be sent
     */
    Uni<Void> keep(SqlConnection transaction, List<Wish> wishes, List<Taken> events) {
        if (wishes.isEmpty() || events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return affected(transaction, events).chain(incidents -> {
            List<Wanted> wanted = new ArrayList<>();
            Map<UUID, Taken> kept = new LinkedHashMap<>();
            for (Taken taken : events) {
                for (Wish wish : wishes) {
                    if (wish.wants(taken, incidents.get(taken.keyId()))) {
                        wanted.add(new Wanted(wish.subscription(), taken));
                        kept.put(taken.header().id(), taken);
                    }
                }
            }
            return wanted.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : keepEvents(transaction, List.copyOf(kept.values()))
                            .chain(() -> keepMessages(transaction, wanted))
                            .chain(() -> keepLanes(transaction, wanted));
        });
    }

    private static Uni<Map<UUID, Affected>> affected(SqlConnection transaction, List<Taken> events) {
        UUID[] incidents = events.stream()
                .filter(Taken::ofIncident)
                .map(Taken::keyId)
                .distinct()
                .toArray(UUID[]::new);
        if (incidents.length == 0) {
            return Uni.createFrom().item(Map.of());
        }
        return transaction
                .preparedQuery("select id, severity, services from incident where id = any ($1)")
                .execute(Tuple.of(incidents))
                .map(rows -> {
                    Map<UUID, Affected> found = new HashMap<>();
                    rows.forEach(row -> found.put(
                            row.getUUID("id"),
                            new Affected(
                                    Severity.valueOf(row.getString("severity")),
                                    List.of(row.getArrayOfStrings("services")))));
                    return found;
                });
    }

    private static Uni<Void> keepEvents(SqlConnection transaction, List<Taken> events) {
        return transaction
                .preparedQuery("""
                insert into outbound_event (id, key_id, stream_id, version, type, occurred_at, source_order, recorded_at, actor, \
                source, delivery_id, traceparent, data)
                select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[], $7::int[], \
                $8::timestamptz[], $9::text[], $10::text[], $11::uuid[], $12::text[], $13::bytea[])
                on conflict (id) do nothing""")
                .execute(Tuple.from(Arrays.asList(
                        column(events, UUID[]::new, e -> e.header().id()),
                        column(events, UUID[]::new, Taken::keyId),
                        column(events, UUID[]::new, e -> e.header().streamId()),
                        column(events, Long[]::new, e -> e.header().sequence()),
                        column(events, String[]::new, e -> e.header().type()),
                        column(events, OffsetDateTime[]::new, e -> e.header()
                                .occurredAt()
                                .atOffset(ZoneOffset.UTC)),
                        column(events, Integer[]::new, e -> e.header().sourceOrder()),
                        column(events, OffsetDateTime[]::new, e -> e.header()
                                .recordedAt()
                                .atOffset(ZoneOffset.UTC)),
                        column(events, String[]::new, e -> e.header().actor()),
                        column(events, String[]::new, e -> e.header().source()),
                        column(events, UUID[]::new, e -> e.header().deliveryId()),
                        column(events, String[]::new, e -> e.header().traceparent()),
                        column(events, Buffer[]::new, e -> Buffer.buffer(e.data())))))
                .replaceWithVoid();
    }

    private static Uni<Void> keepMessages(SqlConnection transaction, List<Wanted> wanted) {
        // Positions are given in the order of the select.
        return transaction
                .preparedQuery("""
                insert into outbound_message (subscription_id, event_id, key_id)
                select s, e, k from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as n(s, e, k, i) order by i
                on conflict (subscription_id, event_id) do nothing""")
                .execute(Tuple.of(
                        column(wanted, UUID[]::new, Wanted::subscription),
                        column(wanted, UUID[]::new, w -> w.taken().header().id()),
                        column(wanted, UUID[]::new, w -> w.taken().keyId())))
                .replaceWithVoid();
    }

    private static Uni<Void> keepLanes(SqlConnection transaction, List<Wanted> wanted) {
        // The update changes nothing but holds the row: who has sent everything and is about to remove it, waits and
        // looks again.
        return transaction
                .preparedQuery("""
                insert into outbound_lane as l (subscription_id, key_id, next_attempt_at)
                select distinct s, k, now() from unnest($1::uuid[], $2::uuid[]) as n(s, k) order by s, k
                on conflict (subscription_id, key_id) do update set next_attempt_at = l.next_attempt_at""")
                .execute(Tuple.of(
                        column(wanted, UUID[]::new, Wanted::subscription),
                        column(wanted, UUID[]::new, w -> w.taken().keyId())))
                .replaceWithVoid();
    }

    private static <S, T> Object column(List<S> rows, IntFunction<T[]> array, Function<S, @Nullable T> value) {
        return rows.stream().map(value).toArray(array);
    }
}
