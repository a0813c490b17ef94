package dev.hindsight.incident.domain;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Milestones;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Every fact that bears on an incident's status or milestones, sorted by (occurredAt, the source's own order, version).
 * {@link #lifecycle()} is a pure function of them, so the order in which they arrived does not matter; version is the order
 * of recording and only breaks ties.
 *
 * <p>One more fact costs the logarithm of how many there are: the collections share their structure, and a fact that
 * happened after all others continues the walk through them. One that happened earlier walks again from the start.
 *
 * @param facts sorted
 * @param walked where the walk through all facts ends
 * @param alerts by the occurrence's key; an incident that alerts declared is over when all of them are
 * @param firing how many of the alerts are not known to have ended
 * @param firstAlert when the first alert fired; null where none did
 * @param lastEnd when the last alert ended; null where none did
 * @param declaredByAlert whether an alert declared it
 */
public record LifecycleFacts(
        PVector<Fact> facts,
        Walk walked,
        PMap<String, AlertSpan> alerts,
        int firing,
        @Nullable Instant firstAlert,
        @Nullable Instant lastEnd,
        boolean declaredByAlert) {

    public static final LifecycleFacts NONE =
            new LifecycleFacts(TreePVector.empty(), Walk.BEGIN, HashTreePMap.empty(), 0, null, null, false);

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
        /** The tool's status says that it is over, but nothing is said to have ended it just then. */
        SEEN_RESOLVED,
        REOPENED,
        CLOSED,
        CANCELED,
        MERGED,
        /** A time that the facts before it lead to was wrong, or missing. */
        CORRECTED
    }

    /**
     * One fact with all that it is sorted by.
     *
     * @param correction of {@link Step#CORRECTED}; null for all others
     */
    public record Fact(
            Step step,
            Instant at,
            int sourceOrder,
            long version,
            @Nullable Correction correction) {

        Fact(Step step, Instant at, int sourceOrder, long version) {
            this(step, at, sourceOrder, version, null);
        }
    }

    /** When a milestone really was. */
    public record Correction(Milestone milestone, Instant at) {}

    /** When an alert fired and ended, as far as known. */
    public record AlertSpan(
            @Nullable Instant firedAt, @Nullable Instant resolvedAt) {}

    private static final int LAST_OF_ITS_MOMENT = 9;

    private static final Comparator<Fact> BY_TIME =
            Comparator.comparing(Fact::at).thenComparingInt(Fact::sourceOrder).thenComparingLong(Fact::version);

    /** These facts and one more. */
    public LifecycleFacts with(Fact fact) {
        int place = placeOf(fact);
        PVector<Fact> more = facts.plus(place, fact);
        Walk walk = place == facts.size() ? walked.past(fact) : Walk.through(more);
        return new LifecycleFacts(more, walk, alerts, firing, firstAlert, lastEnd, declaredByAlert);
    }

    /** An alert of this incident fired. */
    public LifecycleFacts fired(String alertKey, Instant at) {
        AlertSpan known = alerts.get(alertKey);
        AlertSpan span = known == null ? new AlertSpan(at, null) : new AlertSpan(at, known.resolvedAt());
        return new LifecycleFacts(
                facts,
                walked,
                alerts.plus(alertKey, span),
                known == null ? firing + 1 : firing,
                earlier(firstAlert, at),
                lastEnd,
                declaredByAlert);
    }

    /** An alert of this incident ended. */
    public LifecycleFacts ended(String alertKey, Instant at) {
        AlertSpan known = alerts.get(alertKey);
        AlertSpan span = new AlertSpan(known == null ? null : known.firedAt(), at);
        return new LifecycleFacts(
                facts,
                walked,
                alerts.plus(alertKey, span),
                known != null && known.resolvedAt() == null ? firing - 1 : firing,
                firstAlert,
                later(lastEnd, at),
                declaredByAlert);
    }

    /** These facts of an incident that an alert declared. */
    public LifecycleFacts declaredByAlerts() {
        return new LifecycleFacts(facts, walked, alerts, firing, firstAlert, lastEnd, true);
    }

    /** Whether that occurrence belongs to this incident. */
    public boolean knows(String alertKey) {
        return alerts.containsKey(alertKey);
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
        return withTheAlertsEnd().lifecycle(firstAlert);
    }

    /** The end of all alerts ends what they began: a resolution like any other, at its own place in time. */
    private Walk withTheAlertsEnd() {
        if (!declaredByAlert || firing > 0 || lastEnd == null) {
            return walked;
        }
        return with(new Fact(Step.RESOLVED, lastEnd, LAST_OF_ITS_MOMENT, Long.MAX_VALUE)).walked;
    }

    /** Behind all that happened before it; mostly that is the end. */
    private int placeOf(Fact fact) {
        int low = 0;
        int high = facts.size();
        if (high == 0 || BY_TIME.compare(facts.get(high - 1), fact) <= 0) {
            return high;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (BY_TIME.compare(facts.get(middle), fact) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Instant earlier(@Nullable Instant known, Instant at) {
        return known == null || at.isBefore(known) ? at : known;
    }

    private static Instant later(@Nullable Instant known, Instant at) {
        return known == null || at.isAfter(known) ? at : known;
    }

    /**
     * How far the walk through the facts has come, in the order in which they happened.
     *
     * @param reopenings how often it was over and went on
     */
    public record Walk(
            IncidentStatus status,
            int reopenings,
            @Nullable Instant impactStarted,
            @Nullable Instant detected,
            @Nullable Instant declared,
            @Nullable Instant declaredProvisionally,
            @Nullable Instant acknowledged,
            @Nullable Instant mitigated,
            @Nullable Instant resolved,
            @Nullable Instant closed) {

        static final Walk BEGIN = new Walk(IncidentStatus.OPEN, 0, null, null, null, null, null, null, null, null);

        static Walk through(List<Fact> facts) {
            Walker walker = new Walker(BEGIN);
            facts.forEach(walker::take);
            return walker.walk();
        }

        Walk past(Fact fact) {
            Walker walker = new Walker(this);
            walker.take(fact);
            return walker.walk();
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
    }

    /** Goes on from where a walk has come to. */
    private static final class Walker {

        private IncidentStatus status;
        private int reopenings;
        private @Nullable Instant impactStarted;
        private @Nullable Instant detected;
        private @Nullable Instant declared;
        private @Nullable Instant declaredProvisionally;
        private @Nullable Instant acknowledged;
        private @Nullable Instant mitigated;
        private @Nullable Instant resolved;
        private @Nullable Instant closed;

        Walker(Walk from) {
            this.status = from.status();
            this.reopenings = from.reopenings();
            this.impactStarted = from.impactStarted();
            this.detected = from.detected();
            this.declared = from.declared();
            this.declaredProvisionally = from.declaredProvisionally();
            this.acknowledged = from.acknowledged();
            this.mitigated = from.mitigated();
            this.resolved = from.resolved();
            this.closed = from.closed();
        }

        Walk walk() {
            return new Walk(
                    status,
                    reopenings,
                    impactStarted,
                    detected,
                    declared,
                    declaredProvisionally,
                    acknowledged,
                    mitigated,
                    resolved,
                    closed);
        }

        void take(Fact fact) {
            Instant at = fact.at();
            switch (fact.step()) {
                case IMPACT_STARTED -> impactStarted = earlier(impactStarted, at);
                case DETECTED -> detected = earlier(detected, at);
                case DECLARED -> declared = earlier(declared, at);
                case DECLARED_PROVISIONALLY -> declaredProvisionally = earlier(declaredProvisionally, at);
                case ACKNOWLEDGED -> {
                    acknowledged = earlier(acknowledged, at);
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
                case SEEN_RESOLVED -> {
                    if (status.isOngoing()) {
                        resolved = at;
                        status = IncidentStatus.RESOLVED;
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
                case CORRECTED -> {
                    if (fact.correction() != null) {
                        correct(fact.correction().milestone(), fact.correction().at());
                    }
                }
            }
        }

        /** It moves no status: where the incident has not got, or is no longer, there is no time to correct. */
        private void correct(Milestone milestone, Instant at) {
            switch (milestone) {
                case IMPACT_STARTED -> impactStarted = at;
                case DETECTED -> detected = at;
                case DECLARED -> declared = at;
                case ACKNOWLEDGED -> acknowledged = at;
                case MITIGATED -> mitigated = at;
                case RESOLVED -> resolved = resolved == null ? null : at;
                case CLOSED -> closed = closed == null ? null : at;
            }
        }

        private void move(boolean legal, IncidentStatus to) {
            if (legal) {
                status = to;
            }
        }
    }
}
