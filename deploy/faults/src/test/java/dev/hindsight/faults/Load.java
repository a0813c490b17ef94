package dev.hindsight.faults;

import dev.hindsight.local.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Teams and tools at work: incidents begin at a steady rate, are driven to their end through both instances of each service
 * at once, and are followed by work on their postmortem and by action items. Every promise that was made goes into the
 * {@link Ledger}.
 */
final class Load {

    private static final int AT_ONCE = 12;
    private static final String SECRET = "a-secret-of-the-load";

    private final Doors doors;
    private final Ledger ledger;
    private final UUID integration;
    private final String service;
    private final Duration every;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Queue<Throwable> refused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();

    /**
     * @param service that the incidents are of
     * @param every how often one begins
     */
    Load(WholeSystem system, Doors doors, Ledger ledger, String service, Duration every) {
        this.doors = doors;
        this.ledger = ledger;
        this.service = service;
        this.every = every;
        this.integration = system.connectPagerDuty(SECRET);
    }

    /** Begins incidents for so long, and returns when all of them came to their end. */
    void runFor(Duration howLong) {
        Instant end = Instant.now().plus(howLong);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (Instant.now().isBefore(end) && refused.isEmpty()) {
                room.acquireUninterruptibly();
                int number = begun.incrementAndGet();
                threads.execute(() -> {
                    Incident ended;
                    try {
                        ended = number % 2 == 0 ? drivenByPeople(number) : drivenByATool(number);
                    } catch (Throwable e) {
                        refused.add(e);
                        return;
                    } finally {
                        room.release();
                    }
                    // Who writes the postmortem waits for views, and must not hold up those who work on incidents.
                    try {
                        followedUp(ended);
                    } catch (Throwable e) {
                        refused.add(e);
                    }
                });
                LockSupport.parkNanos(every.toNanos());
            }
        }
        if (!refused.isEmpty()) {
            throw new AssertionError("the load was refused " + refused.size() + " times", refused.peek());
        }
    }

    private record Incident(UUID id, String version) {}

    int incidents() {
        return begun.get();
    }

    private Incident drivenByPeople(int number) {
        String title = "Search is slow " + UUID.randomUUID();
        Doors.Answer declared = doors.command(
                Service.INCIDENT,
                "responder",
                "/api/v1/incidents",
                Map.of("title", title, "severity", "SEV" + number % 5, "services", List.of(service)));
        ledger.acknowledged(Service.INCIDENT, declared, "hindsight.incident.declared.v1", title);
        String path = "/api/v1/incidents/" + declared.id();
        // Two people at once, who meet at the same stream through different instances.
        atOnce(
                () -> {
                    on(path, "acknowledgement", Map.of(), "acknowledged", "");
                    on(path, "roles", Map.of("role", "SCRIBE", "person", "person-" + number % 7), "role-assigned", "");
                    text(path, "decisions", "decision-recorded");
                },
                () -> {
                    text(path, "status-updates", "status-updated");
                    text(path, "messages", "message-posted");
                    text(path, "status-updates", "status-updated");
                });
        String remark = "Rolled back " + UUID.randomUUID();
        Doors.Answer resolved = on(path, "resolution", Map.of("text", remark), "resolved", remark);
        return new Incident(UUID.fromString(declared.id()), resolved.version());
    }

    private Incident drivenByATool(int number) {
        String id = "PLOAD" + number + "-" + service;
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);
        UUID incident = UUID.fromString(deliver("triggered", id, at));
        // A tool that heard nothing sends again, while the first delivery may still be on its way.
        atOnce(
                () -> deliver("acknowledged", id, at.plusSeconds(60)),
                () -> deliver("acknowledged", id, at.plusSeconds(60)));
        deliver("resolved", id, at.plusSeconds(600));
        return new Incident(incident, incident + "@3");
    }

    private String deliver(String type, String incident, Instant at) {
        return doors.pagerDuty(integration, SECRET, WholeSystem.event(type, incident, service, at.toString()))
                .body()
                .path("incidents")
                .path(0)
                .asText();
    }

    private void followedUp(Incident ended) {
        UUID incident = ended.id();
        String version = ended.version();
        ledger.resolved(incident);
        atOnce(
                () -> {
                    String factor = "The load test is too small " + UUID.randomUUID();
                    Doors.Answer added = doors.command(
                            Service.POSTMORTEM,
                            "responder",
                            "/api/v1/postmortems/" + incident + "/factors",
                            Map.of("category", "PROCESS", "text", factor),
                            "Hindsight-After",
                            version);
                    ledger.acknowledged(Service.POSTMORTEM, added, "hindsight.postmortem.factor-added.v1", factor);
                },
                () -> {
                    String title = "Add rate limiting to the search endpoint " + UUID.randomUUID();
                    Doors.Answer proposed = doors.command(
                            Service.ACTION_ITEM,
                            "responder",
                            "/api/v1/action-items",
                            Map.of("incidentId", incident.toString(), "title", title),
                            "Hindsight-After",
                            version);
                    ledger.acknowledged(Service.ACTION_ITEM, proposed, "hindsight.action-item.proposed.v1", title);
                    String reason = "Overtaken by events " + UUID.randomUUID();
                    Doors.Answer canceled = doors.command(
                            Service.ACTION_ITEM,
                            "editor",
                            "/api/v1/action-items/" + proposed.id() + "/cancellation",
                            Map.of("reason", reason));
                    ledger.acknowledged(Service.ACTION_ITEM, canceled, "hindsight.action-item.canceled.v1", reason);
                });
    }

    private void text(String path, String command, String event) {
        String text = "Seen " + UUID.randomUUID();
        on(path, command, Map.of("text", text), event, text);
    }

    private Doors.Answer on(String path, String command, Map<String, ?> body, String event, String text) {
        Doors.Answer answer = doors.command(Service.INCIDENT, "responder", path + "/" + command, body);
        ledger.acknowledged(Service.INCIDENT, answer, "hindsight.incident." + event + ".v1", text);
        return answer;
    }

    private static void atOnce(Runnable one, Runnable other) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = threads.submit(one);
            Future<?> second = threads.submit(other);
            first.get();
            second.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
