package dev.hindsight.eventstore.rebuild;

import dev.hindsight.eventstore.PlanCache;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Connections whose names without a schema mean a shadow's tables. They are the rebuild's own, with threads of their own:
 * requests never wait behind its batches, and no other work ever gets one of them.
 */
final class ShadowPool implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ShadowPool.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Pool pool;

    private ShadowPool(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    /** @param size how many connections */
    static ShadowPool open(Address address, Shadow shadow, int size) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(size)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setUseDaemonThread(true));
        PgConnectOptions options = new PgConnectOptions(address.options())
                .addProperty("search_path", shadow.searchPath())
                // The commit of the swap makes all before it durable; until then nobody needs it.
                .addProperty("synchronous_commit", "off")
                // What a projection looks up, it looks up by key; and the tables have been smaller than the planner
                // thinks.
                .addProperty("enable_seqscan", "off")
                .addProperty("jit", "off");
        return new ShadowPool(
                vertx,
                Pool.newInstance(PgBuilder.pool()
                        .with(new PoolOptions().setMaxSize(size).setEventLoopSize(size))
                        .connectingTo(options)
                        .using(vertx)
                        .build()));
    }

    Pool pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.closeAndAwait();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSING.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("the threads of a rebuild do not end: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the service's own pool connects to, with all its settings. */
    @Singleton
    public static class Address implements PgPoolCreator {

        private volatile @Nullable PgConnectOptions options;

        @Override
        public io.vertx.sqlclient.Pool create(Input input) {
            options = input.pgConnectOptionsList().getFirst();
            input.pgConnectOptionsList().forEach(PlanCache::configure);
            return PgBuilder.pool()
                    .with(input.poolOptions())
                    .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                    .using(input.vertx())
                    .build();
        }

        PgConnectOptions options() {
            return Objects.requireNonNull(options, "the service has no pool yet");
        }
    }
}
