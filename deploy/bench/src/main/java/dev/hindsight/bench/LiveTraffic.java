package dev.hindsight.bench;

import dev.hindsight.local.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Status updates through the public door at a modest, constant rate, for as long as something else is measured. */
final class LiveTraffic implements AutoCloseable {
    private static final int PER_SECOND = 50;
    private static final int INCIDENTS = 50;
    private static final Duration SLICE = Duration.ofSeconds(2);

    private final AtomicBoolean ended = new AtomicBoolean();
    private final Samples latencies = new Samples();
    private final Thread thread;
    private volatile @Nullable Exception failure;

    LiveTraffic(Bench bench) throws IOException {
        Load load = bench.load(Service.INCIDENT);
        String authorization = bench.authorization("responder");
        List<byte[]> updates = updates(load, authorization);
        int[] sent = {0};
        this.thread = Thread.ofPlatform().name("live-traffic").daemon().start(() -> {
            try {
                while (!ended.get()) {
                    Load.Result slice = load.open(
                                    PER_SECOND, 16, SLICE, connection -> updates.get(sent[0]++ % updates.size()), null)
                            .requireAllAnswered();
                    synchronized (latencies) {
                        latencies.addAll(slice.latencies());
                    }
                }
            } catch (IOException | IllegalStateException e) {
                failure = e;
            }
        });
    }

    private static List<byte[]> updates(Load load, String authorization) throws IOException {
        List<byte[]> updates = new ArrayList<>();
        load.closed(
                        4,
                        INCIDENTS,
                        connection -> Load.request(
                                "POST",
                                "/api/v1/incidents",
                                authorization,
                                "{\"title\":\"An incident that goes on\",\"severity\":\"SEV2\",\"services\":[\"live\"]}"),
                        (place, since, status, text) -> updates.add(Load.request(
                                "POST",
                                "/api/v1/incidents/" + text.substring(7, 43) + "/status-updates",
                                authorization,
                                "{\"text\":\"It goes on; the next update follows within the hour.\"}")))
                .requireAllAnswered();
        return updates;
    }

    /** What its commands have taken since this was last asked. */
    Samples takeLatencies() {
        Exception failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the live traffic has stopped", failed);
        }
        synchronized (latencies) {
            Samples taken = new Samples();
            taken.addAll(latencies);
            latencies.clear();
            return taken;
        }
    }

    /** The same, in words. */
    String tellLatencies() {
        Samples taken = takeLatencies();
        return "%d live commands at %d/s: p50 %.1f ms, p99 %.1f ms"
                .formatted(taken.size(), PER_SECOND, taken.millis(50), taken.millis(99));
    }

    /** Ends it, and returns when the last command is answered. */
    @Override
    public void close() throws InterruptedException {
        ended.set(true);
        thread.join();
    }
}
