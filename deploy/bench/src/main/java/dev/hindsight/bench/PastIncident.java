package dev.hindsight.bench;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Visibility;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An incident of the past, fact by fact in the order in which they happened, each with the standing that follows from those
 * before it. What the incident service makes of the same facts must be the same: {@link RebuildRow} compares.
 */
final class PastIncident {

    /** What the facts are about. */
    enum Step {
        DECLARED,
        ALERT_FIRED,
        PAGED,
        ACKNOWLEDGED,
        COMMANDER,
        COMMUNICATIONS,
        STATUS_UPDATED,
        MESSAGE_POSTED,
        DECISION_RECORDED,
        SEVERITY_CHANGED,
        IMPACT_RECORDED,
        ALERT_RESOLVED,
        MITIGATED,
        RESOLVED,
        CLOSED,
        CANCELED
    }

    /** What all incidents choose from. */
    record World(List<String> services, List<UUID> people) {}

    private static final List<String> WHAT = List.of(
            "Checkout fails for a third of the customers",
            "Search answers with 503 in eu-west",
            "Login takes longer than ten seconds",
            "Orders are accepted twice",
            "Invoices are not sent since the last deploy",
            "Replication lag grows on the primary database",
            "Certificates of the public API expire today",
            "Queue of the payment provider is not drained");
    private static final List<String> WORDS = List.of(
            "amber", "basalt", "cobalt", "dahlia", "ember", "fjord", "garnet", "hazel", "indigo", "juniper", "krypton",
            "lilac", "marble", "nickel", "opal", "pewter", "quartz", "russet", "saffron", "topaz", "umber", "violet");
    private static final String TEXT =
            "Error rate is back under %d percent in eu-west; we keep the rollback in place and watch the %s queue.";

    final UUID id;

    private final String reference;
    private final World world;
    private final Random random;
    private final Deque<Step> ahead;

    private final String title;
    private final List<String> services;
    private final IncidentKind kind;
    private final Visibility visibility;
    private final boolean customerFacing;
    private Severity severity;
    private IncidentStatus status = IncidentStatus.OPEN;
    private @Nullable Instant declared;
    private @Nullable Instant acknowledged;
    private @Nullable Instant mitigated;
    private @Nullable Instant resolved;
    private @Nullable Instant closed;
    private List<Standing.Holder> roles = List.of();
    private @Nullable UUID acknowledger;
    private @Nullable Instant firstAlert;
    private Standing.@Nullable Pages pages;

    private PastIncident(UUID id, long number, World world, Random random, Deque<Step> ahead) {
        this.id = id;
        this.reference = "INC-" + number;
        this.world = world;
        this.random = random;
        this.ahead = ahead;
        this.title = any(WHAT) + " (" + any(WORDS) + ", " + any(WORDS) + " " + number % 9973 + ")";
        // Few services have most incidents; some have a handful.
        int service = (int) (world.services().size() * Math.pow(random.nextDouble(), 3));
        this.services = random.nextInt(5) > 0
                ? List.of(world.services().get(service))
                : List.of(
                        world.services().get(service),
                        world.services().get((service + 1) % world.services().size()));
        int chance = random.nextInt(100);
        this.kind = chance < 94 ? IncidentKind.REAL : chance < 98 ? IncidentKind.DRILL : IncidentKind.TEST;
        this.visibility = random.nextInt(100) == 0 ? Visibility.RESTRICTED : Visibility.INTERNAL;
        this.customerFacing = random.nextBoolean();
        int judged = random.nextInt(100);
        this.severity = judged < 1
                ? Severity.SEV0
                : judged < 6
                        ? Severity.SEV1
                        : judged < 25 ? Severity.SEV2 : judged < 80 ? Severity.SEV3 : Severity.SEV4;
    }

    /** One that people worked on: about 17 facts. */
    static PastIncident whole(UUID id, long number, World world, Random random) {
        Deque<Step> ahead = new ArrayDeque<>(List.of(Step.DECLARED));
        boolean alerted = random.nextInt(10) < 6;
        if (alerted) {
            ahead.add(Step.ALERT_FIRED);
        }
        times(ahead, Step.PAGED, 1 + random.nextInt(2));
        if (random.nextInt(10) < 9) {
            ahead.add(Step.ACKNOWLEDGED);
        }
        ahead.add(Step.COMMANDER);
        times(ahead, Step.STATUS_UPDATED, 1 + random.nextInt(3));
        if (random.nextInt(10) < 4) {
            ahead.add(Step.COMMUNICATIONS);
        }
        times(ahead, Step.MESSAGE_POSTED, 1 + random.nextInt(4));
        if (random.nextInt(10) < 2) {
            ahead.add(Step.SEVERITY_CHANGED);
        }
        ahead.add(Step.DECISION_RECORDED);
        times(ahead, Step.STATUS_UPDATED, 1 + random.nextInt(3));
        if (random.nextInt(10) < 3) {
            ahead.add(Step.IMPACT_RECORDED);
        }
        if (random.nextInt(30) == 0) {
            ahead.add(Step.CANCELED);
        } else {
            ahead.addAll(List.of(Step.MITIGATED, Step.STATUS_UPDATED));
            if (alerted) {
                ahead.add(Step.ALERT_RESOLVED);
            }
            ahead.add(Step.RESOLVED);
            if (random.nextInt(10) < 6) {
                ahead.add(Step.CLOSED);
            }
        }
        return new PastIncident(id, number, world, random, ahead);
    }

    /** One of which hardly more is known than that it was: two to four facts. */
    static PastIncident brief(UUID id, long number, World world, Random random) {
        Deque<Step> ahead = new ArrayDeque<>(List.of(Step.DECLARED));
        if (random.nextInt(10) < 3) {
            ahead.add(Step.COMMANDER);
        }
        if (random.nextInt(200) == 0) {
            ahead.add(Step.ACKNOWLEDGED);
        } else {
            ahead.add(Step.RESOLVED);
            if (random.nextInt(10) < 4) {
                ahead.add(Step.CLOSED);
            }
        }
        return new PastIncident(id, number, world, random, ahead);
    }

    private static void times(Deque<Step> ahead, Step step, int count) {
        for (int i = 0; i < count; i++) {
            ahead.add(step);
        }
    }

    boolean isOver() {
        return ahead.isEmpty();
    }

    boolean isRestricted() {
        return visibility == Visibility.RESTRICTED;
    }

    /** Whoever is the commander, or somebody. */
    UUID actor() {
        return roles.isEmpty() ? world.people().getFirst() : roles.getFirst().person();
    }

    /** The next fact, which happened at this time: after all those before it. */
    IncidentEvent next(Instant at) {
        return switch (ahead.remove()) {
            case DECLARED -> {
                declared = at;
                yield new IncidentEvent.Declared(
                        reference,
                        title,
                        severity,
                        services,
                        text(),
                        customerFacing,
                        false,
                        kind,
                        visibility,
                        false,
                        null,
                        null,
                        standing());
            }
            case ALERT_FIRED -> {
                firstAlert = at;
                yield new IncidentEvent.AlertFired(alert(), null, standing());
            }
            case PAGED -> {
                boolean afterHours = random.nextBoolean();
                pages = Standing.Pages.and(pages, at, afterHours);
                yield new IncidentEvent.Paged(any(world.people()), "PHONE", afterHours, standing());
            }
            case ACKNOWLEDGED -> {
                acknowledger = actor();
                acknowledged = at;
                status = IncidentStatus.ACKNOWLEDGED;
                yield new IncidentEvent.Acknowledged(null, standing());
            }
            case COMMANDER -> assigned("INCIDENT_COMMANDER");
            case COMMUNICATIONS -> assigned("COMMUNICATIONS");
            case STATUS_UPDATED -> new IncidentEvent.StatusUpdated(text(), null, standing());
            case MESSAGE_POSTED ->
                new IncidentEvent.MessagePosted(text(), "#" + reference.toLowerCase(Locale.ROOT), standing());
            case DECISION_RECORDED -> new IncidentEvent.DecisionRecorded(text(), standing());
            case SEVERITY_CHANGED -> {
                severity = severity == Severity.SEV1 ? Severity.SEV2 : Severity.SEV1;
                yield new IncidentEvent.SeverityChanged(severity, text(), null, standing());
            }
            case IMPACT_RECORDED -> {
                Impact impact = new Impact(
                        1L + random.nextInt(50_000), null, null, null, null, null, null, 1L + random.nextInt(300));
                yield new IncidentEvent.ImpactRecorded(impact, impact, standing());
            }
            case ALERT_RESOLVED -> new IncidentEvent.AlertResolved(alert(), standing());
            case MITIGATED -> {
                mitigated = at;
                status = IncidentStatus.MITIGATED;
                yield new IncidentEvent.Mitigated(text(), null, standing());
            }
            case RESOLVED -> {
                resolved = at;
                status = IncidentStatus.RESOLVED;
                yield new IncidentEvent.Resolved(text(), null, standing());
            }
            case CLOSED -> {
                closed = at;
                status = IncidentStatus.CLOSED;
                yield new IncidentEvent.Closed(null, null, standing());
            }
            case CANCELED -> {
                status = IncidentStatus.CANCELED;
                yield new IncidentEvent.Canceled(text(), standing());
            }
        };
    }

    private IncidentEvent assigned(String role) {
        UUID person = any(world.people());
        // Sorted by name, as a standing has them.
        roles = Stream.concat(roles.stream(), Stream.of(new Standing.Holder(role, person)))
                .sorted(Comparator.comparing(Standing.Holder::role))
                .toList();
        return new IncidentEvent.RoleAssigned(role, person, standing());
    }

    private Alert alert() {
        return new Alert(
                "bench/" + id,
                "bench/" + services.getFirst(),
                "ErrorRateHigh",
                "More than five percent of the requests to " + services.getFirst() + " fail",
                "https://monitor.example/alerts/" + reference);
    }

    private Standing standing() {
        return new Standing(
                new Lifecycle(
                        status,
                        new Milestones(null, firstAlert, declared, acknowledged, mitigated, resolved, closed),
                        0),
                reference,
                title,
                severity,
                services,
                kind,
                visibility,
                customerFacing,
                false,
                roles,
                acknowledger,
                firstAlert,
                pages);
    }

    private String text() {
        return TEXT.formatted(1 + random.nextInt(20), any(WORDS));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
