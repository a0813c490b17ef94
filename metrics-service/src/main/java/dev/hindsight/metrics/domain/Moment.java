package dev.hindsight.metrics.domain;

/** The points in time that a {@link Span} may run from or to. */
public enum Moment {
    FIRST_ALERT,
    FIRST_PAGE,
    IMPACT_STARTED,
    DETECTED,
    DECLARED,
    /** The first explicit acknowledgement. */
    ACKNOWLEDGED,
    MITIGATED,
    /** The last resolution; unknown while reopened. */
    RESOLVED,
    /**
     * The resolution that the postmortem follows: the last one, or, where that came after the publication or the incident
     * is open again, the one that the draft began from.
     */
    WRITTEN_UP_RESOLUTION,
    /** The postmortem's first publication. */
    PUBLISHED
}
