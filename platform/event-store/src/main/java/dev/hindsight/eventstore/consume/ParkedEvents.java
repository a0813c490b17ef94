package dev.hindsight.eventstore.consume;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What consumers could not apply yet, or at all, with all that is needed to try again. */
@ApplicationScoped
public class ParkedEvents {

    private static final Logger LOG = Logger.getLogger(ParkedEvents.class);
    private static final Duration FIRST_COUNT = Duration.ofSeconds(1);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(15);

    private final Pool pool;
    private final AtomicLong parkedNow = new AtomicLong();

    ParkedEvents(Pool pool, MeterRegistry meters) {
        this.pool = pool;
        Gauge.builder("hindsight.parked.events", parkedNow::get)
                .description("Events that wait for an earlier one or for somebody to look")
                .register(meters);
    }

    /** What other instances park or mend is counted, too, and what was parked before this one started. */
    void countNowAndThen(@Observes StartupEvent start, Vertx vertx) {
        vertx.setTimer(FIRST_COUNT.toMillis(), now -> countQuietly());
        vertx.setPeriodic(COUNT_EVERY.toMillis(), now -> countQuietly());
    }

    private void countQuietly() {
        count().subscribe()
                .with(
                        counts -> counts.forEach((what, n) -> LOG.debugf("parked: %s %d", what, n)),
                        failure -> LOG.warnf("parked events cannot be counted: %s", failure.getMessage()));
    }

    /** Why an event is parked. */
    public enum Reason {
        /** An earlier event of its stream has not come yet. */
        GAP,
        /** An earlier event of its stream is parked. */
        BEHIND,
        /** Its data is not what its type promises. */
        UNDECODABLE,
        /** The projection or automation fails on it, again and again. */
        DEFECT,
        /** Another event was applied as the same version of the stream. */
        CONFLICT,
        /** Its headers do not say which stream it belongs to. */
        UNATTRIBUTABLE
    }

    /**
     * What is parked of one stream, except conflicts: they hold up nothing.
     *
     * @param gaps those that wait for an earlier one
     * @param stuck ids of the one that somebody has to look at, and of those behind it
     * @param ids by version, of both
     */
    record OfStream(List<Incoming> gaps, Set<UUID> stuck, Map<Long, UUID> ids) {
        static final OfStream NONE = new OfStream(List.of(), Set.of(), Map.of());

        OfStream() {
            this(new ArrayList<>(), new HashSet<>(), new HashMap<>());
        }

        boolean blocked() {
            return !stuck.isEmpty();
        }

        private void add(Incoming event, boolean gap) {
            UUID id = event.headerOrThrow().id();
            ids.put(event.version(), id);
            if (gap) {
                gaps.add(event);
            } else {
                stuck.add(id);
            }
        }
    }

    Uni<Map<UUID, OfStream>> ofStreams(SqlClient connection, String consumer, UUID[] streams) {
        return connection
                .preparedQuery(
                        "select stream_id, reason, topic, kafka_partition, kafka_offset, key_bytes, headers, data"
                                + " from parked_event where consumer = $1 and stream_id = any ($2) and reason <> 'CONFLICT'")
                .execute(Tuple.of(consumer, streams))
                .map(rows -> {
                    Map<UUID, OfStream> parked = new HashMap<>();
                    for (Row row : rows) {
                        parked.computeIfAbsent(row.getUUID("stream_id"), stream -> new OfStream())
                                .add(incoming(row), row.getString("reason").equals(Reason.GAP.name()));
                    }
                    return parked;
                });
    }

    /** Parks it, for this reason rather than as a GAP where it waited as one. */
    Uni<Void> park(SqlClient connection, String consumer, Incoming event, Reason reason, @Nullable String detail) {
        JsonObject headers = new JsonObject();
        event.headerTexts().forEach(headers::put);
        return connection
                .preparedQuery("""
                with waited as (
                  delete from parked_event where consumer = $1 and stream_id = $2 and version = $3 and reason = 'GAP'
                  and $4 <> 'GAP' and headers ->> 'ce_id' = $9::jsonb ->> 'ce_id' returning id
                ), parked as (
                insert into parked_event (consumer, stream_id, version, reason, detail, topic, kafka_partition, \
                kafka_offset, headers, key_bytes, data)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning id
                ) select (select count(*) from parked) - (select count(*) from waited)""")
                .execute(Tuple.from(Arrays.asList(
                        consumer,
                        event.header() == null ? null : event.header().streamId(),
                        event.header() == null ? null : event.header().sequence(),
                        reason.name(),
                        detail == null ? null : Incoming.storable(detail),
                        event.topic(),
                        event.partition(),
                        event.offset(),
                        headers,
                        event.key() == null ? null : Buffer.buffer(event.key()),
                        Buffer.buffer(event.data()))))
                .invoke(rows -> parkedNow.addAndGet(rows.iterator().next().getLong(0)))
                .replaceWithVoid();
    }

    Uni<Void> forgetGaps(SqlClient connection, String consumer, Map<UUID, Long> upTo) {
        UUID[] streams = upTo.keySet().toArray(UUID[]::new);
        Long[] versions = Arrays.stream(streams).map(upTo::get).toArray(Long[]::new);
        return connection
                .preparedQuery("""
                delete from parked_event p using unnest($2::uuid[], $3::bigint[]) as n(stream_id, version)
                where p.consumer = $1 and p.stream_id = n.stream_id and p.version <= n.version and p.reason = 'GAP'""")
                .execute(Tuple.of(consumer, streams, versions))
                .invoke(result -> parkedNow.addAndGet(-result.rowCount()))
                .replaceWithVoid();
    }

    /** How many events are parked, by consumer and reason. */
    public Uni<Map<String, Long>> count() {
        return pool.query("select consumer || ' ' || reason as what, count(*) as n from parked_event group by 1")
                .execute()
                .map(rows -> {
                    Map<String, Long> counts = new HashMap<>();
                    rows.forEach(row -> counts.put(row.getString("what"), row.getLong("n")));
                    parkedNow.set(
                            counts.values().stream().mapToLong(Long::longValue).sum());
                    return counts;
                });
    }

    private static Incoming incoming(Row row) {
        RecordHeaders headers = new RecordHeaders();
        row.getJsonObject("headers")
                .forEach(header -> headers.add(
                        header.getKey(), header.getValue().toString().getBytes(StandardCharsets.UTF_8)));
        var key = row.getBuffer("key_bytes");
        return Incoming.of(
                row.getString("topic"),
                row.getInteger("kafka_partition"),
                row.getLong("kafka_offset"),
                key == null ? null : key.getBytes(),
                headers,
                row.getBuffer("data").getBytes());
    }
}
