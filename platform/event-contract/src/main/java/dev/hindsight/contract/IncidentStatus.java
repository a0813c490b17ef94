package dev.hindsight.contract;

/** Where an incident stands. Steps may be skipped forwards; reopening leads back to {@link #ACKNOWLEDGED}. */
public enum IncidentStatus {
    OPEN,
    ACKNOWLEDGED,
    MITIGATED,
    RESOLVED,
    CLOSED,
    /** A false alarm; final. */
    CANCELED,
    /** Part of another incident; final. */
    MERGED;

    /** Still disturbing somebody. */
    public boolean isOngoing() {
        return this == OPEN || this == ACKNOWLEDGED || this == MITIGATED;
    }

    /** The disturbance is over, and was one. */
    public boolean isOver() {
        return this == RESOLVED || this == CLOSED;
    }
}
