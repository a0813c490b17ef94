package dev.hindsight.eventstore.rebuild;

import dev.hindsight.eventstore.consume.Incoming;
import dev.hindsight.eventstore.consume.Projection;
import dev.hindsight.eventstore.consume.StreamApply;
import dev.hindsight.eventstore.relay.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A projection from its topics: every record from the beginning, through the same ordered apply as the live one, by a
 * consumer that belongs to no group. It takes the live one's place only when it is as far with every stream.
 */
final class FromTopics implements Source {

    private static final int LANES = 2;
    private static final int BATCH = 2_000;
    /** Records that are read while the live projection waits. */
    private static final int FEW = 2_000;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Projection projection;
    private final Shadow shadow;
    private final Connection connection;
    private final Progress progress;
    private final ShadowPool pool;
    private final KafkaConsumer<byte[], byte[]> kafka;
    private final List<TopicPartition> partitions;
    private final Lanes lanes;

    private long added;
    private long analyzeAt = 2L * LANES * BATCH;

    FromTopics(
            Projection projection,
            Shadow shadow,
            Topics topics,
            String bootstrapServers,
            ShadowPool.Address address,
            Connection connection,
            Progress progress) {
        this.projection = projection;
        this.shadow = shadow;
        this.connection = connection;
        this.progress = progress;
        this.kafka = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        BATCH,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        16 * 1024 * 1024,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 * 1024 * 1024,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        20_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        try {
            this.partitions = projection.topics().stream()
                    .flatMap(topic -> kafka.partitionsFor(topics.nameOf(topic.wireName())).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            this.pool = ShadowPool.open(address, shadow, LANES);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
        StreamApply apply = StreamApply.of(pool.pool(), projection);
        this.lanes = new Lanes(LANES, BATCH, apply::apply, events -> progress.read(events.size(), begun(events)));
    }

    private static long begun(List<Incoming> events) {
        return events.stream()
                .filter(event -> event.header() != null && event.header().sequence() == 1)
                .count();
    }

    @Override
    public void load() throws SQLException, InterruptedException {
        copyWhatIsDiscarded();
        kafka.assign(partitions);
        kafka.seekToBeginning(partitions);
        readToTheEnd();
    }

    @Override
    public void catchUp() throws SQLException, InterruptedException {
        while (left(kafka.endOffsets(partitions)) > FEW) {
            readToTheEnd();
        }
        readToTheEnd();
    }

    @Override
    public boolean swap(Connection on) throws SQLException, InterruptedException {
        if (!holdsLiveWriting(on)) {
            return false;
        }
        try {
            // What the live one has applied until now is on the topics before this end.
            readToTheEnd();
            verifyThatNothingIsMissing(on);
            return Swap.attempt(on, shadow, () -> {
                replaceNotes(on);
                shadow.move(on);
                progress.end(on, RebuildState.DONE, null);
                return true;
            });
        } finally {
            key(on, "select pg_advisory_unlock(?)");
        }
    }

    @Override
    public void close() {
        lanes.close();
        kafka.close();
        pool.close();
    }

    /** Reads on until where the topics end now, and returns when all of it is committed. */
    private void readToTheEnd() throws SQLException, InterruptedException {
        Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
        progress.expect(expected(ends));
        while (left(ends) > 0) {
            if (added >= analyzeAt) {
                // The tables began empty: without this, the plans for hardly any rows would be kept until the end.
                shadow.analyze(connection);
                analyzeAt *= 4;
            }
            for (ConsumerRecord<byte[], byte[]> next : kafka.poll(POLL)) {
                added++;
                // The key is the incident's: its streams may share rows.
                lanes.add(Arrays.hashCode(next.key()), Incoming.of(next), progress::tick);
            }
            progress.tick();
        }
        lanes.await(progress::tick);
    }

    private long left(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - kafka.position(end.getKey())))
                .sum();
    }

    private long expected(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> beginnings = kafka.beginningOffsets(partitions);
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - beginnings.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** What admins have discarded is passed over this time, too. */
    private void copyWhatIsDiscarded() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into %1$s.parked_event (%2$s) select %2$s from %3$s.parked_event
                    where consumer = '%4$s' and settlement = 'DISCARDED'""".formatted(shadow.schema(), parkedColumns(), Shadow.LIVE, projection.name()));
        }
    }

    /** All but the running number. */
    private String parkedColumns() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select string_agg(quote_ident(column_name), ', ' order by ordinal_position)
                        from information_schema.columns
                        where table_schema = '%s' and table_name = 'parked_event' and is_identity = 'NO'""".formatted(Shadow.LIVE))) {
            row.next();
            return row.getString(1);
        }
    }

    /** Waits for the live rounds that are under way, and holds back the next ones. */
    private boolean holdsLiveWriting(Connection on) throws SQLException {
        try (Statement statement = on.createStatement()) {
            statement.execute("set lock_timeout = '2s'");
            try {
                key(on, "select pg_advisory_lock(?) is not null");
                return true;
            } catch (SQLException e) {
                if (Swap.isTooLate(e)) {
                    return false;
                }
                throw e;
            } finally {
                statement.execute("reset lock_timeout");
            }
        }
    }

    private boolean key(Connection on, String sql) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement(sql)) {
            statement.setLong(1, StreamApply.lockKey(projection.name()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void verifyThatNothingIsMissing(Connection on) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement("""
                select count(*) over () as many, live.stream_id, live.version as live, coalesce(new.version, 0) as reached,
                       (select p.reason || coalesce(': ' || p.detail, '') from %1$s.parked_event p
                        where p.consumer = live.consumer and p.stream_id = live.stream_id and p.settled_at is null
                        order by p.version limit 1) as parked
                from %2$s.applied live left join %1$s.applied new using (consumer, stream_id)
                where live.consumer = ? and coalesce(new.version, 0) < live.version
                order by live.stream_id limit 1""".formatted(shadow.schema(), Shadow.LIVE))) {
            statement.setString(1, projection.name());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    String parked = row.getString("parked");
                    throw new RebuildFailed(
                            "%d streams would be less far than the live view, such as %s at version %d of %d: %s."
                                    .formatted(
                                            row.getLong("many"),
                                            row.getString("stream_id"),
                                            row.getLong("reached"),
                                            row.getLong("live"),
                                            parked == null ? "the topic no longer holds its events" : parked));
                }
            }
        }
        progress.streams(streams(on));
    }

    private long streams(Connection on) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + shadow.schema() + ".applied")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** How far it is, what is parked of it, and whether it met what it does not know, are now what the new one found. */
    private void replaceNotes(Connection on) throws SQLException {
        String parked = parkedColumns();
        String mine = "where consumer = '" + projection.name() + "'";
        try (Statement statement = on.createStatement()) {
            // Nearly all rows are the same already.
            statement.execute("""
                    insert into %2$s.applied select new.* from %1$s.applied new
                    left join %2$s.applied live using (consumer, stream_id)
                    where (live.version, live.event_id, live.recent) is distinct from (new.version, new.event_id, new.recent)
                    on conflict (consumer, stream_id)
                    do update set version = excluded.version, event_id = excluded.event_id, recent = excluded.recent""".formatted(shadow.schema(), Shadow.LIVE));
            statement.execute("delete from %s.parked_event %s and settled_at is null".formatted(Shadow.LIVE, mine));
            statement.execute(
                    "insert into %3$s.parked_event (%2$s) select %2$s from %1$s.parked_event where settled_at is null"
                            .formatted(shadow.schema(), parked, Shadow.LIVE));
            statement.execute("delete from %s.projection_note %s".formatted(Shadow.LIVE, mine));
            statement.execute("insert into %2$s.projection_note select * from %1$s.projection_note"
                    .formatted(shadow.schema(), Shadow.LIVE));
        }
    }
}
