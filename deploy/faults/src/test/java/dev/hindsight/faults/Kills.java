package dev.hindsight.faults;

import static org.awaitility.Awaitility.await;

import dev.hindsight.local.Service;
import dev.hindsight.local.Stack.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Ends one instance after the other with signal 9, and measures how long nobody publishes when it was the leader. */
final class Kills implements AutoCloseable {

    private static final Pattern LEADING = Pattern.compile("(?m)^hindsight_relay_leader(\\{.*})? 1(\\.0)?$");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final WholeSystem system;
    private final Doors doors;
    private final Duration every;
    private final Random random;
    private final List<Instance> victims = Collections.synchronizedList(new ArrayList<>());
    private final List<CompletableFuture<Duration>> handOvers = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;
    private volatile boolean over;

    /** Begins at once. The same seed gives the same wishes; who can be killed depends on who is up. */
    Kills(WholeSystem system, Doors doors, Duration every, long seed) {
        this.system = system;
        this.doors = doors;
        this.every = every;
        this.random = new Random(seed);
        this.thread = Thread.ofPlatform().name("kills").start(this::run);
    }

    /** Ends the killing and waits until everybody is up again. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
        system.healthy();
    }

    List<Instance> victims() {
        return List.copyOf(victims);
    }

    /** How long it took each time until the other instance led. */
    List<Duration> handOvers() {
        return handOvers.stream().map(CompletableFuture::join).toList();
    }

    private void run() {
        while (!over) {
            // Whoever is killed leaves a healthy one behind: what is shown is that two are enough, not that none is.
            List<Instance> candidates = system.instances().stream()
                    .filter(instance -> system.isHealthy(instance) && system.isHealthy(other(instance)))
                    .toList();
            if (!candidates.isEmpty()) {
                Instance victim = candidates.get(random.nextInt(candidates.size()));
                boolean led = leads(victim);
                long at = System.nanoTime();
                system.kill(victim);
                victims.add(victim);
                if (led) {
                    handOvers.add(CompletableFuture.supplyAsync(() -> untilSomebodyLeads(victim, at)));
                }
            }
            LockSupport.parkNanos(every.toNanos());
        }
    }

    private Duration untilSomebodyLeads(Instance victim, long since) {
        Instance heir = other(victim);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> leads(heir) || leads(victim));
        return Duration.ofNanos(System.nanoTime() - since);
    }

    private boolean leads(Instance instance) {
        if (instance.service() == Service.METRICS) {
            return false;
        }
        try {
            return LEADING.matcher(doors.once(instance, "viewer", "/q/metrics").body())
                    .find();
        } catch (IOException e) {
            return false;
        }
    }

    private static Instance other(Instance instance) {
        return new Instance(instance.service(), 3 - instance.number());
    }
}
