package dev.hindsight.eventstore.relay;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.KafkaKeys;
import dev.hindsight.eventstore.wire.PublishedPosition;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the outbox to Kafka, oldest first, and forgets only after the broker's acknowledgement.
 *
 * <p>One leader at a time: whoever holds the advisory lock of this database. The lock lives in the connection that also
 * removes the outbox rows, so that a leader that lost it can publish twice (readers skip by version) but never forget
 * what another one has not sent.
 */
@ApplicationScoped
public class Relay {

    private static final Logger LOG = Logger.getLogger(Relay.class);
    static final long LOCK = 0x48494E4453494748L;
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

    private final EventStoreConfig config;
    private final Topics topics;
    private final AgroalDataSource database;
    private final String bootstrapServers;
    private final MeterRegistry meters;
    private final Semaphore wakeUps = new Semaphore(0);

    private volatile boolean running;
    private volatile boolean leading;
    private volatile @Nullable Instant lastGoodRound;
    private volatile @Nullable String trouble;
    private volatile long backlog;
    private volatile double oldestSeconds;
    private @Nullable Thread thread;

    Relay(
            EventStoreConfig config,
            Topics topics,
            AgroalDataSource database,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            MeterRegistry meters) {
        this.config = config;
        this.topics = topics;
        this.database = database;
        this.bootstrapServers = bootstrapServers;
        this.meters = meters;
    }

    /** Something was committed: publish it now rather than at the next poll. */
    public void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Whether this instance publishes. */
    public boolean isLeading() {
        return leading;
    }

    /** When database and broker were last seen to work; null before. */
    public @Nullable Instant lastGoodRound() {
        return lastGoodRound;
    }

    /** What is wrong at the moment; null while all is well. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** Whether this service publishes anything. */
    public boolean isNeeded() {
        return config.topic().isPresent();
    }

    void start(@Observes StartupEvent event) {
        if (!isNeeded()) {
            return;
        }
        Gauge.builder("hindsight.relay.backlog", () -> backlog)
                .description("Events that wait for the broker, as the leader saw them last")
                .register(meters);
        Gauge.builder("hindsight.relay.oldest.age", () -> oldestSeconds)
                .description("Age of the oldest event that waits for the broker")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("hindsight.relay.leader", () -> leading ? 1 : 0)
                .description("1 on the instance that publishes")
                .register(meters);
        running = true;
        thread = Thread.ofPlatform().name("relay").daemon().start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        running = false;
        wake();
        Thread relay = thread;
        if (relay != null && !relay.join(Duration.ofSeconds(10))) {
            relay.interrupt();
        }
    }

    private void run() {
        try {
            while (running) {
                try (Producer<byte[], byte[]> producer = producer();
                        Connection connection = database.getConnection()) {
                    lead(connection, producer);
                } catch (SQLException | ExecutionException | TimeoutException | RuntimeException e) {
                    // Whatever it was, somebody has to publish: try again from the outbox as it stands.
                    leading = false;
                    trouble = e.getMessage();
                    LOG.warnf("relay pauses: %s", e.getMessage());
                    pause(AFTER_TROUBLE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leading = false;
        }
    }

    private void lead(Connection connection, Producer<byte[], byte[]> producer)
            throws SQLException, InterruptedException, ExecutionException, TimeoutException {
        try {
            while (running && !holdsLock(connection)) {
                good();
                pause(config.relayPoll().multipliedBy(4));
            }
            connection.setAutoCommit(false);
            long position = lastPosition(connection);
            leading = running;
            while (running) {
                List<Waiting> batch = oldest(connection);
                if (batch.isEmpty()) {
                    connection.commit();
                    backlog = 0;
                    oldestSeconds = 0;
                    good();
                    pause(config.relayPoll());
                } else {
                    backlog = batch.size() < config.relayBatch() ? batch.size() : waiting(connection);
                    oldestSeconds = Duration.between(batch.getFirst().header().recordedAt(), Instant.now())
                                    .toMillis()
                            / 1000.0;
                    publish(producer, batch, position);
                    position = forget(connection, batch, position);
                    good();
                }
            }
        } finally {
            leading = false;
            if (!connection.isClosed()) {
                release(connection);
            }
        }
    }

    private void good() {
        lastGoodRound = Instant.now();
        trouble = null;
    }

    private void pause(Duration howLong) throws InterruptedException {
        if (wakeUps.tryAcquire(howLong.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }

    private static boolean holdsLock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private static void release(Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
            try (PreparedStatement statement = connection.prepareStatement("select pg_advisory_unlock(?)")) {
                statement.setLong(1, LOCK);
                statement.executeQuery().close();
            }
        } catch (SQLException e) {
            LOG.debugf("the relay's connection ended before its lock was given back: %s", e.getMessage());
        }
    }

    private static long lastPosition(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select coalesce(max(position), 0) from published")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Counted only while there is more than one round's worth, and not beyond what anybody would tell apart. */
    private static long waiting(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("select count(*) from (select 1 from outbox limit 1000000) as some")) {
            result.next();
            return result.getLong(1);
        }
    }

    private List<Waiting> oldest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select o.position, e.* from outbox o join event e using (stream_id, version)
                order by o.position limit ?""")) {
            statement.setInt(1, config.relayBatch());
            try (ResultSet row = statement.executeQuery()) {
                List<Waiting> batch = new ArrayList<>();
                while (row.next()) {
                    batch.add(new Waiting(
                            row.getLong("position"),
                            row.getObject("key_id", UUID.class),
                            new EventHeader(
                                    row.getObject("id", UUID.class),
                                    row.getString("type"),
                                    row.getObject("stream_id", UUID.class),
                                    row.getLong("version"),
                                    row.getObject("occurred_at", OffsetDateTime.class)
                                            .toInstant(),
                                    row.getInt("source_order"),
                                    row.getObject("recorded_at", OffsetDateTime.class)
                                            .toInstant(),
                                    row.getString("actor"),
                                    row.getString("source"),
                                    row.getObject("delivery_id", UUID.class),
                                    row.getString("traceparent")),
                            row.getBytes("data")));
                }
                return batch;
            }
        }
    }

    private void publish(Producer<byte[], byte[]> producer, List<Waiting> batch, long lastPosition)
            throws InterruptedException, ExecutionException, TimeoutException {
        String topic = topics.nameOf(config.topic().orElseThrow());
        List<Future<RecordMetadata>> sent = new ArrayList<>(batch.size());
        long position = lastPosition;
        for (Waiting waiting : batch) {
            sent.add(producer.send(new ProducerRecord<>(
                    topic,
                    null,
                    waiting.header().recordedAt().toEpochMilli(),
                    KafkaKeys.of(waiting.keyId()),
                    waiting.data(),
                    PublishedPosition.write(CloudEventHeaders.of(waiting.header()), ++position))));
        }
        producer.flush();
        for (Future<RecordMetadata> acknowledged : sent) {
            acknowledged.get(1, TimeUnit.MINUTES);
        }
    }

    private static long forget(Connection connection, List<Waiting> batch, long lastPosition) throws SQLException {
        long position = lastPosition;
        Long[] outbox = new Long[batch.size()];
        Long[] positions = new Long[batch.size()];
        UUID[] streams = new UUID[batch.size()];
        Long[] versions = new Long[batch.size()];
        for (int i = 0; i < outbox.length; i++) {
            Waiting waiting = batch.get(i);
            position++;
            outbox[i] = waiting.position();
            positions[i] = position;
            streams[i] = waiting.header().streamId();
            versions[i] = waiting.header().sequence();
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                with forgotten as (delete from outbox where position = any (?))
                insert into published (position, stream_id, version)
                select * from unnest(?::bigint[], ?::uuid[], ?::bigint[])""")) {
            statement.setArray(1, connection.createArrayOf("bigint", outbox));
            statement.setArray(2, connection.createArrayOf("bigint", positions));
            statement.setArray(3, connection.createArrayOf("uuid", streams));
            statement.setArray(4, connection.createArrayOf("bigint", versions));
            statement.executeUpdate();
        }
        connection.commit();
        return position;
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        20_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        30_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private record Waiting(long position, UUID keyId, EventHeader header, byte[] data) {}
}
