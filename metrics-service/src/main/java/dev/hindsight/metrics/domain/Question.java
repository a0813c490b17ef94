package dev.hindsight.metrics.domain;

import dev.hindsight.contract.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a metric.
 *
 * @param from first moment of the period, by declared time; null: from the beginning
 * @param to first moment after the period; null: without end
 * @param groupBy null: only the total
 * @param service in any spelling, and whatever the catalog has merged with it
 * @param team whose services are affected
 * @param asOf answers with what was recorded by then; null: now
 */
public record Question(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Grouping groupBy,
        @Nullable String service,
        @Nullable String team,
        @Nullable Severity severity,
        @Nullable Instant asOf) {

    /** Everything there is. */
    public static final Question ALL = new Question(null, null, null, null, null, null, null);
}
