package dev.hindsight.eventstore.relay;

import dev.hindsight.eventstore.EventStoreConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other instances of this service that there is something to look at, by NOTIFY on a connection of its own:
 * never within an append, where it would serialise the commits of the whole database. A hint, and no more: whoever listens
 * also polls, as a notification is lost with its connection.
 */
@ApplicationScoped
public class Doorbell {

    /** Something waits in the outbox. */
    static final Channel OUTBOX = new Channel("hindsight_outbox", Duration.ofMillis(20));

    /** The log of what was published has grown. */
    static final Channel PUBLISHED = new Channel("hindsight_published", Duration.ofMillis(50));

    private static final Logger LOG = Logger.getLogger(Doorbell.class);
    private static final long AGAIN_MS = 1_000;
    private static final long CHECK_MS = 10_000;

    private final EventStoreConfig config;
    private final io.vertx.sqlclient.Pool pool;
    private final Vertx vertx;
    private final Map<String, List<Runnable>> listeners = new ConcurrentHashMap<>();
    private volatile @Nullable PgConnection connection;
    private volatile boolean running;

    Doorbell(EventStoreConfig config, Pool pool, Vertx vertx) {
        this.config = config;
        this.pool = pool.getDelegate();
        this.vertx = vertx;
    }

    /** What is rung, at most once in {@code spacing}, however often somebody wants to. */
    static final class Channel {
        private final String name;
        private final long spacingNanos;
        private final AtomicBoolean wanted = new AtomicBoolean();
        private final AtomicLong rungAt =
                new AtomicLong(System.nanoTime() - Duration.ofMinutes(1).toNanos());

        Channel(String name, Duration spacing) {
            this.name = name;
            this.spacingNanos = spacing.toNanos();
        }
    }

    void open(@Observes StartupEvent start) {
        if (config.topic().isEmpty()) {
            return;
        }
        running = true;
        connect();
        vertx.setPeriodic(CHECK_MS, timer -> check());
    }

    void close(@Observes ShutdownEvent end) {
        running = false;
        PgConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** Calls {@code heard}, on an event loop, whenever any instance rings; this one too. */
    void listen(Channel channel, Runnable heard) {
        listeners
                .computeIfAbsent(channel.name, name -> new CopyOnWriteArrayList<>())
                .add(heard);
    }

    /** Returns at once. What is rung while there is no connection is lost. */
    void ring(Channel channel) {
        if (running && channel.wanted.compareAndSet(false, true)) {
            long wait = channel.rungAt.get() + channel.spacingNanos - System.nanoTime();
            if (wait <= 0) {
                vertx.runOnContext(now -> send(channel));
            } else {
                vertx.setTimer(Math.max(1, wait / 1_000_000), timer -> send(channel));
            }
        }
    }

    private void send(Channel channel) {
        channel.rungAt.set(System.nanoTime());
        channel.wanted.set(false);
        PgConnection open = connection;
        if (open != null) {
            open.preparedQuery("select pg_notify($1, '')")
                    .execute(Tuple.of(channel.name))
                    .onFailure(failure -> lost(open, failure));
        }
    }

    private void connect() {
        if (!running) {
            return;
        }
        pool.getConnection()
                .map(PgConnection::cast)
                .onSuccess(open -> {
                    open.closeHandler(closed -> lost(open, null));
                    open.notificationHandler(notification -> listeners
                            .getOrDefault(notification.getChannel(), List.of())
                            .forEach(Runnable::run));
                    open.query("listen " + OUTBOX.name)
                            .execute()
                            .compose(done ->
                                    open.query("listen " + PUBLISHED.name).execute())
                            .onSuccess(done -> {
                                connection = open;
                                // Whatever was rung in between was not heard.
                                listeners.values().forEach(all -> all.forEach(Runnable::run));
                            })
                            .onFailure(failure -> {
                                open.close();
                                retry(failure);
                            });
                })
                .onFailure(this::retry);
    }

    /** A connection can be dead without anybody having said so. */
    private void check() {
        PgConnection open = connection;
        if (open != null) {
            long giveUp = vertx.setTimer(CHECK_MS / 2, timer -> lost(open, null));
            open.query("select 1").execute().onComplete(answer -> {
                vertx.cancelTimer(giveUp);
                if (answer.failed()) {
                    lost(open, answer.cause());
                }
            });
        }
    }

    private void lost(PgConnection dead, @Nullable Throwable why) {
        synchronized (this) {
            if (connection != dead) {
                return;
            }
            connection = null;
        }
        dead.close();
        retry(why);
    }

    private void retry(@Nullable Throwable why) {
        if (running) {
            LOG.debugf("no notifications for a moment: %s", why == null ? "the connection ended" : why.getMessage());
            vertx.setTimer(AGAIN_MS, timer -> connect());
        }
    }
}
