package dev.hindsight.contract;

/** How far a deploy is. */
public enum DeployState {
    /** It waits: nothing has changed yet. */
    PENDING,
    RUNNING,
    SUCCEEDED,
    /** It ended otherwise than it should; what runs may have changed all the same. */
    FAILED,
    /** Somebody or something stopped it. */
    CANCELED;

    /** Whether nothing more is expected of it. */
    public boolean isOver() {
        return switch (this) {
            case SUCCEEDED, FAILED, CANCELED -> true;
            case PENDING, RUNNING -> false;
        };
    }
}
