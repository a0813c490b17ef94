package dev.hindsight.eventstore.rebuild;

/** A rebuild cannot come to its end; the live view is as it was. The message is for the admin who asked for it. */
final class RebuildFailed extends RuntimeException {
    RebuildFailed(String message) {
        super(message, null, false, false);
    }
}
