package dev.hindsight.local;

/** Something did not come up. The message is for the person in front of the terminal: what happened, and what to do. */
public final class StartFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailed(String message) {
        super(message);
    }

    StartFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
