package dev.hindsight.eventstore.relay;

import dev.hindsight.eventstore.wire.CloudEventHeaders;
import dev.hindsight.eventstore.wire.KafkaKeys;
import dev.hindsight.eventstore.wire.PublishedPosition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts events onto one topic and waits for the broker's acknowledgement. While it waits, the leader shows regularly that
 * it is alive. Made anew for a topic that was made anew: what a producer remembers of the old one is wrong for the new.
 */
final class Sender implements AutoCloseable {

    /** Less than the silence after which a leader is none any more: a broker that is away must not look like a frozen leader. */
    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(3);

    private static final Duration DELIVERY = Duration.ofSeconds(30);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Heart heart;

    /** What a leader does while it waits. */
    @FunctionalInterface
    interface Heart {
        void beat() throws SQLException, InterruptedException, Failed;
    }

    /** The broker did not take what it was sent, or something else that leaves the leader unable to send. */
    static final class Failed extends Exception {
        Failed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** What was sent and is not acknowledged yet. */
    final class Flight {
        private final CountDownLatch outstanding;
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

        private Flight(int size) {
            outstanding = new CountDownLatch(size);
        }

        private void landed(@Nullable Exception exception) {
            if (exception != null) {
                failure.compareAndSet(null, exception);
            }
            outstanding.countDown();
        }

        /** Until the broker has all of it. */
        void await() throws SQLException, InterruptedException, Failed {
            while (!outstanding.await(Leadership.HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                heart.beat();
            }
            Exception failed = failure.get();
            if (failed != null) {
                throw new Failed("the broker did not take what it was sent: " + failed.getMessage(), failed);
            }
        }
    }

    /** @param topic the name on the broker */
    Sender(String bootstrapServers, String topic, Heart heart) {
        this.topic = topic;
        this.heart = heart;
        this.producer = new KafkaProducer<>(
                Map.ofEntries(
                        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                        // With several, a topic that was just made can refuse the first and want it before the second
                        // for
                        // as long as the delivery may take.
                        Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                        Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024),
                        Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES),
                        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_BLOCK.toMillis()),
                        Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis()),
                        Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Hands them to the producer in this order, and returns before the broker has them. */
    Flight send(List<Outgoing> batch) throws Failed {
        Flight flight = new Flight(batch.size());
        try {
            for (Outgoing event : batch) {
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                null,
                                event.header().recordedAt().toEpochMilli(),
                                KafkaKeys.of(event.keyId()),
                                event.data(),
                                PublishedPosition.write(CloudEventHeaders.of(event.header()), event.position())),
                        (metadata, exception) -> flight.landed(exception));
            }
        } catch (KafkaException e) {
            throw new Failed("the broker cannot be reached: " + e.getMessage(), e);
        }
        return flight;
    }

    /** How many partitions the topic has. */
    int partitions() throws Failed {
        try {
            return producer.partitionsFor(topic).size();
        } catch (KafkaException e) {
            throw new Failed("the broker cannot be reached: " + e.getMessage(), e);
        }
    }

    /** What is still in flight is given up: it was not forgotten, so it will be sent again. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
