package dev.hindsight.metrics.domain;

import java.time.Instant;

/** From the one moment up to the other, which is left out; empty where that is not later. */
public record Interval(Instant from, Instant to) {

    /** What both have in common. */
    public Interval within(Interval other) {
        return new Interval(from.isAfter(other.from) ? from : other.from, to.isBefore(other.to) ? to : other.to);
    }
}
