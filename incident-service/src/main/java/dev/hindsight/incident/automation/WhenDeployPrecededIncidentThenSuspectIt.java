package dev.hindsight.incident.automation;

import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.incident.application.IncidentHandler;
import dev.hindsight.incident.application.MaySuspect;
import dev.hindsight.incident.domain.IncidentCommand;
import dev.hindsight.incident.domain.IncidentCommand.ClearDeploy;
import dev.hindsight.incident.domain.IncidentCommand.SuspectDeploy;
import dev.hindsight.incident.domain.SuspicionPolicy;
import dev.hindsight.incident.view.SuspicionQuery;
import dev.hindsight.incident.view.SuspicionQuery.Looked;
import dev.hindsight.incident.view.SuspicionQuery.Pair;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A deploy that went before an incident on the same service becomes a suspect, whichever of the two is heard of first: both
 * look for the other after their commit, so the later one finds it. Unlike automations that follow a topic, this one looks at
 * what the service has on record: it is a question about two kinds of streams, and asking it again mends whatever was missed.
 * A suspicion that nobody has judged is cleared when a look finds that it does not hold any longer, so that what is suspected
 * does not depend on what was heard of first.
 *
 * <p>That an instance is ended between a commit and its look is mended by the next look of any instance, at its start and
 * every few minutes, over what began within a day.
 */
@ApplicationScoped
public class WhenDeployPrecededIncidentThenSuspectIt {

    private static final Logger LOG = Logger.getLogger(WhenDeployPrecededIncidentThenSuspectIt.class);
    private static final int LATE = 5000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration RECENT = Duration.ofDays(1);

    /** More is left to the look that comes by itself. */
    private static final int MOST_HINTS = 10_000;

    private final SuspicionQuery query;
    private final IncidentHandler incidents;
    private final SuspicionPolicy policy;
    private final Duration lookEvery;
    private final Clock clock;
    private final BlockingQueue<MaySuspect> hints = new LinkedBlockingQueue<>(MOST_HINTS);
    private volatile boolean ending;
    private @Nullable Thread thread;

    WhenDeployPrecededIncidentThenSuspectIt(
            SuspicionQuery query, IncidentHandler incidents, DeploysConfig config, Clock clock) {
        this.query = query;
        this.incidents = incidents;
        this.policy = new SuspicionPolicy(config.suspectWindow());
        this.lookEvery = config.lookEvery();
        this.clock = clock;
    }

    void mayHaveToSuspect(@Observes MaySuspect hint) {
        hints.offer(hint);
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        thread = Thread.ofPlatform().name("suspicion").daemon().start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        ending = true;
        Thread looking = thread;
        if (looking != null) {
            looking.interrupt();
            looking.join(Duration.ofSeconds(2));
        }
    }

    private void run() {
        List<MaySuspect> told = List.of();
        while (!ending) {
            try {
                look(told);
            } catch (RuntimeException e) {
                LOG.warnf("cannot look for suspects now: %s", e.getMessage());
            }
            told = new ArrayList<>();
            try {
                MaySuspect first = hints.poll(lookEvery.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    told.add(first);
                    hints.drainTo(told);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** @param told nothing: at all that is recent */
    private void look(List<MaySuspect> told) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (told.isEmpty()) {
            judge(get(query.since(now.minus(RECENT), policy.window())), now);
        } else {
            Set<UUID> deploys = new HashSet<>();
            Set<UUID> changed = new HashSet<>();
            for (MaySuspect hint : told) {
                deploys.addAll(hint.deploys());
                changed.addAll(hint.incidents());
            }
            if (!deploys.isEmpty()) {
                judge(get(query.ofDeploys(deploys, policy.window())), now);
            }
            if (!changed.isEmpty()) {
                judge(get(query.ofIncidents(changed, policy.window())), now);
            }
        }
    }

    private void judge(Looked looked, Instant now) {
        for (Pair pair : looked.close()) {
            Instant begunAt = pair.begunAt();
            if (begunAt != null && suspects(pair)) {
                tell(pair, new SuspectDeploy(pair.deploy(), pair.change(), begunAt), now);
            }
        }
        for (Pair pair : looked.suspected()) {
            if (!suspects(pair)) {
                tell(pair, new ClearDeploy(pair.deploy(), now), now);
            }
        }
    }

    private boolean suspects(Pair pair) {
        return pair.possible() && policy.suspects(pair.begunAt(), pair.endedAt(), pair.incidentBegan());
    }

    /** One that fails holds up no other: it is found again by the next look. */
    private void tell(Pair pair, IncidentCommand command, Instant now) {
        try {
            get(incidents.byItself(pair.incident(), command, CommandContext.automation(now, null)));
        } catch (RuntimeException e) {
            LOG.warnf("deploy %s cannot be judged for %s now: %s", pair.deploy(), pair.incident(), e.getMessage());
        }
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
