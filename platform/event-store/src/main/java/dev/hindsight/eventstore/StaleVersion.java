package dev.hindsight.eventstore;

/** The stream has moved on since the version that the client names in If-Match; answered as 412. */
public final class StaleVersion extends RuntimeException {

    private final long expected;
    private final long actual;

    public StaleVersion(long expected, long actual) {
        super("expected version " + expected + ", but it is " + actual, null, false, false);
        this.expected = expected;
        this.actual = actual;
    }

    public long expected() {
        return expected;
    }

    public long actual() {
        return actual;
    }
}
