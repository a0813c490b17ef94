package dev.hindsight.eventstore.rebuild;

/** Where a rebuild is. */
public enum RebuildState {
    /** The tables beside the live ones are being made. */
    PREPARING,
    /** The events up to the beginning of the rebuild are read. */
    READING,
    /** Indexes are built, and the events that came meanwhile are read. */
    CATCHING_UP,
    /** The writing of the live view waits; the new tables take their place. */
    SWAPPING,
    /** The new tables are the live ones. */
    DONE,
    /** It could not come to its end; the live view is as it was. */
    FAILED,
    /** Somebody did not want it any more; the live view is as it was. */
    CANCELED,
    /** Its instance ended before it; the live view is as it was. The next attempt begins anew. */
    ABANDONED;

    /** Whether nothing will change any more. */
    public boolean isOver() {
        return compareTo(DONE) >= 0;
    }
}
