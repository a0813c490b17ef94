package dev.hindsight.contract;

/** Where an action item stands. Done and verified are different facts. */
public enum ActionItemStatus {
    PROPOSED,
    ACCEPTED,
    IN_PROGRESS,
    DONE,
    VERIFIED,
    CANCELED;

    /** Done or verified: counts as closed. */
    public boolean isClosed() {
        return this == DONE || this == VERIFIED;
    }

    /** Work is still owed. */
    public boolean isOpen() {
        return this == PROPOSED || this == ACCEPTED || this == IN_PROGRESS;
    }
}
