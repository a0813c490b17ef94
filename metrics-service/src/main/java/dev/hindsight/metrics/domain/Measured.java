package dev.hindsight.metrics.domain;

import java.time.Duration;

/** One incident seen through one {@link Span}. */
public sealed interface Measured {

    /** It counts, with this length of time; never negative. */
    record Counted(Duration length) implements Measured {}

    /** It does not count, and this is why. */
    record Excluded(Exclusion reason) implements Measured {}
}
