package dev.hindsight.conventions.problem;

import java.time.Duration;

/** The client has used up what it may ask for; answered as 429 with Retry-After. */
public final class TooManyRequests extends RuntimeException {

    private final Duration retryAfter;

    public TooManyRequests(Duration retryAfter) {
        super("Too many requests; try again later.", null, false, false);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
