package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.relay.Topics;
import dev.hindsight.eventstore.wire.PublishedPosition;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * How far this service is with each partition, which topic that was, and what the records said of their place in the owner's
 * log of what was published. Offsets of a partition have no holes (the owner's producer is idempotent and uses no
 * transactions), so that a jump means lost records: it is noted as a {@code lost_range}, to be asked for.
 */
@ApplicationScoped
public class Consumed {

    private static final Logger LOG = Logger.getLogger(Consumed.class);

    private final Pool pool;
    private final Topics topics;

    /** As the broker said last; missing while it has not. */
    private final Map<String, String> topicIds = new ConcurrentHashMap<>();

    /** Partitions that were sought to a new start, and where that is: what was fetched before is not counted. */
    private final Map<TopicPartition, Long> restarted = new ConcurrentHashMap<>();

    Consumed(Pool pool, Topics topics) {
        this.pool = pool;
        this.topics = topics;
    }

    /** @param position the highest one that was seen; 0 before any */
    record Place(String topicId, long nextOffset, long position) {}

    void topicIs(String name, String id) {
        topicIds.put(name, id);
    }

    /** Notes batches that are applied, in the order in which they came. */
    Uni<Void> note(Topic topic, List<ConsumerRecords<byte[], byte[]>> batches) {
        String name = topics.nameOf(topic.wireName());
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> counted = new TreeMap<>();
        for (ConsumerRecords<byte[], byte[]> records : batches) {
            for (TopicPartition partition : records.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> ofPartition = records.records(partition);
                if (partition.topic().equals(name)
                        && !ofPartition.isEmpty()
                        && isOfPresentStart(partition, ofPartition.getFirst().offset())) {
                    counted.computeIfAbsent(partition.partition(), none -> new ArrayList<>())
                            .addAll(ofPartition);
                }
            }
        }
        Batch batch = new Batch();
        counted.forEach(batch::add);
        if (batch.runs.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return StreamApply.untilItPasses(() -> note(name, batch))
                // Applied it is all the same: what follows must not wait for a note about it.
                .onFailure()
                .invoke(defect -> LOG.errorf(defect, "what was consumed of %s is not noted", name))
                .onFailure()
                .recoverWithNull();
    }

    private boolean isOfPresentStart(TopicPartition partition, long firstOffset) {
        Long start = restarted.get(partition);
        if (start != null && firstOffset > start) {
            return false;
        }
        if (start != null) {
            restarted.remove(partition, start);
        }
        return true;
    }

    private Uni<Void> note(String name, Batch batch) {
        return pool.preparedQuery("""
                with batch as (
                  select * from unnest($3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
                  as b(kafka_partition, first_offset, next_offset, first_position, position)
                ), noted as (
                  insert into consumed as c (topic, kafka_partition, topic_id, next_offset, position)
                  select $1, kafka_partition, coalesce($2, ''), next_offset, position from batch
                  on conflict (topic, kafka_partition) do update set noted_at = now(),
                  next_offset = greatest(c.next_offset, excluded.next_offset),
                  position = greatest(c.position, excluded.position) where $2::text is null or c.topic_id = $2
                ), lost as (
                  insert into lost_range
                  (topic, kafka_partition, topic_id, from_offset, to_offset, after_position, until_position)
                  select $1, b.kafka_partition, coalesce($2, ''), coalesce(c.next_offset, 0), b.first_offset,
                  coalesce(c.position, 0), case when b.first_position > coalesce(c.position, 0) then b.first_position end
                  from batch b left join consumed c on c.topic = $1 and c.kafka_partition = b.kafka_partition
                  where b.first_offset > coalesce(c.next_offset, 0) and (c.topic_id is null or $2 is null or c.topic_id = $2)
                  union all
                  select $1, j.kafka_partition, coalesce($2, ''), j.from_offset, j.to_offset,
                  j.after_position, nullif(j.until_position, 0)
                  from unnest($8::int[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
                  as j(kafka_partition, from_offset, to_offset, after_position, until_position)
                  returning kafka_partition, from_offset, to_offset
                ) select * from lost""")
                .execute(Tuple.from(new Object[] {
                    name,
                    topicIds.get(name),
                    column(batch.runs, Integer[]::new, run -> (Integer) (int) run[0]),
                    column(batch.runs, Long[]::new, run -> run[1]),
                    column(batch.runs, Long[]::new, run -> run[2]),
                    column(batch.runs, Long[]::new, run -> run[3]),
                    column(batch.runs, Long[]::new, run -> run[4]),
                    column(batch.jumps, Integer[]::new, run -> (Integer) (int) run[0]),
                    column(batch.jumps, Long[]::new, run -> run[1]),
                    column(batch.jumps, Long[]::new, run -> run[2]),
                    column(batch.jumps, Long[]::new, run -> run[3]),
                    column(batch.jumps, Long[]::new, run -> run[4])
                }))
                .invoke(lost -> lost.forEach(row -> LOG.warnf(
                        "records of %s-%d are lost: offsets %d to %d; they will be asked for",
                        name, row.getInteger(0), row.getLong(1), row.getLong(2) - 1)))
                .replaceWithVoid();
    }

    private static <T> T[] column(
            List<long[]> rows, java.util.function.IntFunction<T[]> array, Function<long[], T> value) {
        return rows.stream().map(value).toArray(array);
    }

    /** Per partition, what the records of a round say; numbers in the order of the statement's columns. */
    private static final class Batch {
        private final List<long[]> runs = new ArrayList<>();
        private final List<long[]> jumps = new ArrayList<>();

        void add(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
            long first = records.getFirst().offset();
            long next = first;
            long firstPosition = 0;
            long position = 0;
            for (ConsumerRecord<byte[], byte[]> kafka : records) {
                OptionalLong own = PublishedPosition.read(kafka.headers());
                if (kafka.offset() > next) {
                    jumps.add(new long[] {
                        partition,
                        next,
                        kafka.offset(),
                        position,
                        own.isPresent() && own.getAsLong() > position ? own.getAsLong() : 0
                    });
                }
                next = kafka.offset() + 1;
                if (own.isPresent()) {
                    firstPosition = firstPosition == 0 ? own.getAsLong() : firstPosition;
                    position = Math.max(position, own.getAsLong());
                }
            }
            runs.add(new long[] {partition, first, next, firstPosition, position});
        }
    }

    /** What is noted of these topics. */
    Uni<Map<TopicPartition, Place>> places(Collection<String> names) {
        return pool.preparedQuery("select * from consumed where topic = any ($1)")
                .execute(Tuple.of(names.toArray(String[]::new)))
                .map(rows -> {
                    Map<TopicPartition, Place> places = new HashMap<>();
                    rows.forEach(row -> places.put(
                            new TopicPartition(row.getString("topic"), row.getInteger("kafka_partition")),
                            new Place(row.getString("topic_id"), row.getLong("next_offset"), row.getLong("position"))));
                    return places;
                });
    }

    /**
     * From now on the partition is one of another topic, read from its start. Called once its consumer stands there.
     *
     * @param start where that topic now begins
     */
    Uni<Void> startOver(TopicPartition partition, String topicId, long start) {
        restarted.put(partition, start);
        return pool.preparedQuery("""
                insert into consumed (topic, kafka_partition, topic_id, next_offset, position) values ($1, $2, $3, 0, 0)
                on conflict (topic, kafka_partition) do update
                set topic_id = excluded.topic_id, next_offset = 0, position = 0, noted_at = now()""")
                .execute(Tuple.of(partition.topic(), partition.partition(), topicId))
                .replaceWithVoid();
    }

    /** The log now begins here: nothing that was fetched since a new start can be from before. */
    void logStartsAt(TopicPartition partition, long start) {
        restarted.computeIfPresent(partition, (same, known) -> Math.max(known, start));
    }

    /** The log begins later than where this service is: what is between is lost, be it that nothing comes after it. */
    Uni<Boolean> lost(TopicPartition partition, String topicId, long logStart) {
        return pool.preparedQuery("""
                with behind as (
                  select * from consumed where topic = $1 and kafka_partition = $2 and topic_id = $3 and next_offset < $4
                  for update
                ), noted as (
                  insert into lost_range
                  (topic, kafka_partition, topic_id, from_offset, to_offset, after_position, until_position)
                  select topic, kafka_partition, topic_id, next_offset, $4, position, null from behind
                )
                update consumed c set next_offset = $4, noted_at = now() from behind b
                where c.topic = b.topic and c.kafka_partition = b.kafka_partition""")
                .execute(Tuple.of(partition.topic(), partition.partition(), topicId, logStart))
                .map(updated -> updated.rowCount() == 1);
    }

    /** The log ends before where this service is, as after the loss of a broker's disk: offsets will come again. */
    Uni<Void> truncated(TopicPartition partition, String topicId, long logEnd) {
        return pool.preparedQuery("update consumed set next_offset = $4, noted_at = now()"
                        + " where topic = $1 and kafka_partition = $2 and topic_id = $3 and next_offset > $4")
                .execute(Tuple.of(partition.topic(), partition.partition(), topicId, logEnd))
                .replaceWithVoid();
    }
}
