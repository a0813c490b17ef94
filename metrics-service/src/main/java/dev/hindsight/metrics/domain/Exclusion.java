package dev.hindsight.metrics.domain;

/**
 * Why something of the period is not in a number. Each excluded incident or item is counted under exactly one reason; what
 * is no incident at all (TEST, DRILL, CANCELED, MERGED) is not even excluded.
 */
public enum Exclusion {
    /** Nobody said when it became an incident, so the period cannot be told; it is placed by its first event. */
    MISSING_DECLARED("It has no declared time; it is placed by its first event."),
    MISSING_ACKNOWLEDGED("Nobody acknowledged it explicitly."),
    NOT_RESOLVED("It is not resolved, or open again."),
    NOT_PUBLISHED("It has no published postmortem."),
    /** A negative length of time: at least one of the two times is wrong and waits for a correction. */
    CROSSED("It ended before it began: one of the two times is wrong."),
    /** An action item that will not be done. */
    CANCELED("The action item was canceled.");

    private final String meaning;

    Exclusion(String meaning) {
        this.meaning = meaning;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }
}
