package dev.hindsight.metrics.domain;

/** What one incident, item or deploy adds to a metric. */
public sealed interface Measure {

    /** Each incident adds one length of time. */
    record LengthOf(Span span) implements Measure {}

    /** Each action item adds 1 where it is closed (DONE or VERIFIED) and 0 where it is not; canceled ones are excluded. */
    record ShareOfItemsClosed() implements Measure {}

    /**
     * Each deploy of production that came to its end adds 1 where it is linked to an incident that counts, as a suspect or
     * confirmed, and 0 where it is not.
     */
    record ShareOfDeploysLinked() implements Measure {}

    /**
     * Each page that falls in a shift of its responder's calendar adds 1, and the sum is divided by the shifts of the period.
     * The calendar is that of the responder's team, else that of the house.
     */
    record PagesPerShift() implements Measure {}

    /** Each incident adds 1. */
    record NumberOfIncidents() implements Measure {}
}
