package dev.hindsight.metrics.domain;

import java.util.Locale;

/** Which of the statistics a metric's {@code value} is. */
public enum Headline {
    MEDIAN,
    /** The arithmetic mean of zeros and ones. */
    SHARE,
    /** The arithmetic mean. */
    MEAN,
    COUNT;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
