package dev.hindsight.metrics.domain;

/**
 * Why something of the period is not in a number. Each excluded incident, item or deploy is counted under exactly one reason; what
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
    /** An action item that will not be done, or a deploy that was stopped. */
    CANCELED("It was canceled."),
    /** A deploy to an environment that no customer uses. */
    NOT_PRODUCTION("It changes nothing that customers use."),
    NOT_FINISHED("It waits or runs still."),
    /** A page to somebody whom no calendar has on call at that time; it counts among all pages, and in no shift. */
    NO_SHIFT("No calendar says that anybody was on call then.");

    private final String meaning;

    Exclusion(String meaning) {
        this.meaning = meaning;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }
}
