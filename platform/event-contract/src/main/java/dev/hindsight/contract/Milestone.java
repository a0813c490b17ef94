package dev.hindsight.contract;

/** Which of an incident's {@link Milestones}. */
public enum Milestone {
    IMPACT_STARTED,
    DETECTED,
    DECLARED,
    ACKNOWLEDGED,
    MITIGATED,
    RESOLVED,
    CLOSED
}
