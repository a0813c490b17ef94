package dev.hindsight.incident.domain;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployEvent;
import dev.hindsight.contract.DeployEvent.Reported;
import dev.hindsight.contract.DeployState;
import dev.hindsight.contract.Recorded;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of what runs, as a tool tells of it: reports come in any order, and how far it is follows from all of them.
 *
 * @param reports in the order in which they happened; of one moment the one that is further comes last
 */
public record Deploy(List<Report> reports, Set<UUID> known) {

    public static final Deploy UNKNOWN = new Deploy(List.of(), Set.of());

    private static final Comparator<Report> BY_TIME = Comparator.comparing(Report::at)
            .thenComparing(report -> report.said().isOver())
            .thenComparing(Report::said)
            .thenComparing(Report::id);

    /** What one report says. */
    public record Report(
            UUID id, Instant at, DeployState said, String tool, String externalId, Change change, boolean production) {}

    public Deploy {
        reports = List.copyOf(reports);
        known = Set.copyOf(known);
    }

    public boolean exists() {
        return !reports.isEmpty();
    }

    /** Which tool tells of it. */
    public String tool() {
        return last().tool();
    }

    /** How that tool knows it. */
    public String externalId() {
        return last().externalId();
    }

    /** What it changes, as the last report says. */
    public Change change() {
        return last().change();
    }

    /** Whether it changes what customers use. */
    public boolean production() {
        return last().production();
    }

    /** How far it is: what ended stays ended, also where a step of it is told late. */
    public DeployState state() {
        return ending().map(Report::said).orElseGet(() -> last().said());
    }

    /**
     * When it began to change something: when it began to run, else, where it ended without a word of that, when it was first
     * heard of. Null while it waits, and where it was stopped before it ran.
     */
    public @Nullable Instant begunAt() {
        Optional<Instant> ran = reports.stream()
                .filter(report -> report.said() == DeployState.RUNNING)
                .map(Report::at)
                .findFirst();
        boolean changedSomething = reports.stream()
                .anyMatch(report -> report.said() == DeployState.SUCCEEDED || report.said() == DeployState.FAILED);
        return ran.orElse(changedSomething ? reports.getFirst().at() : null);
    }

    /** Null while it goes on. */
    public @Nullable Instant endedAt() {
        return ending().map(Report::at).orElse(null);
    }

    /** The first ending that nothing but endings follow: a tool that lets a deploy run again says so by RUNNING. */
    private Optional<Report> ending() {
        Report ending = null;
        for (Report report : reports) {
            if (report.said().isOver()) {
                ending = ending == null || report.said() != ending.said() ? report : ending;
            } else if (report.said() == DeployState.RUNNING) {
                ending = null;
            }
        }
        return Optional.ofNullable(ending);
    }

    private Report last() {
        return reports.getLast();
    }

    /** What the command tells that is new; nothing where the report is known. */
    public static List<Reported> decide(Deploy deploy, DeployCommand command) {
        return switch (command) {
            case DeployCommand.Report c -> {
                if (deploy.known.contains(c.factId())) {
                    yield List.of();
                }
                Deploy after = deploy.taking(c);
                yield List.of(new Reported(
                        c.said(),
                        c.text(),
                        c.tool(),
                        c.externalId(),
                        c.change(),
                        c.production(),
                        after.state(),
                        after.begunAt(),
                        after.endedAt()));
            }
        };
    }

    public static Deploy evolve(Deploy deploy, Recorded<DeployEvent> fact) {
        return switch (fact.event()) {
            case Reported e ->
                deploy.with(new Report(
                        fact.header().id(),
                        fact.header().occurredAt(),
                        e.said(),
                        e.tool(),
                        e.externalId(),
                        e.change(),
                        e.production()));
        };
    }

    /** The deploy with one more report, decided but not yet recorded. */
    public Deploy taking(DeployCommand.Report c) {
        Instant at = c.occurredAt().truncatedTo(ChronoUnit.MICROS);
        return known.contains(c.factId())
                ? this
                : with(new Report(c.factId(), at, c.said(), c.tool(), c.externalId(), c.change(), c.production()));
    }

    private Deploy with(Report report) {
        List<Report> all = new ArrayList<>(reports);
        all.add(report);
        all.sort(BY_TIME);
        Set<UUID> ids = new HashSet<>(known);
        ids.add(report.id());
        return new Deploy(all, ids);
    }
}
