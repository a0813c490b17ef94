package dev.hindsight.metrics.domain;

/** What one incident or item adds to a metric. */
public sealed interface Measure {

    /** Each incident adds one length of time. */
    record LengthOf(Span span) implements Measure {}

    /** Each action item adds 1 where it is closed (DONE or VERIFIED) and 0 where it is not; canceled ones are excluded. */
    record ShareOfItemsClosed() implements Measure {}

    /** Each incident adds 1. */
    record NumberOfIncidents() implements Measure {}
}
