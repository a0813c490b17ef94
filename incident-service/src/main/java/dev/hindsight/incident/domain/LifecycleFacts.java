package dev.hindsight.incident.domain;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every fact that bears on an incident's status or milestones, sorted by (occurredAt, the source's own order, version).
 * {@link #lifecycle()} is a pure function of them, so the order in which they arrived does not matter; version is the order
 * of recording and only breaks ties.
 *
 * @param facts sorted
 * @param alerts by the occurrence's key; an incident that alerts declared is over when all of them are
 * @param declaredByAlert whether an alert declared it
 */
public record LifecycleFacts(List<Fact> facts, Map<String, AlertSpan> alerts, boolean declaredByAlert) {

    public static final LifecycleFacts NONE = new LifecycleFacts(List.of(), Map.of(), false);

    /** What a fact says. */
    public enum Step {
        IMPACT_STARTED,
        DETECTED,
        /** Heard of through another signal; counts until the declaration itself is known. */
        DECLARED_PROVISIONALLY,
        DECLARED,
        ACKNOWLEDGED,
        /** The tool's status says acknowledged, but nobody is said to have done it just then. */
        SEEN_ACKNOWLEDGED,
        UNACKNOWLEDGED,
        MITIGATED,
        RESOLVED,
        REOPENED,
        CLOSED,
        CANCELED,
        MERGED
    }

    /** One fact with all that it is sorted by. */
    public record Fact(Step step, Instant at, int sourceOrder, long version) {}

    /** When an alert fired and ended, as far as known. */
    public record AlertSpan(
            @Nullable Instant firedAt, @Nullable Instant resolvedAt) {}

    private static final int LAST_OF_ITS_MOMENT = 9;

    private static final Comparator<Fact> BY_TIME =
            Comparator.comparing(Fact::at).thenComparingInt(Fact::sourceOrder).thenComparingLong(Fact::version);

    /** These facts and one more. */
    public LifecycleFacts with(Fact fact) {
        List<Fact> more = new ArrayList<>(facts.size() + 1);
        more.addAll(facts);
        more.add(fact);
        more.sort(BY_TIME);
        return new LifecycleFacts(List.copyOf(more), alerts, declaredByAlert);
    }

    /** An alert of this incident fired; the first fact of an incident makes it the alerts' own. */
    public LifecycleFacts fired(String alertKey, Instant at) {
        return withAlert(alertKey, at, null);
    }

    /** An alert of this incident ended. */
    public LifecycleFacts ended(String alertKey, Instant at) {
        return withAlert(alertKey, null, at);
    }

    /** These facts of an incident that an alert declared. */
    public LifecycleFacts declaredByAlerts() {
        return new LifecycleFacts(facts, alerts, true);
    }

    private LifecycleFacts withAlert(String alertKey, @Nullable Instant firedAt, @Nullable Instant resolvedAt) {
        Map<String, AlertSpan> more = new TreeMap<>(alerts);
        more.merge(
                alertKey,
                new AlertSpan(firedAt, resolvedAt),
                (known, news) -> new AlertSpan(
                        news.firedAt() != null ? news.firedAt() : known.firedAt(),
                        news.resolvedAt() != null ? news.resolvedAt() : known.resolvedAt()));
        return new LifecycleFacts(facts, more, declaredByAlert);
    }

    /** Whether that occurrence is known to have fired. */
    public boolean knowsFiring(String alertKey) {
        AlertSpan span = alerts.get(alertKey);
        return span != null && span.firedAt() != null;
    }

    /** Whether that occurrence is known to have ended. */
    public boolean knowsEnd(String alertKey) {
        AlertSpan span = alerts.get(alertKey);
        return span != null && span.resolvedAt() != null;
    }

    /** Status, milestones and reopenings that follow from all facts. */
    public Lifecycle lifecycle() {
        Fold fold = new Fold();
        withTheAlertsEnd().forEach(fold::take);
        return fold.lifecycle(firstAlert());
    }

    /** The end of all alerts ends what they began: a resolution like any other, at its own place in time. */
    private List<Fact> withTheAlertsEnd() {
        return alertsEndedAt()
                .map(at -> with(new Fact(Step.RESOLVED, at, LAST_OF_ITS_MOMENT, Long.MAX_VALUE))
                        .facts())
                .orElse(facts);
    }

    private Optional<Instant> alertsEndedAt() {
        if (!declaredByAlert || alerts.isEmpty()) {
            return Optional.empty();
        }
        return alerts.values().stream().allMatch(span -> span.resolvedAt() != null)
                ? alerts.values().stream()
                        .map(span -> Objects.requireNonNull(span.resolvedAt()))
                        .max(Comparator.naturalOrder())
                : Optional.empty();
    }

    private @Nullable Instant firstAlert() {
        return alerts.values().stream()
                .map(AlertSpan::firedAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The walk through the facts in the order in which they happened. */
    private static final class Fold {

        private IncidentStatus status = IncidentStatus.OPEN;
        private int reopenings;
        private @Nullable Instant impactStarted;
        private @Nullable Instant detected;
        private @Nullable Instant declared;
        private @Nullable Instant declaredProvisionally;
        private @Nullable Instant acknowledged;
        private @Nullable Instant mitigated;
        private @Nullable Instant resolved;
        private @Nullable Instant closed;

        void take(Fact fact) {
            Instant at = fact.at();
            switch (fact.step()) {
                case IMPACT_STARTED -> impactStarted = first(impactStarted, at);
                case DETECTED -> detected = first(detected, at);
                case DECLARED -> declared = first(declared, at);
                case DECLARED_PROVISIONALLY -> declaredProvisionally = first(declaredProvisionally, at);
                case ACKNOWLEDGED -> {
                    acknowledged = first(acknowledged, at);
                    move(status == IncidentStatus.OPEN, IncidentStatus.ACKNOWLEDGED);
                }
                case SEEN_ACKNOWLEDGED -> move(status == IncidentStatus.OPEN, IncidentStatus.ACKNOWLEDGED);
                case UNACKNOWLEDGED -> move(status == IncidentStatus.ACKNOWLEDGED, IncidentStatus.OPEN);
                case MITIGATED -> {
                    mitigated = at;
                    move(
                            status == IncidentStatus.OPEN || status == IncidentStatus.ACKNOWLEDGED,
                            IncidentStatus.MITIGATED);
                }
                case RESOLVED -> {
                    if (status.isOngoing() || status.isOver()) {
                        resolved = at;
                        move(status.isOngoing(), IncidentStatus.RESOLVED);
                    }
                }
                case REOPENED -> {
                    if (status.isOver()) {
                        status = IncidentStatus.ACKNOWLEDGED;
                        reopenings++;
                        resolved = null;
                        closed = null;
                    }
                }
                case CLOSED -> {
                    closed = at;
                    move(status.isOngoing() || status == IncidentStatus.RESOLVED, IncidentStatus.CLOSED);
                }
                case CANCELED -> move(!status.isOver(), IncidentStatus.CANCELED);
                case MERGED -> status = IncidentStatus.MERGED;
            }
        }

        Lifecycle lifecycle(@Nullable Instant firstAlert) {
            return new Lifecycle(
                    status,
                    new Milestones(
                            impactStarted,
                            detected != null ? detected : firstAlert,
                            declared != null ? declared : declaredProvisionally,
                            acknowledged,
                            mitigated,
                            resolved,
                            closed),
                    reopenings);
        }

        private void move(boolean legal, IncidentStatus to) {
            if (legal) {
                status = to;
            }
        }

        private static Instant first(@Nullable Instant known, Instant at) {
            return known == null || at.isBefore(known) ? at : known;
        }
    }
}
