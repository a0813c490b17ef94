package dev.hindsight.eventstore.consume;

/** Why an event is parked. */
public enum Reason {
    /** An earlier event of its stream has not come yet. */
    GAP,
    /** An earlier event of its stream is parked, and somebody has to look at that one. */
    BEHIND,
    /** Its data is not what its type promises. */
    UNDECODABLE,
    /** The projection or automation fails on it, again and again. */
    DEFECT,
    /** Another event was applied, or waits, as the same version of the stream. */
    CONFLICT,
    /** Its headers do not say which stream it belongs to. */
    UNATTRIBUTABLE;

    /** Whether the later events of its stream wait behind it until somebody retries or discards it. */
    public boolean blocks() {
        return this == UNDECODABLE || this == DEFECT;
    }

    /** Whether it goes by itself when what it waits for is there. */
    public boolean waits() {
        return this == GAP || this == BEHIND;
    }
}
