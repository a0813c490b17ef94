package dev.hindsight.eventstore;

/** Too many writers at one stream at the same time; nothing was changed. Answered as 503 with Retry-After. */
public final class Contended extends RuntimeException {

    public Contended() {
        super("too many concurrent writers", null, false, false);
    }
}
