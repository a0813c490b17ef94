package dev.hindsight.eventstore.relay;

import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.Pace;
import dev.hindsight.eventstore.relay.Republication.Range;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the outbox to Kafka, oldest first, and forgets only after the broker's acknowledgement.
 *
 * <p>One leader at a time: whoever holds the advisory lock of this database, see {@link Leadership}. A leader that lost it
 * can publish twice (readers skip by version) but never forget what another one has not sent. Positions are given before
 * sending and are noted, so that what is sent again after a crash has its position again.
 *
 * <p>Where the topic turns out to be another one than before, or is empty although something was published, everything in
 * {@code published} is sent again before the outbox goes on, so that each stream is in order on the new topic. The
 * progress is kept, whoever leads. Requests of consumers for what they miss are served in between, see {@link Repairs}.
 */
@ApplicationScoped
public class Relay {

    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_TOPIC = Duration.ofSeconds(5);
    private static final int REPUBLISHED_AT_ONCE = 2_000;
    private static final Duration PROGRESS_IS_LOGGED = Duration.ofSeconds(10);

    private final EventStoreConfig config;
    private final Topics topics;
    private final AgroalDataSource database;
    private final String bootstrapServers;
    private final Doorbell doorbell;
    private final MeterRegistry meters;
    private final Semaphore wakeUps = new Semaphore(0);
    private final List<LongConsumer> readers = new CopyOnWriteArrayList<>();

    private volatile boolean running;
    private volatile boolean leading;
    private volatile @Nullable Instant lastGoodRound;
    private volatile @Nullable String trouble;
    private volatile long backlog;
    private volatile double oldestSeconds;
    private volatile long republishing;
    private @Nullable Thread thread;

    Relay(
            EventStoreConfig config,
            Topics topics,
            AgroalDataSource database,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            Doorbell doorbell,
            MeterRegistry meters) {
        this.config = config;
        this.topics = topics;
        this.database = database;
        this.bootstrapServers = bootstrapServers;
        this.doorbell = doorbell;
        this.meters = meters;
    }

    /** Something was committed: publish it now rather than at the next poll, here or on the instance that leads. */
    public void wake() {
        if (leading) {
            wakeThisOne();
        } else if (isNeeded()) {
            doorbell.ring(Doorbell.OUTBOX);
        }
    }

    private void wakeThisOne() {
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

    /** Calls {@code reader}, on the relay's thread, with the newest position whenever this instance has published. */
    void onPublished(LongConsumer reader) {
        readers.add(reader);
    }

    void start(@Observes StartupEvent event) {
        if (!isNeeded()) {
            return;
        }
        Gauge.builder("hindsight.relay.backlog", () -> backlog)
                .description("Events that wait for the broker, as the leader saw them last; at most")
                .register(meters);
        Gauge.builder("hindsight.relay.oldest.age", () -> oldestSeconds)
                .description("Age of the oldest event that waits for the broker")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("hindsight.relay.leader", () -> leading ? 1 : 0)
                .description("1 on the instance that publishes")
                .register(meters);
        Gauge.builder("hindsight.relay.republication.remaining", () -> republishing)
                .description("Events that are still to be sent again because the topic was lost, as the leader knows")
                .register(meters);
        doorbell.listen(Doorbell.OUTBOX, () -> {
            if (leading) {
                wakeThisOne();
            }
        });
        running = true;
        thread = Thread.ofPlatform().name("relay").daemon().start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        running = false;
        wakeThisOne();
        Thread relay = thread;
        if (relay != null && !relay.join(Duration.ofSeconds(10))) {
            relay.interrupt();
        }
    }

    private String topic() {
        return config.topic().orElseThrow();
    }

    private void run() {
        String name = topics.nameOf(topic());
        try {
            while (running) {
                try (Connection connection = database.getConnection();
                        Leadership leadership = new Leadership(connection, name, config.relayBatchBytes())) {
                    if (standBy(leadership)) {
                        lead(leadership, name);
                    }
                } catch (SQLException | Sender.Failed | ExecutionException | TimeoutException | RuntimeException e) {
                    // Whatever it was, somebody has to publish: try again from the outbox as it stands.
                    leading = false;
                    trouble = e.getMessage();
                    LOG.warnf("relay pauses: %s", e.getMessage());
                    pause(AFTER_TROUBLE);
                } finally {
                    leading = false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the leadership; false where the end came first. */
    private boolean standBy(Leadership leadership) throws SQLException, InterruptedException {
        while (running) {
            if (leadership.take()) {
                return true;
            }
            good();
            pause(shorter(config.relayPoll().multipliedBy(4), Leadership.HEARTBEAT));
        }
        return false;
    }

    private void lead(Leadership leadership, String name)
            throws SQLException, InterruptedException, ExecutionException, TimeoutException, Sender.Failed {
        try (Admin admin = topics.admin();
                Repairs repairs = new Repairs(bootstrapServers, topics, topic())) {
            TopicWatch watch = new TopicWatch(leadership, admin, name);
            watch.begin();
            leading = running;
            // One more round for each topic that bears the name.
            while (running) {
                try (Sender sender = new Sender(bootstrapServers, name, watch::beat)) {
                    serve(leadership, watch, sender, repairs);
                } catch (TopicReplaced e) {
                    LOG.debugf("a new producer for topic %s", name);
                }
            }
        }
    }

    private void serve(Leadership leadership, TopicWatch watch, Sender sender, Repairs repairs)
            throws SQLException, InterruptedException, Sender.Failed {
        republish(leadership, watch, sender);
        long position = leadership.lastPosition();
        List<Outgoing> batch = leadership.onTheirWay(position);
        leadership.commit();
        while (running) {
            long roundBegan = System.nanoTime();
            watch.beatWhenDue();
            if (watch.republicationIsDue()) {
                republish(leadership, watch, sender);
            }
            if (batch.isEmpty()) {
                batch = leadership.next(config.relayBatch(), position);
                leadership.commit();
            }
            boolean idle = batch.isEmpty();
            if (!idle) {
                oldestSeconds = Duration.between(batch.getFirst().header().recordedAt(), Instant.now())
                                .toMillis()
                        / 1000.0;
                sender.send(batch).await();
                long took = System.nanoTime() - roundBegan;
                if (batch.size() < config.relayBatch() / 4) {
                    // Many small rounds cost more than few that are larger; nobody waits for this one any more.
                    gather(took);
                }
                leadership.forget(batch);
                position = batch.getLast().position();
                long outbox = batch.getLast().outbox();
                batch = leadership.next(config.relayBatch(), position);
                backlog = batch.isEmpty() ? 0 : leadership.waitingBehind(outbox);
                leadership.commit();
                published(position);
            } else {
                backlog = 0;
                oldestSeconds = 0;
            }
            good();
            repairs.look();
            if (repairs.isPending()) {
                repairs.serve(leadership, sender, position);
            } else if (idle) {
                pause(shorter(config.relayPoll(), Leadership.HEARTBEAT));
            }
        }
    }

    /** Sends again what is due of it, in the order of the positions, reading the next batch while one is on its way. */
    private void republish(Leadership leadership, TopicWatch watch, Sender sender)
            throws SQLException, InterruptedException, Sender.Failed {
        Range range = leadership.republication();
        if (range == null) {
            return;
        }
        long began = System.nanoTime();
        long logged = began;
        LOG.infof("positions %d to %d are sent again", range.to() + 1, range.until());
        List<Outgoing> batch = leadership.published(range.to(), range.until(), REPUBLISHED_AT_ONCE);
        while (running && !batch.isEmpty()) {
            republishing = range.remaining();
            Sender.Flight flight = sender.send(batch);
            long sent = batch.getLast().position();
            List<Outgoing> following = leadership.published(sent, range.until(), REPUBLISHED_AT_ONCE);
            leadership.commit();
            flight.await();
            watch.beatWhenDue();
            leadership.republished(sent);
            range = new Range(sent, range.until());
            batch = following;
            good();
            if (System.nanoTime() - logged > PROGRESS_IS_LOGGED.toNanos()) {
                logged = System.nanoTime();
                LOG.infof("position %d of %d was sent again", sent, range.until());
            }
        }
        leadership.commit();
        if (running) {
            leadership.republished(range.until());
            republishing = 0;
            LOG.infof(
                    "everything up to position %d was sent again, in %d ms",
                    range.until(), (System.nanoTime() - began) / 1_000_000);
        }
    }

    private void published(long position) {
        readers.forEach(reader -> reader.accept(position));
        doorbell.ring(Doorbell.PUBLISHED);
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

    private void gather(long took) throws InterruptedException {
        long left = new Pace(config.relayGather(), config.relayGatherAtMost()).left(took, took);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The topic is another one than it was: the producer must be, too. */
    private static final class TopicReplaced extends RuntimeException {
        TopicReplaced() {
            super("topic replaced", null, false, false);
        }
    }

    /** Looks at the topic now and then, and says that the leader is alive. */
    private final class TopicWatch {
        private final Leadership leadership;
        private final Admin admin;
        private final String name;
        private String id = "";
        private long beatAt = System.nanoTime();
        private long lookedAt = System.nanoTime();
        private boolean republicationDue;

        TopicWatch(Leadership leadership, Admin admin, String name) {
            this.leadership = leadership;
            this.admin = admin;
            this.name = name;
        }

        /** What the topic is as the leadership begins, and whether it is the one that was published to. */
        void begin() throws SQLException, InterruptedException, ExecutionException, TimeoutException {
            id = topics.ensure(admin, name).toString();
            String known = leadership.knownTopicId().orElse(null);
            if (known != null && !known.equals(id)) {
                replaced(known);
            } else if (known == null && leadership.lastPosition() > 0 && topics.isEmpty(admin, name)) {
                leadership.beginRepublication(id, "The topic was empty.");
                LOG.warnf("topic %s is empty: everything is sent again", name);
            } else {
                leadership.rememberTopicId(id);
            }
        }

        private void replaced(String known) throws SQLException {
            leadership.beginRepublication(id, "The topic was made anew.");
            LOG.warnf("topic %s was made anew (%s, before %s): everything is sent again", name, id, known);
        }

        void beatWhenDue() throws SQLException, InterruptedException {
            if (System.nanoTime() - beatAt > Leadership.HEARTBEAT.toNanos()) {
                beat();
            }
        }

        void beat() throws SQLException, InterruptedException {
            beatAt = System.nanoTime();
            republicationDue = leadership.republication() != null;
            if (System.nanoTime() - lookedAt > LOOK_AT_TOPIC.toNanos()) {
                lookedAt = System.nanoTime();
                try {
                    String now = topics.idOf(admin, name).map(Uuid::toString).orElse("");
                    if (!now.equals(id)) {
                        String known = id;
                        id = topics.ensure(admin, name).toString();
                        replaced(known);
                        throw new TopicReplaced();
                    }
                } catch (ExecutionException | TimeoutException e) {
                    trouble = e.getMessage();
                    LOG.debugf("topic %s cannot be looked at: %s", name, e.getMessage());
                }
            }
        }

        /** Somebody asked for a republication. */
        boolean republicationIsDue() {
            boolean due = republicationDue;
            republicationDue = false;
            return due;
        }
    }
}
