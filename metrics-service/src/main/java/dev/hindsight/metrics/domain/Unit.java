package dev.hindsight.metrics.domain;

import java.util.Locale;

/** What the numbers of a metric count. */
public enum Unit {
    SECONDS(1),
    HOURS(3600),
    /** 0 to 1. */
    RATIO(1),
    INCIDENTS(1),
    PAGES(1);

    private final int seconds;

    Unit(int seconds) {
        this.seconds = seconds;
    }

    /** How many seconds one of it has; 1 where it is no length of time. */
    public int inSeconds() {
        return seconds;
    }

    /** In JSON and Prometheus: {@code seconds}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
